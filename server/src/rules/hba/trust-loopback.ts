import { passwordless, rolesText } from '../../facts/access.ts';
import { requireMethod } from '../../facts/hba/access-fixes.ts';
import { clientsText } from '../../facts/hba/address.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'medium',
  title: 'Programs on the server machine log in over TCP without a password',
  why: `Loopback is shared by every account, sidecar container and forwarded port of the machine. A web application that can be
made to open connections of its own (SSRF) or an SSH tunnel turns this record into a login without password from outside.`,
  fixing: `Makes the record ask for a password. Scripts on the server that connect to localhost need one, for example in
~/.pgpass, and the roles need SCRAM secrets.`,
  cwe: [306],
  references: ['https://www.postgresql.org/docs/current/auth-trust.html'],
  examples: [
    {
      bad: 'local all all peer\nhost all all 127.0.0.1/32 «trust»\nhost all all ::1/128 «trust»\n',
      fixed: 'local all all peer\nhost all all 127.0.0.1/32 scram-sha-256\nhost all all ::1/128 scram-sha-256\n',
    },
    { bad: 'host all all samehost «trust»\n', fixed: 'host all all samehost scram-sha-256\n' },
    { good: 'host all all 127.0.0.1/32 scram-sha-256\n' },
    { good: 'host all all 127.0.0.1/4 trust\n', because: 'A range around loopback is not loopback; that is hba/trust-network.' },
  ],
  *check(facts) {
    for (const record of passwordless(facts, 'loopback')) {
      yield {
        at: record.method.span,
        message: `${clientsText(record)} can log in as ${rolesText(facts, record)} without a password`,
        ...(facts.trial && { severity: 'info' }),
        fixes: [requireMethod(record, 'scram-sha-256')],
      };
    }
  },
});
