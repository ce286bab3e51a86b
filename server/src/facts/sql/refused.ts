import { refusalOfPlpgsql } from '../../syntax/sql/postgres.ts';
import type { StatementText } from '../../syntax/sql/statements.ts';
import { Notes } from '../../notes.ts';

const refusals = new Notes<StatementText, string | null>();

/** What PostgreSQL says when it refuses to compile the body; undefined when it compiles, or when nobody can tell. */
export function refusalOf(written: StatementText): string | undefined {
  let refusal = refusals.get(written);
  if (refusal === undefined) refusals.set(written, (refusal = readRefusal(written) ?? null));
  return refusal ?? undefined;
}

function readRefusal(written: StatementText): string | undefined {
  if (written.body?.plpgsql === undefined || written.text.length > longestCompiled || written.parsed.kind !== 'tree') return undefined;
  const filled = written.body.plpgsql.tokens.some(({ kind }) => kind === 'template' || kind === 'variable' || kind === 'bad');
  const message = filled ? undefined : refusalOfPlpgsql(written.text);
  return message !== undefined && isCertain(message) ? message : undefined;
}

/** In characters. Compiling a thousand lines takes longer than all that is read of them here. */
const longestCompiled = 10_000;

/** Without the tables nobody knows a row from a value, and servers that are related to PostgreSQL have words of their own. */
function isCertain(message: string): boolean {
  const [, near] = /^syntax error at or near "(.*)"$/s.exec(message) ?? [];
  if (near !== undefined) return /^(?:\w+|[;()*]|\|\|)$/.test(near) && !/^distributed$/i.test(near);
  return /^"\w+" is not a known variable$|^syntax error at end of input$|^missing "|^too (few|many) parameters specified for RAISE$|^end label "/.test(message);
}
