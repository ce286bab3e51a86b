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
  readonly harm?: 'enters' | 'sends its password' | 'sends an MD5 hash';
  /** Who should come in. */
  readonly wanted: Visit;
  /** With the file as found the wanted client is kept out. */
  readonly lost?: boolean;
  /** What a person writes where the fix leaves something to write. */
  readonly word?: string;
  readonly files?: Readonly<Record<string, string>>;
}

export interface Visit {
  /** `account` is a superuser named like the operating-system account that runs the test. */
  readonly role: 'alice' | 'bob' | 'carol' | 'rep' | 'boss' | 'account';
  /** Absent: physical replication. */
  readonly database?: 'postgres';
  readonly from: 'socket' | '127.0.0.1' | '127.0.0.9' | '::1';
  readonly tls?: boolean;
  /** Shows a certificate with this name. */
  readonly certificate?: string;
  /** Absent: the client does not know it. `alice`, `rep` and `boss` have SCRAM secrets, `bob` an MD5 one, `carol` none. */
  readonly password?: string;
}

const known = { database: 'postgres', password: 'secret', from: '127.0.0.1' } as const;
const alice: Visit = { role: 'alice', ...known };
const stranger: Visit = { role: 'alice', database: 'postgres', from: '127.0.0.1' };
const boss: Visit = { role: 'boss', ...known };
const rep: Visit = { role: 'rep', from: '127.0.0.1', password: 'secret' };
const overTls = (visit: Visit): Visit => ({ ...visit, tls: true });
const all = [13, 18];

export const proofs: readonly Proof[] = [
  { rule: 'hba/trust-any', versions: all, file: 'host all all 0.0.0.0/0 trust\n', unwanted: stranger, wanted: alice },
  { rule: 'hba/trust-network', versions: all, file: 'host all all 120.0.0.0/5 trust\n', unwanted: stranger, wanted: alice },
  { rule: 'hba/trust-loopback', versions: all, file: 'host all all 127.0.0.1/32 trust\n', unwanted: stranger, wanted: alice },
  { rule: 'hba/trust-local', versions: all, file: 'local all all trust\n', unwanted: { ...stranger, from: 'socket' }, wanted: { role: 'account', database: 'postgres', from: 'socket' } },
  { rule: 'hba/trust-replication', versions: all, file: 'host replication rep 0.0.0.0/0 trust\n', unwanted: { role: 'rep', from: '127.0.0.1' }, wanted: rep },
  { rule: 'hba/password-method', versions: all, file: 'host all all 0.0.0.0/0 password\n', unwanted: alice, harm: 'sends its password', wanted: alice },
  { rule: 'hba/md5-method', versions: all, file: 'host all all 0.0.0.0/0 md5\n', unwanted: { role: 'bob', ...known }, harm: 'sends an MD5 hash', wanted: alice },
];

/** Which rules are proven by connections, and on which versions. */
export const provenOn: ReadonlyMap<string, readonly number[]> = new Map(proofs.map(({ rule, versions }) => [rule, versions]));

void [boss, overTls];
