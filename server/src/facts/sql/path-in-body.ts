import type { StatementText } from '../../syntax/sql/statements.ts';
import type { Span } from '../../text.ts';
import { Cursor } from './cursor.ts';
import type { NamePart } from './cursor.ts';
import { readPathChange } from './routine-text.ts';
import { lex } from '../../syntax/sql/lexer.ts';

/** The statement at the beginning of a PL/pgSQL body that sets search_path. Spans count from the start of the statement that creates the routine. */
export interface PathInBody {
  readonly at: Span;
  /** Undefined when it is not a list of names that are written there. */
  readonly entries: readonly NamePart[] | undefined;
  /** It stays in force when the routine has ended. */
  readonly leaks: boolean;
}

/** Variables get their first values before the body begins, so declarations do not count. */
export function pathInBody({ body }: StatementText): PathInBody | undefined {
  const plpgsql = body?.plpgsql;
  if (!body || !plpgsql) return undefined;
  const first = plpgsql.statements.find(({ start }) => !plpgsql.declarations.some(({ at }) => at.start === start));
  if (!first) return undefined;
  const text = body.text.slice(first.start, first.end);
  const at = body.inStatement(first);
  const cursor = new Cursor(text, lex(text, 'body'));
  if (cursor.word() === 'SET') {
    const change = readPathChange(cursor);
    return change && { at, entries: change.kind === 'list' ? change.entries : undefined, leaks: !/^set\s+local\b/i.test(text) };
  }
  const call = /^(?:perform|select)\s+(?:pg_catalog\s*\.\s*)?set_config\s*\(\s*'search_path'\s*,\s*(?:'([^']*)')?.*?(true|false)?\s*\)$/is.exec(text);
  if (!call) return undefined;
  return { at, entries: call[1] === undefined ? undefined : listOf(call[1]), leaks: call[2]?.toLowerCase() === 'false' };
}

function listOf(value: string): NamePart[] | undefined {
  const cursor = new Cursor(value, lex(value, 'body'));
  const entries: NamePart[] = [];
  do {
    const entry = cursor.part();
    if (entry) entries.push(entry);
  } while (cursor.takeText(','));
  return cursor.done ? entries : undefined;
}
