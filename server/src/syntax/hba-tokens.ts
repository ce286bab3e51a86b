import type { Span } from '../text.ts';

/** A logical line of pg_hba.conf or pg_ident.conf, cut into fields. Both files share one tokenizer in the server, and here. */
export interface TokenLine {
  /** From the first character of the first physical line to the last of the last one, without the line end. */
  readonly line: Span;
  /** Fields of one or more tokens. A line of blanks or comments has none. */
  readonly fields: readonly (readonly HbaToken[])[];
  readonly comment?: Span;
  /** A template placeholder stands on the line: what the server will read cannot be known. */
  readonly template: boolean;
  /** A word breaks a limit of old servers. */
  readonly error?: TokenError;
}

/** One token. `text` is without quotes; `quoted` tokens are never keywords. */
export interface HbaToken {
  readonly span: Span;
  readonly text: string;
  /** True when the token begins with a quote; the server lets `a"ll"` pass as a keyword. */
  readonly quoted: boolean;
  /** The file whose tokens the server puts here: the token is written `@name`. */
  readonly file?: string;
}

export interface TokenError {
  readonly at: Span;
  readonly message: string;
}

/** Reads the logical lines that hold a word or a comment. Works on any text. */
export function tokenize(text: string, version: number): TokenLine[] {
  const lines: TokenLine[] = [];
  const hasNul = text.includes('\0');
  for (let start = 0; start < text.length;) {
    const { line, next } = readLineAt(text, start, version, hasNul);
    if (line) lines.push(line);
    start = next;
  }
  return lines;
}

/** The logical line that begins at `start`, undefined when it holds nothing, and where the next one begins. */
export function readLineAt(text: string, start: number, version: number, hasNul: boolean): { line: TokenLine | undefined; next: number } {
  const newline = text.indexOf('\n', start);
  const stop = newline < 0 ? text.length : newline;
  const end = withoutReturns(text, start, stop);
  const plain = !hasNul && (version < 14 || end === start || text.charCodeAt(end - 1) !== backslash);
  const logical = plain ? { text, from: start, to: end, line: { start, end }, next: stop + 1 } : joinedLine(text, start, version);
  return { line: readLine(text, logical, version), next: logical.next };
}

/** True for a token that means a keyword and not a name. */
export function isKeyword(token: HbaToken, keyword: string): boolean {
  return !token.quoted && token.text === keyword;
}

const backslash = 92;
const carriageReturn = 13;
const quote = 34;
const hash = 35;
const comma = 44;

/** The characters of a logical line: `text` from `from` to `to`. */
interface LogicalLine {
  readonly text: string;
  readonly from: number;
  readonly to: number;
  readonly line: Span;
  /** Where the next logical line begins. */
  readonly next: number;
  /** Present when `text` is not the document: the pieces it was joined from, by place in `text` and in the document. */
  readonly pieces?: readonly { readonly at: number; readonly start: number }[];
}

/** Physical lines joined where the server reads on. */
function joinedLine(text: string, start: number, version: number): LogicalLine {
  const pieces: { at: number; start: number }[] = [];
  let joined = '';
  for (let from = start; ;) {
    const newline = text.indexOf('\n', from);
    const stop = newline < 0 ? text.length : newline;
    const { piece, goesOn } = physicalLine(text.slice(from, stop), version);
    pieces.push({ at: joined.length, start: from });
    joined += piece;
    from = stop + 1;
    if (goesOn && from < text.length) continue;
    return { text: joined, from: 0, to: joined.length, line: { start, end: withoutReturns(text, start, stop) }, next: from, pieces };
  }
}

/** What the server keeps of one physical line, and whether it reads on into the next. */
function physicalLine(raw: string, version: number): { piece: string; goesOn: boolean } {
  // The server reads C strings: a NUL hides the rest of its line, from 14 on the line end too.
  const nul = raw.indexOf('\0');
  if (nul >= 0) return { piece: raw.slice(0, nul), goesOn: version >= 14 };
  const line = raw.slice(0, withoutReturns(raw, 0, raw.length));
  if (version >= 14 && line.endsWith('\\')) return { piece: line.slice(0, -1), goesOn: true };
  return { piece: line, goesOn: false };
}

function withoutReturns(text: string, start: number, end: number): number {
  while (end > start && text.charCodeAt(end - 1) === carriageReturn) end--;
  return end;
}

/** The place in the document of `[start, end)` of a logical line. */
function spanOf({ pieces }: LogicalLine, start: number, end: number): Span {
  if (!pieces) return { start, end };
  const first = placeOf(pieces, start);
  return { start: first, end: end > start ? placeOf(pieces, end - 1) + 1 : first };
}

