import type { Token } from '../../syntax/sql/lexer.ts';
import type { Span } from '../../text.ts';
import { closing, nameOf, spanOf, splitAtCommas } from '../sql/tokens.ts';
import { givesPairs } from './element-queries.ts';
import type { Derived } from './queries.ts';

/** A call in FROM: `jsonb_to_recordset(d) AS x (name text, n int)`, `unnest(a) WITH ORDINALITY AS u (c, n)` */
interface SourceCall {
  readonly routine: string;
  readonly args: readonly (readonly Token[])[];
  readonly span: Span;
  readonly alias: string | undefined;
  /** What stands in the parentheses behind the alias. */
  readonly listed: readonly (readonly Token[])[];
  readonly counted: boolean;
}

/** The columns of the calls in FROM whose types are told, by the query or by the function itself. `starts`: where the sources begin. */
export function columnsOfCalls(tokens: readonly Token[], words: readonly string[], text: string, starts: readonly number[]): Derived[] {
  return starts.flatMap((start) => {
    const call = callAt(tokens, words, text, start);
    if (call === undefined) return [];
    const { alias, routine, span } = call;
    const called = [alias ?? routine];
    const typed = typesOf(call, text).flatMap(({ name, type }): Derived[] => (type === undefined ? [] : [{ name, span, called, catalog: false, type }]))
      .map((column, index): Derived => (index === 0 && givesPairs(routine) ? { ...column, keys: true } : column));
    return routine === 'unnest' ? [...elementsOf(call, text), ...typed] : typed;
  });
}

function callAt(tokens: readonly Token[], words: readonly string[], text: string, start: number): SourceCall | undefined {
  let last = start;
  while (words[last + 1] === '.') last += 2;
  if (words[start] === '(' || words[last + 1] !== '(') return undefined;
  const close = closing(tokens, last + 1, text);
  if (close >= tokens.length) return undefined;
  const counted = words[close + 1] === 'with' && words[close + 2] === 'ordinality';
  let at = counted ? close + 3 : close + 1;
  const named = words[at] === 'as';
  if (named) at++;
  const alias = /^[a-z_]\w*$/.test(words[at] ?? '') && (named || !behindCall.test(words[at]!)) ? words[at++] : undefined;
  const opens = words[at] === '(' && (alias !== undefined || named);
  return {
    routine: words[last]!, alias, counted,
    args: splitAtCommas(tokens.slice(last + 2, close), text),
    span: { start: tokens[start]!.start, end: tokens[close]!.end },
    listed: opens ? splitAtCommas(tokens.slice(at + 1, closing(tokens, at, text)), text) : [],
  };
}

/** `unnest(a, b) AS u (c, d)`: each column holds the elements of one array. */
function elementsOf({ args, alias, listed, routine }: SourceCall, text: string): Derived[] {
  const called = [alias ?? routine];
  const defaults = args.length === 1 ? alias ?? routine : 'unnest';
  return args.map((array, index) => ({ name: listed[index] ? nameOf(listed[index][0], text) : defaults, span: spanOf(array), called, catalog: false, elements: true }));
}

const behindCall = /^(where|on|using|join|inner|left|right|full|cross|natural|group|order|limit|having|union|except|intersect|window|offset|fetch|for|loop|into|lateral)$/;

interface Typed {
  readonly name: string;
  readonly type: string | undefined;
}

function typesOf(call: SourceCall, text: string): Typed[] {
  const { routine, args, alias, listed, counted } = call;
  if (listed.some((part) => part.length > 1)) return listed.map((part) => typed(part, text));
  if (routine === 'xmltable' || routine === 'json_table') return columnsInside(args, text);
  const own = ownTypes(routine, args, text);
  const names = listed.map(([first]) => nameOf(first, text));
  const scalar = own === undefined || own.length === 1;
  const defaults = scalar ? [alias ?? (/^jsonb?_array_elements/.test(routine) ? 'value' : routine)] : ['key', 'value'];
  const given = (own ?? []).map((type, index) => ({ name: names[index] ?? defaults[index]!, type }));
  // The number of the row stands behind all others.
  return counted ? [...given, { name: names.length > 1 ? names.at(-1)! : 'ordinality', type: 'bigint' }] : given;
}

/** What PostgreSQL's own functions give; undefined where that depends on what they are given. */
function ownTypes(routine: string, args: readonly (readonly Token[])[], text: string): string[] | undefined {
  if (routine === 'generate_subscripts') return ['integer'];
  if (routine === 'generate_series') return args[0]?.length === 1 && args[0][0]!.kind === 'number' && nameOf(args[0][0], text) !== '' ? ['numeric'] : undefined;
  if (/^jsonb?_each_text$|^each$/.test(routine)) return ['text', 'text'];
  if (/^jsonb?_each$/.test(routine)) return ['text', 'json'];
  if (/^jsonb?_array_elements$/.test(routine)) return ['json'];
  return /^(jsonb?_(object_keys|array_elements_text)|regexp_split_to_table|string_to_table|skeys|svals)$/.test(routine) ? ['text'] : undefined;
}

/** `name text PATH '…'`, `n FOR ORDINALITY` behind COLUMNS, which stands within the last argument. */
function columnsInside(args: readonly (readonly Token[])[], text: string): Typed[] {
  const first = args.findIndex((part) => part.some((token) => nameOf(token, text) === 'columns'));
  if (first < 0) return [];
  const at = args[first]!.findIndex((token) => nameOf(token, text) === 'columns');
  const listed = args[first]!.slice(at + 1);
  if (nameOf(listed[0], text) === '(') return splitAtCommas(listed.slice(1, closing(listed, 0, text)), text).map((part) => typed(part, text));
  return [listed, ...args.slice(first + 1)].map((part) => typed(part, text));
}

function typed([name, ...rest]: readonly Token[], text: string): Typed {
  if (nameOf(rest[0], text) === 'for') return { name: nameOf(name, text), type: 'bigint' };
  const end = rest.findIndex((token) => behindType.test(nameOf(token, text)));
  const { start, end: last } = spanOf(end < 0 ? rest : rest.slice(0, end));
  return { name: nameOf(name, text), type: last > start ? text.slice(start, last) : undefined };
}

const behindType = /^(path|default|not|null|exists|format|collate)$/;
