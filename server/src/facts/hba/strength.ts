import type { HbaRecord, Method } from '../../syntax/hba.ts';
import { admits, certificateOf } from '../access.ts';

/**
 * How hard it is to get in by a record, as a number to compare. A certificate of the role weighs more than any method alone,
 * any certificate of the CA only tells records of one method apart.
 */
export function strengthOf(record: HbaRecord): number {
  const method = record.type.text === 'local' && record.method.text === 'ident' ? 'peer' : record.method.text;
  const own = strengths[method];
  const certificate = certificateOf(record);
  if (certificate === 'role') return 10 + (method === 'cert' ? 0 : own / 10);
  return certificate === 'any' ? own + 0.5 : own;
}

/** Both let clients in, the first on easier terms. */
export function isWeaker(a: HbaRecord, b: HbaRecord): boolean {
  return admits(a) && admits(b) && strengthOf(a) < strengthOf(b);
}

const strengths: Readonly<Record<Method, number>> = {
  trust: 0, password: 1, ident: 2, md5: 3,
  'scram-sha-256': 4, gss: 4, sspi: 4, peer: 4, ldap: 4, radius: 4, pam: 4, bsd: 4, oauth: 4,
  cert: 10, reject: Infinity,
};
