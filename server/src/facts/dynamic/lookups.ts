import { catalogName } from './catalog-names.ts';
import { joinedBefore } from './joined-names.ts';
import { closingOf, findOutside, partsOf, startsStatement, targetsOf } from './word-ranges.ts';

/**
 * A query that finds a row only when variables hold what a column of that row holds:
 * `SELECT id INTO v FROM app.tables WHERE name = x`. Numbers are indexes of words.
 */
export interface Lookup {
  readonly start: number;
  /** Of the semicolon. */
  readonly end: number;
  readonly compared: readonly Compared[];
  readonly into: readonly string[];
  /** Nothing found is an error: INTO STRICT. */
  readonly strict: boolean;
  /** Its rows are what a FOR loop runs over; `end` is the word LOOP then. */
  readonly loop: boolean;
  /** What it gives in any case, whether it finds something or not. */
  readonly always: 'count' | 'exists' | 'other' | undefined;
}

export interface Compared {
  readonly name: string;
  /** `existing`: with the name of an object; `stored`: with a column of a table. */
  readonly leaves: 'existing' | 'stored';
  /** It is cast to regclass, which fails when there is no such table. */
  readonly cast: boolean;
}

/** Tells variables of the routine from columns. */
export type IsVariable = (name: string) => boolean;

export function readLookups(words: readonly string[], isVariable: IsVariable): readonly Lookup[] {
  const lookups: Lookup[] = [];
  for (let start = 0; start < words.length; start++) {
    if (words[start] !== 'select' && words[start] !== 'perform' && words[start] !== 'exists') continue;
    const assigned = assignedAt(words, start, isVariable);
    if (assigned !== undefined) {
      const lookup = readAssigned(words, start, assigned, isVariable);
      if (lookup) lookups.push(lookup);
      continue;
    }
    const loop = words[start - 1] === 'in' || (words[start - 1] === '(' && words[start - 2] === 'in' && isLoop(words, start - 3));
    if (!loop && !startsStatement.has(words[start - 1] ?? ';')) continue;
    const end = words.indexOf(loop ? 'loop' : ';', start);
    if (end < 0) break;
    const lookup = readLookup(words, start, loop && words[start - 1] === '(' ? closingOf(words, start - 1, end) : end, isVariable, loop ? end : undefined);
    if (lookup) lookups.push(lookup);
    start = end;
  }
  return lookups;
}

/** The variable of `v := (SELECT …)`, `v := EXISTS (…)`, `v boolean := (SELECT …)`. */
function assignedAt(words: readonly string[], at: number, isVariable: IsVariable): string | undefined {
  let equals = at - 1;
  while (words[equals] === '(') equals--;
  if (!/^(:=|=|default)$/.test(words[equals] ?? '')) return undefined;
  let first = equals - 1;
  while (first > equals - 6 && /^[\w$.]+$/.test(words[first - 1] ?? '') && !startsStatement.has(words[first - 1]!) && words[first - 1] !== 'declare') first--;
  const name = words[first]!;
  return (startsStatement.has(words[first - 1] ?? ';') || words[first - 1] === 'declare') && isVariable(name) ? name : undefined;
}

function readAssigned(words: readonly string[], start: number, name: string, isVariable: IsVariable): Lookup | undefined {
  const semicolon = words.indexOf(';', start);
  if (semicolon < 0) return undefined;
  const bare = words[start] === 'exists';
  let open = bare ? start + 1 : start - 1;
  const end = closingOf(words, open, semicolon);
  while (!bare && words[open - 1] === '(') open--;
  if (closingOf(words, open, semicolon) !== semicolon - 1) return undefined;
  const lookup = readLookup(words, bare ? start - 1 : start, bare ? semicolon : end, isVariable, undefined);
  return lookup && { ...lookup, end: semicolon, into: [name] };
}

/** `FOR a, b IN` */
function isLoop(words: readonly string[], at: number): boolean {
  let start = at;
  const first = Math.max(0, at - mostTargets);
  while (start > first && /^([\w$.]+|,)$/.test(words[start]!) && words[start] !== 'for') start--;
  return words[start] === 'for';
}

/** In words: nobody fills more variables with one loop. */
const mostTargets = 200;

function readLookup(words: readonly string[], start: number, end: number, isVariable: IsVariable, loop: number | undefined): Lookup | undefined {
  const exists = words[start + 1] === 'exists' && words[start + 2] === '(' && start + 2 < end ? start + 2 : undefined;
  const compared = exists === undefined ? comparedIn(words, start, end, isVariable) : comparedIn(words, exists + 1, closingOf(words, exists, end), isVariable);
  if (compared.length === 0) return undefined;
  const { into, strict } = targetsOf(words, start, end);
  const inner = words.slice(start, end);
  const list = withoutTargets(inner.slice(0, inner.indexOf('from')));
  const always = exists !== undefined ? 'exists' : list[1] === 'count' ? 'count' : list.some((word) => aggregate.test(word)) ? 'other' : undefined;
  return { start, end: loop ?? end, compared, into, strict, loop: loop !== undefined, always };
}

