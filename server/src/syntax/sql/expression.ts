import type { Node } from '@pgsql/types';
import type { Expr } from 'pgsql-ast-parser';
import type { Span } from '../../text.ts';
import { readExpression } from './expression-reader.ts';
import { shapeOf, shapeOfNode } from './expression-shape.ts';
import { readByTokens } from './expression-tokens.ts';
import { lex } from './lexer.ts';
import { Lru } from './lru.ts';
import { normalise } from './normalise.ts';
import { expressionParser, parsePostgres } from './postgres.ts';

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
export function parseExpression(text: string): ParsedExpression | undefined {
  if (text.length > maximumLength && isLong(text)) return undefined;
  return known.get(text, (own) => ({ result: read(own) })).result;
}

/** What stands in literals costs the parsers nothing, however long it is: generated reports have queries of many pages. */
function isLong(text: string): boolean {
  if (text.length > maximumWithLiterals) return true;
  return lex(text, 'body').reduce((length, { kind, start, end }) => (kind === 'string' || kind === 'dollar' ? length + 1 : length + end - start), 0) > maximumLength;
}

/** In characters. */
const maximumLength = 20_000;
const maximumWithLiterals = 200_000;
const known = new Lru<{ readonly result: ParsedExpression | undefined }>(5_000, 4_000_000);

function read(text: string): ParsedExpression | undefined {
  const seen = askPostgres(text);
  const expression = readOperands(text);
  if (expression !== undefined) {
    return { expression, agreed: seen !== undefined && shapeOf(expression) === shapeOfNode(seen) };
  }
  return seen === undefined ? undefined : { expression: readByTokens(text), agreed: false };
}

function readOperands(text: string): Expression | undefined {
  const normal = normalise(text);
  if (normal === undefined) return undefined;
  for (const form of new Set([normal.text, normal.masked])) {
    try {
      const [tree] = expressionParser()?.parse(form, { entry: 'expr', locationTracking: true }) as unknown as readonly Expr[];
      if (tree !== undefined) return readExpression(tree, text, normal);
    } catch {
      // Not accepted in this form.
    }
  }
  return undefined;
}

const frame = 'SELECT ';

/** The tree that PostgreSQL makes of it; its locations are those in `SELECT …` and nobody looks at them. */
function askPostgres(text: string): Node | undefined {
  const parsed = parsePostgres(frame + text);
  if (parsed.kind !== 'tree' || !('SelectStmt' in parsed.node)) return undefined;
  const { targetList = [], ...others } = parsed.node.SelectStmt;
  const [target] = targetList;
  if (targetList.length !== 1 || target === undefined || !('ResTarget' in target)) return undefined;
  const isBare = Object.keys(others).every((key) => key === 'limitOption' || key === 'op');
  const { name, val } = target.ResTarget;
  return isBare && name === undefined && !isStar(val) ? val : undefined;
}

function isStar(node: Node | undefined): boolean {
  const [field] = node !== undefined && 'ColumnRef' in node ? node.ColumnRef.fields ?? [] : [];
  return field !== undefined && 'A_Star' in field;
}
