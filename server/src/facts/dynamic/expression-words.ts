import { lex, type Token } from '../../syntax/sql/lexer.ts';
import { shift, type Span } from '../../text.ts';
import type { Context, Judgement } from './judgement.ts';
import { asList, constant, quoted, together, unknown } from './judgement.ts';
import { booleans, numbers, plains, quoting, texts } from './known-functions.ts';
import type { Derived } from './queries.ts';
import { readQuery } from './queries.ts';
import { closingOf } from './word-ranges.ts';
import { keysIn, ownCallsIn } from './word-operands.ts';
import type { Origin, Variable } from './scope.ts';
import type { TypeClass } from './sql-types.ts';
import { classOfType, isHarmless } from './sql-types.ts';
import { closing, nameOf, spanOf, splitAtCommas } from '../sql/tokens.ts';

interface Judges {
  readonly judgeVariable: (variable: Variable, context: Context) => Judgement;
  readonly judgeSpan: (span: Span, from: { origin: Origin; calls: readonly Span[]; derived: readonly Derived[]; kind: 'set'; element: false }, context: Context) => Judgement;
}

/** What no operand tree tells, judged by its words: sub-selects, arithmetic, subscripts. */
export function judgeText(span: Span, context: Context, judges: Judges): Judgement {
  const source = context.scope.text.slice(span.start, span.end);
  const tokens = lex(source, 'body').filter((token) => token.kind !== 'comment');
  const words = tokens.map((token) => (token.kind === 'string' ? '' : nameOf(token, source)));
  const query = judgeQuery(tokens, words, source, span, context, judges);
  if (query !== undefined) return query;
  const items = arrayItems(tokens, words, source);
  if (items !== undefined) return together(items.map((item) => judges.judgeSpan(shift(item, span.start), { ...inText, origin: context.others, derived: context.derived }, context)));
  // trim() and the like may take the quotes away again.
  if (!texts.has(words[0] ?? '') && words.some((word) => quoting.has(word) || word === 'format')) return quoted;
  const last = words.lastIndexOf('::');
  const whole = last > 0 && !outside(tokens.slice(0, last), words, source).some((index) => tokens[index]!.kind === 'operator' && words[index] !== '::');
  const cast = whole ? classOfType(words.slice(last + 1).join(' ').replace(/\)+$/, '')) : 'unknown';
  if (isHarmless(cast)) return harmless;
  const calls = words.some((_, index) => harmlessCall(words, index));
  const keys = keysIn(words);
  const unread = new Set([...(calls ? insideHarmless(words) : nothing), ...keys]);
  const own = ownCallsIn(tokens, words).filter(({ first }) => !unread.has(first));
  const given = own.map((call) => judges.judgeSpan(shift(call.span, span.start), { ...inText, origin: context.others, derived: context.derived }, context));
  if (own.length === 1 && isPartOf(own[0]!, words)) return given[0]!;
  const apart = own.reduce((set, { first, close }) => addRange(set, first, close), unread);
  const found = [...given, ...variablesIn(tokens, words, apart, span.start, context, judges)];
  const subject = found.length === 0 ? subjectIn(tokens, words, source) : undefined;
  if (subject) return ofSubject(judges.judgeSpan(shift(subject, span.start), { ...inText, origin: context.others, derived: context.derived }, context));
  if (found.length === 0 && !calls) {
    if (!tokens.some((token, index) => token.kind === 'word' && !keys.has(index) && (keys.size === 0 || words[index - 1] !== '::'))) return constant;
    // A field of a column is stored like the column.
    return keys.size > 0 && context.others === 'fetched' ? { ...unknown, origin: 'fetched' } : unknown;
  }
  // `NEW.*` multiplies nothing.
  const outer = outside(tokens, words, source).filter((index) => words[index - 1] !== '.').map((index) => words[index]!);
  // No text can be multiplied or divided.
  if (outer.some((word) => /^[*/%]$/.test(word)) && !words.includes('||')) return harmless;
  if (addsNumber(tokens, words) && !isDocument(words, span.start, context)) return harmless;
  if (found.length === 0) return outer.every((word, index) => !/^[a-z_]/i.test(word) || harmlessCall(outer, index)) ? harmless : unknown;
  const compares = outer.some((word) => /^(=|<>|!=|<|>|<=|>=|is|like|ilike|in|and|or|not|exists|between)$/.test(word));
  const result = together(found);
  if (compares && !words.includes('->>') && !words.includes('||')) return { ...constant, type: 'boolean', origin: 'unknown' };
  if (isElement(tokens, words, source)) return result;
  const lists = words.some((word) => word === 'string_agg' || word === 'array_to_string');
  if (!isHarmless(result.type)) return lists ? asList(result, context) : { ...result, type: result.type === 'object' ? 'object' : 'text', quoted: false };
  const arithmetic = tokens.every((token) => token.kind !== 'operator' || /^[-+*/%<>=:.]+$/.test(source.slice(token.start, token.end)));
  return arithmetic ? result : { ...result, type: 'unknown', origin: 'unknown' };
}

