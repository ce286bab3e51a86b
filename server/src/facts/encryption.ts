import type { Fix } from '../rules/rule.ts';
import type { HbaRecord } from '../syntax/hba.ts';
import { Lines, type Span } from '../text.ts';
import { admits, isReachable, type HbaFacts } from './access.ts';
import { isNobody } from './address.ts';
import { writeSetting } from './conf-repairs.ts';
import { hiddenRecords } from './hidden.ts';
import { settingHere, unset, type ConfFacts } from './settings.ts';

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

/** Clients without TLS get as far as this record. */
export function matchesPlain(hba: HbaFacts, record: HbaRecord): boolean {
  if (!/^host(nossl|nogssenc)?$/.test(record.type.text) || !isReachable(hba, record)) return false;
  return !hides(hba, hba.records.slice(0, hba.records.indexOf(record)), record);
}

/** The later record that lets all clients of a hostssl record in when the server has no TLS. */
export function fallThrough(hba: HbaFacts, record: HbaRecord): HbaRecord | undefined {
  const later = hba.records.slice(hba.records.indexOf(record) + 1);
  const next = later.find((one) => isReachable(hba, one) && hides(hba, [one], record));
  return next && admits(next) ? next : undefined;
}

/** The earlier records leave nothing of what a record is for when no connection has TLS. */
function hides(hba: HbaFacts, earlier: readonly HbaRecord[], record: HbaRecord): boolean {
  const plain: HbaRecord = { ...record, type: { ...record.type, text: 'hostnossl' } };
  const entries = [...earlier, plain].map((one) => ({ record: one, databases: hba.databasesOf(one), users: hba.usersOf(one) }));
  return hiddenRecords(entries, hba.document.version).has(plain);
}

/** The line of a record, counted from 1. */
export function lineOf({ document }: HbaFacts, { span }: HbaRecord): number {
  return new Lines(document.text).position(span.start).line + 1;
}
