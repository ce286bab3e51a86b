// What the rules about who gets in say, as something to try on a real server: with the file as found somebody comes in who
// should not, or stays out who should not; with our first fix that is over, and who belongs there gets in.

export interface Proof {
  readonly rule: string;
  readonly file: string;
  /** PostgreSQL major versions that it is tried on. */
  readonly versions: readonly number[];
  /** Who should not come in like this. Absent: nobody does, somebody is kept out. */
  readonly unwanted?: Visit;
  /** What happens to the unwanted client before the fix: it comes in, or is made to show more than it should. */
  readonly harm?: 'enters' | 'sends its password' | 'sends an MD5 hash' | 'is asked for by ident';
  /** Who should come in, before and after. */
  readonly wanted: Visit;
  /** With the file as found the wanted client is kept out. */
  readonly lost?: boolean;
  /** What a person writes where the fix leaves something to write. */
  readonly word?: string;
  /** Which fix, from 0; the first where nothing is said. The first of some deletes what is without effect, the second gives it one. */
  readonly fix?: number;
  readonly files?: Readonly<Record<string, string>>;
}

export interface Visit {
  /** `account` is a superuser named like the operating-system account that runs the test. */
  readonly role: 'alice' | 'bob' | 'carol' | 'rep' | 'postgres' | 'account';
  /** Absent: physical replication. */
  readonly database?: 'postgres';
  readonly from: 'socket' | '127.0.0.1' | '127.0.0.9' | '::1';
  readonly tls?: boolean;
  /** Shows a certificate with this name. */
  readonly certificate?: string;
  /** Absent: the client does not know it. `alice`, `rep` and `postgres` have SCRAM secrets, `bob` an MD5 one, `carol` none. */
  readonly password?: string;
}

const known = { database: 'postgres', password: 'secret', from: '127.0.0.1' } as const;
const alice: Visit = { role: 'alice', ...known };
const stranger: Visit = { role: 'alice', database: 'postgres', from: '127.0.0.1' };
const carol: Visit = { role: 'carol', database: 'postgres', from: '127.0.0.1' };
const account: Visit = { role: 'account', database: 'postgres', from: 'socket' };
const rep: Visit = { role: 'rep', from: '127.0.0.1', password: 'secret' };
const overTls = (visit: Visit): Visit => ({ ...visit, tls: true });
const all = [13, 18];

export const proofs: readonly Proof[] = [
  { rule: 'hba/trust-any', versions: all, file: 'host all all 0.0.0.0/0 trust\n', unwanted: stranger, wanted: alice },
  { rule: 'hba/trust-network', versions: all, file: 'host all all 120.0.0.0/5 trust\n', unwanted: stranger, wanted: alice },
  { rule: 'hba/trust-loopback', versions: all, file: 'host all all 127.0.0.1/32 trust\n', unwanted: stranger, wanted: alice },
  { rule: 'hba/trust-local', versions: all, file: 'local all all trust\n', unwanted: { ...stranger, from: 'socket' }, wanted: account },
  { rule: 'hba/trust-replication', versions: all, file: 'host replication rep 0.0.0.0/0 trust\n', unwanted: { role: 'rep', from: '127.0.0.1' }, wanted: rep },
  { rule: 'hba/password-method', versions: all, file: 'host all all 0.0.0.0/0 password\n', unwanted: alice, harm: 'sends its password', wanted: alice },
  { rule: 'hba/md5-method', versions: all, file: 'host all all 0.0.0.0/0 md5\n', unwanted: { role: 'bob', ...known }, harm: 'sends an MD5 hash', wanted: alice },
  { rule: 'hba/ident-network', versions: all, file: 'host all all 120.0.0.0/5 ident\n', unwanted: alice, harm: 'is asked for by ident', wanted: alice, lost: true },
  { rule: 'hba/reject-after-allow', versions: all, file: 'host all all 120.0.0.0/5 trust\nhost all carol 120.0.0.0/5 reject\n', unwanted: carol, wanted: alice },
  { rule: 'hba/weaker-rule-first', versions: all, file: 'host all all 0.0.0.0/0 trust\nhost postgres alice 120.0.0.0/5 scram-sha-256\n', unwanted: stranger, wanted: alice },
  { rule: 'hba/rules-after-reject-all', versions: all, fix: 1, file: 'host all all all reject\nhost all alice 120.0.0.0/5 scram-sha-256\n', wanted: alice, lost: true },
  { rule: 'hba/noncontiguous-netmask', versions: all, file: 'host all all 10.9.8.1 24 trust\nhost all alice 120.0.0.0/5 scram-sha-256\n', unwanted: stranger, wanted: alice },
  { rule: 'hba/host-bits-set', versions: all, file: 'host all all 120.0.0.5/5 scram-sha-256\n', wanted: alice },
  { rule: 'hba/keyword-case', versions: all, file: 'host ALL all 120.0.0.0/5 reject\nhost all all 120.0.0.0/5 trust\nlocal all all peer\n', unwanted: stranger, wanted: account },
  { rule: 'hba/address-legacy-form', versions: all, file: 'host all alice 127.0.0.011/32 scram-sha-256\n', wanted: { ...alice, from: '127.0.0.9' } },
  { rule: 'hba/hostnossl-allow', versions: all, file: 'hostnossl all all 120.0.0.0/5 scram-sha-256\n', unwanted: alice, wanted: overTls(alice), lost: true },
  { rule: 'hba/host-allows-plaintext', versions: all, file: 'host all all 120.0.0.0/5 scram-sha-256\n', unwanted: alice, wanted: overTls(alice) },
  { rule: 'hba/clientcert-verify-ca', versions: all, file: 'hostssl all all 120.0.0.0/5 scram-sha-256 clientcert=verify-ca\n', unwanted: { ...overTls(alice), certificate: 'mallory' }, wanted: { ...overTls(alice), certificate: 'alice' } },
  { rule: 'hba/replication-any', versions: all, word: '127.0.0.9/32', file: 'hostssl replication rep 0.0.0.0/0 scram-sha-256\n', unwanted: overTls(rep), wanted: { ...overTls(rep), from: '127.0.0.9' } },
  { rule: 'hba/superuser-remote', versions: all, file: 'hostssl all postgres 120.0.0.0/5 scram-sha-256\nhostssl all alice 120.0.0.0/5 scram-sha-256\n', unwanted: overTls({ role: 'postgres', ...known }), wanted: overTls(alice) },
  { rule: 'hba/comment-continuation', versions: [18], file: 'local all all peer\n# keep out \\\nhost all carol 120.0.0.0/5 reject\nhost all all 120.0.0.0/5 trust\n', unwanted: carol, wanted: alice },
  { rule: 'hba/reject-ipv4-only', versions: all, file: 'host all carol 0.0.0.0/0 reject\nhost all all all trust\n', unwanted: { ...carol, from: '::1' }, wanted: alice },
  { rule: 'hba/reject-all-not-replication', versions: all, file: 'host all all all reject\nhost replication rep 120.0.0.0/5 trust\nlocal all all peer\n', unwanted: { role: 'rep', from: '127.0.0.1' }, wanted: account },
];

/** Rules whose first fix ends a harm that connections have shown, and on which versions; where it keeps the meaning there is none to end. */
export const provenOn: ReadonlyMap<string, readonly number[]> =
  new Map(proofs.filter(({ unwanted, lost, fix }) => (unwanted || lost) && fix === undefined).map(({ rule, versions }) => [rule, versions]));