/** `NEW.code - 1`: no text takes part in that. */
function addsNumber(tokens: readonly Token[], words: readonly string[]): boolean {
  const last = tokens.length - 1;
  return last > 1 && /^[-+]$/.test(words[last - 1]!) && tokens[last]!.kind === 'number' && tokens.slice(0, last - 1).every(({ kind }) => kind !== 'operator' && kind !== 'string');
}

/** What is left of JSON without one of its elements. */
function isDocument([first = '', dot, field = '']: readonly string[], offset: number, { scope }: Context): boolean {
  return /^(jsonb|hstore)/i.test(scope.find(dot === '.' ? `${first}.${field}` : first, offset)?.declared ?? '');
}

const nothing: ReadonlySet<number> = new Set();

function addRange(set: Set<number>, first: number, last: number): Set<number> {
  for (let index = first; index <= last; index++) set.add(index);
  return set;
}

/** `(f(x))[1]`, `(f(x)).name` */
function isPartOf({ first, close }: { readonly first: number; readonly close: number }, words: readonly string[]): boolean {
  const open = words.slice(0, first);
  return open.every((word) => word === '(') && /^(\) )*((\[ \d+ \]|\. \w+) ?)*(\) ?)*$/.test(words.slice(close + 1).map((word) => `${word} `).join(''));
}

