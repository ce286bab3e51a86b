import type { Token } from '../../syntax/sql/lexer.ts';
import type { Scope } from './scope.ts';
import { findWord, startsStatement } from './word-ranges.ts';

/** A statement that fails whenever it runs. */
export interface FailingStatement {
  /** Just behind it; an offset in the body. */
  readonly end: number;
  /** As PostgreSQL says it. */
  readonly why: string;
}

/** What is certain to be refused when it comes to run. */
export function failingStatements(scope: Scope): readonly FailingStatement[] {
  return [...ambiguousColumns(scope), ...missingRows(scope)];
}

/**
 * `SELECT 1 FROM information_schema.tables WHERE table_name = $1` in a routine with a variable table_name: PostgreSQL does not choose between the variable
 * and the column. Only queries of one view are read, whose columns are known.
 */
function ambiguousColumns({ code: { tokens, words }, text, find }: Scope): readonly FailingStatement[] {
  if (/#variable_conflict\b/i.test(text)) return [];
  const failing: FailingStatement[] = [];
  for (let at = words.indexOf('information_schema'); at >= 0; at = words.indexOf('information_schema', at + 1)) {
    const columns = words[at + 1] === '.' && words[at - 1] === 'from' ? columnsOfViews[words[at + 2] ?? ''] : undefined;
    const where = columns === undefined ? -1 : whereBehind(words, at + 3);
    if (where < 0 || isPassable(words, at)) continue;
    const end = endOfCondition(words, where);
    const name = words.slice(where, end).find((word, index) => columns!.has(word) && isAlone(tokens, words, where + index) && find(word, tokens[where + index]!.start)?.declared);
    if (name !== undefined) failing.push({ end: tokens[end - 1]!.end, why: `column reference "${name}" is ambiguous` });
  }
  return failing;
}

/** `v := gone.started;` where no row is called gone. Of what a query reads nothing is said. */
function missingRows({ code: { tokens, words }, find, plain }: Scope): readonly FailingStatement[] {
  const isMissing = (at: number): boolean => {
    const [name, column] = [words[at]!, words[at + 2]!];
    if (words[at + 1] !== '.' || tokens[at]!.kind !== 'word' || tokens[at + 2]!.kind !== 'word' || /^(?:new|old)$/.test(name)) return false;
    if (/^(?:\.|::|as|collate|operator)$/.test(words[at - 1]!) || /^(?:\(|\.)$/.test(words[at + 3]!)) return false;
    return plain([name, column]).length === 2 && [name, `${name}.${column}`].every((one) => find(one, tokens[at]!.start) === undefined);
  };
  const failing: FailingStatement[] = [];
  for (let at = words.indexOf(':='); at >= 0 && failing.length < mostMissing; at = words.indexOf(':=', at + 1)) {
    const end = findWord(words, at + 1, Math.min(words.length, at + longestStatement), (word) => endsValue.has(word));
    if (end < 0 || words[end] !== ';') continue;
    const missing = findIndexBetween(at + 1, end - 2, isMissing);
    if (missing >= 0) failing.push({ end: tokens[end]!.end, why: `missing FROM-clause entry for table "${words[missing]!}"` });
  }
  return failing;
}

function findIndexBetween(from: number, end: number, isSought: (at: number) => boolean): number {
  for (let at = from; at < end; at++) if (isSought(at)) return at;
  return -1;
}

/** Behind a query names may be those of its tables. */
const endsValue = new Set([';', 'select', 'from', 'then']);
const mostMissing = 20;

/** Others come past the query, or it is declared and not run: behind ELSIF, behind another WHEN of a CASE, in a cursor. */
function isPassable(words: readonly string[], at: number): boolean {
  let first = at;
  while (first > 0 && at - first < longestStatement && !startsStatement.has(words[first - 1]!)) first--;
  return at - first === longestStatement || /^(elsif|elseif|when|declare)$/.test(words[first]!) || words.slice(first, at).includes('cursor');
}

/** In words. */
const longestStatement = 200;

/** The index behind WHERE; -1 when the query has no condition or reads something else as well. */
function whereBehind(words: readonly string[], from: number): number {
  const alias = words[from] === 'as' ? from + 2 : /^(where|join|left|inner|cross|natural|group|order|limit)$/.test(words[from] ?? '') || !/^[a-z_]/.test(words[from] ?? '') ? from : from + 1;
  return words[alias] === 'where' ? alias + 1 : -1;
}

function endOfCondition(words: readonly string[], from: number): number {
  let depth = 0;
  const end = findWord(words, from, words.length, (word) => {
    if (word === '(') depth++;
    else if (word === ')') depth--;
    return depth < 0 || word === ';' || startsStatement.has(word) || word === 'then' || word === 'loop' || word === 'select';
  });
  return end < 0 ? words.length : end;
}

/** Neither a part of a longer name nor a function. */
function isAlone(tokens: readonly Token[], words: readonly string[], at: number): boolean {
  return tokens[at]!.kind === 'word' && words[at - 1] !== '.' && words[at + 1] !== '.' && words[at + 1] !== '(' && words[at - 1] !== '::';
}

const table = ['table_catalog', 'table_schema', 'table_name'];
/** From PostgreSQL's documentation of the information schema; those that people ask for. */
const columnsOfViews: Readonly<Record<string, ReadonlySet<string> | undefined>> = {
  tables: new Set([...table, 'table_type', 'is_insertable_into']),
  columns: new Set([...table, 'column_name', 'ordinal_position', 'column_default', 'is_nullable', 'data_type', 'udt_schema', 'udt_name']),
  views: new Set([...table, 'view_definition']),
  schemata: new Set(['catalog_name', 'schema_name', 'schema_owner']),
  routines: new Set(['specific_schema', 'specific_name', 'routine_schema', 'routine_name', 'routine_type', 'data_type']),
  table_constraints: new Set([...table, 'constraint_schema', 'constraint_name', 'constraint_type']),
  triggers: new Set(['trigger_schema', 'trigger_name', 'event_manipulation', 'event_object_schema', 'event_object_table']),
  sequences: new Set(['sequence_schema', 'sequence_name', 'data_type']),
};
