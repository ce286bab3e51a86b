import type { Fix } from '../rules/rule.ts';
import type { HbaRecord } from '../syntax/hba.ts';
import type { Span } from '../text.ts';
import { admits, isReachable, type HbaFacts } from './access.ts';
import { isNobody } from './hba/address.ts';
import { writeSetting } from './conf/conf-repairs.ts';
import { orderOf, type Entry } from './hba/order.ts';
import { settingHere, unset, type ConfFacts } from './conf/settings.ts';

/** Where a root postgresql.conf leaves TLS off, surely, and how to turn it on there. */
export function withoutTls(facts: ConfFacts): { readonly at: Span; readonly fix: Fix } | undefined {
  if (!hasNoTls(facts)) return undefined;
  const at = settingHere(facts, 'ssl')?.name.span ?? unset(facts, 'ssl');
  const edits = [writeSetting(facts, 'ssl', 'on', 'listen_addresses')];
  return at && { at, fix: { title: 'Turn on TLS (needs server.crt and server.key)', safety: 'review', edits } };
}

/** TLS is off on this server, as far as its files say; false where that is not known. */
export function hasNoTls({ root, settings }: ConfFacts): boolean {
  return root && settings.complete && settings.flag('ssl') === false;
}

/** The records that ask for TLS and that some client would match if there was any. */
export function tlsRecords(hba: HbaFacts): HbaRecord[] {
  return hba.records.filter((record) => record.type.text === 'hostssl' && admits(record) && !isNobody(record.address!) && isReachable(hba, record));
}

/** The records that clients get as far as when no connection has TLS. */
export function plainRecords(hba: HbaFacts): ReadonlySet<HbaRecord> {
  const records = hba.records.filter((record) => record.type.text !== 'hostssl' && isReachable(hba, record));
  const plain = records.map(asPlain);
  const order = orderOf(plain.map((record) => entryOf(hba, record)), hba.document.version);
  return new Set(records.filter((_, i) => !order.isHidden(plain[i]!)));
}

/** The later record that lets all clients of a hostssl record in when the server has no TLS. */
export function fallThrough(hba: HbaFacts, record: HbaRecord): HbaRecord | undefined {
  const plain: HbaRecord = { ...record, type: { ...record.type, text: 'hostnossl' } };
  const takesAll = (one: HbaRecord) => orderOf([entryOf(hba, asPlain(one)), entryOf(hba, plain)], hba.document.version).isHidden(plain);
  const later = hba.records.slice(hba.records.indexOf(record) + 1);
  const next = later.find((one) => one.type.text !== 'hostssl' && isReachable(hba, one) && takesAll(one));
  return next && admits(next) ? next : undefined;
}

/** What a record is about on a server without TLS: `host` leaves what `hostnossl` does. */
function asPlain(record: HbaRecord): HbaRecord {
  return record.type.text === 'host' ? { ...record, type: { ...record.type, text: 'hostnossl' } } : record;
}

function entryOf(hba: HbaFacts, record: HbaRecord): Entry {
  return { record, databases: hba.databasesOf(record), users: hba.usersOf(record) };
}
