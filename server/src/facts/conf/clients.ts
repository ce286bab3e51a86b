import type { HbaRecord } from '../../syntax/hba.ts';
import { admits, certificateOf, isReachable } from '../access.ts';
import { isRemote } from '../hba/address.ts';
import type { ConfFacts } from './settings.ts';

/** What the pg_hba.conf beside a postgresql.conf lets in. Without one nothing is known, and each answer is no. */

/** Clients on other machines may log in with a password that the server keeps itself. */
export function lettingInByPassword(facts: ConfFacts): boolean {
  return reachable(facts).some((record) => isRemote(record) && /^(password|md5|scram-sha-256)$/.test(record.method.text));
}

/** Some clients have to show a certificate. */
export function askingForCertificates(facts: ConfFacts): boolean {
  return reachable(facts).some((record) => certificateOf(record) !== undefined);
}

/** Through the socket the server lets in nobody but the account of the operating system that has the role. */
export function lettingInPeersOnly(facts: ConfFacts): boolean {
  const local = reachable(facts).filter((record) => record.address === undefined);
  return local.length > 0 && local.every((record) => record.method.text === 'peer');
}

function reachable({ cluster: { hba } }: ConfFacts): readonly HbaRecord[] {
  return hba === undefined ? [] : hba.records.filter((record) => admits(record) && isReachable(hba, record));
}
