import { anyWriting, comesLater } from '../../facts/sql/later-text.ts';
import { later } from '../../facts/sql/mending.ts';
import { Cursor } from '../../facts/sql/cursor.ts';
import { isDump, loadsData } from '../../facts/sql/dumps.ts';
import { isTrial } from '../../facts/place.ts';
import type { SqlFacts } from '../../facts/sql.ts';
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
    { good: 'ALTER TABLE accounts DISABLE TRIGGER ALL;\nALTER TABLE accounts ENABLE TRIGGER ALL;\n', because: 'Nothing happens meanwhile.' },
    { good: 'ALTER TABLE accounts DISABLE TRIGGER ALL;\n', path: 'db/V1__a.sql', files: { 'db/V2__b.sql': 'ALTER TABLE accounts ENABLE TRIGGER ALL;\n' }, because: 'A later file switches them on.' },
    { bad: 'ALTER TABLE accounts DISABLE TRIGGER «ALL»;\n', path: 'db/V1__a.sql', files: { 'db/V2__b.sql': 'ALTER TABLE invoices ENABLE TRIGGER ALL;\n' }, good: 'ALTER TABLE accounts DISABLE TRIGGER audit_change;\n', because: 'That is another table.' },
  ],
  *check(facts) {
    const { commands, document, file } = facts;
    if (isDump(file) || loadsData(file)) return;
    const switches = commands.flatMap((command) => readSwitches(command));
    for (const [i, { command, table, target, on, at }] of switches.entries()) {
      if (on) continue;
      const back = switches.slice(i + 1).find((other) => other.on && other.table === table);
      if (isUndone(facts, switches[i]!, back)) continue;
      const again = back !== undefined;
      // Rows are moved, and the other half is kept elsewhere.
      const moved = writesTo(file, table);
      const [edit] = replaceIn(command, at, 'trigger_name', 'trigger_name');
      const instead = `ALTER TABLE ${target} ENABLE TRIGGER ${command.written.text.slice(at.start, at.end).toUpperCase()}, DISABLE TRIGGER trigger_name;`;
      yield {
        at: command.inFile(at),
        message: `Audit and checks by triggers end for this table: all of its triggers are switched off${again ? ' for a while' : ''}`,
        ...(again || isTrial(document) ? { severity: 'info' as const } : moved ? { severity: 'low' as const } : {}),
        fixes: edit ? [{ title: 'Switch one trigger off by its name', safety: 'review', edits: [edit], ...again ? { statements: [] } : later(command.inside === 'file' ? instead : undefined, 'trigger_name') }] : [],
      };
    }
  },
});

/** They are on again before anything else is done, or a later file switches them on. */
function isUndone(facts: SqlFacts, { command, target }: Switch, back: Switch | undefined): boolean {
  const { file: { statements } } = facts;
  if (back && command.inside === 'file' && back.command.inside === 'file' && statements.indexOf(back.command.statement) - statements.indexOf(command.statement) <= 1) return true;
  const on = new RegExp(`\\balter\\s+table\\s+(?:if\\s+exists\\s+)?(?:only\\s+)?${anyWriting(target)}\\s+enable\\s+trigger\\s`, 'i');
  return !back && command.inside === 'file' && comesLater(facts, command.statement, on);
}

/** The file itself fills or changes the table. */
function writesTo({ statements }: SqlFile, table: string): boolean {
  return statements.some(({ written }) => /^(INSERT|UPDATE|DELETE|COPY|WITH|MERGE)/.test(written.head) && written.text.toLowerCase().includes(table));
}

interface Switch {
  readonly command: SqlCommand;
  /** With its schema where that is written. */
  readonly table: string;
  /** As written. */
  readonly target: string;
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
  const name = cursor.name()?.parts;
  const table = name?.map((part) => part.name).join('.');
  const target = name?.map(({ text }) => text).join('.') ?? '';
  const found: Switch[] = [];
  for (; table !== undefined && !cursor.done; cursor.skip()) {
    const on = cursor.word() === 'ENABLE';
    if ((!on && cursor.word() !== 'DISABLE') || cursor.word(1) !== 'TRIGGER' || !/^(ALL|USER)$/.test(cursor.word(2))) continue;
    found.push({ command, table, target, on, at: cursor.token(2)! });
  }
  return found;
}
