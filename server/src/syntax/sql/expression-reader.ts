import type { Expr, ExprBinary, ExprCall, ExprMember, NodeLocation } from 'pgsql-ast-parser';
import type { Span } from '../../text.ts';
import type { Expression } from './expression.ts';
import { ExpressionText } from './expression-text.ts';
import { build, type Chain } from './precedence.ts';
import type { Normal } from './normalise.ts';

/** Turns the tree of pgsql-ast-parser into ours. All names and values are taken from the original text. */
export function readExpression(tree: Expr, text: string, normal: Normal): Expression {
  return new Reader(new ExpressionText(text, normal.tokens), normal).read(tree);
}

class Reader {
  readonly #text: ExpressionText;
  readonly #normal: Normal;

  constructor(text: ExpressionText, normal: Normal) {
    this.#text = text;
    this.#normal = normal;
  }

  read(node: Expr): Expression {
    const span = this.#spanOf(node);
    switch (node.type) {
      case 'string': return this.#text.literal(this.#location(node), span);
      case 'integer': case 'numeric': return { kind: 'number', span };
      case 'null': return { kind: 'null', span };
      case 'parameter': return { kind: 'parameter', span, number: Number(node.name.slice(1)) };
      case 'ref': return node.name === '*' ? { kind: 'other', span } : this.#text.reference(this.#location(node), span);
      case 'keyword': return this.#text.keyword(this.#location(node), span);
      case 'cast': {
        const type = this.#text.type(this.#text.balanced(this.#location(node.to)));
        return { kind: 'cast', span, operand: this.read(node.operand), type };
      }
      case 'case': {
        const results = node.whens.map((arm) => this.read(arm.value));
        return { kind: 'case', span, results: node.else ? [...results, this.read(node.else)] : results };
      }
      case 'call': return this.#call(node, span);
      case 'substring': return this.#special('substring', [node.value, node.from, node.for], node, span);
      case 'overlay': return this.#special('overlay', [node.value, node.placing, node.from, node.for], node, span);
      case 'binary': case 'member': return build(this.#chain(node), span);
      case 'select': case 'union': case 'union all': case 'with': case 'with recursive': case 'values': return { kind: 'other', span: this.#text.query(span) };
      default: return { kind: 'other', span };
    }
  }

  #call(node: ExprCall, span: Span): Expression {
    const nameSpan = this.#location(node.function);
    const args = node.args.map((arg) => this.read(arg));
    const last = args.at(-1);
    const variadic = last !== undefined && this.#text.before(last.span.start, this.#normal.variadic);
    return { kind: 'call', span, name: this.#text.functionName(nameSpan), nameSpan, args, variadic };
  }

  #special(name: string, args: readonly (Expr | null | undefined)[], node: Expr, span: Span): Expression {
    const { start } = this.#location(node);
    const read = args.flatMap((arg) => (arg ? [this.read(arg)] : []));
    return { kind: 'call', span, name, nameSpan: { start, end: start + name.length }, args: read, variadic: false };
  }

  /** The operands and operators of one level of parentheses in order; which belong together is PostgreSQL's to say. */
  #chain(node: ExprBinary | ExprMember): Chain {
    const left = this.#operand(node.type === 'binary' ? node.left : node.operand);
    const right = node.type === 'binary' ? this.#operand(node.right) : this.#member(node, left);
    const sign = node.type === 'binary' && node.opSchema !== undefined ? 'operator' : node.op.toLowerCase();
    const operator = node.type === 'binary' && sign === 'operator' && node.op === '||' ? 'operator||' : sign;
    return { operands: [...left.operands, ...right.operands], operators: [...left.operators, operator, ...right.operators] };
  }

  #operand(node: Expr): Chain {
    const isChain = node.type === 'binary' || node.type === 'member';
    if (isChain && !this.#isEnclosed(node)) return this.#chain(node);
    return { operands: [this.read(node)], operators: [] };
  }

  /** What stands behind `->` is a constant, for which the parser gives no place. */
  #member(node: ExprMember, left: Chain): Chain {
    const end = this.#location(node).end;
    const from = left.operands.at(-1)!.span.end;
    return { operands: [{ kind: 'other', span: this.#text.operandBehindOperator(from, end) }], operators: [] };
  }

  #isEnclosed(node: Expr): boolean {
    const { start, end } = this.#text.balanced(this.#location(node));
    return this.#text.enclosed({ start, end }).start < start;
  }

  #spanOf(node: Expr): Span {
    return this.#text.enclosed(this.#text.balanced(this.#location(node)));
  }

  #location(node: { _location?: NodeLocation }): Span {
    if (node._location === undefined) throw new Error('a node without a place');
    return { start: node._location.start, end: node._location.end };
  }
}
