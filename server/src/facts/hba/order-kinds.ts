import { shown } from '../../syntax/hba-words.ts';
import { isKeyword, type HbaRecord } from '../../syntax/hba.ts';
import type { Related } from '../../rules/rule.ts';
import { admits, rolesText, type HbaFacts } from '../access.ts';
import { isAnyAddress, isLoopback, isNobody, networkText } from './address.ts';
import { isWider } from './address-set.ts';
import { remembered } from '../remembered.ts';
import { isWeaker } from './strength.ts';

/** A record that never takes effect, and the records that decide in its place. */
export interface Hidden {
  readonly record: HbaRecord;
  readonly by: readonly HbaRecord[];
}

/**
 * Why it matters that a record is hidden; every hidden record is of exactly one kind. `open`: it is to keep clients out and an
 * earlier record lets them in. `closed`: it is to let clients in and they are rejected. `weak`: an earlier record asks for
 * less. `idle`: it would change nothing, or only let in on easier terms.
 */
export type HiddenKind = 'open' | 'closed' | 'weak' | 'idle';

export function* hiddenOf(facts: HbaFacts, kind: HiddenKind): Iterable<Hidden> {
  for (const record of hiddenRecords(facts)) {
    const by = facts.order.before(record);
    if (by.length > 0 && kindOf(facts, record, by) === kind) yield { record, by };
  }
}

const hiddenRecords = remembered((facts: HbaFacts): readonly HbaRecord[] => {
  return facts.records.filter((record) => facts.order.isHidden(record) && !(record.address && isNobody(record.address)));
});

function kindOf(facts: HbaFacts, record: HbaRecord, by: readonly HbaRecord[]): HiddenKind {
  if (!isEveryDeciderKnown(record, by)) return 'idle';
  if (!admits(record)) return by.some(admits) && !closesFile(facts, record) ? 'open' : 'idle';
  if (!by.some(admits)) return 'closed';
  return by.some((earlier) => isWeaker(earlier, record)) ? 'weak' : 'idle';
}

/** Parts of the network that together are all of it hide a host name; which of them decides for it is not known. */
function isEveryDeciderKnown({ address }: HbaRecord, by: readonly HbaRecord[]): boolean {
  if (!address || address.kind === 'ip' || address.kind === 'all') return true;
  const families = by.flatMap((earlier) => (earlier.address?.kind === 'ip' ? [earlier.address.family] : [4, 6]));
  return families.includes(4) && families.includes(6);
}

/** The record is for everybody who got so far; with nobody left it keeps nobody out. */
export function closesFile(facts: HbaFacts, record: HbaRecord): boolean {
  return facts.usersOf(record).some((user) => isKeyword(user, 'all')) && (!record.address || isAnyAddress(record.address));
}

/** The clients of the earlier record are not some of those that the later one speaks of: it is no exception to it. */
export function isNoException(facts: HbaFacts, earlier: HbaRecord, later: HbaRecord): boolean {
  if (isWider(earlier.address, later.address)) return true;
  const all = (record: HbaRecord) => facts.usersOf(record).some((user) => isKeyword(user, 'all'));
  return all(earlier) && !all(later);
}

/** Those of the deciding records that are no exceptions to a record for wider ranges or all roles; all when each is one. */
export function mainOf(facts: HbaFacts, by: readonly HbaRecord[], record: HbaRecord): readonly HbaRecord[] {
  const main = by.filter((earlier) => !isNoException(facts, record, earlier));
  return main.length > 0 ? main : by;
}

/** Only the machine of the server, or not over the network at all. */
export function isOnMachine({ address }: HbaRecord): boolean {
  return !address || isLoopback(address);
}

/** `line 3`, `lines 3 and 5`, `line 3 of extra.conf`, `line 3 and 4 more`. */
export function linesText(facts: HbaFacts, records: readonly HbaRecord[]): string {
  const [first, second] = records.map((record) => facts.placeOf(record));
  const file = first!.path === undefined ? '' : ` of ${shown(first!.path.slice(first!.path.lastIndexOf('/') + 1)).slice(1, -1)}`;
  if (records.length === 1) return `line ${first!.line}${file}`;
  if (records.length === 2 && file === '' && second!.path === undefined) return `lines ${first!.line} and ${second!.line}`;
  return `line ${first!.line}${file} and ${records.length - 1} more`;
}

/** The clients that a record speaks of, as in `the block for role "bob"`. */
export function targetText(facts: HbaFacts, record: HbaRecord): string {
  const { address } = record;
  if (address?.kind === 'ip' && !isAnyAddress(address)) return networkText(address);
  if (address && address.kind !== 'ip' && address.kind !== 'all') return address.tokens[0].text;
  const roles = rolesText(facts, record);
  return roles === 'any role' ? 'these clients' : roles;
}

/** The deciding records, as places to look at. */
export function deciding(facts: HbaFacts, records: readonly HbaRecord[]): Related[] {
  return records.slice(0, mostShown).map((record) => {
    const { path } = facts.placeOf(record);
    const message = admits(record) ? `Lets clients in with ${record.method.text}` : 'Rejects clients';
    return { ...(path !== undefined && { path }), at: record.span, message: `${message} first` };
  });
}

const mostShown = 5;
