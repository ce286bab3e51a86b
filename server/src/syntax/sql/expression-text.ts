import type { Span } from '../../text.ts';
import type { Expression } from './expression.ts';
import { decodeWithPlaces } from './literals.ts';
import { decodeLiteral, identifierName, tokenText, type Token } from './lexer.ts';
import { withoutQuotes } from './written-type.ts';

/** The original text of an expression: answers what is written at a place, and which parentheses stand around it. */
export class ExpressionText {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  /** Index of the partner of each parenthesis. */
  readonly #partners = new Map<number, number>();

  constructor(text: string, tokens: readonly Token[]) {
    this.#text = text;
    this.#tokens = tokens;
    const open: number[] = [];
    tokens.forEach((_token, i) => {
      const sign = this.#sign(i);
      if (sign === '(') open.push(i);
      if (sign !== ')') return;
      const partner = open.pop();
      if (partner === undefined) return;
      this.#partners.set(partner, i);
      this.#partners.set(i, partner);
    });
  }

  /** The parser leaves out the outer parentheses of the first and the last operand: `(a)::text` begins at `a`. */
  balanced(span: Span): Span {
    let { start, end } = span;
    const last = this.#lastBefore(span.end);
    for (let i = this.#firstFrom(span.start); i <= last; i++) {
      const partner = this.#partners.get(i);
      if (partner === undefined) continue;
      start = Math.min(start, this.#tokens[partner]!.start);
      end = Math.max(end, this.#tokens[partner]!.end);
    }
    return { start, end };
  }

  /** With the parentheses that do nothing but enclose it; those of a call or a list belong to others. */
  enclosed(span: Span): Span {
    let first = this.#firstFrom(span.start);
    let last = this.#lastBefore(span.end);
    while (this.#partners.get(first - 1) === last + 1 && this.#isGrouping(first - 1)) {
      first--;
      last++;
    }
    return { start: this.#tokens[first]?.start ?? span.start, end: this.#tokens[last]?.end ?? span.end };
  }

  /** The parser takes a sub-select in FROM for the end of the query that it stands in: all of what the parenthesis before it encloses. */
  query(span: Span): Span {
    const open = this.#firstFrom(span.start) - 1;
    const close = open >= 0 && this.#sign(open) === '(' ? this.#partners.get(open) : undefined;
    return close === undefined ? span : this.enclosed({ start: this.#tokens[open]!.start, end: this.#tokens[close]!.end });
  }

  literal(written: Span, span: Span): Expression {
    const parts = this.#tokens.slice(this.#firstFrom(written.start), this.#lastBefore(written.end) + 1);
    const [first] = parts;
    if (first === undefined) return { kind: 'other', span };
    const text = tokenText(first, this.#text);
    if (/^[bx]'/i.test(text)) return { kind: 'other', span };
    const prefix = first.kind === 'string' ? text.slice(0, text.indexOf("'")) : '';
    const value = parts.map((part, i) => (i === 0 ? decodeLiteral(text) : decodeWithPlaces(prefix + tokenText(part, this.#text)).value)).join('');
    return { kind: 'literal', span, value, quoting: quotingOf(text) };
  }

  reference(written: Span, span: Span): Expression {
    const tokens = this.#tokens.slice(this.#firstFrom(written.start), this.#lastBefore(written.end) + 1);
    const path = tokens.filter((token) => token.kind !== 'punctuation').map((token) => identifierName(tokenText(token, this.#text)));
    return { kind: 'reference', span, path };
  }

  /** `current_user` and its kind are functions without parentheses. */
  keyword(written: Span, span: Span): Expression {
    return { kind: 'call', span, name: tokenText(written, this.#text).toLowerCase(), nameSpan: written, args: [], variadic: false };
  }

  functionName(written: Span): string {
    const tokens = this.#tokens.slice(this.#firstFrom(written.start), this.#lastBefore(written.end) + 1);
    const path = tokens.filter((token) => token.kind !== 'punctuation').map((token) => identifierName(tokenText(token, this.#text)));
    return (path[0] === 'pg_catalog' ? path.slice(1) : path).join('.');
  }

  type(written: Span): string {
    const text = tokenText(written, this.#text).trim().replace(/\s+/g, ' ').toLowerCase();
    return withoutQuotes(text).replace(/^pg_catalog\s*\.\s*/, '');
  }

  operandBehindOperator(from: number, end: number): Span {
    const first = this.#firstFrom(from) + 1;
    return { start: this.#tokens[first]?.start ?? from, end };
  }

  /** Whether one of `ends` is where the token before `start` ends. */
  before(start: number, ends: ReadonlySet<number>): boolean {
    if (ends.size === 0) return false;
    const token = this.#tokens[this.#lastBefore(start)];
    return token !== undefined && ends.has(token.end);
  }

  /** Behind a name, a parenthesis opens the arguments. */
  #isGrouping(at: number): boolean {
    const before = this.#tokens[at - 1];
    if (before === undefined || before.kind !== 'word') return before?.kind !== 'identifier';
    return groupingWords.has(tokenText(before, this.#text).toLowerCase());
  }

  #sign(index: number): string {
    const token = this.#tokens[index]!;
    return token.kind === 'punctuation' ? this.#text[token.start]! : '';
  }

  /** Index of the first token that begins at `offset` or behind it. */
  #firstFrom(offset: number): number {
    let low = 0;
    let high = this.#tokens.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#tokens[middle]!.start < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #lastBefore(offset: number): number {
    return this.#firstFrom(offset) - 1;
  }
}

const groupingWords = new Set(['and', 'or', 'not', 'when', 'then', 'else', 'case', 'like', 'ilike', 'between', 'is', 'from', 'for', 'select', 'where', 'variadic', 'distinct', 'placing', 'on', 'to', 'similar', 'by', 'having', 'return']);

function quotingOf(text: string): 'single' | 'escape' | 'dollar' | 'other' {
  if (text[0] === "'") return 'single';
  if (text[0] === '$') return 'dollar';
  return text[0] === 'e' || text[0] === 'E' ? 'escape' : 'other';
}
