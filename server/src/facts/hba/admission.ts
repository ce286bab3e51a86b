import { isKeyword, type HbaAddress, type HbaNetwork, type HbaRecord, type Method } from '../../syntax/hba.ts';
import { admits, certificateOf, isReachable, type HbaFacts } from '../access.ts';
import { isNobody, isRemote } from './address.ts';
import type { Region } from './order.ts';
import { remembered } from '../remembered.ts';

export type RemoteRecord = HbaRecord & { readonly address: HbaAddress };

/** The records that let some client in after asking it for something. One that asks for nothing is reported for that alone. */
export const askingRecords = remembered((facts: HbaFacts): readonly HbaRecord[] => {
  const isAsking = (record: HbaRecord) => admits(record) && !asksNothing(record) && !(record.address && isNobody(record.address));
  return facts.records.filter((record) => isAsking(record) && isReachable(facts, record));
});

/** Those of them that clients on other machines reach. */
export const remoteRecords = remembered((facts: HbaFacts): readonly RemoteRecord[] => askingRecords(facts).filter(isRemote));

/** The networks of those whose address is a number. */
export const remoteNetworks = remembered((facts: HbaFacts): readonly HbaNetwork[] => remoteRecords(facts).flatMap(({ address }) => (address.kind === 'ip' ? [address] : [])));

/** Those of them that are for physical replication, which hands out the whole cluster. */
export const replicationRecords = remembered((facts: HbaFacts): readonly RemoteRecord[] => remoteRecords(facts).filter((record) => isForReplication(facts, record)));

/** Those of them that take connections without encryption, as far as earlier records leave any. */
export const plaintextRecords = remembered((facts: HbaFacts): readonly RemoteRecord[] => {
  return remoteRecords(facts).filter((record) => mayBePlain(record) && !facts.order.takingAll(record, unencrypted(facts, record)));
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

function mayBePlain({ type: { text: type } }: HbaRecord): boolean {
  return type === 'host' || type === 'hostnossl' || type === 'hostnogssenc';
}

function unencrypted(facts: HbaFacts, record: RemoteRecord): Region {
  return { type: 'plain', address: record.address, databases: facts.databasesOf(record), users: facts.usersOf(record) };
}
