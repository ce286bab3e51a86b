import { certificateOf } from '../../facts/access.ts';
import { askForAddress } from '../../facts/hba/access-fixes.ts';
import { replicationRecords } from '../../facts/hba/admission.ts';
import { addressSpan, clientsText, isAnyAddress } from '../../facts/hba/address.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'high',
  title: 'The whole cluster can be copied from everywhere',
  why: `A replication connection hands out every database with the password hashes of all roles. Only a few known standbys and backup
hosts need one, yet here every address may try passwords for it.`,
  fixing: `Writes an address for you to put right: one record per standby or backup host. The addresses of those at work are in
client_addr of pg_stat_replication; one that is left out stops replicating.`,
  cwe: [284],
  references: ['https://www.postgresql.org/docs/current/auth-pg-hba-conf.html', 'https://www.postgresql.org/docs/current/app-pgbasebackup.html'],
  examples: [
    { bad: 'hostssl replication standby «0.0.0.0/0» scram-sha-256\n', fixed: 'hostssl replication standby 10.0.0.5/32 scram-sha-256\n' },
    { bad: 'host all,replication standby «::/0» md5\n', fixed: 'host all,replication standby fd00::5/128 md5\n' },
    {
      bad: 'hostssl replication standby «all» cert\n', fixed: 'hostssl replication standby 10.0.0.5/32 cert\n',
      because: 'The certificate of the role cannot be guessed: information.',
    },
    { good: 'host replication standby 10.0.0.5/32 scram-sha-256\nhost replication all 127.0.0.1/32 scram-sha-256\n' },
    { good: 'host "replication" standby 0.0.0.0/0 md5\n', because: 'In quotes it is the name of a database.' },
    { good: 'host all all 0.0.0.0/0 md5\n', because: 'The keyword all does not take in physical replication.' },
    { good: 'host replication all all reject\nhost replication standby 0.0.0.0/0 md5\n' },
    { good: 'host replication standby 0.0.0.0/0 trust\n', because: 'That nothing is asked for is worse; that is hba/trust-replication.' },
  ],
  *check(facts) {
    for (const record of replicationRecords(facts)) {
      const { address } = record;
      if (!isAnyAddress(address)) continue;
      yield {
        at: addressSpan(address),
        message: `${clientsText(record)} may try to copy the whole cluster`,
        ...(certificateOf(record) === 'role' ? { severity: 'info' } : facts.trial && { severity: 'medium' }),
        fixes: [askForAddress('Name the standby or backup host', address, address.kind === 'ip' && address.family === 6 ? 'fd00::5/128' : '10.0.0.5/32')],
      };
    }
  },
});
