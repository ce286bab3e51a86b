import { Cursor } from '../../facts/sql/cursor.ts';
import { isDump, loadsData } from '../../facts/sql/dumps.ts';
import { isTrial } from '../../facts/place.ts';
import type { SqlFile } from '../../syntax/sql/statements.ts';
import type { SqlCommand } from '../../facts/sql/sql-commands.ts';
import { replaceIn } from '../../facts/sql/sql-edits.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'All triggers of a table are switched off',
  why: `ALL and USER switch off every trigger of the table, also those that somebody adds to it for security: the audit trail and the checks of rights. ALL
means the foreign keys as well. Nothing tells the sessions that write to the table.`,
  fixing: `The fix asks for the name of the trigger that is in the way, so that the others go on. Switch it on again in the same transaction, and look for rows
that were written without it.`,
  cwe: [778, 1188],
  references: ['https://www.postgresql.org/docs/current/sql-altertable.html'],
  examples: [
    { bad: 'ALTER TABLE accounts DISABLE TRIGGER «ALL»;\n', good: 'ALTER TABLE accounts DISABLE TRIGGER set_updated_at;\n' },
    { bad: 'ALTER TABLE ONLY app.accounts DISABLE TRIGGER «user», ALTER COLUMN id SET NOT NULL; -- slow\n', good: 'ALTER TABLE ONLY app.accounts DISABLE TRIGGER set_updated_at, ALTER COLUMN id SET NOT NULL; -- slow\n' },
    { bad: 'ALTER TABLE accounts DISABLE TRIGGER «ALL»;\nUPDATE accounts SET balance = 0;\nALTER TABLE accounts ENABLE TRIGGER ALL;\n', because: 'They are switched on again: information.' },
    { bad: 'DO $$ BEGIN EXECUTE \'ALTER TABLE accounts DISABLE TRIGGER «USER»\'; END $$;\n' },
    { good: 'ALTER TABLE accounts DISABLE TRIGGER set_updated_at;\nALTER TABLE accounts DISABLE TRIGGER "all";\nALTER TABLE accounts ENABLE TRIGGER ALL;\n' },
    { good: '--\n-- PostgreSQL database dump\n--\nALTER TABLE accounts DISABLE TRIGGER ALL;\nCOPY accounts (id) FROM stdin;\n1\n\\.\nALTER TABLE accounts ENABLE TRIGGER ALL;\n', because: 'A dump made with --disable-triggers.' },
    { good: 'ALTER TABLE accounts DISABLE TRIGGER ALL;\nINSERT INTO accounts VALUES (1);\nINSERT INTO accounts VALUES (2);\nALTER TABLE accounts ENABLE TRIGGER ALL;\n', because: 'Data are loaded, in any order.' },
    { good: 'ALTER TABLE accounts DISABLE ROW LEVEL SECURITY;\n', because: 'Another matter.' },
  ],
  *check({ commands, document, file }) {
    if (isDump(file) || loadsData(file)) return;
    const switches = commands.flatMap((command) => readSwitches(command));
    for (const [i, { command, table, on, at }] of switches.entries()) {
      if (on) continue;
      const again = switches.slice(i + 1).some((later) => later.on && later.table === table);
      // Rows are moved, and the other half is kept elsewhere.
      const moved = writesTo(file, table);
      const [edit] = replaceIn(command, at, 'trigger_name', 'trigger_name');
      yield {
        at: command.inFile(at),
        message: `Audit and checks by triggers end for this table: all of its triggers are switched off${again ? ' for a while' : ''}`,
        ...(again || isTrial(document) ? { severity: 'info' as const } : moved ? { severity: 'low' as const } : {}),
        fixes: edit ? [{ title: 'Switch one trigger off by its name', safety: 'review', edits: [edit] }] : [],
      };
    }
  },
});

/** The file itself fills or changes the table. */
function writesTo({ statements }: SqlFile, table: string): boolean {
  return statements.some(({ written }) => /^(INSERT|UPDATE|DELETE|COPY|WITH|MERGE)/.test(written.head) && written.text.toLowerCase().includes(table));
}

interface Switch {
  readonly command: SqlCommand;
  /** With its schema where that is written. */
  readonly table: string;
  readonly on: boolean;
  /** The word ALL or USER. */
  readonly at: { readonly start: number; readonly end: number };
}

function readSwitches(command: SqlCommand): Switch[] {
  if (command.written.head !== 'ALTER TABLE' || !/\btrigger\b/i.test(command.written.text)) return [];
  const cursor = Cursor.over(command.written);
  while (!cursor.done && !cursor.take('ALTER', 'TABLE')) cursor.index++;
  cursor.take('IF', 'EXISTS');
  cursor.take('ONLY');
  const table = cursor.name()?.parts.map(({ name }) => name).join('.');
  const found: Switch[] = [];
  for (; table !== undefined && !cursor.done; cursor.skip()) {
    const on = cursor.word() === 'ENABLE';
    if ((!on && cursor.word() !== 'DISABLE') || cursor.word(1) !== 'TRIGGER' || !/^(ALL|USER)$/.test(cursor.word(2))) continue;
    found.push({ command, table, on, at: cursor.token(2)! });
  }
  return found;
}
