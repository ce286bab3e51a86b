import { lex } from '../../syntax/sql/lexer.ts';
import { isApiRole } from './api.ts';
import { askers } from './caller.ts';
import { Cursor } from './cursor.ts';
import { conditionsIn, wordsIn } from './own-rows.ts';
import { alternativesIn } from './rls.ts';
import type { Relation, Schema } from '../schema.ts';

/** The conditions of the view are among those that a policy of the table asks for: it shows no row that the policy would hide. */
export function keepsToPolicies(view: Relation, { name, policies }: Relation): boolean {
  const reading = policies.filter(({ command }) => command === 'SELECT' || command === 'ALL');
  if (reading.some(({ permissive }) => !permissive)) return false;
  const named = new RegExp(String.raw`\b${escaped(name)}\b`, 'i');
  const own = branches(view).filter(({ from }) => named.test(from));
  return own.length > 0 && own.every(({ where = '' }) => {
    const conditions = new Set(conditionsIn(where));
    return conditions.size > 0 && reading.some(({ using, roles }) => using && roles.some((role) => role === 'public' || isApiRole(role))
      && alternativesIn(using.text).some(({ start, end }) => conditionsIn(using.text.slice(start, end)).every((condition) => conditions.has(condition))));
  });
}

/** The view leaves rows out. */
export function leavesOut(view: Relation): boolean {
  return branches(view).some(({ where }) => where !== undefined);
}

/** What the view shows depends on who asks: a condition of it calls `auth.uid()` or a function that does. */
export function asksWho(schema: Schema, view: Relation): boolean {
  const found = branches(view);
  return found.length > 0 && found.every(({ from }) => askers(schema)(from));
}

/** GROUP BY: it shows what many rows have in common. */
export function isGrouped(view: Relation): boolean {
  const found = branches(view);
  return found.length > 0 && found.every(({ from }) => /\bgroup\s+by\b/i.test(from));
}

/** Sums for each kind of thing, and none for each person or each row: it is grouped by no name, no mail address, no key and nothing that policies ask for. */
export function namesNobody(view: Relation, guarded: readonly Relation[]): boolean {
  const [only, another] = branches(view);
  if (only === undefined || another !== undefined) return false;
  const { list, from } = only;
  const groups = /\bgroup\s+by\b([^]*?)(?:\b(?:having|order|limit|window)\b|$)/i.exec(from)?.[1];
  if (groups === undefined || naming.test(groups) || /\b(array|json|jsonb|string)_agg\b|\bover\s*\(|\(\s*select\b/i.test(list)) return false;
  const asked = guarded.flatMap(({ policies }) => policies.flatMap(({ using }) => (using ? [...wordsIn(using.text)] : [])));
  return [...wordsIn(groups)].every((name) => !asked.includes(name));
}

const naming = /\b(?:\w*_)?(?:id|uid|uuid|by|users?|owner|author|name|e?mail|phone|key|token)\b|\d|\*/i;

/** Of the rows of this table the view shows nothing but numbers: `count(t.id)` and no other column of `t`. */
export function onlyCounts(view: Relation, table: Relation): boolean {
  const [text, another] = branches(view);
  if (text === undefined || another !== undefined || !/\bgroup\s+by\b/i.test(text.from)) return false;
  const named = new RegExp(String.raw`(?:^|\s|\.|")${escaped(table.name)}"?\s+(?:as\s+)?"?(?!on\b|using\b|left\b|join\b|inner\b|where\b|group\b|right\b|full\b|cross\b)(\w+)`, 'i').exec(text.from)?.[1] ?? table.name;
  const used = new RegExp(String.raw`\b${escaped(named)}"?\s*\.`, 'i');
  if (!used.test(text.list)) return false;
  const rest = text.list.replace(/\b(count|sum|avg|min|max|bool_and|bool_or)\s*\((?:[^()]|\([^()]*\))*\)(?:\s*filter\s*\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))?/gi, '0');
  return !used.test(rest) && !/\*/.test(rest) && /\w+\s*\./.test(rest);
}

/** The select list, what stands behind FROM, and the condition at the top. */
interface Branch {
  readonly list: string;
  readonly from: string;
  readonly where: string | undefined;
}

/** The queries that UNION joins, most often one; none for a query of another form. */
function branches({ query }: Relation): readonly Branch[] {
  const { text = '' } = query?.statement.written ?? {};
  const select = /\bas\s*\(?\s*(?=select\b)/i.exec(text);
  if (!select) return [];
  let begin = select.index + select[0].length;
  const cursor = new Cursor(text, lex(text, 'body').filter(({ start }) => start >= begin));
  const found: Branch[] = [];
  let at: { from?: number; where?: number; end?: number } = {};
  const close = (end: number): void => {
    if (at.from !== undefined) found.push({ list: text.slice(begin, at.from), from: text.slice(at.from, end), where: at.where === undefined ? undefined : text.slice(at.where, at.end ?? end) });
    begin = end;
    at = {};
  };
  for (; !cursor.done && cursor.here() !== ')' && cursor.here() !== ';'; cursor.skip()) {
    const word = cursor.word();
    if (/^(UNION|EXCEPT|INTERSECT)$/.test(word)) close(cursor.token()!.start);
    if (word === 'FROM' && cursor.word(-1) !== 'DISTINCT') at.from ??= cursor.token()!.end;
    if (word === 'WHERE' && at.from !== undefined) at.where ??= cursor.token()!.end;
    if (/^(GROUP|ORDER|LIMIT|HAVING|WINDOW)$/.test(word) && at.where !== undefined) at.end ??= cursor.token()!.start;
  }
  close(cursor.token()?.start ?? text.length);
  return found;
}

function escaped(name: string): string {
  return name.replace(/[$^.*+?()[\]{}|\\]/g, String.raw`\$&`);
}
