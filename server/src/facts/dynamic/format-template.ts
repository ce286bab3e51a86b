import type { Expression } from '../../syntax/sql/expression.ts';
import { shift, type Span } from '../../text.ts';
import type { Piece, Text } from './pieces.ts';

/** The first argument of format(), as far as it is known. */
export interface FormatTemplate {
  readonly value: string;
  readonly span: Span;
  /** The values that are joined into it, each where its sign stands in `value`. */
  readonly joined: ReadonlyMap<string, Piece>;
  /** Where a part of the value stands in the source; undefined when it is not written there as it is. */
  place(start: number, end: number): Span | undefined;
}

type Literal = Extract<Expression, { kind: 'literal' }>;

/** `source` is the text that the literal's span counts in. */
export function literalTemplate(literal: Literal, source: string): FormatTemplate {
  const { span, value } = literal;
  const map = placesOf(source.slice(span.start, span.end), literal);
  return { value, span, joined: new Map(), place: (start, end) => map && shift({ start: map[start]!, end: map[end]! }, span.start) };
}

export function joinedTemplate(pieces: readonly Piece[], span: Span): FormatTemplate {
  const joined = new Map<string, Piece>();
  const value = pieces.map((piece) => {
    if (piece.kind === 'text') return piece.value;
    // From the private area, where no character means anything.
    const sign = String.fromCharCode(0xe000 + joined.size);
    joined.set(sign, piece);
    return sign;
  }).join('');
  return { value, span, joined, place: () => undefined };
}

/** A stretch of the template with the values that are joined into it. */
export function piecesOf(template: FormatTemplate, start: number, end: number, percent: boolean): Piece[] {
  if (template.joined.size === 0) return [textOf(template, start, end, percent)];
  const parts = template.value.slice(start, end).split(/([\ue000-\uf8ff])/);
  const pieces = parts.map((part): Piece => template.joined.get(part) ?? { kind: 'text', value: part, span: template.span });
  return percent ? [...pieces, { kind: 'text', value: '%', span: template.span }] : pieces;
}

/** A stretch of the template, with the percent sign that `%%` behind it stands for. */
function textOf(template: FormatTemplate, start: number, end: number, percent: boolean): Text {
  const value = template.value.slice(start, end) + (percent ? '%' : '');
  // Of `%%` the value has one character.
  const placeOf = (index: number) => template.place(start + index, start + (percent && index === value.length ? index + 1 : index))?.start;
  return { kind: 'text', value, span: template.span, placeOf };
}

/** For every offset of a literal's value the offset in its source. */
function placesOf(source: string, literal: Literal): number[] | undefined {
  if (literal.quoting === 'dollar') {
    const open = source.indexOf('$', 1) + 1;
    return source.slice(open, open + literal.value.length) === literal.value ? Array.from({ length: literal.value.length + 1 }, (_, index) => open + index) : undefined;
  }
  const open = literal.quoting === 'single' ? 1 : literal.quoting === 'escape' ? 2 : 0;
  if (open === 0 || source.includes('\\')) return undefined;
  const places: number[] = [];
  let value = '';
  let at = open;
  for (; at < source.length - 1; at++) {
    places.push(at);
    value += source[at];
    if (source[at] === "'" && source[at + 1] === "'") at++;
  }
  places.push(at);
  return value === literal.value ? places : undefined;
}
