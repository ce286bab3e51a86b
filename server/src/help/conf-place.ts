import { decodeString, lexLine, type Lexeme } from '../syntax/conf-tokens.ts';
import type { Span } from '../text.ts';

/** What the cursor stands on in a line of postgresql.conf; the line may be half written. */
export type ConfPlace = NamePlace | ValuePlace;

export interface NamePlace {
  readonly kind: 'name';
  readonly word: Span;
  /** Nothing but a comment stands behind the name. */
  readonly alone: boolean;
}

export interface ValuePlace {
  readonly kind: 'value';
  readonly name: string;
  /** The value, or the entry of a list in quotes, without the quotes and the blanks around it. */
  readonly word: Span;
  readonly quotes: 'none' | 'closed' | 'open';
  /** The whole value without quotes, as far as it is written. */
  readonly value: string;
}

/** Undefined in comments and where nothing can be written. */
export function confPlaceAt(text: string, offset: number): ConfPlace | undefined {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const newline = text.indexOf('\n', offset);
  const { lexemes, comment } = lexLine(text, start, newline < 0 ? text.length : newline);
  if (comment !== undefined && offset > comment.start) return undefined;

  const [name, ...rest] = lexemes;
  if (name === undefined || offset < name.span.start) return { kind: 'name', word: { start: offset, end: offset }, alone: name === undefined };
  if (offset <= name.span.end) return isWord(name) ? { kind: 'name', word: name.span, alone: rest.length === 0 } : undefined;
  if (name.kind !== 'id' && name.kind !== 'qualified') return undefined;

  const equals = rest[0]?.kind === 'equals' ? rest[0] : undefined;
  if (equals !== undefined && offset < equals.span.end) return undefined;
  return valuePlace(text, offset, text.slice(name.span.start, name.span.end), rest[equals === undefined ? 0 : 1]);
}

function valuePlace(text: string, offset: number, name: string, value: Lexeme | undefined): ValuePlace | undefined {
  if (value === undefined || offset < value.span.start) return { kind: 'value', name, word: { start: offset, end: offset }, quotes: 'none', value: '' };
  const { start, end } = value.span;
  const open = value.kind === 'bad' && text[start] === "'";
  if (value.kind === 'string' || open) {
    const last = open ? offset : end - 1;
    if (offset <= start || offset > last) return undefined;
    const inside = { start: start + 1, end: last };
    return { kind: 'value', name, word: entryAt(text, inside, offset), quotes: open ? 'open' : 'closed', value: decodeString(`'${text.slice(inside.start, inside.end)}'`) };
  }
  if (offset > end || value.kind === 'bad') return undefined;
  return { kind: 'value', name, word: value.span, quotes: 'none', value: text.slice(start, end) };
}

/** What stands between the commas around the cursor. */
function entryAt(text: string, { start, end }: Span, offset: number): Span {
  let from = Math.max(start, text.lastIndexOf(',', offset - 1) + 1);
  const comma = text.indexOf(',', offset);
  let to = comma < 0 ? end : Math.min(comma, end);
  while (from < offset && text[from] === ' ') from++;
  while (to > offset && text[to - 1] === ' ') to--;
  return { start: from, end: to };
}

function isWord({ kind }: Lexeme): boolean {
  return kind === 'id' || kind === 'qualified' || kind === 'unquoted';
}
