import { Cursor } from '../../facts/sql/cursor.ts';
import { removeCommand } from '../../facts/sql/sql-edits.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'info',
  title: 'Security label is taken away',
  why: `A security label tells another system of protection, such as SELinux (sepgsql) or masking of personal data (anon), how to guard an object. Without it
that system guards the object no more, and PostgreSQL's own privileges are all that is left.`,
  fixing: 'The fix takes the statement out, so that the label stays. Where the label is to change, write the new one instead of NULL.',
  cwe: [732],
  references: ['https://www.postgresql.org/docs/current/sql-security-label.html', 'https://www.postgresql.org/docs/current/sepgsql.html'],
  examples: [
    { bad: 'SECURITY LABEL FOR anon ON COLUMN people.name IS «NULL»;\nSELECT 1;\n', fixed: 'SELECT 1;\n' },
    { bad: 'security label on table people is «null»; -- for now\n', fixed: ' -- for now\n' },
    { good: "SECURITY LABEL FOR anon ON COLUMN people.name IS 'MASKED WITH VALUE NULL';\n" },
    { good: "SECURITY LABEL ON TABLE people IS 'system_u:object_r:sepgsql_table_t:s0';\nCOMMENT ON TABLE people IS NULL;\n" },
  ],
  *check({ commands, document }) {
    for (const command of commands) {
      if (command.written.head !== 'SECURITY LABEL') continue;
      const cursor = Cursor.over(command.written);
      cursor.index = cursor.tokens.length - 2;
      if (cursor.word() !== 'IS' || cursor.word(1) !== 'NULL') continue;
      const [edit] = removeCommand(document.text, command);
      yield {
        at: command.inFile(cursor.token(1)!),
        message: 'What the label stands for, such as masking or access by SELinux, ends for this object',
        fixes: edit ? [{ title: 'Keep the label', safety: 'review', edits: [edit] }] : [],
      };
    }
  },
});
