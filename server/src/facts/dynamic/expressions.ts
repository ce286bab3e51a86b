import type { Expression, ParsedExpression } from '../../syntax/sql/expression.ts';
import { parseExpression } from '../../syntax/sql/expression.ts';
import { shift, type Span } from '../../text.ts';

/** The expressions of one body, each read once: the value of a variable is asked for at every place that it can come to. */
export class Expressions {
  readonly #text: string;
  readonly #known = new Map<Span, ParsedExpression | undefined>();

  constructor(text: string) {
    this.#text = text;
  }

  /** Its spans count from the start of the body; undefined when no parser accepts it. */
  at(span: Span): ParsedExpression | undefined {
    if (this.#known.has(span)) return this.#known.get(span);
    const parsed = parseExpression(this.#text.slice(span.start, span.end));
    const read = parsed && { expression: relocate(parsed.expression, span.start), agreed: parsed.agreed };
    this.#known.set(span, read);
    return read;
  }
}

function relocate(expression: Expression, by: number): Expression {
  const span = shift(expression.span, by);
  switch (expression.kind) {
    case 'concat': return { kind: 'concat', span, parts: expression.parts.map((part) => relocate(part, by)) };
    case 'call': return { ...expression, span, nameSpan: shift(expression.nameSpan, by), args: expression.args.map((argument) => relocate(argument, by)) };
    case 'cast': return { kind: 'cast', span, operand: relocate(expression.operand, by), type: expression.type };
    case 'case': return { kind: 'case', span, results: expression.results.map((result) => relocate(result, by)) };
    case 'literal': return { kind: 'literal', span, value: expression.value, quoting: expression.quoting };
    case 'reference': return { kind: 'reference', span, path: expression.path };
    default: return { ...expression, span };
  }
}
