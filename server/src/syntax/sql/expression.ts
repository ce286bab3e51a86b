import type { Span } from '../../text.ts';

/** One SQL expression, as far as dynamic SQL needs it. Spans are UTF-16 offsets into the expression's text and include outer parentheses. */
export type Expression =
  /** A string constant; `value` is decoded. */
  | { readonly kind: 'literal'; readonly span: Span; readonly value: string; readonly quoting: 'single' | 'escape' | 'dollar' | 'other' }
  | { readonly kind: 'number'; readonly span: Span }
  | { readonly kind: 'null'; readonly span: Span }
  /** `a || b || c`, flattened. */
  | { readonly kind: 'concat'; readonly span: Span; readonly parts: readonly Expression[] }
  /** `name` in lower case unless quoted; `pg_catalog.` is removed, other schemas are kept: `app.quote`. */
  | { readonly kind: 'call'; readonly span: Span; readonly name: string; readonly nameSpan: Span; readonly args: readonly Expression[]; readonly variadic: boolean }
  /** `x`, `new.name`, `rec.field`: lower case unless quoted. */
  | { readonly kind: 'reference'; readonly span: Span; readonly path: readonly string[] }
  /** `$1` */
  | { readonly kind: 'parameter'; readonly span: Span; readonly number: number }
  /** `type` as written, lower case, `pg_catalog.` removed. */
  | { readonly kind: 'cast'; readonly span: Span; readonly operand: Expression; readonly type: string }
  | { readonly kind: 'case'; readonly span: Span; readonly results: readonly Expression[] }
  | { readonly kind: 'other'; readonly span: Span };

export interface ParsedExpression {
  readonly expression: Expression;
  /** Both parsers see the same operands. When they do not, a finding stands but no fix is offered. */
  readonly agreed: boolean;
}

/** Undefined when no parser accepts it. Never throws. */
export declare function parseExpression(text: string): ParsedExpression | undefined;
