import { Cursor } from '../../facts/sql/cursor.ts';
import { isDump } from '../../facts/sql/dumps.ts';
import { removeCommand } from '../../facts/sql/sql-edits.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'info',
  title: 'row_security is switched off for a session',
  why: 'row_security = off lets nobody see more: a query that a policy would filter fails with an error instead. It is meant for dumps, which must not '
    + 'leave rows out; in other scripts it turns into errors as soon as the script runs as a role that policies hold for.',
  fixing: 'Deletes the setting, so that policies filter rows as everywhere else.',
  cwe: [],
  references: ['https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-ROW-SECURITY'],
  presets: ['strict'],
  examples: [
    { bad: 'SET «row_security» = off;\nCREATE TABLE t (id int);\n', fixed: 'CREATE TABLE t (id int);\n' },
    { bad: "SET LOCAL «row_security» TO 'off';\n" },
    { good: 'SET row_security = on;\n' },
    { good: "SET check_function_bodies = false;\nSELECT pg_catalog.set_config('search_path', '', false);\nSET row_security = off;\n", because: 'That is how a dump begins.' },
  ],
  *check({ commands, document, file }) {
    if (isDump(file)) return;
    for (const command of commands) {
      const cursor = Cursor.over(command.written);
      if (!cursor.take('SET')) continue;
      if (!cursor.take('LOCAL')) cursor.take('SESSION');
      const name = cursor.token();
      if (cursor.word() !== 'ROW_SECURITY' || !/^'?(off|false|no|0)'?$/i.test(cursor.here(2))) continue;
      const edits = removeCommand(document.text, command);
      yield {
        at: command.inFile(name!),
        message: 'Queries fail here as soon as policies hold for the role that runs them',
        fixes: edits.length > 0 ? [{ title: 'Delete the setting', safety: 'review', edits }] : [],
      };
    }
  },
});
