import { certificateOf, type HbaFacts } from '../../facts/access.ts';
import { askForAddress, replace } from '../../facts/hba/access-fixes.ts';
import { isForReplication, remoteRecords, type RemoteRecord } from '../../facts/hba/admission.ts';
import { addressSpan, clientsText, isAnyAddress } from '../../facts/hba/address.ts';
import { together } from '../../facts/hba/together.ts';
import { columnText, groupsBy } from '../../facts/hba/words.ts';
import { defineRule, type Finding, type Fix } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'medium',
  title: 'Clients from everywhere may try to log in',
  why: `A record for every address leaves the password as the only lock. Scanners find the port within hours and try passwords without
end; a flaw in the login code of the server is open to the whole internet.`,
  fixing: `Writes a network for you to put right. List the addresses that clients really come from (client_addr in pg_stat_activity,
or log_connections) before the change; what you leave out is turned away.`,
  cwe: [284, 1327],
  references: ['https://www.postgresql.org/docs/current/auth-pg-hba-conf.html'],
  examples: [
    { bad: 'hostssl all all «0.0.0.0/0» scram-sha-256\n', fixed: 'hostssl all all 10.0.0.0/8 scram-sha-256\n' },
    { bad: 'hostssl app app «all» scram-sha-256\n', fixed: 'hostssl app app 10.0.0.0/8 scram-sha-256\n' },
    { bad: 'host all all «10.1.2.3 0.0.0.0» md5 # office\n', fixed: 'host all all 10.0.0.0/8 md5 # office\n', because: 'A mask of zeros is every address.' },
    {
      bad: 'host all all «0.0.0.0/0» md5\nhost all all ::/0 md5\n', fixed: 'host all all 10.0.0.0/8 md5\nhost all all fd00::/8 md5\n',
      because: 'The two say one thing, once per version of IP.',
    },
    {
      bad: 'hostssl all all «all» cert\n', fixed: 'hostssl all all 10.0.0.0/8 cert\n',
      because: 'Without the certificate of a role there is nothing to guess: information.',
    },
    { good: 'host all all 10.0.0.0/8 scram-sha-256\nhost all all 0.0.0.0/0 reject\n' },
    { good: 'host all all all reject\nhost all all 0.0.0.0/0 md5\n', because: 'The second record is never reached.' },
    { good: 'host all all 0.0.0.0/0 trust\n', because: 'That nothing is asked for is worse; that is hba/trust-any.' },
    { good: 'host replication standby 0.0.0.0/0 md5\n', because: 'That is hba/replication-any.' },
    { good: 'host all all 0.0.0.0/32 md5\nhost all all ALL md5\n', because: 'No client has such an address.' },
  ],
  *check(facts) {
    const open = remoteRecords(facts).filter((record) => isAnyAddress(record.address) && !isForReplication(facts, record));
    for (const twins of groupsBy(open, wordsBesideAddress)) {
      const findings = twins.map((record) => findingOf(facts, record));
      yield together(findings, findings[0]!.message);
    }
  },
});

function findingOf(facts: HbaFacts, record: RemoteRecord): Finding {
  const at = addressSpan(record.address);
  const certificate = certificateOf(record) === 'role';
  return {
    at,
    message: `${clientsText(record)} ${certificate ? 'reaches the login; only the certificate keeps it out' : 'may try passwords and attack the login'}`,
    ...((certificate || facts.trial) && { severity: 'info' }),
    fixes: [narrow(record), replace('Let in only the networks of the server (samenet)', at, 'samenet')],
  };
}

function narrow({ address }: RemoteRecord): Fix {
  return askForAddress('Name the network that clients come from', address, address.kind === 'ip' && address.family === 6 ? 'fd00::/8' : '10.0.0.0/8');
}

/** Records that differ in nothing but the address stand for one decision. */
function wordsBesideAddress({ type, databases, users, method }: RemoteRecord): string {
  return [type.text, columnText(databases), columnText(users), method.text].join(' ');
}
