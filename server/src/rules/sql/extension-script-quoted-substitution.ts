import { defineRule } from '../rule.ts';
import type { Token } from '../../syntax/sql/lexer.ts';

export default defineRule({
  language: 'sql',
  severity: 'low',
  title: 'Name of a schema or role is put between quotes of an extension script',
  why: '@extschema@ and @extowner@ become text of the script before it is read. Whoever may install a trusted extension chooses the schema, and a name with a quote '
    + 'or $$ in it ends the literal: the rest runs as a superuser. Servers since August 2023 refuse such names here; older ones do not.',
  fixing: 'The fix takes double quotes away, which PostgreSQL puts there itself where the name needs them. Elsewhere write the name outside of quotes, where it arrives as an identifier, or build the text with format() and %I from a name that is looked up.',
  presets: ['extension'],
  cwe: [89],
  references: ['https://www.postgresql.org/docs/current/extend-extensions.html#EXTEND-EXTENSIONS-RELOCATION', 'https://www.postgresql.org/support/security/CVE-2023-39417/'],
  examples: [
    { bad: "SELECT pg_catalog.set_config('search_path', '«@extschema@», pg_temp', true);\n", good: 'SET LOCAL search_path TO @extschema@, pg_temp;\n' },
    { bad: 'ALTER TABLE "«@extschema@»".jobs OWNER TO "«@extowner@»";\n', fixed: 'ALTER TABLE @extschema@.jobs OWNER TO @extowner@;\n' },
    { bad: 'CREATE FUNCTION @extschema@.f() RETURNS int LANGUAGE sql AS $$ SELECT 1 FROM «@extschema@».jobs, @extschema@.more $$;', because: 'Many scripts do so; one place in a body is enough to tell.' },
    { bad: "COMMENT ON FUNCTION f() IS 'see «@extschema:citext@»';" },
    { good: 'CREATE TABLE @extschema@.jobs (cmd text); SET search_path TO @extschema@, pg_temp;', because: 'Outside of quotes it is an identifier, quoted where it has to be.' },
    { good: '-- \'@extschema@\'\nSELECT 1;', because: 'Nobody reads comments.' },
    { good: "SELECT 'mail@extschema.example';", because: 'That is no substitution.' },
  ],
  *check({ file, document: { text } }) {
    for (const { written, span } of file.statements) {
      if (!written.text.includes('@ext')) continue;
      for (const token of written.tokens) {
        if (!quoting.has(token.kind)) continue;
        const dollar = token.kind === 'dollar';
        const all = [...written.text.slice(token.start, token.end).matchAll(substitution)].map(({ 0: word, index }) => ({ start: span.start + token.start + index, end: span.start + token.start + index + word.length }));
        for (const at of dollar ? all.slice(0, 1) : all) {
          const name = text.slice(at.start, at.end);
          yield {
            at,
            severity: dollar ? 'info' : 'low',
            message: `A quote in the name behind ${name.length <= 30 ? name : 'this'} ends this ${dollar ? 'body' : 'literal'}, and the rest runs as SQL`,
            fixes: token.kind === 'identifier' && at.end - at.start === token.end - token.start - 2
              ? [{ title: 'Take the quotes away', safety: 'review', edits: [{ span: { start: at.start - 1, end: at.end + 1 }, text: name }] }]
              : [],
          };
        }
      }
    }
  },
});

const substitution = /@(?:extowner|extschema(?::\w+)?)@/g;
const quoting: ReadonlySet<Token['kind']> = new Set(['string', 'dollar', 'identifier']);
