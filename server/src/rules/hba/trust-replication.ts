import { passwordless, socketsForOwnerOnly, type HbaFacts } from '../../facts/access.ts';
import { remoteTrustFixes, requireMethod } from '../../facts/hba/access-fixes.ts';
import { clientsText, isRemote } from '../../facts/hba/address.ts';
import { isTrusted } from '../../facts/hba/networks.ts';
import type { HbaRecord } from '../../syntax/hba.ts';
import { networkOptions } from '../network-options.ts';
import { defineRule, type Severity } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'critical',
  title: 'The whole cluster can be copied without a password',
  why: `A replication connection hands out everything: pg_basebackup copies all databases together with the password hashes of
all roles, in one command. The method trust asks nothing for it but the name of a role that may replicate.`,
  fixing: `Makes the record ask for a password. Standbys and backup jobs need it in primary_conninfo or ~/.pgpass before the
change, or replication stops.`,
  cwe: [306],
  references: ['https://www.postgresql.org/docs/current/auth-trust.html', 'https://www.postgresql.org/docs/current/app-pgbasebackup.html'],
  options: networkOptions,
  examples: [
    { bad: 'host replication all 0.0.0.0/0 «trust»\n', fixed: 'host replication all 0.0.0.0/0 scram-sha-256\n' },
    {
      bad: 'local replication all «trust»\nhost replication all ::1/128 «trust»\n',
      fixed: 'local replication all scram-sha-256\nhost replication all ::1/128 scram-sha-256\n',
      because: 'As initdb writes it: medium, since only the server machine itself gets in.',
    },
    {
      bad: 'local replication all «trust»\n', fixed: 'local replication all scram-sha-256\n', files: { 'postgresql.conf': 'unix_socket_permissions = 0700\n' },
      because: 'Only the account of the server can open the socket: low.',
    },
    { bad: 'host all,replication all 10.0.0.0/8 «trust»\n', fixed: 'host all,replication all 10.0.0.0/8 scram-sha-256\n' },
    {
      bad: 'host replication all 10.0.5.0/24 «trust»\n', fixed: 'host replication all 10.0.5.0/24 scram-sha-256\n', options: { trustedNetworks: ['10.0.0.0/16'] },
      because: 'The machines are known: high.',
    },
    { good: 'host "replication" all 0.0.0.0/0 trust\n', because: 'In quotes it is the name of a database.' },
    { good: 'host all all 0.0.0.0/0 trust\n', because: 'The keyword all does not take in physical replication.' },
  ],
  *check(facts, { trustedNetworks }) {
    for (const record of passwordless(facts, 'replication')) {
      const remote = isRemote(record);
      const scram = requireMethod(record, 'scram-sha-256');
      yield {
        at: record.method.span,
        message: `${clientsText(record)} can copy the whole cluster without a password`,
        severity: severityOf(facts, record, trustedNetworks),
        fixes: remote ? remoteTrustFixes(facts, record) : record.address ? [scram] : [scram, requireMethod(record, 'peer')],
      };
    }
  },
});

function severityOf(facts: HbaFacts, record: HbaRecord, trustedNetworks: readonly string[]): Severity {
  if (isRemote(record)) return facts.trial ? 'medium' : isTrusted(record.address, trustedNetworks) ? 'high' : 'critical';
  if (facts.trial) return 'info';
  return !record.address && socketsForOwnerOnly(facts) ? 'low' : 'medium';
}
