import type { Expression } from '../../syntax/sql/expression.ts';
import type { Span } from '../../text.ts';
import type { Judgement, Step } from './judgement.ts';

/** The text of a dynamic statement, taken apart. All spans count from the start of the routine body. */
export type Piece = Text | Slot | Choice;

export interface Text {
  readonly kind: 'text';
  readonly value: string;
  readonly span: Span;
  /** In the template of format(): where the character at an index of the value stands in the source, and behind the last one where that ends. */
  readonly placeOf?: (index: number) => number | undefined;
}

/** A value that becomes part of the statement. */
export interface Slot {
  readonly kind: 'slot';
  /** The value, without the quoting call around it. */
  readonly span: Span;
  readonly expression: Expression;
  readonly judged: Judgement;
  /** quote_ident() or %I, quote_literal() or %L. */
  readonly force: 'identifier' | 'literal' | undefined;
  /** The call that quotes it or doubles its quotes, or the specifier when a template of format() quotes it. */
  readonly quoting: Span | undefined;
  /** The specifier of a template that is one literal: where it stands in the source. */
  readonly specifier: Span | undefined;
  readonly by: 'concat' | 'format';
  /** Somebody doubles the quotes by hand. */
  readonly escaped: boolean;
  /** It is a part of the template of format(), and these arguments are what a placeholder in it can take. */
  readonly given?: Judgement | undefined;
  /** A width in the specifier, as in `%-10s`. */
  readonly padded: boolean;
  /** The variables that carry the text from here to where it runs, in that order. */
  readonly through: readonly Step[];
}

/** One of several texts: the branches of CASE, the values of a variable. */
export interface Choice {
  readonly kind: 'choice';
  readonly span: Span;
  readonly branches: readonly Group[];
}

/** One expression whose text goes into the statement, or the part of it behind `q ||`. */
export interface Group {
  readonly span: Span;
  readonly pieces: readonly Piece[];
  readonly shape: 'concat' | 'format' | 'single';
  readonly agreed: boolean;
  /** Somebody tells a NULL from a text here, and every NULL in it makes it one. */
  readonly keepsNull: boolean;
  /** A call of format() that has nothing around it: its template and its arguments. */
  readonly format: { readonly template: Span; readonly args: readonly Span[] } | undefined;
}
