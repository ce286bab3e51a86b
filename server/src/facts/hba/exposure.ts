import type { Document } from '../../document.ts';
import type { HbaRecord, Method } from '../../syntax/hba.ts';
import { admits, certificateOf, isReachable } from '../access.ts';
import { isAnyAddress, isLoopback, isNobody } from './address.ts';
import { asksNothing } from './admission.ts';
import { isSpecial } from './networks.ts';
import { readHba } from '../reading.ts';
import { recordText } from './record-text.ts';

/** Where clients come from, the widest first. */
export const origins = ['anywhere', 'public networks', 'private networks', 'named hosts', 'this machine', 'socket'] as const;
export type Origin = (typeof origins)[number];

/** What a client has to show, the least first. */
export const proofs = ['nothing', 'weak', 'password', 'certificate or ticket'] as const;
export type ClientProof = (typeof proofs)[number];

/** One record by which somebody gets in. */
export interface Exposure {
  readonly line: number;
  readonly from: Origin;
  readonly shows: ClientProof;
  /** The connection may go over the network without encryption. */
  readonly plain: boolean;
  /** What the record means, in one sentence without a full stop. */
  readonly text: string;
}

/** Who gets in by a pg_hba.conf, in the order of its records; records that no client reaches are left out. */
export function exposureOf(document: Document): readonly Exposure[] {
  const facts = readHba(document);
  return facts.records.filter((record) => admits(record) && !(record.address && isNobody(record.address)) && isReachable(facts, record)).map((record) => {
    const from = originOf(record);
    return {
      from, shows: proofOf(record),
      line: facts.placeOf(record).line,
      plain: from !== 'socket' && from !== 'this machine' && record.type.text !== 'hostssl' && record.type.text !== 'hostgssenc',
      text: recordText(facts, record),
    };
  });
}

function originOf({ address }: HbaRecord): Origin {
  if (!address) return 'socket';
  if (isLoopback(address)) return 'this machine';
  if (isAnyAddress(address)) return 'anywhere';
  switch (address.kind) {
    case 'ip': return isSpecial(address) ? 'private networks' : 'public networks';
    case 'samenet': return 'private networks';
    default: return 'named hosts';
  }
}

export function proofOf(record: HbaRecord): ClientProof {
  if (asksNothing(record)) return 'nothing';
  if (certificateOf(record) === 'role') return 'certificate or ticket';
  return byMethod[record.type.text === 'local' && record.method.text === 'ident' ? 'peer' : record.method.text];
}

const byMethod: Readonly<Record<Method, ClientProof>> = {
  trust: 'nothing', reject: 'nothing', password: 'weak', ident: 'weak', md5: 'weak',
  'scram-sha-256': 'password', ldap: 'password', radius: 'password', pam: 'password', bsd: 'password',
  peer: 'certificate or ticket', gss: 'certificate or ticket', sspi: 'certificate or ticket', cert: 'certificate or ticket', oauth: 'certificate or ticket',
};
