import { replaceValue } from '../../facts/conf/conf-repairs.ts';
import { numberHere } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'low',
  title: 'No connection is kept for administrators',
  why: `Any role that opens connections until there are no more locks everybody out, and with no reserved slot also the superuser who
would end those sessions. Only stopping the server helps then.`,
  fixing: 'The fix writes the default of 3. They are part of max_connections, so applications have that many fewer; it takes a restart.',
  cwe: [400],
  references: ['https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-SUPERUSER-RESERVED-CONNECTIONS'],
  examples: [
    { bad: 'max_connections = 100\nsuperuser_reserved_connections = «0»\n', fixed: 'max_connections = 100\nsuperuser_reserved_connections = 3\n' },
    { bad: "superuser_reserved_connections «'0'» # all for us\n", fixed: "superuser_reserved_connections '3' # all for us\n" },
    { good: 'superuser_reserved_connections = 1\n', because: 'One is enough to get in.' },
    { good: 'superuser_reserved_connections = 0\nsuperuser_reserved_connections = 3\n', because: 'The last setting wins.' },
    { good: 'superuser_reserved_connections = {{ reserved }}\n', because: 'What a template becomes is not known.' },
  ],
  *check(facts) {
    const found = numberHere(facts, 'superuser_reserved_connections');
    if (found === undefined || found.number !== 0) return;
    yield {
      at: found.setting.value.span,
      message: 'When all connections are taken, not even a superuser gets in to end them',
      fixes: [{ title: 'Keep 3 connections', safety: 'review', edits: [replaceValue(found.setting.value, '3')] }],
    };
  },
});
