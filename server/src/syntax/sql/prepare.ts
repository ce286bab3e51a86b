import { Lexer, type TokenKind } from './lexer.ts';

/** The text that PostgreSQL's parser may see: as long as the statement, so that every offset stays what it is. */
export type Prepared =
  | { readonly kind: 'ready'; readonly text: string; readonly substituted: boolean }
  | { readonly kind: 'refused'; readonly reason: string };

const maximumLength = 1_000_000;
const maximumOperator = 63;
/** libpg-query writes its tree by recursion on the host's stack, which holds twice as many nested queries and five times as many operators. */
const maximumDepth = 1_000;
const maximumChain = 2_000;

/** Takes out what the parser cannot bear, and refuses what would cost it seconds or its life. */
export function prepare(statement: string): Prepared {
  if (statement.length > maximumLength) return refused('it is larger than a megabyte');
  const text = clean(statement);
  const guard = new Guard();
  const pieces: string[] = [];
  let kept = 0;
  let substituted = false;
  const lexer = new Lexer(text);
  while (lexer.next()) {
    const { kind, start, end } = lexer;
    const reason = guard.see(kind, text, start, end);
    if (reason !== undefined) return refused(reason);
    const instead = replacement(kind, text, start, end);
    if (instead === undefined) continue;
    substituted ||= kind === 'template' || kind === 'variable';
    pieces.push(text.slice(kept, start), instead);
    kept = end;
  }
  return { kind: 'ready', text: kept === 0 ? text : pieces.join('') + text.slice(kept), substituted };
}

/** `text` with the statement's first template or variable blanked; undefined when it begins otherwise. */
export function withoutFirst(statement: string, text: string): string | undefined {
  const lexer = new Lexer(clean(statement));
  while (lexer.next() && lexer.kind === 'comment');
  if (lexer.kind !== 'template' && lexer.kind !== 'variable') return undefined;
  return text.slice(0, lexer.start) + ' '.repeat(lexer.end - lexer.start) + text.slice(lexer.end);
}

/** A lone surrogate makes the wrapper cut off the end of the text, and the parser stops at NUL: what follows would be invisible. */
function clean(statement: string): string {
  const text = statement.includes('\0') ? statement.replaceAll('\0', ' ') : statement;
  const whole = text.isWellFormed() ? text : text.toWellFormed();
  return whole.charCodeAt(0) === 0xfeff ? ' ' + whole.slice(1) : whole;
}

function refused(reason: string): Prepared {
  return { kind: 'refused', reason };
}

function replacement(kind: TokenKind, text: string, start: number, end: number): string | undefined {
  const length = end - start;
  switch (kind) {
    case 'comment':
    case 'meta':
    case 'copydata':
      return ' '.repeat(length);
    case 'template':
      return isControl(text, start) ? ' '.repeat(length) : 'x'.repeat(length);
    case 'variable':
      if (text[start + 1] === "'") return `'${'x'.repeat(length - 2)}'`;
      return text[start + 1] === '"' ? `"${'x'.repeat(length - 2)}"` : 'x'.repeat(length);
    default:
      return undefined;
  }
}

/** `{% if %}`, `{# note #}`, `<% if %>` stand for nothing; `{{ x }}`, `<%= x %>` and the others stand for a name. */
function isControl(text: string, start: number): boolean {
  const next = text[start + 1];
  if (text[start] === '{') return next === '%' || next === '#';
  return text[start] === '<' && !'=-'.includes(text[start + 2] ?? ' ');
}

const operatorWords = new Set(['not', 'is', 'isnull', 'notnull', 'collate', 'at', 'in', 'like', 'ilike', 'similar', 'between']);
/** Each of these nests whole queries, whatever stands between two of them. */
const setWords = new Set(['union', 'except', 'intersect', 'join']);
/** AND and OR make flat lists, so they end a chain as a comma does. */
const endWords = new Set(['and', 'or', 'when', 'then', 'else', 'select', 'from', 'where', 'on', 'values', 'set', 'returning']);

/** Follows how deep parentheses nest, and how high the tree grows: a level by each operator in a row, and one by each pair of parentheses. */
class Guard {
  readonly #outer: Level[] = [];
  #level: Level = { height: 0, highest: 0, sets: 0 };

  see(kind: TokenKind, text: string, start: number, end: number): string | undefined {
    if (kind === 'operator') {
      if (end - start > maximumOperator) return 'it has an operator that is too long';
      this.#level.height++;
    } else if (kind === 'punctuation') this.#punctuation(text.charCodeAt(start));
    else if (kind === 'word' && end - start <= 9) this.#word(text.slice(start, end).toLowerCase());
    if (this.#level.height > maximumChain || this.#level.sets > maximumChain) return 'it has too many operators in a row';
    return this.#outer.length > maximumDepth ? 'it is nested too deeply' : undefined;
  }

  #punctuation(code: number): void {
    if (code === 40 || code === 91) this.#open();
    else if (code === 41 || code === 93) this.#close();
    else if (code === 44) this.#next();
    else if (code === 59) this.#level = { height: 0, highest: 0, sets: 0 };
  }

  #word(word: string): void {
    if (word === 'case') this.#open();
    else if (word === 'end') this.#close();
    else if (operatorWords.has(word)) this.#level.height++;
    else if (setWords.has(word)) this.#level.sets++;
    else if (endWords.has(word)) this.#next();
  }

  /** What follows stands beside what was, not above it. */
  #next(): void {
    this.#level.highest = Math.max(this.#level.highest, this.#level.height);
    this.#level.height = 0;
  }

  #open(): void {
    this.#outer.push(this.#level);
    this.#level = { height: 0, highest: 0, sets: 0 };
  }

  #close(): void {
    const { height, highest, sets } = this.#level;
    this.#level = this.#outer.pop() ?? { height: 0, highest: 0, sets: 0 };
    this.#level.height = Math.max(this.#level.height, height + 1, highest + 1, sets + 1);
  }
}

interface Level {
  height: number;
  /** Of the items before this one. */
  highest: number;
  sets: number;
}
