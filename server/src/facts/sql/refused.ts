import { refusalOfPlpgsql } from '../../syntax/sql/postgres.ts';
import type { Token } from '../../syntax/sql/lexer.ts';
import type { StatementText } from '../../syntax/sql/statements.ts';
import { Notes } from '../../notes.ts';
import { wordsOf } from './tokens.ts';

const refusals = new Notes<StatementText, string | null>();

/** What PostgreSQL says when it refuses to compile the body; undefined when it compiles, or when nobody can tell. */
export function refusalOf(written: StatementText): string | undefined {
  let refusal = refusals.get(written);
  if (refusal === undefined) refusals.set(written, (refusal = readRefusal(written) ?? null));
  return refusal ?? undefined;
}

function readRefusal(written: StatementText): string | undefined {
  if (isGreenplum(written)) return 'syntax error at or near "EXECUTE"';
  if (written.body === undefined || written.text.length > longestCompiled) return undefined;
  if (written.parsed.kind === 'error') return !isFilled(written.tokens) && isCertain(written.parsed.message) ? written.parsed.message : undefined;
  if (written.body.plpgsql === undefined || written.parsed.kind !== 'tree') return undefined;
  // The Play framework writes `;;` and puts one semicolon there.
  if (written.body.text.includes(';;')) return undefined;
  const message = isFilled(written.body.plpgsql.tokens) ? undefined : refusalOfPlpgsql(withoutComments(written));
  return message !== undefined && (isCertain(message) || (message.startsWith('loop variable of loop over rows') && loopsOverNothing(written))) ? message : undefined;
}

/** Where a comment stands between them, the parser does not take NOT and IN in a body for one operator. */
function withoutComments({ text, body }: StatementText): string {
  const comments = body!.plpgsql!.tokens.filter(({ kind }) => kind === 'comment').map((token) => body!.inStatement(token));
  let kept = 0;
  const pieces = comments.flatMap(({ start, end }) => {
    const before = text.slice(kept, start);
    kept = end;
    return [before, ' '.repeat(end - start)];
  });
  return pieces.join('') + text.slice(kept);
}

/** `FOR r IN SELECT …` where nothing is called r: of what is declared nobody knows whether it is a row. */
function loopsOverNothing({ text, body }: StatementText): boolean {
  const { words } = wordsOf(body!.plpgsql!.tokens, body!.text);
  const header = text.slice(0, body!.inStatement({ start: 0, end: 0 }).start).toLowerCase();
  return words.some((word, at) => {
    if (word !== 'for' || !/^(?:select|execute|with|values|\()$/.test(words[at + 3] ?? '') || words[at + 2] !== 'in') return false;
    const name = words[at + 1]!;
    return /^[a-z_]\w*$/.test(name) && !new RegExp(`\\b${name}\\b`).test(header) && !body!.plpgsql!.declarations.some((one) => one.name === name);
  });
}

/** Somebody puts something else there before PostgreSQL reads it. */
function isFilled(tokens: readonly Token[]): boolean {
  return tokens.some(({ kind }) => kind === 'template' || kind === 'variable' || kind === 'bad');
}

/** `CREATE FUNCTION … EXECUTE ON ANY` */
function isGreenplum({ tokens, text, body }: StatementText): boolean {
  if (body === undefined) return false;
  const { words } = wordsOf(tokens, text);
  const at = words.indexOf('execute');
  return at >= 0 && words[at + 1] === 'on' && /^(any|all|master|coordinator|initplan)$/.test(words[at + 2] ?? '');
}

/** In characters. Compiling a thousand lines takes longer than all that is read of them here. */
const longestCompiled = 10_000;

/** Without the tables nobody knows a row from a value, and servers that are related to PostgreSQL have words of their own. */
function isCertain(message: string): boolean {
  const [, near] = /^syntax error at or near "(.*)"$/s.exec(message) ?? [];
  if (near !== undefined) return /^(?:\w+|[;()*]|\|\||=>)$/.test(near) && !/^distributed$/i.test(near);
  return /^"\w+" is not a known variable$|^syntax error at end of input$|^missing "|^too (few|many) parameters specified for RAISE$|^end label "|^(?:EXIT|CONTINUE) cannot be used outside a loop/.test(message);
}
