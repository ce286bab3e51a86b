import { append } from '../../facts/append.ts';
import { Cursor } from '../../facts/cursor.ts';
import { isTrialPath } from '../../facts/place.ts';
import { replaceIn } from '../../facts/sql-edits.ts';
import { spellValue, sqlSettings } from '../../facts/sql-settings.ts';
import type { SqlFacts } from '../../facts/sql.ts';
import type { Statement } from '../../syntax/sql/statements.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'info',
  presets: ['strict'],
  title: 'No audit log',
  why: `Without pgaudit the log does not tell which tables a statement touched, what ran inside functions and who read a table that is under watch. With
pgaudit.log at none it is there and logs nothing.`,
  fixing: `The fix creates the extension in this database, or logs changes of definitions, roles and data. pgaudit has to be installed and to be loaded
by shared_preload_libraries first; then set pgaudit.log.`,
  cwe: [778],
  references: ['https://github.com/pgaudit/pgaudit/blob/main/README.md'],
  examples: [
    { bad: 'CREATE EXTENSION «pgcrypto»;\nCREATE EXTENSION hstore;\n', fixed: 'CREATE EXTENSION pgcrypto;\nCREATE EXTENSION pgaudit;\nCREATE EXTENSION hstore;\n' },
    { bad: "CREATE EXTENSION pgaudit;\nALTER SYSTEM SET pgaudit.log = «'none'»;\n", fixed: "CREATE EXTENSION pgaudit;\nALTER SYSTEM SET pgaudit.log = 'ddl, role, write';\n", because: 'Loaded and mute: medium.' },
    { good: 'CREATE EXTENSION pgcrypto;\nCREATE EXTENSION IF NOT EXISTS "pgaudit";\n' },
    { good: 'CREATE TABLE notes (id int);\n', because: 'Extensions are created elsewhere, or nowhere.' },
    { good: '\\echo Use "CREATE EXTENSION shop" to load this file. \\quit\nCREATE EXTENSION pgcrypto;\n', because: 'The script of an extension.' },
    { good: "ALTER ROLE batch SET pgaudit.log = 'none';\nCREATE EXTENSION pgaudit;\n", because: 'One role may be left out.' },
    { good: 'CREATE EXTENSION pgcrypto;\n', path: 'tests/setup.sql', because: 'Tests need no audit.' },
  ],
  *check(facts) {
    const { document, file } = facts;
    if (isTrialPath(document.path) || /^\\echo Use "(CREATE|ALTER) EXTENSION/m.test(document.text)) return;
    for (const setting of sqlSettings(facts)) {
      if (setting.scope !== 'system' || setting.name !== 'pgaudit.log' || !/^\s*(none)?\s*$/i.test(setting.value?.text ?? 'set')) continue;
      const edit = replaceIn(setting.command, setting.value!, spellValue(setting, 'ddl, role, write'));
      yield {
        at: setting.command.inFile(setting.value!),
        message: 'There is no audit log: pgaudit is told to log nothing',
        severity: 'medium',
        fixes: edit ? [{ title: 'Log changes of definitions, roles, grants and data', safety: 'review', edits: [edit] }] : [],
      };
    }
    const first = file.statements.find((statement) => extensionOf(statement));
    if (first === undefined || !isFirstFile(facts) || everyFile(facts).some((text) => /\bcreate\s+extension\s+(if\s+not\s+exists\s+)?"?pgaudit\b/i.test(text))) return;
    const edit = append(document.text, first, ['CREATE EXTENSION pgaudit;']);
    yield {
      at: { start: first.span.start + extensionOf(first)!.start, end: first.span.start + extensionOf(first)!.end },
      message: 'The log does not tell who read which table: extensions are created, and pgaudit is not among them',
      fixes: edit ? [{ title: 'Create pgaudit (it must be installed and preloaded)', safety: 'review', edits: [edit] }] : [],
    };
  },
});

function extensionOf({ written }: Statement) {
  if (written.head !== 'CREATE EXTENSION') return undefined;
  const cursor = Cursor.over(written);
  while (!cursor.done && !cursor.take('CREATE', 'EXTENSION')) cursor.index++;
  cursor.take('IF', 'NOT', 'EXISTS');
  return cursor.part();
}

function everyFile({ document }: SqlFacts): readonly string[] {
  return document.set?.files.map(({ text }) => text) ?? [document.text];
}

/** One finding for a database, in the first of its files that creates an extension. */
function isFirstFile({ document }: SqlFacts): boolean {
  const first = document.set?.files.find(({ text }) => /^[^\S\n]*create\s+extension\b/im.test(text));
  return first === undefined || first.path === document.path;
}
