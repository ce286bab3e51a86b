import { admits, isReachable, type HbaFacts } from '../facts/access.ts';
import { isNobody } from '../facts/hba/address.ts';
import { proofOf, proofs } from '../facts/hba/exposure.ts';
import { orderOf, type Entry, type Order } from '../facts/hba/order.ts';
import { methodText, recordText } from '../facts/hba/record-text.ts';
import type { HbaRecord } from '../syntax/hba.ts';
import type { Effect, SecurityChange } from './change.ts';

/** Comparing takes as many steps as these files have pairs of records, times those that changed. */
const mostSteps = 4_000_000;

/**
 * Who gets in now and did not before, who no longer does, and who has to show something else. A record is judged by the clients
 * that it decides for, so that records which only moved, or say the same in other words, change nothing.
 */
export function hbaChanges(before: HbaFacts | undefined, after: HbaFacts | undefined): SecurityChange[] {
  const [old, now] = [sideOf(before), sideOf(after)];
  let same = 0;
  while (same < old.words.length && same < now.words.length && old.words[same] === now.words[same]) same++;
  if (same === old.words.length && same === now.words.length) return [];
  const steps = (old.entries.length + now.entries.length) * (old.entries.length + now.entries.length - 2 * same);
  if (steps > mostSteps) return [{ effect: 'changes', text: 'So many records changed that they were not compared', path: (after ?? before)!.document.path }];
  const freed: Freed = new Map();
  return [
    ...now.entries.flatMap((_, i) => (i < same ? [] : [...admittedNow(now, old, i, freed)])),
    ...[...freed].map(([refuser, deciders]) => released(old, now, refuser, deciders)),
    ...old.entries.flatMap((_, i) => (i < same ? [] : [...turnedAwayNow(old, now, i)])),
  ];
}

interface Side {
  readonly facts: HbaFacts | undefined;
  readonly entries: readonly Entry[];
  /** What each record says, however it is laid out. */
  readonly words: readonly string[];
  readonly records: ReadonlySet<HbaRecord>;
}

function sideOf(facts: HbaFacts | undefined): Side {
  const entries = facts?.entries ?? [];
  return { facts, entries, words: entries.map(wordsOf), records: new Set(entries.map(({ record }) => record)) };
}

function wordsOf({ record, databases, users }: Entry): string {
  const names = (tokens: Entry['users']) => tokens.map(({ text, quoted, file }) => JSON.stringify([text, quoted, file])).join();
  const address = record.address?.tokens.map((token) => token?.text).join('/') ?? '';
  return [record.type.text, names(databases), names(users), address, ...record.fields.slice(record.address ? 4 : 3).flat().map(({ text }) => text)].join(' ');
}

/** Whether somebody decided for the clients for whom a record of `side` decides, on the other side. */
interface Fate {
  readonly order: Order;
  /** The records of the other side that decide for some of them. */
  readonly deciders: readonly HbaRecord[];
  /** Records that only on the other side stand before it and turn some of them away, if what their names stand for is that. */
  readonly perhaps: readonly HbaRecord[];
  /** No record of the other side decides for some of them, so that they are turned away. */
  readonly unmatched: boolean;
}

/** The other side's records behind those that precede the record on its own side: only what is left for it goes through them. */
function fateOf(side: Side, other: Side, index: number): Fate | undefined {
  const entry = side.entries[index]!;
  const { record } = entry;
  if (!admits(record) || (record.address && isNobody(record.address)) || !isReachable(side.facts!, record)) return undefined;
  const order = orderOf([...side.entries.slice(0, index), ...other.entries, entry], side.facts!.document.version);
  const deciders = order.before(record, (decider) => other.records.has(decider));
  const earlier = new Set(side.words.slice(0, index));
  const perhaps = other.entries.flatMap(({ record: refuser }, at) => {
    const isAlone = !admits(refuser) && !deciders.includes(refuser) && !earlier.has(other.words[at]!);
    return isAlone && isReachable(other.facts!, refuser) && order.mayShareMore(record, refuser) ? [refuser] : [];
  });
  return { order, deciders, perhaps, unmatched: !order.isHidden(record) };
}

/** Records that turned clients away and are gone, with those that decide for these clients now. */
type Freed = Map<HbaRecord, HbaRecord[]>;

function* admittedNow(now: Side, old: Side, index: number, freed: Freed): Iterable<SecurityChange> {
  const fate = fateOf(now, old, index);
  if (!fate) return;
  const { record } = now.entries[index]!;
  const admitting = fate.deciders.filter(admits);
  const refusing = fate.deciders.filter((decider) => !admits(decider));
  const place = placeOf(now, record);
  const meaning = recordText(now.facts!, record);
  const gone = refusing.filter((refuser) => !now.words.includes(wordOf(old, refuser)));
  if (refusing.length > 0 || fate.unmatched) {
    if (!fate.unmatched && gone.length > 0 && old.words.includes(now.words[index]!)) {
      for (const refuser of gone) freed.set(refuser, [...freed.get(refuser) ?? [], record]);
    } else {
      yield { effect: 'opens', text: `${meaning.replace(' may log in ', ' may now log in ')}${untilNow(fate, now, old, index, admitting, refusing)}`, ...place };
    }
  } else if (fate.perhaps.length > 0) {
    yield { effect: 'changes', text: `${meaning}; line ${linesOf(old, fate.perhaps)}, which may have turned some of them away, no longer stands before it`, ...place };
  }
  const decidedForAll = fate.deciders.length === 1 && !fate.unmatched;
  for (const decider of admitting) {
    const effect = compared(decider, record);
    const change = methodChange(decider, record);
    if (effect) yield { effect, text: `${meaning}; until now ${decidedForAll ? change : `some of them ${change}, by line ${linesOf(old, [decider])}`}`, ...place };
  }
}

