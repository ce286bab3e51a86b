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

/** Reads the logical lines that hold a token or a comment. Works on any text. */
export function tokenize(text: string, version: number): TokenLine[] {
  const lines: TokenLine[] = [];
  for (let start = 0; start < text.length;) {
    const logical = new LogicalLine(text, start, version);
    start = logical.next;
    const line = readLine(text, logical, version);
    if (line.fields.length > 0 || line.comment || line.error) lines.push(line);
  }
  return lines;
}

/** True for a token that means a keyword and not a name. */
export function isKeyword(token: HbaToken, keyword: string): boolean {
  return !token.quoted && token.text === keyword;
}

const carriageReturn = 13;

/** Physical lines joined at `\`, with the way back from a joined character to its place in the text. */
class LogicalLine {
  readonly text: string;
  readonly span: Span;
  /** Where the next logical line begins. */
  readonly next: number;
  readonly #pieces: { at: number; start: number }[] = [];

  constructor(text: string, start: number, version: number) {
    let joined = '';
    let from = start;
    for (;;) {
      const newline = text.indexOf('\n', from);
      const stop = newline < 0 ? text.length : newline;
      const { piece, goesOn } = physicalLine(text.slice(from, stop), version);
      this.#pieces.push({ at: joined.length, start: from });
      joined += piece;
      this.next = newline < 0 ? text.length : newline + 1;
      if (!goesOn || newline < 0) {
        this.span = { start, end: withoutReturns(text, start, stop) };
        break;
      }
      from = this.next;
      if (from >= text.length) {
        this.span = { start, end: stop };
        break;
      }
    }
    this.text = joined;
  }

  /** The place in the text of the joined characters `[start, end)`. */
  spanOf(start: number, end: number): Span {
    return { start: this.#offset(start), end: end > start ? this.#offset(end - 1) + 1 : this.#offset(start) };
  }

  #offset(at: number): number {
    let low = 0;
    let high = this.#pieces.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#pieces[middle]!.at <= at) low = middle;
      else high = middle - 1;
    }
    const piece = this.#pieces[low]!;
    return piece.start + at - piece.at;
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

/** A placeholder of Jinja, ERB, shell, `%%NAME%%` or `@name@`. */
const placeholder = /\{\{|\{%|\$\{|<%|%%\w+%%|(?:^|[^\w"])@[\w-]+@/;

function readLine(text: string, logical: LogicalLine, version: number): TokenLine {
  const scanner = new Scanner(logical, version);
  const fields: HbaToken[][] = [];
  while (!scanner.atEnd) {
    const field = scanner.field();
    if (field.length > 0) fields.push(field);
  }
  const { comment, error } = scanner;
  const code = comment ? text.slice(logical.span.start, comment.start) : logical.text;
  const template = fields.length > 0 && (placeholder.test(code) || (comment !== undefined && isJinjaComment(code, text[comment.start + 1])));
  return { line: logical.span, fields, template, ...(comment && { comment }), ...(error && { error }) };
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
  #at = 0;

  constructor(logical: LogicalLine, version: number) {
    this.#logical = logical;
    this.#longest = version < 16 ? 10_239 : Infinity;
  }

  get atEnd(): boolean {
    return this.#at >= this.#logical.text.length;
  }

  /** Tokens joined by commas. A comma joins across blanks behind it, not across blanks before it. */
  field(): HbaToken[] {
    const tokens: HbaToken[] = [];
    for (;;) {
      const next = this.#token();
      if (next.token) tokens.push(next.token);
      if (!next.token || !next.comma) return tokens;
    }
  }

  #token(): { token?: HbaToken; comma: boolean } {
    const line = this.#logical.text;
    while (!this.atEnd && (isBlank(line[this.#at]!) || line[this.#at] === ',')) this.#at++;
    const start = this.#at;
    let text = '';
    let inQuote = false;
    let wasQuote = false;
    let sawQuote = false;
    let quoted = false;
    let comma = false;
    for (; !this.atEnd; this.#at++) {
      const c = line[this.#at]!;
      if (!inQuote && (isBlank(c) || c === ',' || c === '#')) break;
      if (c !== '"' || wasQuote) text += c;
      wasQuote = inQuote && c === '"' ? !wasQuote : false;
      if (c !== '"') continue;
      inQuote = !inQuote;
      sawQuote = true;
      if (text === '') quoted = true;
    }
    const end = this.#at;
    if (line[end] === '#') this.#skipComment();
    else if (line[end] === ',') {
      comma = true;
      this.#at++;
    }
    if (text === '' && !sawQuote) return { comma: false };
    const span = this.#logical.spanOf(start, end);
    if (text.length > this.#longest) this.error ??= { at: span, message: 'the word is longer than PostgreSQL reads before version 16' };
    const file = !quoted && text.length > 1 && text.startsWith('@') ? text.slice(1) : undefined;
    return { token: { span, text, quoted, ...(file !== undefined && { file }) }, comma };
  }

  #skipComment(): void {
    const end = this.#logical.text.length;
    this.comment = this.#logical.spanOf(this.#at, end);
    this.#at = end;
  }
}

/** The server's own idea of a blank: a form feed or a no-break space is part of a word. */
function isBlank(c: string): boolean {
  return c === ' ' || c === '\t' || c === '\r';
}
