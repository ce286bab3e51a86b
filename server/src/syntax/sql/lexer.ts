import type { Span } from '../../text.ts';
import { Templates, endOfCopyData, endOfMeta, metaReadsCopyData, variableEnd } from './psql.ts';
import { Notes } from '../../notes.ts';

export { decodeLiteral, identifierName } from './literals.ts';

/**
 * `word`: unquoted identifier or keyword. `identifier`: `"…"`, `U&"…"`. `string`: `'…'`, `E'…'`, `B'…'`, `X'…'`, `N'…'`, `U&'…'`.
 * `dollar`: `$tag$…$tag$`. `parameter`: `$1`. `operator`: also `::`, `:=`, `=>`, `..`. `punctuation`: one of `( ) [ ] , ; .`.
 * `meta`: a psql backslash command up to the end of its line. `variable`: psql's `:name`, `:'name'`, `:"name"`, `:{?name}`.
 * `copydata`: the lines after COPY … FROM STDIN. `template`: `{{…}}`, `{%…%}`, `<%…%>`, `${…}`, `#{…}`, `{name}`, `@name@`.
 */
export type TokenKind =
  | 'word' | 'identifier' | 'string' | 'dollar' | 'number' | 'parameter' | 'operator' | 'punctuation'
  | 'comment' | 'meta' | 'variable' | 'copydata' | 'template' | 'bad';

export interface Token extends Span {
  readonly kind: TokenKind;
  /** The literal, quoted name or comment does not end before the text does. */
  readonly unterminated?: true;
}

/** `script`: what psql reads. `body`: a routine body or one expression, where psql's commands, variables and COPY data do not exist. */
export type LexMode = 'script' | 'body';

/** All tokens of `text` in order, comments included, white space left out. Never throws. Offsets are UTF-16 from the start of `text`. */
export function lex(text: string, mode: LexMode = 'script'): Token[] {
  const tokens: Token[] = [];
  const lexer = new Lexer(text, mode);
  while (lexer.next()) {
    const { kind, start, end } = lexer;
    tokens.push(lexer.unterminated ? { kind, start, end, unterminated: true } : { kind, start, end });
  }
  return tokens;
}

const withoutComments = new Notes<readonly Token[], readonly Token[]>();

/** The tokens that are no comments: the same list whoever asks. */
export function codeOf(tokens: readonly Token[]): readonly Token[] {
  let code = withoutComments.get(tokens);
  if (code === undefined) withoutComments.set(tokens, (code = tokens.some(({ kind }) => kind === 'comment') ? tokens.filter(({ kind }) => kind !== 'comment') : tokens));
  return code;
}

/** The token as it is written. */
export function tokenText(token: Span, text: string): string {
  return text.slice(token.start, token.end);
}

/** Gives one token after the other without keeping any, so that a dump of any size can be cut into statements. */
export class Lexer implements Span {
  kind: TokenKind = 'bad';
  start = 0;
  end = 0;
  unterminated = false;
  readonly #text: string;
  readonly #script: boolean;
  readonly #templates: Templates;
  /** Inside `a[…]`, where `a[1:n]` is a slice and no psql variable. */
  #brackets = 0;
  #words = 0;
  #copy = false;
  #from = false;
  /** No line `\.` follows any more. */
  #noMoreData = false;
  /** What is left of a row of signs that did not become one operator: each is one by itself, and nobody has to look for its end again. */
  #signsUntil = 0;
  #data: 'none' | 'after-semicolon' | 'next-line' = 'none';

  constructor(text: string, mode: LexMode = 'script') {
    this.#text = text;
    this.#script = mode === 'script';
    this.#templates = new Templates(text);
    if (text.charCodeAt(0) === 0xfeff) this.end = 1;
  }