function* turnedAwayNow(old: Side, now: Side, index: number): Iterable<SecurityChange> {
  const fate = fateOf(old, now, index);
  if (!fate) return;
  const { record } = old.entries[index]!;
  const refusing = fate.deciders.filter((decider) => !admits(decider));
  if (refusing.length === 0 && !fate.unmatched) {
    if (fate.perhaps.length > 0) yield { effect: 'changes', text: `${recordText(old.facts!, record)}, unless line ${linesOf(now, fate.perhaps)} turns them away now`, ...placeOf(now, fate.perhaps[0]!) };
    return;
  }
  const admitting = fate.deciders.filter(admits);
  const by = refusing.length > 0 ? `, because of line ${linesOf(now, refusing)}` : '';
  const rest = admitting.length > 0 ? `; some of them still may, by line ${linesOf(now, admitting)}` : '';
  const tail = admitting.length > 0 && onlyPlain(fate, old, index) ? ', unless the connection is encrypted' : `${by}${rest}`;
  yield { effect: 'closes', text: `${recordText(old.facts!, record).replace(' may log in ', ' may no longer log in ')}${tail}`, ...placeOf(old, record), gone: true };
}

/** What is known about those clients before, behind the sentence that says that they get in. */
function untilNow(fate: Fate, now: Side, old: Side, index: number, admitting: readonly HbaRecord[], refusing: readonly HbaRecord[]): string {
  const { record } = now.entries[index]!;
  if (admitting.length > 0 && onlyPlain(fate, now, index)) return '; until now only if the connection was encrypted';
  if (admitting.length > 0) return `; until now only some of them, by line ${linesOf(old, admitting)}`;
  if (refusing.length > 0) return `; until now line ${linesOf(old, refusing)} turned ${fate.unmatched ? 'some of them' : 'them'} away`;
  const perhaps = old.entries.map((entry) => entry.record).filter((other) => admits(other) && fate.order.mayShareMore(record, other));
  return perhaps.length > 0 ? `; until now perhaps some of them, by line ${linesOf(old, perhaps)}` : '';
}

/** Whom nobody decided for are those without encryption. */
function onlyPlain({ order, unmatched }: Fate, side: Side, index: number): boolean {
  const { record, databases, users } = side.entries[index]!;
  if (!unmatched || !record.address) return false;
  return order.takingAll(record, { type: 'hostssl', address: record.address, databases, users }) !== undefined;
}

function released(old: Side, now: Side, refuser: HbaRecord, deciders: readonly HbaRecord[]): SecurityChange {
  const [first] = deciders as [HbaRecord];
  const decide = deciders.length === 1 ? `line ${linesOf(now, deciders)} decides: ${recordText(now.facts!, first)}` : `lines ${linesOf(now, deciders)} decide`;
  return { effect: 'opens', text: `${recordText(old.facts!, refuser).replace(' is turned away ', ' is no longer turned away ')}; ${decide}`, ...placeOf(now, first) };
}

/** What changes for a client that met the first record and meets the second. */
function compared(old: HbaRecord, now: HbaRecord): Effect | undefined {
  const [before, after] = [proofs.indexOf(proofOf(old)), proofs.indexOf(proofOf(now))];
  if (before !== after) return after < before ? 'opens' : 'closes';
  return methodWords(old) === methodWords(now) ? undefined : 'changes';
}

function methodChange(old: HbaRecord, now: HbaRecord): string {
  const [before, after] = [methodText(old), methodText(now)];
  return before === after ? 'with other options of the method' : before;
}

function methodWords({ method, options }: HbaRecord): string {
  return JSON.stringify([method.text, ...options.map(({ name, value }) => `${name}=${value}`).sort()]);
}

function wordOf(side: Side, record: HbaRecord): string {
  return side.words[side.entries.findIndex((entry) => entry.record === record)]!;
}

function placeOf({ facts }: Side, record: HbaRecord): { path: string; line: number } {
  const { path = facts!.document.path, line } = facts!.placeOf(record);
  return { path, line };
}

/** `3`, `3 and 5`, `3, 5 and 2 more` */
function linesOf(side: Side, records: readonly HbaRecord[]): string {
  const lines = records.map((record) => placeOf(side, record).line);
  if (lines.length > 3) return `${lines.slice(0, 2).join(', ')} and ${lines.length - 2} more`;
  return lines.length === 1 ? `${lines[0]}` : `${lines.slice(0, -1).join(', ')} and ${lines.at(-1)}`;
}
