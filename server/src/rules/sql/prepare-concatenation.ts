import { tokenText } from '../../syntax/sql/lexer.ts';
import type { Token } from '../../syntax/sql/lexer.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'psql puts a variable into a prepared statement without quoting',
  why: `psql replaces :name by the text of the variable before the server sees the statement. \
Whoever sets the variable, often with -v from a script, can write SQL into it, so preparing the statement protects nothing.`,
  fixing: `:'name' makes a quoted value of it and :"name" a quoted name. A variable that holds a list or a part of a statement does not survive this.`,
  cwe: [89],
  references: ['https://www.postgresql.org/docs/current/app-psql.html#APP-PSQL-INTERPOLATION'],
  examples: [
    { bad: 'PREPARE q AS SELECT * FROM app.users WHERE name = «:who»;\n', fixed: `PREPARE q AS SELECT * FROM app.users WHERE name = :'who';\n` },
    { bad: 'PREPARE q AS SELECT * FROM «:tab» WHERE id = $1;\n', fixed: 'PREPARE q AS SELECT * FROM :"tab" WHERE id = $1;\n' },
    { bad: 'EXECUTE q(«:who»);\n', fixed: `EXECUTE q(:'who');\n` },
    { because: 'psql quotes these.', good: `PREPARE q AS SELECT :'who' FROM :"tab";\n` },
    { because: 'The script itself gives the number.', good: '\\set amount 10\nPREPARE q AS SELECT * FROM app.users LIMIT :amount;\n' },
    { because: 'The script itself reads the statement from a file.', good: '\\set query `cat report.sql`\nPREPARE q AS :query;\n' },
    { because: 'The variable is the statement, which nothing can quote.', good: 'PREPARE q AS :query;\n' },
    { because: 'This is Firebird, where a colon is a variable of the routine.', good: 'EXECUTE PROCEDURE save_topic (:who, :topic);\n' },
    { because: 'A cast is no variable.', good: 'PREPARE q AS SELECT $1::text;\n' },
    { because: 'The statement is not prepared: it is a script that somebody runs by hand.', good: 'SELECT * FROM app.users LIMIT :amount;\n' },
  ],
  *check({ file }) {
    for (const { written, span } of file.statements) {
      if (!isPrepared.test(written.text)) continue;
      const tokens = written.tokens.filter((token) => token.kind !== 'comment');
      for (const [index, token] of tokens.entries()) {
        const name = token.kind === 'variable' ? /^:([\p{L}_][\p{L}\w]*)$/u.exec(tokenText(token, written.text))?.[1] : undefined;
        if (name === undefined || isSetHere(name, file.text) || isStatement(tokens, index, written.text)) continue;
        const quoted = isName(tokens, index, written.text) ? `:"${name}"` : `:'${name}'`;
        const at = { start: token.start + span.start, end: token.end + span.start };
        yield {
          at,
          message: `Whoever sets ${name.slice(0, 30)} can put SQL of their own into this prepared statement`,
          fixes: [{ title: `Let psql quote it: ${quoted}`, safety: 'review', edits: [{ span: at, text: quoted }] }],
        };
      }
    }
  },
});

/** `EXECUTE IMMEDIATE` and `EXECUTE PROCEDURE` are statements of other databases, where a colon is a variable of the routine. */
const isPrepared = /^(?:\s|--[^\n]*\n|\/\*.*?\*\/)*(?:prepare\s+[\w"$]+\s*(?:\(|as\b)|execute\s+[\w"$]+\s*(?:\(|;|$))/is;

/** `\set amount 10`, and not to what another variable holds. */
function isSetHere(name: string, text: string): boolean {
  return new RegExp(`^\\s*\\\\set\\s+${name}\\s+[^:\\n]+$`, 'm').test(text);
}

/** `PREPARE q AS :query` */
function isStatement(tokens: readonly Token[], index: number, text: string): boolean {
  const before = tokens[index - 1];
  const after = tokens[index + 1];
  return before !== undefined && /^as$/i.test(tokenText(before, text)) && (after === undefined || text[after.start] === ';');
}

function isName(tokens: readonly Token[], index: number, text: string): boolean {
  const before = tokens[index - 1];
  const after = tokens[index + 1];
  if (after !== undefined && text[after.start] === '.') return true;
  return before !== undefined && /^(from|join|into|update|table|only|\.)$/i.test(tokenText(before, text));
}
