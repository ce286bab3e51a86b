import type { Span } from '../text.ts';
import type { ConnectionType, HbaError, HbaRecord, Method } from './hba.ts';
import type { HbaToken } from './hba-tokens.ts';
import { likelyWord, shown } from './hba-words.ts';
import { readList } from './list.ts';

/** An option such as `map=admins`; commas and blanks part them alike. */
export interface HbaOption {
  readonly token: HbaToken;
  /** The text before the first `=`. Empty for a token that comes from a file. */
  readonly name: string;
  /** The text behind it; undefined where the `=` is missing, which the server refuses. */
  readonly value: string | undefined;
  readonly nameSpan: Span;
  /** Where the value is written; the whole token when quotes stand inside it. */
  readonly valueSpan: Span;
}

type Draft = Pick<HbaRecord, 'type' | 'method' | 'options' | 'span'>;

export function readOptions(text: string, tokens: readonly HbaToken[]): HbaOption[] {
  return tokens.map((token) => {
    const equals = token.text.indexOf('=');
    const name = token.file !== undefined ? '' : equals < 0 ? token.text : token.text.slice(0, equals);
    const value = equals < 0 || token.file !== undefined ? undefined : token.text.slice(equals + 1);
    const written = text.slice(token.span.start, token.span.end);
    const quotes = written === `"${token.text}"` ? 1 : written === token.text ? 0 : undefined;
    if (quotes === undefined || value === undefined) return { token, name, value, nameSpan: token.span, valueSpan: token.span };
    const start = token.span.start + quotes;
    return {
      token, name, value,
      nameSpan: { start, end: start + name.length },
      valueSpan: { start: start + equals + 1, end: token.span.end - quotes },
    };
  });
}

/** What a server of this version refuses about the options of a record. Values are never quoted: they may be secrets. */
export function checkOptions(record: Draft, version: number): HbaError | undefined {
  if (record.options.some((option) => option.token.file !== undefined)) return undefined;
  for (const option of record.options) {
    const wrong = checkOption(record, option, version);
    if (wrong) return wrong;
  }
  return checkLdap(record) ?? checkRadius(record) ?? checkOauth(record);
}

/** Methods per option. */
const methodsOf: Readonly<Record<string, readonly Method[]>> = {
  map: ['ident', 'peer', 'gss', 'sspi', 'cert', 'oauth'],
  pamservice: ['pam'], pam_use_hostname: ['pam'],
  ldapurl: ['ldap'], ldaptls: ['ldap'], ldapscheme: ['ldap'], ldapserver: ['ldap'], ldapport: ['ldap'], ldapbinddn: ['ldap'],
  ldapbindpasswd: ['ldap'], ldapsearchattribute: ['ldap'], ldapsearchfilter: ['ldap'], ldapbasedn: ['ldap'], ldapprefix: ['ldap'], ldapsuffix: ['ldap'],
  krb_realm: ['gss', 'sspi'], include_realm: ['gss', 'sspi'], compat_realm: ['sspi'], upn_username: ['sspi'],
  radiusservers: ['radius'], radiussecrets: ['radius'], radiusports: ['radius'], radiusidentifiers: ['radius'],
  issuer: ['oauth'], scope: ['oauth'], validator: ['oauth'], delegate_ident_mapping: ['oauth'],
};
const optionNames = ['clientcert', 'clientname', ...Object.keys(methodsOf)];

/** Options that do not depend on the method. */
export const optionsOfEveryMethod: ReadonlySet<string> = new Set(['clientcert', 'clientname']);

function checkOption({ type, method }: Draft, { token, name, value, valueSpan }: HbaOption, version: number): HbaError | undefined {
  if (value === undefined) return { at: token.span, message: 'an option is written name=value' };
  if (name === 'clientcert' || (name === 'clientname' && version >= 14)) {
    if (type.text !== 'hostssl') return { at: token.span, message: `${name} works on hostssl records only` };
    return name === 'clientcert' ? checkClientcert(method.text, value, valueSpan, version) : checkClientname(value, valueSpan);
  }
  const allowed = Object.hasOwn(methodsOf, name) && isKnownIn(name, version) ? methodsOf[name] : undefined;
  if (!allowed) {
    const near = likelyWord(name, optionNames.filter((option) => isKnownIn(option, version)));
    return { at: token.span, message: `${shown(name)} is not an option`, ...(near !== undefined && value !== '' && { instead: `${near}=${value}` }) };
  }
  if (!allowed.includes(method.text)) return { at: token.span, message: `the option ${name} does not go with the method ${method.text}` };
  if (name === 'ldapport' && !isPort(value)) return { at: valueSpan, message: 'ldapport is not a port number' };
  return name.startsWith('radius') ? checkList(name, value, valueSpan) : undefined;
}

function checkList(name: string, value: string, at: Span): HbaError | undefined {
  const entries = readList(value);
  if (entries === undefined) return { at, message: `${name} is no list of words with commas between them` };
  if (name === 'radiusports' && !entries.every(isPort)) return { at, message: 'radiusports holds something that is not a port number' };
  if (name === 'radiusservers' && entries.includes('')) return { at, message: 'radiusservers has an empty entry' };
  return undefined;
}

/** The options that a record may carry. */
export function optionsFor(type: ConnectionType, method: Method, version: number): string[] {
  const forCertificates = type === 'hostssl' ? ['clientcert', 'clientname'] : [];
  const forMethod = Object.keys(methodsOf).filter((name) => methodsOf[name]!.includes(method));
  return [...forCertificates, ...forMethod].filter((name) => isKnownIn(name, version));
}

