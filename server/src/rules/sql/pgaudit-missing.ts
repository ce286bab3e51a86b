import { append } from '../../facts/sql/append.ts';
import { isTrial } from '../../facts/place.ts';
import { replaceIn } from '../../facts/sql/sql-edits.ts';
import { laterStatement, settingsInForce, spellValue } from '../../facts/sql/sql-settings.ts';
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
    const { document } = facts;
    if (isTrial(document) || /^\\echo Use "(CREATE|ALTER) EXTENSION/m.test(document.text)) return;
    for (const setting of settingsInForce(facts)) {
      if (setting.scope !== 'system' || setting.name !== 'pgaudit.log' || !/^\s*(none)?\s*$/i.test(setting.value?.text ?? 'set')) continue;
      const [edit] = replaceIn(setting.command, setting.value!, spellValue(setting, 'ddl, role, write'));
      yield {
        at: setting.command.inFile(setting.value!),
        message: 'There is no audit log: pgaudit is told to log nothing',
        severity: 'medium',
        fixes: edit ? [{
          title: 'Log changes of definitions, roles, grants and data', safety: 'review',
          edits: [edit], statements: [laterStatement(setting, 'ddl, role, write')!],
        }] : [],
      };
    }
    const [first] = facts.schema.extensions;
    if (first === undefined || !facts.here(first.place) || facts.schema.extensions.some(({ name }) => name === 'pgaudit')) return;
    const edit = append(document.text, first.place.statement, ['CREATE EXTENSION pgaudit;']);
    yield {
      at: first.place.at,
      message: 'The log does not tell who read which table: extensions are created, and pgaudit is not among them',
      fixes: edit ? [{
        title: 'Create pgaudit (it must be installed and preloaded)', safety: 'review', edits: [edit], statements: ['CREATE EXTENSION pgaudit;'],
      }] : [],
    };
  },
});
