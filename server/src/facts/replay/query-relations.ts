import type { Cursor, Name } from '../sql/cursor.ts';
import type { CallName } from './effects.ts';

/** The relations that a query reads, qualified or not, each once, in order; the cursor ends behind it. Names of WITH are left out. */
export function queryRelations(cursor: Cursor): readonly Name[] {
  const found: { readonly name: Name; readonly depth: number }[] = [];
  const local: string[] = [];
  const froms: { from: boolean; query: boolean }[] = [{ from: false, query: true }];
  while (!cursor.done) {
    const text = cursor.here();
    const level = froms[froms.length - 1]!;
    if (text === '(') froms.push({ from: level.from && isItemStart(cursor), query: false });
    else if (text === ')' && froms.length > 1) froms.pop();
    if (cursor.word() === 'SELECT') {
      level.query = true;
      level.from = false;
    }
    if (isCommonTable(cursor)) local.push(cursor.part()!.name);
    else if (startsItem(cursor, level)) {
      cursor.index++;
      const name = readItem(cursor);
      if (name) found.push({ name, depth: froms.length });
      continue;
    } else if (ends.has(cursor.word())) level.from = false;
    cursor.index++;
  }
  const names = new Map<string, Name>();
  for (const { name } of found) {
    const key = name.parts.map((part) => part.name).join('.');
    if (name.parts.length === 1 && local.includes(key)) continue;
    if (!names.has(key)) names.set(key, name);
  }
  return [...names.values()];
}

/** The functions that are called from here on, each once; words of SQL in front of a parenthesis are among them. The cursor does not move. */
export function calledNames(cursor: Cursor): readonly CallName[] {
  const begin = cursor.index;
  const names = new Map<string, CallName>();
  const open: { readonly name: Name | undefined; count: number }[] = [];
  const close = (): void => {
    const { name, count } = open.pop() ?? {};
    if (name) names.set(`${name.parts.map((part) => part.name).join('.')} ${count}`, { ...name, count: count! });
  };
  while (!cursor.done) {
    const name = /^(word|identifier)$/.test(cursor.token()!.kind) ? cursor.name() : undefined;
    const here = cursor.here();
    if (here === '(' || here === '[') open.push({ name: here === '(' ? name : undefined, count: cursor.here(1) === ')' ? 0 : 1 });
    else if (here === ')' || here === ']') close();
    else if (here === ',' && open.length > 0) open.at(-1)!.count++;
    else if (name) continue;
    cursor.index++;
  }
  while (open.length > 0) close();
  cursor.index = begin;
  return [...names.values()];
}

/** A parenthesis in FROM may hold a join instead of a query. */
function isItemStart(cursor: Cursor): boolean {
  const before = cursor.word(-1);
  return before === 'FROM' || before === 'JOIN' || cursor.here(-1) === ',' || cursor.here(-1) === '(';
}

/** FROM of a query (not of EXTRACT, SUBSTRING, TRIM, IS DISTINCT FROM), JOIN, TABLE, a comma in FROM, the parenthesis of a join. */
function startsItem(cursor: Cursor, level: { from: boolean; query: boolean }): boolean {
  const word = cursor.word();
  if (word === 'FROM' && level.query && cursor.word(-1) !== 'DISTINCT') {
    level.from = true;
    return true;
  }
  if (word === 'JOIN') {
    level.from = true;
    return true;
  }
  if (word === 'TABLE' && (cursor.here(-1) === '(' || cursor.index === 0 || /^(AS|UNION|ALL|EXCEPT|INTERSECT)$/.test(cursor.word(-1)))) return true;
  const here = cursor.here();
  return (here === ',' || here === '(') && level.from && (here === ',' || isItemStart(cursor)) && cursor.here(1) !== '(';
}

function readItem(cursor: Cursor): Name | undefined {
  while (cursor.take('LATERAL') || cursor.take('ONLY'));
  if (/^(SELECT|WITH|VALUES|TABLE)$/.test(cursor.word()) || (cursor.word() === 'ROWS' && cursor.word(1) === 'FROM')) return undefined;
  if (!/^(word|identifier|template|variable)$/.test(cursor.token()?.kind ?? '')) return undefined;
  const name = cursor.name();
  // A name in front of a parenthesis is a function.
  return name && cursor.here() !== '(' ? name : undefined;
}

/** `WITH a AS (…), b (i) AS MATERIALIZED (…)` */
function isCommonTable(cursor: Cursor): boolean {
  if (!/^(word|identifier)$/.test(cursor.token()?.kind ?? '')) return false;
  const before = cursor.word(-1);
  if (before !== 'WITH' && before !== 'RECURSIVE' && cursor.here(-1) !== ',') return false;
  const begin = cursor.index;
  cursor.index++;
  if (cursor.here() === '(') cursor.skip();
  const as = cursor.take('AS');
  if (as) cursor.take('NOT');
  if (as) cursor.take('MATERIALIZED');
  const found = as && cursor.here() === '(';
  cursor.index = begin;
  return found && (before !== 'WITH' || cursor.word() !== 'RECURSIVE');
}

const ends = new Set(['WHERE', 'GROUP', 'HAVING', 'WINDOW', 'ORDER', 'LIMIT', 'OFFSET', 'FETCH', 'FOR', 'UNION', 'EXCEPT', 'INTERSECT', 'RETURNING']);