function isKnownIn(option: string, version: number): boolean {
  if (option === 'clientname') return version >= 14;
  return version >= 18 || !['issuer', 'scope', 'validator', 'delegate_ident_mapping'].includes(option);
}

function checkClientcert(method: Method, value: string, at: Span, version: number): HbaError | undefined {
  const legacy = version < 14 ? ['1', '0', 'no-verify'] : [];
  if (!['verify-ca', 'verify-full', ...legacy].includes(value)) {
    const near = value === '1' ? 'verify-full' : likelyWord(value, ['verify-ca', 'verify-full']);
    return { at, message: `clientcert is not verify-ca or verify-full, as PostgreSQL ${version} wants it`, ...(near !== undefined && { instead: near }) };
  }
  if (method !== 'cert') return undefined;
  if (version < 14) return value === '0' || value === 'no-verify' ? { at, message: 'clientcert cannot be switched off for the method cert' } : undefined;
  return value === 'verify-full' ? undefined : { at, message: 'with the method cert, clientcert can only be verify-full', instead: 'verify-full' };
}

function checkClientname(value: string, at: Span): HbaError | undefined {
  if (value === 'CN' || value === 'DN') return undefined;
  const upper = value.toUpperCase();
  return { at, message: 'clientname is neither CN nor DN', ...((upper === 'CN' || upper === 'DN') && { instead: upper }) };
}

function checkLdap(record: Draft): HbaError | undefined {
  if (record.method.text !== 'ldap') return undefined;
  const given = new Map<string, HbaOption>();
  for (const option of record.options) {
    given.set(option.name, option);
    if (option.name !== 'ldapurl') continue;
    const parts = partsOfUrl(option.value!);
    if (!parts) return { at: option.token.span, message: 'ldapurl is neither an ldap:// nor an ldaps:// address' };
    for (const part of parts) given.set(part, option);
  }
  const first = (...names: string[]) => names.map((name) => given.get(name)).find((option) => option);
  const simple = first('ldapprefix', 'ldapsuffix');
  const search = first('ldapbasedn', 'ldapbinddn', 'ldapbindpasswd', 'ldapsearchattribute', 'ldapsearchfilter');
  if (simple && search) return { at: simple.token.span, message: `${simple.name} (simple bind) and ${search.name} (search and bind) exclude each other` };
  if (!simple && !given.has('ldapbasedn')) return { at: record.method.span, message: 'ldap needs ldapbasedn, ldapprefix or ldapsuffix' };
  const filter = given.has('ldapsearchattribute') ? given.get('ldapsearchfilter') : undefined;
  return filter && { at: filter.token.span, message: 'a search attribute and a search filter exclude each other' };
}

/** The options that an LDAP URL sets: `ldap://host:port/basedn?attribute?scope?filter?extensions`. Undefined when the server cannot read it (as OpenLDAP does). */
function partsOfUrl(url: string): string[] | undefined {
  const parts = ldapUrl.exec(url);
  if (!parts) return undefined;
  const [, base, attribute, filter] = parts;
  // Without a path the rest is not looked at.
  if (base === undefined) return [];
  return ['ldapbasedn', ...(attribute ? ['ldapsearchattribute'] : []), ...(filter ? ['ldapsearchfilter'] : [])];
}

const ldapUrl = /^<?(?:URL:)?ldaps?:\/\/(?:\[[^\]/?]*\]|[^/?:]*)(?::[+-]?\d+)?(\/[^?]*)?(?:\?([^?]*))?(?:\?(?:|base|one|onelevel|sub|subtree|subordinate|children))?(?:\?([^?]*))?(?:\?[^?]*)?>?$/i;

function checkRadius(record: Draft): HbaError | undefined {
  if (record.method.text !== 'radius') return undefined;
  const listOf = (name: string) => record.options.findLast((option) => option.name === name);
  const count = (option: HbaOption | undefined) => readList(option?.value ?? '')?.length ?? 0;
  for (const name of ['radiusservers', 'radiussecrets']) {
    const option = listOf(name);
    if (!option) return { at: record.method.span, message: `radius needs ${name}` };
    if (count(option) === 0) return { at: option.token.span, message: `${name} is empty` };
  }
  const servers = count(listOf('radiusservers'));
  for (const name of ['radiussecrets', 'radiusports', 'radiusidentifiers']) {
    const option = listOf(name);
    const length = count(option);
    if (option && length > 1 && length !== servers) return { at: option.token.span, message: `${name} has ${length} entries for ${servers} in radiusservers` };
  }
  return undefined;
}

function checkOauth(record: Draft): HbaError | undefined {
  if (record.method.text !== 'oauth') return undefined;
  const named = (name: string) => record.options.findLast((option) => option.name === name);
  for (const name of ['scope', 'issuer']) if (!named(name)) return { at: record.method.span, message: `oauth needs ${name}` };
  const map = named('map');
  if (map && named('delegate_ident_mapping')?.value === '1') return { at: map.token.span, message: 'map and delegate_ident_mapping=1 exclude each other' };
  return undefined;
}

/** The server reads a port with `atoi` and refuses zero only. */
function isPort(value: string): boolean {
  return Number.parseInt(value, 10) !== 0 && /^\s*[+-]?\d/.test(value);
}