  /** False at the end of the text. */
  next(): boolean {
    const text = this.#text;
    this.unterminated = false;
    let at = this.end;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code > 32 || !isSpace(code)) break;
      if (code === 10 && this.#data === 'next-line' && this.#copyData(at + 1)) return true;
    }
    this.start = at;
    this.end = at;
    if (at >= text.length) return false;
    this.#read(text.charCodeAt(at));
    return true;
  }

  #read(code: number): void {
    const type = code < 128 ? classes[code]! : word;
    if (type === word) return this.#word(code);
    if (type === punctuation) return this.#punctuation(code);
    if (type === digit) return this.#number();
    switch (code) {
      case 39: return this.#quoted('string', this.start + 1, false);
      case 34: return this.#quotedName(this.start + 1);
      case 36: return this.#dollar();
      case 46: return this.#dot();
      case 58: return this.#colon();
      case 92: return this.#script ? this.#meta() : this.#set('bad', this.start + 1);
    }
    const template = code === 123 || code === 64 || code === 60 || code === 35 ? this.#templates.end(this.start) : -1;
    if (template > 0) return this.#set('template', template);
    if (type === operator) return this.#operator();
    this.#set('bad', this.start + 1);
  }

  #set(kind: TokenKind, end: number): void {
    this.kind = kind;
    this.end = end;
  }

  #word(code: number): void {
    const text = this.#text;
    let at = this.start + 1;
    while (at < text.length && isWordPart(text.charCodeAt(at))) at++;
    if (at === this.start + 1) {
      const next = text.charCodeAt(at);
      if (next === 39 && isPrefix(code)) return this.#quoted('string', at + 1, (code | 32) === 101);
      if (next === 38 && (code | 32) === 117) {
        const quote = text.charCodeAt(at + 1);
        if (quote === 39) return this.#quoted('string', at + 2, false);
        if (quote === 34) return this.#quotedName(at + 2);
      }
    }
    this.#set('word', at);
    if (this.#script) this.#watchCopy();
  }

  /** Notices `COPY … FROM STDIN`, whose data follow on the next line. */
  #watchCopy(): void {
    const length = this.end - this.start;
    if (this.#words++ === 0) this.#copy = length === 4 && this.#is('copy');
    else if (this.#copy) {
      if (this.#from && length === 5 && this.#is('stdin')) this.#data = 'after-semicolon';
      this.#from = length === 4 && this.#is('from');
    }
  }

  #is(lower: string): boolean {
    return tokenText(this, this.#text).toLowerCase() === lower;
  }

  #punctuation(code: number): void {
    this.#set('punctuation', this.start + 1);
    if (code === 91) this.#brackets++;
    else if (code === 93) this.#brackets = Math.max(0, this.#brackets - 1);
    else if (code === 59) this.#statementEnds();
  }

  #statementEnds(): void {
    this.#words = 0;
    this.#brackets = 0;
    this.#copy = false;
    this.#from = false;
    if (this.#data === 'after-semicolon') this.#data = 'next-line';
  }

  #copyData(lineStart: number): boolean {
    this.#data = 'none';
    const close = this.#noMoreData ? -1 : endOfCopyData(this.#text, lineStart);
    this.#noMoreData = close < 0;
    if (close <= lineStart) return false;
    this.start = lineStart;
    this.#set('copydata', close);
    return true;
  }

  #quoted(kind: TokenKind, from: number, backslashes: boolean): void {
    const text = this.#text;
    if (backslashes) return this.#escaped(from);
    for (let at = from; ;) {
      const quote = text.indexOf("'", at);
      if (quote < 0) return this.#unterminated(kind);
      if (text.charCodeAt(quote + 1) !== 39) return this.#set(kind, quote + 1);
      at = quote + 2;
    }
  }

  #escaped(from: number): void {
    const text = this.#text;
    for (let at = from; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === 92) at++;
      else if (code === 39) {
        if (text.charCodeAt(at + 1) !== 39) return this.#set('string', at + 1);
        at++;
      }
    }
    this.#unterminated('string');
  }

  #quotedName(from: number): void {
    const text = this.#text;
    for (let at = from; ;) {
      const quote = text.indexOf('"', at);
      if (quote < 0) return this.#unterminated('identifier');
      if (text.charCodeAt(quote + 1) !== 34) return this.#set('identifier', quote + 1);
      at = quote + 2;
    }
  }

  #unterminated(kind: TokenKind): void {
    this.unterminated = true;
    this.#set(kind, this.#text.length);
  }

  #dollar(): void {
    const text = this.#text;
    let at = this.start + 1;
    const first = text.charCodeAt(at);
    if (first >= 48 && first <= 57) {
      while (isDigit(text.charCodeAt(at))) at++;
      return this.#set('parameter', at);
    }
    if (first === 123) {
      const template = this.#templates.end(this.start);
      return template > 0 ? this.#set('template', template) : this.#set('bad', at);
    }
    while (at < text.length && text.charCodeAt(at) !== 36 && isWordPart(text.charCodeAt(at))) at++;
    if (text.charCodeAt(at) !== 36) return this.#set('bad', this.start + 1);
    const tag = text.slice(this.start, at + 1);
    const close = text.indexOf(tag, at + 1);
    if (close < 0) this.#unterminated('dollar');
    else this.#set('dollar', close + tag.length);
  }

  #number(): void {
    number.lastIndex = this.start;
    number.test(this.#text);
    this.#set('number', number.lastIndex);
  }

  #dot(): void {
    const next = this.#text.charCodeAt(this.start + 1);
    if (next === 46) return this.#set('operator', this.start + 2);
    if (isDigit(next)) return this.#number();
    this.#set('punctuation', this.start + 1);
  }

  #colon(): void {
    const next = this.#text.charCodeAt(this.start + 1);
    if (next === 58 || next === 61) return this.#set('operator', this.start + 2);
    const end = this.#script && this.#brackets === 0 ? variableEnd(this.#text, this.start) : -1;
    if (end > 0) this.#set('variable', end);
    else this.#set('operator', this.start + 1);
  }

  #meta(): void {
    const end = endOfMeta(this.#text, this.start);
    this.#set('meta', end);
    if (this.#text.charCodeAt(this.start + 1) === 103) this.#statementEnds();
    else if (metaReadsCopyData(tokenText(this, this.#text))) this.#data = 'next-line';
  }

  #operator(): void {
    const text = this.#text;
    const code = text.charCodeAt(this.start);
    const next = text.charCodeAt(this.start + 1);
    if (code === 45 && next === 45) return this.#lineComment();
    if (code === 47 && next === 42) return this.#blockComment();
    if (this.start < this.#signsUntil) return this.#set('operator', this.start + 1);
    let at = this.start + 1;
    let special = isSpecial(code);
    for (; at < text.length; at++) {
      const here = text.charCodeAt(at);
      if (here >= 128 || classes[here] !== operator) break;
      const after = text.charCodeAt(at + 1);
      if ((here === 45 && after === 45) || (here === 47 && after === 42)) break;
      if (here === 64 && this.#templates.end(at) > 0) break;
      special ||= isSpecial(here);
    }
    // PostgreSQL lets an operator end in + or - only when it has one of these characters: `=-1` is `=` and `-1`.
    this.#signsUntil = at;
    while (!special && at > this.start + 1 && isSign(text.charCodeAt(at - 1))) at--;
    this.#set('operator', at);
  }

  #lineComment(): void {
    lineEnd.lastIndex = this.start;
    const end = lineEnd.exec(this.#text);
    this.#set('comment', end === null ? this.#text.length : end.index);
  }

  #blockComment(): void {
    blockMark.lastIndex = this.start;
    for (let depth = 0; ;) {
      const mark = blockMark.exec(this.#text);
      if (mark === null) return this.#unterminated('comment');
      depth += mark[0] === '/*' ? 1 : -1;
      if (depth === 0) return this.#set('comment', blockMark.lastIndex);
    }
  }
}

const word = 1;
const digit = 2;
const operator = 3;
const punctuation = 4;
const classes = new Uint8Array(128);
for (let code = 65; code <= 90; code++) classes[code] = classes[code + 32] = word;
classes[95] = word;
for (let code = 48; code <= 57; code++) classes[code] = digit;
for (const char of '~!@#^&|`?+-*/%<>=') classes[char.charCodeAt(0)] = operator;
for (const char of '()[],;') classes[char.charCodeAt(0)] = punctuation;

const number = /0[xX](?:_?[0-9A-Fa-f])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:\d(?:_?\d)*(?:\.(?!\.)(?:\d(?:_?\d)*)?)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?/y;
const lineEnd = /[\r\n]/g;
const blockMark = /\/\*|\*\//g;

function isSpace(code: number): boolean {
  // NUL is blank too: nothing behind it may hide.
  return code === 32 || (code >= 9 && code <= 13) || code === 0;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isWordPart(code: number): boolean {
  if (code >= 128) return true;
  const type = classes[code];
  return type === word || type === digit || code === 36;
}

/** B, E, N, X in either case. */
function isPrefix(code: number): boolean {
  const lower = code | 32;
  return lower === 98 || lower === 101 || lower === 110 || lower === 120;
}

function isSign(code: number): boolean {
  return code === 43 || code === 45;
}

/** One of ~ ! @ # % ^ & | ` ? */
function isSpecial(code: number): boolean {
  return code === 126 || code === 33 || code === 64 || code === 35 || code === 37 || code === 94
    || code === 38 || code === 124 || code === 96 || code === 63;
}
