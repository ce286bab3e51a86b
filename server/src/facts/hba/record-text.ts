import { formatIp } from '../../syntax/address.ts';
import { isKeyword, type HbaNetwork, type HbaRecord, type HbaToken } from '../../syntax/hba.ts';
import { shown } from '../../syntax/hba-words.ts';
import { certificateOf, rolesText, type HbaFacts } from '../access.ts';
import { clientsText, isNobody } from './address.ts';

/** What a record means, in one sentence without a full stop. */
export function recordText(facts: HbaFacts, record: HbaRecord): string {
  const who = `${record.address && isNobody(record.address) ? 'No client' : clientsText(record)}${sizeText(record)}`;
  const way = wayText(record);
  const target = `as ${rolesText(facts, record)} ${databasesText(facts, record)}`;
  if (record.method.text === 'reject') return `${who} is turned away ${way} when it asks to log in ${target}`;
  return `${who} may log in ${way}, ${target}, ${methodText(record)}`;
}

/** ` (16,777,216 addresses)` behind a network of more than one. */
function sizeText({ address }: HbaRecord): string {
  if (address?.kind !== 'ip' || address.bits === address.mask.length * 8 || address.bits === 0) return '';
  return ` (${countText(address)})`;
}

/** First and last address of a network and how many it has. */
export function rangeText(address: HbaNetwork): string {
  const { network, mask, bits } = address;
  const first = network.map((byte, i) => byte & mask[i]!);
  if (bits === mask.length * 8) return `${formatIp(first)}, one address`;
  if (bits === undefined) return `${countText(address)} that agree with ${formatIp(first)} in the bits of ${formatIp(mask)}, not one range`;
  return `${formatIp(first)} to ${formatIp(network.map((byte, i) => byte | (~mask[i]! & 0xff)))}, ${countText(address)}`;
}

function countText({ mask }: HbaNetwork): string {
  const free = mask.reduce((sum, byte) => sum + 8 - byte.toString(2).replaceAll('0', '').length, 0);
  return free === 0 ? '1 address' : free <= 32 ? `${(2 ** free).toLocaleString('en-US')} addresses` : `2^${free} addresses`;
}

function wayText({ type }: HbaRecord): string {
  switch (type.text) {
    case 'local': return 'over the Unix-domain socket';
    case 'host': return 'over TCP, encrypted or not';
    case 'hostssl': return 'over TLS';
    case 'hostnossl': return 'over TCP without TLS';
    case 'hostgssenc': return 'over TCP with GSSAPI encryption';
    case 'hostnogssenc': return 'over TCP without GSSAPI encryption';
  }
}

function databasesText(facts: HbaFacts, record: HbaRecord): string {
  const databases = facts.databasesOf(record);
  const replication = databases.some((token) => isKeyword(token, 'replication'));
  const others = databases.filter((token) => !isKeyword(token, 'replication'));
  if (others.length === 0) return 'for replication';
  return `to ${othersText(facts, others)}${replication ? ' and for replication' : others.some((token) => isKeyword(token, 'all')) ? ' but not for replication' : ''}`;
}

function othersText({ document }: HbaFacts, databases: readonly HbaToken[]): string {
  if (databases.some((token) => isKeyword(token, 'all'))) return 'any database';
  if (databases.length > 3) return `one of ${databases.length} databases`;
  return databases.map((token) => databaseText(token, document.version)).join(' or ');
}

function databaseText(token: HbaToken, version: number): string {
  if (token.file !== undefined) return `the databases of ${shown(token.text)}`;
  if (isKeyword(token, 'sameuser')) return 'the database of the same name';
  if (isKeyword(token, 'samerole') || isKeyword(token, 'samegroup')) return 'a database named like one of its groups';
  return version >= 16 && token.text.startsWith('/') ? `any database that matches ${shown(token.text)}` : `database ${shown(token.text)}`;
}

/** How a client shows who it is, as the end of `may log in …`. */
export function methodText(record: HbaRecord): string {
  const certificate = record.method.text === 'cert' ? undefined : certificateOf(record);
  const besides = certificate === 'role' ? ' and a certificate of the role' : certificate === 'any' ? ' and a certificate of the CA' : '';
  if (record.method.text === 'trust') return besides === '' ? 'without a password' : `with${besides.slice(4)} alone`;
  return `${provesText(record)}${besides}`;
}

function provesText({ method, address, options }: HbaRecord): string {
  const mapped = options.some(({ name }) => name === 'map');
  switch (method.text) {
    case 'trust': case 'reject': return 'never';
    case 'scram-sha-256': return 'with a SCRAM password';
    case 'md5': return 'with a password, by SCRAM or MD5 as it is stored';
    case 'password': return 'with a password that is sent as it is';
    case 'peer': return accountText(mapped);
    case 'ident': return address ? `if the ident server of the client names ${mapped ? 'an account that pg_ident.conf maps to the role' : 'the role'}` : accountText(mapped);
    case 'cert': return mapped ? 'with a certificate that pg_ident.conf maps to the role' : 'with a certificate of the role';
    case 'gss': return 'with a Kerberos ticket';
    case 'sspi': return 'with a Windows login';
    case 'ldap': return 'with a password that the LDAP server accepts';
    case 'radius': return 'with a password that the RADIUS server accepts';
    case 'pam': return 'with what PAM asks for';
    case 'bsd': return 'with a password that BSD authentication accepts';
    case 'oauth': return 'with an OAuth token';
  }
}

function accountText(mapped: boolean): string {
  return mapped ? 'from an operating-system account that pg_ident.conf maps to the role' : 'from the operating-system account of the same name';
}