/** `SELECT INTO a, b count(*), 1` */
function withoutTargets([select, ...list]: readonly string[]): readonly string[] {
  if (list[0] !== 'into') return [select!, ...list];
  let at = list[1] === 'strict' ? 2 : 1;
  while (list[at + 1] === ',') at += 2;
  return [select!, ...list.slice(at + 1)];
}

/** Without rows they give one all the same, or something that is not NULL. */
const aggregate = /^(count|coalesce|max|min|sum|avg|bool_or|bool_and|every|string_agg|array_agg|array_length|case|exists|array|not)$/;

/** What the condition of the query between `from` and `end` compares its columns with, when all of it has to hold. */
export function comparedIn(words: readonly string[], from: number, end: number, isVariable: IsVariable): readonly Compared[] {
  const table = findOutside(words, from, end, isFrom) + 1;
  const where = table === 0 || words[table] === '(' ? -1 : findOutside(words, table, end, isWhere);
  if (where < 0 || findOutside(words, from, end, joinsQueries) >= 0) return [];
  const behind = findOutside(words, where, end, endsCondition);
  const last = behind < 0 ? end : behind;
  if (findOutside(words, where, last, isOr) >= 0) return [];
  const leaves = catalogName.test(words[table]!) ? 'existing' : 'stored';
  return partsOf(words, where + 1, last, 'and').flatMap(([a, b]) => [comparison(words.slice(a, b), leaves, isVariable) ?? joinedIn(words.slice(a, b), isVariable)].flat());
}

/** `t.name = x`, `lower(name) = lower(x)`, `x::text = name`, `attrelid = x::regclass` */
function comparison(part: readonly string[], leaves: 'existing' | 'stored', isVariable: IsVariable): Compared | undefined {
  const equals = part.indexOf('=');
  if (equals < 0 || part.includes('=', equals + 1)) return undefined;
  const sides = [part.slice(0, equals), part.slice(equals + 1)];
  const variables = sides.flatMap((side) => {
    const name = plainName(side) ?? partOf(side);
    return name !== undefined && isVariable(name) ? [{ name, cast: side.slice(-2).join(' ') === ':: regclass' }] : [];
  });
  const [only] = variables;
  if (only === undefined || variables.length > 1 || !sides.every((side) => (plainName(side) ?? partOf(side)) !== undefined || joinsColumns(side, isVariable))) return undefined;
  return { name: only.name, leaves: only.cast ? 'existing' : leaves, cast: only.cast };
}

/** `attrelid = (a || '.' || b)::regclass` */
function joinedIn(part: readonly string[], isVariable: IsVariable): readonly Compared[] {
  const equals = part.indexOf('=');
  const sides = [part.slice(0, equals), part.slice(equals + 1)];
  const names = equals < 0 ? [] : sides.flatMap((side, at) => (side.slice(-2).join(' ') === ':: regclass' && plainName(sides[1 - at]!) !== undefined ? joinedBefore(side, side.length - 2) : []));
  return names.every(isVariable) ? names.map((name) => ({ name, leaves: 'existing', cast: true })) : [];
}

/** A name, possibly in lower() or upper() or behind a cast that keeps the text. */
function plainName(side: readonly string[]): string | undefined {
  if (side.length === 1) return /^(\$\d+|[a-z_][\w$]*)$/.test(side[0]!) ? side[0] : undefined;
  const text = side.join(' ').replace(cast, '');
  const inner = (/^(?:lower|upper) \( ([^()]+) \)$/.exec(text)?.[1] ?? text).replace(cast, '');
  return /^(\$\d+|[a-z_][\w$]*( \. [a-z_][\w$]*)*)$/.test(inner) ? inner.replaceAll(' . ', '.') : undefined;
}

/** `'reader_' || x`: what stands in a name that exists is a part of that name. */
function partOf(side: readonly string[]): string | undefined {
  const text = side.join(' ').replace(cast, '');
  return /^(?:' \|\| )?([a-z_][\w$]*|\$\d+)(?: \|\| ')?$/.exec(text)?.[1];
}

/** `table_schema || '.' || table_name` */
function joinsColumns(side: readonly string[], isVariable: IsVariable): boolean {
  return side.includes('||') && side.every((word, index) => /^(\|\||\.|')$/.test(word) || (/^[a-z_][\w$]*$/.test(word) && side[index + 1] !== '(' && !isVariable(word)));
}

const cast = / :: (text|varchar|name|regclass)$/;

const isFrom = new Set(['from']);
const isWhere = new Set(['where']);
const isOr = new Set(['or']);
const joinsQueries = new Set(['union', 'except', 'intersect']);
const endsCondition = new Set(['group', 'order', 'limit', 'into', 'for', 'having', 'offset', 'fetch']);
