import { insertSetting } from '../../facts/conf/conf-repairs.ts';
import { unset } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'info',
  presets: ['strict'],
  title: 'Sessions may stay open forever',
  why: `A session that its user left open keeps its role, its locks and its connection: whoever sits down at that machine goes on with it,
and enough of them use up all connections. An open transaction also keeps VACUUM from removing old rows.`,
  fixing: `The fix ends sessions that wait inside a transaction for longer than ten minutes. Jobs that pause that long fail then: set another
value for their roles with ALTER ROLE … SET. idle_session_timeout (14 and newer) and statement_timeout are best set per role.`,
  cwe: [613],
  references: ['https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-IDLE-IN-TRANSACTION-SESSION-TIMEOUT'],
  examples: [
    { bad: '«port = 5432»\n', fixed: 'port = 5432\nidle_in_transaction_session_timeout = 10min\n' },
    {
      bad: '«port = 5432»\n#idle_in_transaction_session_timeout = 0\nwork_mem = 4MB\n',
      fixed: 'port = 5432\n#idle_in_transaction_session_timeout = 0\nidle_in_transaction_session_timeout = 10min\nwork_mem = 4MB\n',
    },
    { good: 'port = 5432\nidle_session_timeout = 1h\n', because: 'One of them ends idle sessions.' },
    { good: 'port = 5432\nstatement_timeout = 0\n', because: 'Somebody thought about it.' },
    { good: "port = 5432\ninclude 'timeouts.conf'\n", because: 'A file that cannot be read may set them.' },
    { good: 'statement_timeout = 0\n', path: 'conf.d/limits.conf', because: 'A fragment leaves the rest to others.' },
  ],
  *check(facts) {
    const at = ['idle_in_transaction_session_timeout', 'idle_session_timeout', 'statement_timeout', 'transaction_timeout'].map((name) => unset(facts, name));
    if (at[0] === undefined || at.includes(undefined)) return;
    yield {
      at: at[0],
      message: 'Sessions that nobody uses stay open forever, with their role and their locks',
      fixes: [{
        title: 'End sessions that idle in a transaction', safety: 'review',
        edits: [insertSetting(facts, 'idle_in_transaction_session_timeout', '10min')],
      }],
    };
  },
});
