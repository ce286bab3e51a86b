import { lex } from '../../syntax/sql/lexer.ts';
import type { Group, Piece, Slot } from './pieces.ts';

/** Reads from the body and writes what stands in for a group. */
export interface Writer {
  /** The text of the body. */
  readonly source: string;
  /** A NULL has to leave nothing of what is written. */
  readonly keepsNull: boolean;
  literal(text: string): string;
}

/** Where backslashes are written so that no setting changes what they mean, that stays so. */
export function writerFor(source: string, { span, keepsNull }: Group): Writer {
  const written = source.slice(span.start, span.end);
  const careful = lex(written).some((token) => token.kind === 'dollar' || (token.kind === 'string' && /e/i.test(written[token.start]!)));
  return {
    source,
    keepsNull,
    literal(text) {
      const quoted = text.replaceAll("'", "''");
      return careful && text.includes('\\') ? `E'${quoted.replaceAll('\\', '\\\\')}'` : `'${quoted}'`;
    },
  };
}

/** A piece as it stands in the body. */
export function sourceOf(piece: Piece, source: string): string {
  return source.slice(piece.span.start, piece.span.end);
}

/** With the quoting call around it. */
export function outerSpan(piece: Piece): Piece['span'] {
  return piece.kind === 'slot' && piece.quoting && piece.specifier === undefined ? piece.quoting : piece.span;
}

/** `(a + b)::text`, `f(a)::text` */
export function castTo(argument: string, slot: Slot, type: string): string {
  const simple = /^(reference|parameter|call|cast)$/.test(slot.expression.kind) || /^\(.*\)$/s.test(argument);
  return simple ? `${argument}::${type}` : `(${argument})::${type}`;
}
