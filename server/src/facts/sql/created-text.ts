import type { StatementText } from '../../syntax/sql/statements.ts';
import type { Span } from '../../text.ts';
import { Cursor } from './cursor.ts';
import type { Name } from './cursor.ts';
import { readRoutine } from './routine-text.ts';
import { Notes } from '../../notes.ts';

/** What a CREATE statement makes, and what it does when that is there already. Spans count from the start of the statement. */
export interface CreatedText {
  /** In lower case: `table`, `function`, `foreign table` … */
  readonly kind: string;
  readonly name: Name;
  /** The same text for the same object, types of routines included. */
  readonly key: string;
  /** The schema that is written; that of its table for an index. */
  readonly schema: string | undefined;
  readonly replace: Span | undefined;
  readonly ifNotExists: Span | undefined;
}

const known = new Notes<StatementText, CreatedText | null>();

/** Undefined for everything else, for temporary objects, and for what needs an own table, such as a trigger. */
export function createdText(written: StatementText): CreatedText | undefined {
  if (!written.head.startsWith('CREATE')) return undefined;
  let text = known.get(written);
  if (text === undefined) known.set(written, (text = read(written) ?? null));
  return text ?? undefined;
}

function read(written: StatementText): CreatedText | undefined {
  const cursor = Cursor.over(written);
  if (!cursor.take('CREATE')) return undefined;
  const replace = taken(cursor, 'OR', 'REPLACE');
  while (modifiers.has(cursor.word())) cursor.index++;
  const start = cursor.index;
  while (kindWords.has(cursor.word())) cursor.index++;
  const kind = cursor.tokens.slice(start, cursor.index).map((token) => cursor.of(token).toLowerCase()).join(' ');
  if (!kinds.has(kind)) return undefined;
  cursor.take('CONCURRENTLY');
  const ifNotExists = taken(cursor, 'IF', 'NOT', 'EXISTS');
  if (kind === 'transform' || kind === 'user mapping') cursor.take('FOR');
  const name = cursor.name();
  if (!name) return undefined;
  const { schema, key } = identify(written, cursor, kind, name);
  return { kind, name, schema, key, replace, ifNotExists };
}

function identify(written: StatementText, cursor: Cursor, kind: string, name: Name): { schema: string | undefined; key: string } {
  const full = name.parts.map((part) => part.name).join('.');
  const schema = name.parts.length > 1 ? name.parts[0]!.name : undefined;
  if (kind === 'index') {
    while (!cursor.done && !cursor.take('ON')) cursor.skip();
    cursor.take('ONLY');
    const table = cursor.name();
    return { schema: table && table.parts.length > 1 ? table.parts[0]!.name : undefined, key: `index ${full}` };
  }
  const routine = readRoutine(written);
  if (routine) return { schema, key: `routine ${full}(${routine.parameters.map(({ type }) => type).join()})` };
  if (kind === 'aggregate') return { schema, key: `routine ${full}(${argumentsOf(cursor)})` };
  return { schema, key: `${relations.has(kind) ? 'relation' : kind} ${full}` };
}

/** `(int, text)`, or the BASETYPE of the old form. */
function argumentsOf(cursor: Cursor): string {
  const { index } = cursor;
  cursor.skip();
  const inside = cursor.tokens.slice(index + 1, cursor.index - 1).map((token) => cursor.of(token).toLowerCase());
  const base = inside.indexOf('basetype');
  return inside.includes('=') ? (base < 0 ? '' : inside[base + 2] ?? '') : inside.join(' ');
}

function taken(cursor: Cursor, ...words: readonly string[]): Span | undefined {
  const start = cursor.token()?.start ?? 0;
  return cursor.take(...words) ? { start, end: cursor.token(-1)!.end } : undefined;
}

const modifiers = new Set(['UNLOGGED', 'UNIQUE', 'RECURSIVE', 'TRUSTED', 'PROCEDURAL']);
const kindWords = new Set((
  'FUNCTION PROCEDURE AGGREGATE VIEW TABLE SEQUENCE INDEX MATERIALIZED FOREIGN TRANSFORM LANGUAGE SERVER COLLATION SCHEMA USER MAPPING STATISTICS'
).split(' '));
const kinds = new Set([
  'function', 'procedure', 'aggregate', 'view', 'table', 'sequence', 'index', 'materialized view', 'foreign table', 'transform', 'language', 'server', 'collation', 'schema',
  'user mapping', 'statistics',
]);
const relations = new Set(['view', 'table', 'sequence', 'materialized view', 'foreign table']);
