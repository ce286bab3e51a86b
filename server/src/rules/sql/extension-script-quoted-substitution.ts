import type { Token } from '../../syntax/sql/lexer.ts';
import type { Edit, Span } from '../../text.ts';
import { shift } from '../../text.ts';
import { defineRule } from '../rule.ts';

const substitution = /@(extschema(:[\w-]+)?|extowner)@/;

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'Extension script puts a name into quotes that its schema chooses',
  presets: ['extension', 'strict'],
  why: `PostgreSQL replaces @extschema@ and @extowner@ by a quoted name before it reads the script. Inside of quotes that name can end them: who may \
create the schema and has an administrator install the extension there runs SQL as that administrator. Servers with the releases of August 2023 refuse such names.`,
  fixing: 'The fix takes the double quotes away: PostgreSQL puts them there itself where the name needs them.',
  cwe: [89],
  references: ['https://www.postgresql.org/docs/current/extend-extensions.html#EXTEND-EXTENSIONS-SECURITY-SCRIPTS', 'https://www.postgresql.org/support/security/CVE-2023-39417/'],
  examples: [
    { bad: 'SELECT * FROM «"@extschema@"».config;\n', fixed: 'SELECT * FROM @extschema@.config;\n' },
    { bad: "SELECT pg_catalog.pg_extension_config_dump(«'@extschema@.config'», '');\n", because: 'A name without its schema will do: it is the one in which the script runs.' },
    { bad: 'CREATE FUNCTION f() RETURNS int LANGUAGE sql AS «$$ SELECT count(*)::int FROM @extschema@.t $$»;\n' },
    { good: 'CREATE TABLE @extschema@.config (a int);\nSET search_path = @extschema@, pg_temp;\nALTER TABLE @extschema@.config OWNER TO @extowner@;\n', because: 'Outside of quotes the name is one name.' },
    { good: "-- '@extschema@'\nSELECT 'mail@extschema.org';\n" },
  ],
  *check({ file }) {
    if (!substitution.test(file.text)) return;
    for (const { span, written } of file.statements) {
      const { text, tokens } = written;
      const token = tokens.find((one) => /^(string|dollar|identifier)$/.test(one.kind) && substitution.test(text.slice(one.start, one.end)));
      if (!token) continue;
      const edit = unquoted(token, text);
      yield {
        at: shift({ start: token.start, end: token.end }, span.start),
        message: 'Whoever names the schema of this extension can end these quotes and run SQL as who installs it',
        fixes: edit ? [{ title: 'Take the quotes away', safety: 'review', edits: [{ ...edit, span: shift(edit.span, span.start) }] }] : [],
      };
    }
  },
});

function unquoted(token: Token & Span, text: string): Edit | undefined {
  const name = new RegExp(`^"(${substitution.source})"$`).exec(text.slice(token.start, token.end))?.[1];
  return name === undefined ? undefined : { span: token, text: name };
}
