import { hbaFacts } from '../../server/src/facts/access.ts';
import { formatIp } from '../../server/src/syntax/address.ts';
import { parseHba, type HbaRecord } from '../../server/src/syntax/hba.ts';
import type { Format } from './rows.ts';

/** The columns of pg_hba_file_rules: type, database, user_name, address, netmask, auth_method, options. */
export const hbaFormat: Format = {
  lines: (document) => parseHba(document.text, document.version).lines,
  columns(document, line) {
    const facts = hbaFacts(document);
    const record = line as HbaRecord;
    const { type, method, address } = record;
    return [
      type.text,
      JSON.stringify(facts.databasesOf(record).map((token) => token.text)),
      JSON.stringify(facts.usersOf(record).map((token) => token.text)),
      address === undefined ? null : address.kind === 'ip' ? formatIp(address.network) : address.tokens[0].text,
      address?.kind === 'ip' ? formatIp(address.mask) : null,
      method.text === 'ident' && type.text === 'local' ? 'peer' : method.text,
      JSON.stringify(shownOptions(record)),
    ];
  },
  unjudged: (line) => ((line as HbaRecord).options.some((option) => option.token.file !== undefined) ? 'a word from a file' : undefined),
};

/** The order in which the server lists options. What it keeps but does not list (`clientname`) is missing here too. */
const listed = [
  'krb_realm', 'map', 'clientcert', 'pamservice',
  'ldapserver', 'ldapport', 'ldapscheme', 'ldaptls', 'ldapprefix', 'ldapsuffix', 'ldapbasedn', 'ldapbinddn', 'ldapbindpasswd', 'ldapsearchattribute', 'ldapsearchfilter', 'ldapscope',
  'radiusservers', 'radiussecrets', 'radiusidentifiers', 'radiusports', 'issuer', 'scope', 'validator', 'delegate_ident_mapping',
];
const flags: ReadonlySet<string> = new Set(['ldaptls', 'delegate_ident_mapping']);
const clientcerts: Readonly<Record<string, string | undefined>> = { '1': 'verify-ca', '0': undefined, 'no-verify': undefined };

function shownOptions({ method, options }: HbaRecord): string[] | null {
  const given = new Map<string, string | undefined>(options.map(({ name, value }) => [name, value]));
  const clientcert = given.get('clientcert') ?? '';
  if (clientcert in clientcerts) given.set('clientcert', clientcerts[clientcert]);
  if (method.text === 'cert') given.set('clientcert', 'verify-full');
  // The only validator that postgresql.conf of these servers lists is taken when none is named.
  if (method.text === 'oauth' && !given.has('validator')) given.set('validator', 'v');
  const shown = listed.flatMap((name) => {
    const value = given.get(name);
    if (value === undefined || (flags.has(name) && value !== '1')) return [];
    return [`${name}=${flags.has(name) ? 'true' : value}`];
  });
  const realm = (method.text === 'gss' || method.text === 'sspi') && (given.get('include_realm') ?? '1') === '1' ? ['include_realm=true'] : [];
  return shown.length + realm.length > 0 ? [...realm, ...shown] : null;
}
