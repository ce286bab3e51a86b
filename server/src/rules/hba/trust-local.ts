import { passwordless, rolesText, socketsForOwnerOnly } from '../../facts/access.ts';
import { requireMethod } from '../../facts/hba/access-fixes.ts';
import { clientsText } from '../../facts/hba/address.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'medium',
  title: 'Local accounts log in over the Unix-domain socket without a password',
  why: `The socket is open to every operating system account by default, and trust believes whatever role it names. A
taken-over web server or a cron job of another user becomes superuser of the database and runs commands as its owner.`,
  fixing: `peer lets an account in as the role of the same name. Accounts that use other roles need a map in pg_ident.conf or a
record with scram-sha-256.`,
  cwe: [306],
  references: ['https://www.postgresql.org/docs/current/auth-trust.html', 'https://www.postgresql.org/docs/current/auth-peer.html'],
  examples: [
    { bad: 'local all all «trust»\n', fixed: 'local all all peer\n' },
    { bad: 'local app app,report «trust» # cron\n', fixed: 'local app app,report peer # cron\n' },
    { bad: 'local all all «trust»\n', fixed: 'local all all peer\n', files: { 'postgresql.conf': 'unix_socket_permissions = 0700\n' }, because: 'Only the account of the server can open the socket: low.' },
    { good: 'local all all peer\nlocal trust all scram-sha-256\n' },
    { good: 'local all all peer\nlocal app app trust\n', because: 'The first record takes all connections.' },
  ],
  *check(facts) {
    for (const record of passwordless(facts, 'local')) {
      yield {
        at: record.method.span,
        message: `${clientsText(record)} can log in as ${rolesText(facts, record)} without a password`,
        ...(facts.trial ? { severity: 'info' } : socketsForOwnerOnly(facts) && { severity: 'low' }),
        fixes: [requireMethod(record, 'peer'), requireMethod(record, 'scram-sha-256')],
      };
    }
  },
});
