import type { Span } from '../../text.ts';
import type { Cursor } from './cursor.ts';

/** One entry of a routine's parameter list. */
export interface Parameter {
  readonly mode: 'in' | 'out' | 'variadic';
  /** The type as written, comments left out and white space folded. */
  readonly written: string;
  /** The same text for the same type: `integer` and `int` are `int4`, lengths and schemas are left out. That of a column is `s.t.c%type`. */
  readonly type: string;
  /** It has a default, so a call may leave it out. */
  readonly optional: boolean;
}

/** Reads `(…)` behind a routine's name; undefined when there is none or it has no end. */
export function readParameters(cursor: Cursor): Parameter[] | undefined {
  if (cursor.here() !== '(') return undefined;
  const begin = cursor.index;
  cursor.skip();
  if (cursor.here(-1) !== ')') return undefined;
  const inside = cursor.tokens.slice(begin + 1, cursor.index - 1);
  return split(inside.map((token) => ({ ...token, text: cursor.of(token) }))).flatMap(readParameter);
}

/** Reads a type up to a word of `ends`, a comma or a closing parenthesis; undefined when there is none. */
export function readType(cursor: Cursor, ends: ReadonlySet<string>): { readonly type: string; readonly written: string } | undefined {
  const pieces: Piece[] = [];
  // A schema may be called like a word that ends a type: `storage.bucket`.
  while (!cursor.done && !/^[,;)]$/.test(cursor.here()) && (!ends.has(cursor.word()) || cursor.here(1) === '.')) {
    const begin = cursor.index;
    cursor.skip();
    pieces.push(...cursor.tokens.slice(begin, cursor.index).map((token) => ({ ...token, text: cursor.of(token) })));
  }
  return pieces.length > 0 ? { type: normalise(pieces), written: join(pieces) } : undefined;
}

type Piece = Span & { readonly kind: string; readonly text: string };

function split(pieces: readonly Piece[]): Piece[][] {
  const parts: Piece[][] = [[]];
  let depth = 0;
  for (const piece of pieces) {
    if (piece.text === '(' || piece.text === '[') depth++;
    if (piece.text === ')' || piece.text === ']') depth--;
    if (piece.text === ',' && depth === 0) parts.push([]);
    else parts[parts.length - 1]!.push(piece);
  }
  return parts;
}

function readParameter(pieces: readonly Piece[]): Parameter[] {
  const required = withoutDefault(pieces);
  const { mode, rest } = readMode(required);
  const optional = required !== pieces;
  // The mode may also follow the name: `total OUT numeric`.
  const second = rest.length > 1 ? readMode(rest.slice(1)) : undefined;
  if (second && second.rest.length > 0 && second.rest.length < rest.length - 1) return typed(second.mode, second.rest, optional);
  return typed(mode, rest.slice(startsWithName(rest) ? 1 : 0), optional);
}

function typed(mode: Parameter['mode'], type: readonly Piece[], optional: boolean): Parameter[] {
  if (type.length === 0) return [];
  return [{ mode, written: join(type), type: normalise(type), optional }];
}

function withoutDefault(pieces: readonly Piece[]): readonly Piece[] {
  const end = pieces.findIndex((piece) => isWord(piece, 'default') || piece.text === '=' || piece.text === ':=');
  return end < 0 ? pieces : pieces.slice(0, end);
}

function readMode(pieces: readonly Piece[]): { mode: Parameter['mode']; rest: readonly Piece[] } {
  const [first, second] = pieces;
  if (isWord(first, 'in') && isWord(second, 'out')) return { mode: 'in', rest: pieces.slice(2) };
  if (isWord(first, 'in') || isWord(first, 'inout')) return { mode: 'in', rest: pieces.slice(1) };
  if (isWord(first, 'out')) return { mode: 'out', rest: pieces.slice(1) };
  if (isWord(first, 'variadic')) return { mode: 'variadic', rest: pieces.slice(1) };
  return { mode: 'in', rest: pieces };
}

/** `x int` starts with a name, `double precision` and `app.money` do not. */
function startsWithName(pieces: readonly Piece[]): boolean {
  const [first, second] = pieces;
  if (!first || !second || /^[.([%]/.test(second.text) || second.start === first.end) return false;
  if (first.kind !== 'word') return true;
  return !(longTypes.get(first.text.toLowerCase()) ?? afterAnyType).test(second.text);
}

const afterAnyType = /^array$/i;
/** The words that may follow the first one of a type. A parameter may still be called `time`. */
const longTypes: ReadonlyMap<string, RegExp> = new Map(Object.entries({
  double: /^precision$/i,
  character: /^(varying|array)$/i,
  char: /^(varying|array)$/i,
  nchar: /^(varying|array)$/i,
  national: /^(character|char)$/i,
  bit: /^(varying|array)$/i,
  timestamp: /^(with|without|array)$/i,
  time: /^(with|without|array)$/i,
  interval: /^(year|month|day|hour|minute|second|array)$/i,
  setof: /./,
}));

function join(pieces: readonly Piece[]): string {
  let text = '';
  let end = pieces[0]!.start;
  for (const piece of pieces) {
    text += (piece.start > end && text !== '' ? ' ' : '') + piece.text;
    end = piece.end;
  }
  return text;
}

function normalise(pieces: readonly Piece[]): string {
  // `t.c%TYPE` is what the column is, which is not known here.
  if (pieces.at(-2)?.text === '%') return `${pieces.slice(0, -2).map(plain).join('')}%type`;
  const words: string[] = [];
  let array = false;
  let depth = 0;
  for (const piece of pieces) {
    if (piece.text === '[' || isWord(piece, 'array')) array = true;
    if (piece.text === '(' || piece.text === '[') depth++;
    else if (piece.text === ')' || piece.text === ']') depth--;
    else if (piece.text === '.') words.pop();
    else if (depth === 0 && !isWord(piece, 'array') && !isWord(piece, 'setof')) words.push(plain(piece));
  }
  const name = words.join(' ');
  // Up to 24 bits it is a real.
  const digits = name === 'float' ? pieces.find(({ kind }) => kind === 'number') : undefined;
  if (digits && Number(digits.text) < 25) return `float4${array ? '[]' : ''}`;
  return (aliases.get(name) ?? name.replace(/^interval .*/, 'interval')) + (array ? '[]' : '');
}

function plain(piece: Piece): string {
  // "char" is a type of its own, and no other name than itself.
  if (piece.text === '"char"') return piece.text;
  return piece.kind === 'identifier' ? piece.text.slice(1, -1).replaceAll('""', '"') : piece.text.toLowerCase();
}

function isWord(piece: Piece | undefined, word: string): boolean {
  return piece?.kind === 'word' && piece.text.toLowerCase() === word;
}

const aliases: ReadonlyMap<string, string> = new Map(Object.entries({
  int: 'int4', integer: 'int4', bigint: 'int8', smallint: 'int2', boolean: 'bool', real: 'float4', float: 'float8',
  'double precision': 'float8', decimal: 'numeric', dec: 'numeric',
  'character varying': 'varchar', 'char varying': 'varchar', 'nchar varying': 'varchar',
  'national character varying': 'varchar', 'national char varying': 'varchar',
  character: 'bpchar', char: 'bpchar', nchar: 'bpchar', 'national character': 'bpchar', 'national char': 'bpchar',
  'bit varying': 'varbit',
  'timestamp with time zone': 'timestamptz', 'timestamp without time zone': 'timestamp',
  'time with time zone': 'timetz', 'time without time zone': 'time',
}));
