import { isKeyword, type HbaAddress, type HbaRecord, type Method } from '../syntax/hba.ts';
import { admits, certificateOf, entriesIn, isReachable, type HbaFacts } from './access.ts';
import { isNobody, isRemote } from './address.ts';
import { orderOf, type Entry } from './order.ts';

export type RemoteRecord = HbaRecord & { readonly address: HbaAddress };

/** The records that let some client in after asking it for something. One that asks for nothing is reported for that alone. */
export const askingRecords = remembered((facts): readonly HbaRecord[] => {
  const isAsking = (record: HbaRecord) => admits(record) && !asksNothing(record) && !(record.address && isNobody(record.address));
  return facts.records.filter((record) => isAsking(record) && isReachable(facts, record));
});

/** Those of them that clients on other machines reach. */
export const remoteRecords = remembered((facts): readonly RemoteRecord[] => askingRecords(facts).filter(isRemote));

/** Those of them that take connections without encryption, as far as earlier records leave any. */
export const plaintextRecords = remembered((facts): readonly RemoteRecord[] => {
  const plain = remoteRecords(facts).filter(mayBePlain);
  if (plain.length === 0) return plain;
  const hidden = hiddenParts(facts, unencryptedPart);
  return plain.filter((record) => !hidden.has(record));
});

/** The method asks for nothing, and no certificate of the role is wanted either. */
export function asksNothing(record: HbaRecord): boolean {
  return record.method.text === 'trust' && certificateOf(record) !== 'role';
}

/** Methods by which the client sends the password itself, because the server has to show it to somebody else. */
export const forwardingMethods: ReadonlySet<Method> = new Set(['ldap', 'radius', 'pam', 'bsd']);

/** The record speaks of physical replication, which hands out the whole cluster. */
export function isForReplication(facts: HbaFacts, record: HbaRecord): boolean {
  return facts.databasesOf(record).some((database) => isKeyword(database, 'replication'));
}

export function takesAllUsers(facts: HbaFacts, record: HbaRecord): boolean {
  return facts.usersOf(record).some((user) => isKeyword(user, 'all'));
}

export function takesAllDatabases(facts: HbaFacts, record: HbaRecord): boolean {
  return facts.databasesOf(record).some((database) => isKeyword(database, 'all'));
}

/**
 * For every record of which `part` gives a narrower version: the earlier records that leave nothing of that part to match.
 * A part stands in front of its whole, so it takes nothing from later records that the whole would not take.
 */
export function hiddenParts(facts: HbaFacts, part: (entry: Entry) => Entry | undefined): Map<HbaRecord, readonly HbaRecord[]> {
  const wholes = new Map<HbaRecord, HbaRecord>();
  const entries: Entry[] = [];
  for (const entry of entriesIn(facts)) {
    const narrower = part(entry);
    if (narrower) {
      wholes.set(narrower.record, entry.record);
      entries.push(narrower);
    }
    entries.push(entry);
  }
  const found = new Map<HbaRecord, readonly HbaRecord[]>();
  const order = orderOf(entries, facts.document.version);
  for (const [narrower, whole] of wholes) {
    const hiders = order.isHidden(narrower) ? order.before(narrower) : [];
    if (hiders.length > 0) found.set(whole, [...new Set(hiders.map((hider) => wholes.get(hider) ?? hider))]);
  }
  return found;
}

function mayBePlain({ type: { text: type } }: HbaRecord): boolean {
  return type === 'host' || type === 'hostnossl' || type === 'hostnogssenc';
}

/** The connections without TLS. Those with GSS encryption are among them: no type of record stands for plain ones alone. */
function unencryptedPart(entry: Entry): Entry | undefined {
  const { record } = entry;
  return mayBePlain(record) ? { ...entry, record: { ...record, type: { ...record.type, text: 'hostnossl' } } } : undefined;
}

/** Many rules ask for the same records of one document. */
function remembered<T>(find: (facts: HbaFacts) => T): (facts: HbaFacts) => T {
  const known = new WeakMap<HbaFacts, T>();
  return (facts) => {
    let found = known.get(facts);
    if (found === undefined) known.set(facts, (found = find(facts)));
    return found;
  };
}