/** `x ->> 'name'`, `c COLLATE "C"`, `last_value(e) OVER (…)`: the column or the call that the rest only looks at. */
function subjectIn(tokens: readonly Token[], words: readonly string[], source: string): Span | undefined {
  const first = words.findIndex((word) => word !== '(');
  if (first < 0 || (tokens[first]!.kind !== 'word' && tokens[first]!.kind !== 'identifier')) return undefined;
  let last = first;
  while (words[last + 1] === '.') last += 2;
  if (/^(->>?|#>>?|\[|collate)$/.test(words[last + 1] ?? '')) return spanOf(tokens.slice(first, last + 1));
  if (words[last + 1] !== '(') return undefined;
  const close = closing(tokens, last + 1, source);
  return /^(over|filter|within)$/.test(words[close + 1] ?? '') ? spanOf(tokens.slice(first, close + 1)) : undefined;
}

function ofSubject(subject: Judgement): Judgement {
  return isHarmless(subject.type) || subject.origin === 'unknown' ? subject : { ...subject, type: 'text', quoted: false };
}

const harmless: Judgement = { ...constant, type: 'plain', origin: 'unknown' };

/** `parts[i]` is as good as what the body puts into the array. */
function isElement(tokens: readonly Token[], words: readonly string[], source: string): boolean {
  return words[1] === '[' && words.at(-1) === ']' && outside(tokens, words, source).length === 3;
}

/** The tokens outside of parentheses, subscripts and CASE, except parentheses around everything. */
function outside(tokens: readonly Token[], words: readonly string[], source: string): number[] {
  let depth = 0;
  const depths = tokens.map((token, index) => {
    const sign = token.kind === 'punctuation' ? source[token.start]! : '';
    if (/[([]/.test(sign) || words[index] === 'case') return depth++;
    return /[)\]]/.test(sign) || words[index] === 'end' ? --depth : depth;
  });
  const wrapped = words[0] === '(' && depths.slice(1, -1).every((one) => one > 0) ? 1 : 0;
  return [...depths.keys()].filter((index) => depths[index] === wrapped && (wrapped === 0 || (index > 0 && index < tokens.length - 1)));
}

/** `(SELECT string_agg(quote_ident(c), ', ') FROM …)`, `ARRAY(SELECT …)` */
function judgeQuery(tokens: readonly Token[], words: readonly string[], source: string, span: Span, context: Context, judges: Judges): Judgement | undefined {
  let open = words[0] === 'array' ? 1 : 0;
  while (words[open] === '(' && words[open + 1] === '(' && closingOf(words, open + 1, words.length) === closingOf(words, open, words.length) - 1) open++;
  if (words[open] !== '(' || !/^(select|with)$/.test(words[open + 1] ?? '')) return undefined;
  let depth = 0;
  const close = words.findIndex((word, index) => index >= open && ((word === '(' ? ++depth : word === ')' ? --depth : depth) === 0));
  if (words.slice(close + 1).some((word) => word !== ')')) return undefined;
  const { origin, calls, items, branches, derived } = readQuery(tokens.slice(open + 1, close), source);
  const inBody = derived.map((item) => ({ ...item, span: shift(item.span, span.start) }));
  const from = { origin, calls: calls.map((call) => shift(call, span.start)), derived: inBody, kind: 'set', element: false } as const;
  const item = items[0];
  if (item === undefined) return { ...unknown, origin };
  return together([item, ...branches.flatMap(([first]) => first ?? [])].map((one) => judges.judgeSpan(shift(one.span, span.start), from, context)));
}

const inText = { calls: [], kind: 'set', element: false } as const;

/** `ARRAY[a, b]` */
function arrayItems(tokens: readonly Token[], words: readonly string[], source: string): Span[] | undefined {
  if (words[0] !== 'array' || words[1] !== '[') return undefined;
  let depth = 0;
  const close = words.findIndex((word) => (word === '[' ? ++depth : word === ']' ? --depth : depth) === 0 && word === ']');
  return close === words.length - 1 ? splitAtCommas(tokens.slice(2, close), source).map(spanOf) : undefined;
}

/** `length(`: a number, whatever it is asked of. */
function harmlessCall(words: readonly string[], index: number): boolean {
  return words[index + 1] === '(' && words[index - 1] !== '.' && [numbers, booleans, plains].some((names) => names.has(words[index]!));
}

/** The indexes inside of such calls. */
function insideHarmless(words: readonly string[]): ReadonlySet<number> {
  const inside = new Set<number>();
  const open: boolean[] = [];
  for (const [index, word] of words.entries()) {
    if (open.at(-1) === true) inside.add(index);
    if (word === '(' || word === '[') open.push(open.at(-1) === true || (word === '(' && harmlessCall(words, index - 1)));
    if (word === ')' || word === ']') open.pop();
  }
  return inside;
}

/** `apart`: the indexes of words that say nothing of what comes out. */
function variablesIn(tokens: readonly Token[], words: readonly string[], apart: ReadonlySet<number>, start: number, context: Context, judges: Judges): Judgement[] {
  return tokens.flatMap((token, index) => {
    if (apart.has(index)) return [];
    if (token.kind === 'parameter') {
      const parameter = context.scope.parameter(Number(words[index]!.slice(1)), start + token.start);
      return parameter ? [judges.judgeVariable(parameter, context)] : [];
    }
    if ((token.kind !== 'word' && token.kind !== 'identifier') || words[index - 1] === '.' || words[index - 1] === '::') return [];
    const name = words[index + 1] === '.' ? `${words[index]}.${words[index + 2]}` : words[index]!;
    const guard = context.scope.guard(words[index]!, start + token.start)?.leaves;
    if (guard === 'listed' || guard === 'word') return [];
    const variable = context.scope.find(name, start + token.start) ?? context.scope.find(words[index]!, start + token.start);
    if (variable === undefined) return [];
    const type = words[index + 1] === '[' ? fieldOfElement(index, words, variable, context) ?? variable.element : variable.type;
    const judged = judges.judgeVariable(variable, context);
    return [{ ...judged, type: judged.type === 'plain' || (isHarmless(judged.type) && words[index + 1] !== '[') ? judged.type : type }];
  });
}

/** `parts[1].name`: the type of the field, where the workspace tells it. */
function fieldOfElement(index: number, words: readonly string[], array: Variable, { scope }: Context): TypeClass | undefined {
  const close = words.indexOf(']', index);
  return close > 0 && words[close + 1] === '.' ? scope.columnOf(array, words[close + 2] ?? '') : undefined;
}
