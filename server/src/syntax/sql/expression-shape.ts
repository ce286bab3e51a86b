import type { Node } from '@pgsql/types';
import type { Expression } from './expression.ts';

/** The operands of an expression as one text, by which two parsers can be compared. Spans do not take part. */
export function shapeOf(expression: Expression): string {
  switch (expression.kind) {
    case 'literal': return `'${expression.value}'`;
    case 'number': return '#';
    case 'null': return 'null';
    case 'concat': return `||(${expression.parts.map(shapeOf).join(',')})`;
    case 'call': return `${plain(expression.name.split('.'))}(${expression.args.map(shapeOf).join(',')}${expression.variadic ? '*' : ''})`;
    case 'reference': return `@${plain(expression.path)}`;
    case 'parameter': return `$${expression.number}`;
    case 'cast': return `::${shapeOf(expression.operand)}`;
    case 'case': return `case(${expression.results.map(shapeOf).join(',')})`;
    case 'other': return '?';
  }
}

/** PostgreSQL was asked with a name in place of each template. */
function plain(path: readonly string[]): string {
  return path.map((name) => (/^[@{$#<]/.test(name) ? 'x'.repeat(name.length) : name)).join('.');
}

/** The same of PostgreSQL's tree. */
export function shapeOfNode(node: Node | undefined): string {
  if (node === undefined) return '?';
  if ('A_Const' in node) return shapeOfConstant(node.A_Const);
  if ('A_Expr' in node) return shapeOfOperator(node);
  if ('ColumnRef' in node) return shapeOfReference(node.ColumnRef.fields ?? []);
  if ('ParamRef' in node) return `$${node.ParamRef.number ?? 0}`;
  if ('TypeCast' in node) return `::${shapeOfNode(node.TypeCast.arg)}`;
  if ('CollateClause' in node) return shapeOfNode(node.CollateClause.arg);
  if ('NamedArgExpr' in node) return shapeOfNode(node.NamedArgExpr.arg);
  if ('CoalesceExpr' in node) return `coalesce(${shapes(node.CoalesceExpr.args)})`;
  if ('MinMaxExpr' in node) return `${node.MinMaxExpr.op === 'IS_LEAST' ? 'least' : 'greatest'}(${shapes(node.MinMaxExpr.args)})`;
  if ('SQLValueFunction' in node) return shapeOfValueFunction(node.SQLValueFunction.op);
  if ('CaseExpr' in node) return shapeOfCase(node.CaseExpr);
  if ('FuncCall' in node) {
    const { funcname = [], args, func_variadic, agg_star } = node.FuncCall;
    const path = names(funcname);
    const name = (path[0] === 'pg_catalog' ? path.slice(1) : path).join('.');
    if (name === 'extract') return '?';
    return `${sqlNames.get(name) ?? name}(${agg_star === true ? '?' : shapes(args)}${func_variadic === true ? '*' : ''})`;
  }
  return '?';
}

/** `trim(x)` is pg_catalog.btrim, and so on. */
const sqlNames = new Map([['btrim', 'trim']]);

type Of<K extends string> = Extract<Node, Record<K, unknown>> extends Record<K, infer V> ? V : never;

function shapeOfConstant(constant: Of<'A_Const'>): string {
  if (constant.isnull === true) return 'null';
  if (constant.sval !== undefined) return `'${constant.sval.sval ?? ''}'`;
  return constant.ival !== undefined || constant.fval !== undefined ? '#' : '?';
}

function shapeOfOperator(node: Node): string {
  const parts = operandsOf(node);
  if (parts !== undefined) return `||(${parts.map(shapeOfNode).join(',')})`;
  const expression = 'A_Expr' in node ? node.A_Expr : undefined;
  if (expression?.kind === 'AEXPR_NULLIF') return `nullif(${shapes([expression.lexpr!, expression.rexpr!])})`;
  return '?';
}

/** The operands of `||`, of all of them in a row. */
function operandsOf(node: Node | undefined): Node[] | undefined {
  if (node === undefined || !('A_Expr' in node)) return undefined;
  const { kind, name = [], lexpr, rexpr } = node.A_Expr;
  if (kind !== 'AEXPR_OP' || names(name).at(-1) !== '||' || lexpr === undefined || rexpr === undefined) return undefined;
  return [...(operandsOf(lexpr) ?? [lexpr]), ...(operandsOf(rexpr) ?? [rexpr])];
}

function shapeOfReference(fields: readonly Node[]): string {
  return fields.some((field) => 'A_Star' in field) ? '?' : `@${names(fields).join('.')}`;
}

function shapeOfCase({ args = [], defresult }: Of<'CaseExpr'>): string {
  const results = args.map((arm) => ('CaseWhen' in arm ? shapeOfNode(arm.CaseWhen.result) : '?'));
  if (defresult !== undefined) results.push(shapeOfNode(defresult));
  return `case(${results.join(',')})`;
}

function shapeOfValueFunction(operation: string | undefined): string {
  return `${(operation ?? '').replace('SVFOP_', '').toLowerCase()}()`;
}

function shapes(nodes: readonly Node[] | undefined): string {
  return (nodes ?? []).map(shapeOfNode).join(',');
}

function names(nodes: readonly Node[]): string[] {
  return nodes.map((node) => ('String' in node ? node.String.sval ?? '' : '?'));
}