function placeOf(pieces: NonNullable<LogicalLine['pieces']>, at: number): number {
  let low = 0;
  let high = pieces.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (pieces[middle]!.at <= at) low = middle;
    else high = middle - 1;
  }
  return pieces[low]!.start + at - pieces[low]!.at;
}

/** A placeholder of Jinja, ERB, shell, `%%NAME%%` or `@name@`. */
const placeholder = /\{\{|\{%|\$\{|<%|%%\w+%%|(?:^|[^\w"])@[\w-]+@/;

function readLine(text: string, logical: LogicalLine, version: number): TokenLine | undefined {
  const scanner = new Scanner(logical, version);
  const fields: HbaToken[][] = [];
  for (let field = scanner.field(); field; field = scanner.field()) fields.push(field);
  const { comment, error } = scanner;
  if (fields.length === 0) return comment && { line: logical.line, fields, template: false, comment, error };
  const code = text.slice(logical.line.start, comment ? comment.start : logical.line.end);
  const template = placeholder.test(code) || (comment !== undefined && isJinjaComment(code, text[comment.start + 1]));
  return { line: logical.line, fields, template, comment, error };
}

/** `{# …` or the last line of one, `… #}`. */
function isJinjaComment(before: string, after: string | undefined): boolean {
  return before.endsWith('{') || after === '}';
}

/** Cuts one logical line as the server does, quirks included. */
class Scanner {
  error: TokenError | undefined;
  comment: Span | undefined;
  readonly #logical: LogicalLine;
  readonly #longest: number;
  #at: number;
  /** The last word ended at a comma. */
  #joined = false;

  constructor(logical: LogicalLine, version: number) {
    this.#logical = logical;
    this.#at = logical.from;
    this.#longest = version < 16 ? 10_239 : Infinity;
  }

  /** Tokens joined by commas; undefined at the end. A comma joins across blanks behind it, not across blanks before it. */
  field(): HbaToken[] | undefined {
    const first = this.#token();
    if (!first) return undefined;
    const tokens = [first];
    while (this.#joined) {
      const next = this.#token();
      if (!next) break;
      tokens.push(next);
    }
    return tokens;
  }

  #token(): HbaToken | undefined {
    const { text, to } = this.#logical;
    let at = this.#at;
    while (at < to && (isBlank(text.charCodeAt(at)) || text.charCodeAt(at) === comma)) at++;
    const start = at;
    let code = 0;
    for (; at < to; at++) {
      code = text.charCodeAt(at);
      if (code === comma || code === hash || code === quote || isBlank(code)) break;
    }
    const quotes = at < to && code === quote ? this.#unquote(start, at) : undefined;
    const end = quotes ? quotes.end : at;
    this.#leave(end);
    if (end === start) return undefined;
    const word = quotes ? quotes.word : text.slice(start, end);
    const quoted = quotes !== undefined && quotes.quoted;
    const span = spanOf(this.#logical, start, end);
    if (word.length * 3 > this.#longest && new TextEncoder().encode(word).length > this.#longest) this.error ??= { at: span, message: 'the word is longer than PostgreSQL reads before version 16' };
    if (quoted || word.length < 2 || !word.startsWith('@')) return { span, text: word, quoted };
    return { span, text: word, quoted, file: word.slice(1) };
  }

  /** The rest of a word in which a quote was met at `at`. */
  #unquote(start: number, at: number): { end: number; word: string; quoted: boolean } {
    const { text, to } = this.#logical;
    let word = text.slice(start, at);
    let inQuote = false;
    let wasQuote = false;
    let quoted = false;
    for (; at < to; at++) {
      const code = text.charCodeAt(at);
      if (!inQuote && (isBlank(code) || code === comma || code === hash)) break;
      if (code !== quote || wasQuote) word += text[at];
      wasQuote = inQuote && code === quote ? !wasQuote : false;
      if (code !== quote) continue;
      inQuote = !inQuote;
      if (word === '') quoted = true;
    }
    return { end: at, word, quoted };
  }

  /** Steps over what ended a word: a comma, or a comment and with it the line. */
  #leave(end: number): void {
    const { text, to } = this.#logical;
    const code = end < to ? text.charCodeAt(end) : 0;
    this.#joined = code === comma;
    this.#at = this.#joined ? end + 1 : end;
    if (code !== hash) return;
    this.comment = spanOf(this.#logical, end, to);
    this.#at = to;
  }
}

/** The server's own idea of a blank: a form feed or a no-break space is part of a word. */
function isBlank(code: number): boolean {
  return code === 32 || code === 9 || code === carriageReturn;
}
