import { isReachable, type HbaFacts } from '../../facts/access.ts';
import { optionOf, switchState } from '../../facts/hba/options.ts';
import { recordsOf } from '../../facts/hba/selections.ts';
import type { HbaRecord } from '../../syntax/hba.ts';
import { defineRule, type Fix } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'high',
  title: 'Passwords go to the LDAP server in clear text',
  why: `The server passes every password on to the directory. Without TLS on that way, whoever reads the traffic in between collects
the passwords of the whole company, and whoever answers in place of the directory lets in everybody.`,
  fixing: `Makes the server switch the connection to TLS (StartTLS). The directory must offer it, and ldap.conf on the server must trust
its certificate; try with ldapsearch -ZZ first, or nobody logs in.`,
  cwe: [319],
  references: ['https://www.postgresql.org/docs/current/auth-ldap.html'],
  examples: [
    {
      bad: 'hostssl all all 10.0.0.0/8 «ldap» ldapserver=ldap.example.com ldapprefix="uid=" # directory\n',
      fixed: 'hostssl all all 10.0.0.0/8 ldap ldapserver=ldap.example.com ldapprefix="uid=" ldaptls=1 # directory\n',
    },
    {
      bad: 'local all all «ldap» ldapurl="ldap://ldap.example.com/dc=example?uid?sub" ldaptls=0\n',
      fixed: 'local all all ldap ldapurl="ldap://ldap.example.com/dc=example?uid?sub" ldaptls=1\n',
    },
    {
      bad: 'local all all «ldap» ldapserver=localhost ldapbasedn="dc=example"\n', fixed: 'local all all ldap ldapserver=localhost ldapbasedn="dc=example" ldaptls=1\n',
      because: 'The directory is on the same machine: information.',
    },
    { good: 'hostssl all all 10.0.0.0/8 ldap ldapserver=ldap.example.com ldapprefix="uid=" ldaptls=1\n' },
    {
      good: 'hostssl all all 10.0.0.0/8 ldap ldapserver=ldap.example.com ldapprefix="uid=" ldapscheme=ldaps\nhostssl all all samenet ldap ldapurl="ldaps://ldap.example.com/dc=example"\n',
    },
    {
      good: 'hostssl all all 10.0.0.0/8 ldap ldapserver=ldap.example.com ldapprefix="uid=" ldaptls=yes\n',
      because: 'It was meant to be on; that is hba/option-not-one.',
    },
    {
      good: 'host all all all reject\nhost all all 10.0.0.0/8 ldap ldapserver=ldap.example.com ldapprefix="uid="\n',
      because: 'The second record is never reached.',
    },
  ],
  *check(facts) {
    for (const record of recordsOf(facts, 'ldap')) {
      if (isEncrypted(record) || !isReachable(facts, record)) continue;
      yield {
        at: record.method.span,
        message: 'The server passes passwords to LDAP in clear text; whoever reads that traffic collects them',
        ...(isOnThisMachine(record) && { severity: 'info' }),
        fixes: switchOn(facts, record),
      };
    }
  },
});

function isEncrypted(record: HbaRecord): boolean {
  const tls = optionOf(record, 'ldaptls');
  if (tls && switchState(tls) !== 'off') return true;
  // The last of the two sets the scheme. `ldapi` never leaves the machine.
  const last = record.options.findLast(({ name }) => name === 'ldapscheme' || name === 'ldapurl');
  return /^ldap[si](:|$)/i.test(last?.value ?? '') || record.options.some(({ token }) => token.file !== undefined);
}

function isOnThisMachine(record: HbaRecord): boolean {
  const url = optionOf(record, 'ldapurl')?.value;
  const servers = url === undefined ? optionOf(record, 'ldapserver')?.value?.trim().split(/\s+/) : [/^\w+:\/\/(\[[^\]]*\]|[^:/?]*)/.exec(url)?.[1] ?? ''];
  return servers?.every((server) => /^(localhost|127(\.\d+){3}|\[?::1\]?)(:\d+)?$/i.test(server)) ?? false;
}

/** Behind a quote that is not closed nothing can be added. */
function switchOn({ document }: HbaFacts, record: HbaRecord): Fix[] {
  const tls = optionOf(record, 'ldaptls');
  const { start, end } = record.span;
  if (!tls && document.text.slice(start, end).split('"').length % 2 === 0) return [];
  const edit = tls ? { span: tls.token.span, text: 'ldaptls=1' } : { span: { start: end, end }, text: ' ldaptls=1' };
  return [{ title: 'Require TLS towards the directory (ldaptls=1)', safety: 'review', edits: [edit] }];
}
