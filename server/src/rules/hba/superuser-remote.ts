import { certificateOf, type HbaFacts } from '../../facts/access.ts';
import { insertAbove, reject, removeName } from '../../facts/hba/access-fixes.ts';
import { remoteRecords, takesAllDatabases, type RemoteRecord } from '../../facts/hba/admission.ts';
import { addressSpan, clientsText, isSingleHost } from '../../facts/hba/address.ts';
import { isTrusted } from '../../facts/hba/networks.ts';
import { superusers } from '../../facts/superusers.ts';
import { shown } from '../../syntax/hba-words.ts';
import type { HbaToken } from '../../syntax/hba.ts';
import type { Span } from '../../text.ts';
import { networkOptions } from '../network-options.ts';
import { defineRule, names, type Fix, type Severity } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'high',
  title: 'A superuser may log in from other machines',
  why: `A superuser passes every privilege check and runs programs on the server with COPY … TO PROGRAM, so one guessed or leaked
password is the server itself. Administration goes over the socket, or over a role of its own with fewer rights.`,
  fixing: `Takes the superuser out of the record, or turns a record that is for it alone into a reject. Look in pg_stat_activity for
jobs that log in as this role from elsewhere, and give them a role of their own first.`,
  cwe: [250],
  references: ['https://www.postgresql.org/docs/current/role-attributes.html', 'https://www.postgresql.org/docs/current/sql-copy.html'],
  options: { superusers: names([...superusers], 'The roles that are superuser.'), ...networkOptions },
  examples: [
    { bad: 'hostssl all «postgres» 10.0.0.0/8 scram-sha-256\n', fixed: 'hostssl all postgres 10.0.0.0/8 reject\n' },
    { bad: 'hostssl app app,«postgres» samenet md5\n', fixed: 'hostssl app app samenet md5\n' },
    { bad: 'hostssl app «postgres», app samenet md5\n', fixed: 'hostssl app app samenet md5\n' },
    {
      bad: 'hostssl all «postgres» all cert map=admins\n', fixed: 'hostssl all postgres all reject\n',
      because: 'The certificate of the role cannot be guessed: medium.',
    },
    { bad: 'host all «"postgres"» 10.0.0.5/32 scram-sha-256\n', fixed: 'host all "postgres" 10.0.0.5/32 reject\n', because: 'One host only: medium.' },
    {
      bad: 'host all «postgres» 10.0.0.0/8 md5\n', fixed: 'host all postgres 10.0.0.0/8 reject\n', path: 'docker/pg_hba.conf',
      because: 'A container to try things out: medium.',
    },
    {
      bad: 'host all «postgres» 10.0.5.0/24 scram-sha-256\n', fixed: 'host all postgres 10.0.5.0/24 reject\n', options: { trustedNetworks: ['10.0.0.0/16'] },
      because: 'The machines are known: medium.',
    },
    { bad: 'host all «root» 10.0.0.0/8 md5\n', fixed: 'host all root 10.0.0.0/8 reject\n', options: { superusers: ['root'] } },
    { good: 'local all postgres peer\nhost all postgres 127.0.0.1/32 scram-sha-256\nhost all postgres all reject\n' },
    {
      good: 'host postgres app 10.0.0.0/8 scram-sha-256\nhost all +postgres 10.0.0.0/8 scram-sha-256\n',
      because: 'A database of that name, and members of the role.',
    },
    { good: 'host all postgres all reject\nhost all postgres 10.0.0.0/8 md5\n', because: 'The second record is never reached.' },
    { good: 'host all postgres 10.0.0.0/8 trust\n', because: 'That nothing is asked for is worse; that is hba/trust-network.' },
  ],
  *check(facts, options) {
    for (const record of remoteRecords(facts).filter(({ users }) => users.some(({ text }) => options.superusers.includes(text)))) {
      for (const user of record.users) {
        if (!options.superusers.includes(user.text) || user.file !== undefined) continue;
        yield {
          at: user.span,
          message: `${clientsText(record)} may log in as the superuser ${shown(user.text)}`,
          severity: severityOf(facts, record, options.trustedNetworks),
          fixes: fixesOf(facts, record, user),
        };
      }
    }
  },
});

/** A role that comes in for replication alone copies the cluster but runs nothing. */
function severityOf(facts: HbaFacts, record: RemoteRecord, trustedNetworks: readonly string[]): Severity {
  const guessable = certificateOf(record) !== 'role' && !isSingleHost(record.address) && !isTrusted(record.address, trustedNetworks);
  const replicationOnly = facts.databasesOf(record).every((database) => !database.quoted && database.text === 'replication');
  return guessable && !replicationOnly && !facts.trial ? 'high' : 'medium';
}

function fixesOf(facts: HbaFacts, record: RemoteRecord, user: HbaToken): Fix[] {
  if (record.users.length === 1) return [reject(record)];
  const leaveOut: Fix = { title: `Leave out ${user.text}`, safety: 'review', edits: [removeName(record.users, user)] };
  if (!takesAllDatabases(facts, record)) return [leaveOut];
  const written = (span: Span) => facts.document.text.slice(span.start, span.end);
  const above = insertAbove(facts, record, `host all ${written(user.span)} ${written(addressSpan(record.address))} reject`);
  return [leaveOut, { title: `Reject ${user.text} in a record above`, safety: 'review', edits: [above] }];
}
