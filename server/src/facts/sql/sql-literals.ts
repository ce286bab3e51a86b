import type { Decoded } from '../../syntax/decoded.ts';
import type { Token } from '../../syntax/sql/lexer.ts';
import { decodeWithPlaces } from '../../syntax/sql/literals.ts';
import type { Span } from '../../text.ts';
import type { SqlCommand } from './sql-commands.ts';

/** A string constant of a command, with its quotes. */
export interface Literal extends Span {
  readonly value: string;
  /** As written. */
  readonly text: string;
}

/** The constant that a token is; undefined for anything else, for bit strings and for one without an end. */
export function literalOf(token: Token | undefined, text: string): Literal | undefined {
  if (token === undefined || (token.kind !== 'string' && token.kind !== 'dollar') || token.unterminated) return undefined;
  const written = text.slice(token.start, token.end);
  return /^[bx]'/i.test(written) ? undefined : { value: decodeWithPlaces(written).value, text: written, start: token.start, end: token.end };
}

/** The characters of a constant, each with its place in the file. */
export function inFile(command: SqlCommand, literal: Literal): Decoded {
  const { value, starts, ends } = decodeWithPlaces(literal.text);
  const places = starts.map((start, i) => command.inFile({ start: literal.start + start, end: literal.start + ends[i]! }));
  const close = literal.end - (literal.text.startsWith('$') ? literal.text.indexOf('$', 1) + 1 : 1);
  return { text: value, starts: places.map(({ start }) => start), ends: places.map(({ end }) => end), end: command.inFile({ start: close, end: close }).start };
}

/** Text as it has to be written in a constant of a command that begins with `tag`; undefined when it cannot be written there. */
export function quoteIn(command: Pick<SqlCommand, 'quote'>, tag: string, text: string): string | undefined {
  if (tag.startsWith('$')) return text.includes(tag) || text.endsWith('$') ? undefined : command.quote(text);
  if (tag === "'") return command.quote(text.replaceAll("'", "''"));
  return /^e'$/i.test(tag) ? command.quote(text.replaceAll('\\', '\\\\').replaceAll("'", "''")) : undefined;
}
