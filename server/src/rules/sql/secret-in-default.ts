import { alterDefault, columnOf, isReset } from '../../facts/sql/column-defaults.ts';
import { isSamplePath } from '../../facts/place.ts';
import { findSecret } from '../../facts/sql/secret-patterns.ts';
import { literalOf, type Literal } from '../../facts/sql/sql-literals.ts';
import type { SqlCommand } from '../../facts/sql/sql-commands.ts';
import type { Token } from '../../syntax/sql/lexer.ts';
import { defineRule, type Fix } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'Secret as the default of a column',
  why: `Every role that can log in reads the defaults of all columns in the catalog, also of tables that it may not read. A key or a token in there is \
open to each of them, to every dump of the schema and to whoever reads this file.`,
  fixing: 'The fix leaves the default out. Whoever adds rows has to give the value then; change the secret, because it was readable here.',
  cwe: [798],
  references: ['https://www.postgresql.org/docs/current/catalog-pg-attrdef.html'],
  examples: [
    {
      bad: "CREATE TABLE app.hooks (url text, key text DEFAULT «'AKIA2E0A8F3B244C9986'»);\n",
      fixed: 'CREATE TABLE app.hooks (url text, key text);\n', because: 'Who adds a row gives the key.',
    },
    { bad: "ALTER TABLE app.hooks ALTER COLUMN key SET DEFAULT «'AKIA7Q0Z8F3B244C1235'»;\n", fixed: 'ALTER TABLE app.hooks ALTER COLUMN key DROP DEFAULT;\n' },
    { bad: "ALTER TABLE app.hooks ADD COLUMN url text DEFAULT «'postgresql://app:k7#pQ2xv@db1/app'»;\n", fixed: 'ALTER TABLE app.hooks ADD COLUMN url text;\n' },
    { good: "CREATE TABLE app.hooks (url text DEFAULT 'https://pay.example', key text DEFAULT '', state text DEFAULT 'password');\n" },
    { good: "CREATE TABLE app.hooks (url text, key text DEFAULT 'AKIA2E0A8F3B244C9986');\nALTER TABLE app.hooks ALTER COLUMN key DROP DEFAULT;\n", because: 'A later statement drops it.' },
    { good: "INSERT INTO app.hooks VALUES ('AKIA2E0A8F3B244C9986');\n", because: 'A row is read by those who may read the table.' },
    { good: "CREATE TABLE t (key text DEFAULT 'AKIA2E0A8F3B244C9986');\n", path: 'fixtures/t.sql' },
  ],
  *check(facts) {
    const { commands, document } = facts;
    if (!/\bdefault\s+[eE]?['$]/i.test(document.text) || isSamplePath(document)) return;
    for (const command of commands) {
      const { text, tokens } = command.written;
      if (!/^\s*(create|alter)\b[^(]*\b(table|domain)\b/i.test(text)) continue;
      for (const [i, token] of tokens.entries()) {
        if (token.kind !== 'word' || text.slice(token.start, token.end).toUpperCase() !== 'DEFAULT') continue;
        const literal = literalOf(tokens[i + 1], text);
        const secret = literal && findSecret(literal.value);
        if (!secret) continue;
        const column = columnOf(facts, command, literal);
        if (column && isReset(facts, command.statement, column)) continue;
        yield {
          at: command.inFile(literal), message: `Every role that can log in reads ${secret.what} in the default of this column`,
          fixes: fixesOf(command, token, literal).map((fix) => ({ ...fix, statements: column ? [alterDefault(column, 'DROP DEFAULT')] : [] })),
        };
      }
    }
  },
});

function fixesOf({ written, inFile }: SqlCommand, word: Token, literal: Literal): Fix[] {
  const before = written.text.slice(0, word.start);
  const set = /\bset\s+$/i.exec(before);
  if (/^\s*::/.test(written.text.slice(literal.end))) return [];
  const [start, text] = set ? [set.index, 'DROP DEFAULT'] : [before.trimEnd().length, ''];
  return [{ title: 'Leave the default out', safety: 'review', edits: [{ span: inFile({ start, end: literal.end }), text }] }];
}
