import { lex, tokenText, type Token } from './lexer.ts';

/** An expression in a form that pgsql-ast-parser understands, of the same length, so that its offsets are the original's. */
export interface Normal {
  readonly text: string;
  /** As `text`, with every name replaced, for those that the parser takes for keywords of its own. */
  readonly masked: string;
  /** Of the original, without comments. */
  readonly tokens: readonly Token[];
  /** Offsets behind the word VARIADIC. */
  readonly variadic: ReadonlySet<number>;
}

const maximumTokens = 2_000;
const maximumDepth = 200;

/** Undefined when it is too large to be looked at in reasonable time. */
export function normalise(text: string): Normal | undefined {
  const all = lex(text, 'body');
  const tokens = all.filter((token) => token.kind !== 'comment');
  if (all.length > maximumTokens || depthOf(tokens, text) > maximumDepth) return undefined;
  const plain = new Canvas(text);
  const masked = new Canvas(text);
  const variadic = new Set<number>();
  for (const token of all) if (token.kind === 'comment') blank(token, plain, masked);
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    const last = lastOfLiteral(tokens, i, text);
    if (isText(token) && isField(tokens, i, text)) {
      plain.fill(token, 'x', 'x', 'x');
      masked.fill(token, 'x', 'x', 'x');
    } else if (token.kind === 'number' && isSubtracted(tokens, i, text)) {
      plain.fill(token, 'x', 'x', 'x');
      masked.fill(token, 'x', 'x', 'x');
    } else if (isText(token)) {
      const span = { start: token.start, end: tokens[last]!.end };
      plain.fill(span, "'", 'x', "'");
      masked.fill(span, "'", 'x', "'");
      i = last;
    } else if (token.kind === 'identifier') {
      plain.fill(token, '"', 'x', '"');
      masked.fill(token, '"', 'x', '"');
    } else if (token.kind === 'template') {
      plain.fill(token, 'x', 'x', 'x');
      masked.fill(token, 'x', 'x', 'x');
    } else if (token.kind === 'word') word(token, i);
  }
  return { text: plain.toString(), masked: masked.toString(), tokens, variadic };

  function word(token: Token, i: number): void {
    const written = tokenText(token, text);
    const lower = written.toLowerCase();
    const next = tokens[i + 1];
    if (lower === 'variadic') {
      variadic.add(token.end);
      blank(token, plain, masked);
    } else if (lower === 'collate' && next !== undefined) {
      blank({ start: token.start, end: next.end }, plain, masked);
    } else if (next !== undefined && isArrow(tokenText(next, text))) {
      blank({ start: token.start, end: next.end }, plain, masked);
    } else {
      if (!plainWord.test(written)) plain.fill(token, 'x', 'x', 'x');
      if (!syntax.has(lower)) masked.fill(token, 'x', 'x', 'x');
    }
  }
}

/** Index of the last of the string constants that PostgreSQL reads as one: parted by white space with a line break. */
export function lastOfLiteral(tokens: readonly Token[], at: number, text: string): number {
  let last = at;
  if (tokens[at]!.kind !== 'string') return at;
  for (let i = at + 1; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (token.kind !== 'string' || text[token.start] !== "'" || !/[\r\n]/.test(text.slice(tokens[last]!.end, token.start))) break;
    last = i;
  }
  return last;
}

const plainWord = /^[A-Za-z_]\w*$/;

/** Words that are the syntax of expressions. Everything else is a name, whatever the parser thinks of it. */
const syntax = new Set(`all and any array as asc at between both by case cast cross current_catalog current_date current_role
  current_schema current_time current_timestamp current_user desc distinct else end except exists extract false filter following
  for from full group having ilike in inner intersect interval is isnull join lateral leading left like limit localtime
  localtimestamp natural not notnull null offset on operator or order outer over overlay partition placing position preceding
  range right row rows select session_user similar some substring symmetric then to trailing trim true unbounded union user using
  values when where window with within without zone time timestamp double precision character varying bit`.split(/\s+/));

class Canvas {
  readonly #text: string;
  readonly #pieces: string[] = [];
  #done = 0;
  readonly #changes: { start: number; end: number; text: string }[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  fill({ start, end }: { start: number; end: number }, first: string, middle: string, last: string): void {
    const length = end - start;
    this.#changes.push({ start, end, text: length === 1 ? first : first + middle.repeat(length - 2) + last });
  }

  toString(): string {
    this.#changes.sort((a, b) => a.start - b.start);
    for (const { start, end, text } of this.#changes) {
      if (start < this.#done) continue;
      this.#pieces.push(this.#text.slice(this.#done, start), text);
      this.#done = end;
    }
    return this.#pieces.join('') + this.#text.slice(this.#done);
  }
}

function blank(span: { start: number; end: number }, ...canvases: Canvas[]): void {
  for (const canvas of canvases) canvas.fill(span, ' ', ' ', ' ');
}

function isText(token: Token): boolean {
  return token.kind === 'string' || token.kind === 'dollar';
}

/** `extract('epoch' from x)`: the parser knows a bare name there. */
function isField(tokens: readonly Token[], at: number, text: string): boolean {
  const open = tokens[at - 1];
  const name = tokens[at - 2];
  return open !== undefined && name !== undefined && text[open.start] === '(' && tokenText(name, text).toLowerCase() === 'extract';
}

/** `(a)-1`: the parser would take `-1` for one number and miss the operator. */
function isSubtracted(tokens: readonly Token[], at: number, text: string): boolean {
  const sign = tokens[at - 1];
  const before = tokens[at - 2];
  if (sign === undefined || before === undefined || text[sign.start] !== '-' || sign.end !== tokens[at]!.start) return false;
  return before.kind === 'punctuation' ? ')]'.includes(text[before.start]!) : before.kind !== 'operator';
}

function isArrow(sign: string): boolean {
  return sign === '=>' || sign === ':=';
}

function depthOf(tokens: readonly Token[], text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const token of tokens) {
    if (token.kind !== 'punctuation') continue;
    const mark = text[token.start]!;
    if (mark === '(' || mark === '[') deepest = Math.max(deepest, ++depth);
    else if (mark === ')' || mark === ']') depth--;
  }
  return deepest;
}
