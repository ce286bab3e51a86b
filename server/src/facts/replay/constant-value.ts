import type { A_Expr, FuncCall, Node, TypeName } from '@pgsql/types';
import { Lru } from '../../syntax/sql/lru.ts';
import { parsePostgres } from '../../syntax/sql/postgres.ts';
import { calledWith, quotedWith } from './constant-functions.ts';

/** What an expression yields: a text, also for numbers and names, a truth, NULL, or an array. */
export type Value = string | boolean | null | readonly Value[];

/** Variables whose values are known, by name: `r.name` for a field, `$1` for a parameter. */
export type Constants = ReadonlyMap<string, Value>;

/** Undefined when more than constants is in it. */
export function valueOf(text: string, constants: Constants): Value | undefined {
  const node = text.length > maximumLength || text.trim() === '' ? undefined : expressions.get(text, (own) => ({ node: readNode(own) })).node;
  return node && nodeValue(node, constants);
}

const maximumLength = 20_000;
const expressions = new Lru<{ readonly node: Node | undefined }>(2_000, 2_000_000);

function readNode(text: string): Node | undefined {
  const parsed = parsePostgres(`SELECT ${text}`);
  if (parsed.kind !== 'tree' || !('SelectStmt' in parsed.node)) return undefined;
  const { targetList = [], limitOption: _limit, op: _op, ...others } = parsed.node.SelectStmt;
  const [target] = targetList;
  return target && targetList.length === 1 && 'ResTarget' in target && Object.keys(others).length === 0 ? target.ResTarget.val : undefined;
}

/** The value of an expression that PostgreSQL's parser has read. */
export function nodeValue(node: Node | undefined, constants: Constants): Value | undefined {
  if (!node) return undefined;
  const all = (nodes: readonly Node[] = []): readonly Value[] | undefined => {
    const values = nodes.map((one) => nodeValue(one, constants));
    return values.every((value) => value !== undefined) ? values : undefined;
  };
  if ('A_Const' in node) {
    const { sval, ival, fval, boolval, isnull } = node.A_Const;
    if (isnull) return null;
    if (sval) return sval.sval ?? '';
    if (fval) return fval.fval ?? '';
    if (boolval) return boolval.boolval ?? false;
    return ival ? String(ival.ival ?? 0) : undefined;
  }
  if ('ColumnRef' in node) return constants.get((node.ColumnRef.fields ?? []).map((field) => ('String' in field ? field.String.sval ?? '' : '*')).join('.'));
  if ('ParamRef' in node) return constants.get(`$${node.ParamRef.number ?? 0}`);
  if ('TypeCast' in node) return castTo(nodeValue(node.TypeCast.arg, constants), node.TypeCast.typeName);
  if ('A_ArrayExpr' in node) return all(node.A_ArrayExpr.elements);
  if ('BoolExpr' in node) {
    const truths = (node.BoolExpr.args ?? []).map((one) => truthOf(nodeValue(one, constants)));
    if (node.BoolExpr.boolop === 'NOT_EXPR') return typeof truths[0] === 'boolean' ? !truths[0] : truths[0];
    const decisive = node.BoolExpr.boolop === 'OR_EXPR';
    return truths.includes(decisive) ? decisive : truths.includes(undefined) ? undefined : truths.includes(null) ? null : !decisive;
  }
  if ('NullTest' in node) {
    const value = nodeValue(node.NullTest.arg, constants);
    return value === undefined ? undefined : (value === null) === (node.NullTest.nulltesttype === 'IS_NULL');
  }
  if ('BooleanTest' in node) {
    const value = truthOf(nodeValue(node.BooleanTest.arg, constants));
    const test = node.BooleanTest.booltesttype ?? '';
    if (value === undefined) return undefined;
    return (value === (/TRUE$/.test(test) ? true : /FALSE$/.test(test) ? false : null)) !== /^IS_NOT/.test(test);
  }
  if ('CoalesceExpr' in node) {
    const values = (node.CoalesceExpr.args ?? []).map((one) => nodeValue(one, constants));
    const first = values.findIndex((value) => value !== null);
    return first < 0 ? null : values[first];
  }
  if ('CaseExpr' in node) {
    const { arg, args = [], defresult } = node.CaseExpr;
    const sought = arg && nodeValue(arg, constants);
    for (const one of args) {
      if (!('CaseWhen' in one)) return undefined;
      const found = nodeValue(one.CaseWhen.expr, constants);
      const holds = arg ? equal(sought, found) : truthOf(found);
      if (holds === undefined) return undefined;
      if (holds) return nodeValue(one.CaseWhen.result, constants);
    }
    return defresult ? nodeValue(defresult, constants) : null;
  }
  if ('SubLink' in node) return node.SubLink.subLinkType === 'EXISTS_SUBLINK' && asksExtensions(node.SubLink.subselect) ? false : undefined;
  if ('A_Expr' in node) return operation(node.A_Expr, constants);
  if ('FuncCall' in node) return calledValue(node.FuncCall, constants);
  return undefined;
}

/** What files create belongs to no extension. */
function asksExtensions(query: Node | undefined): boolean {
  const [from] = query && 'SelectStmt' in query ? query.SelectStmt.fromClause ?? [] : [];
  const first = from && 'JoinExpr' in from ? from.JoinExpr.larg : from;
  return first !== undefined && 'RangeVar' in first && first.RangeVar.relname === 'pg_depend';
}

/** A text that stands for one counts where a truth is asked for. */
export function truthOf(value: Value | undefined): boolean | null | undefined {
  if (typeof value !== 'string') return typeof value === 'object' && value !== null ? undefined : value;
  return /^(t|true|y|yes|on|1)$/i.test(value) ? true : /^(f|false|n|no|off|0)$/i.test(value) ? false : undefined;
}

/** As text where it becomes part of one. */
export function textOf(value: Value | undefined): string | undefined {
  return typeof value === 'string' ? value : typeof value === 'boolean' ? String(value) : undefined;
}

function castTo(value: Value | undefined, type: TypeName | undefined): Value | undefined {
  const names = type?.names ?? [];
  const last = names.at(-1);
  const name = last && 'String' in last ? last.String.sval : undefined;
  if (typeof value === 'string' && (type?.arrayBounds ?? []).length > 0) return arrayOf(value);
  // Which schema it means depends on the path.
  if (name === 'regclass' && typeof value === 'string' && !value.includes('.')) return undefined;
  return name === 'bool' ? truthOf(value) : value;
}

/** `{a,"b c"}`; undefined when it holds NULL, other arrays, or commas and escapes in its elements. */
export function arrayOf(written: string): readonly string[] | undefined {
  if (/^\s*\{\s*\}\s*$/.test(written)) return [];
  const elements = /^\s*\{([^{}\\]+)\}\s*$/.exec(written)?.[1]?.split(',').map((one) => one.trim());
  return elements?.every((one) => /^(?:"[^"]*"|[^"]+)$/.test(one) && !/^null$/i.test(one)) ? elements.map((one) => one.replaceAll('"', '')) : undefined;
}

function operation({ kind, name = [], lexpr, rexpr }: A_Expr, constants: Constants): Value | undefined {
  const last = name.at(-1);
  const sign = last && 'String' in last ? last.String.sval ?? '' : '';
  const left = lexpr && nodeValue(lexpr, constants);
  if (left === undefined) return undefined;
  if (kind === 'AEXPR_IN') {
    const items = rexpr && 'List' in rexpr ? rexpr.List.items ?? [] : [];
    return isAnyOf(left, items.map((one) => nodeValue(one, constants)), sign === '<>');
  }
  const right = nodeValue(rexpr, constants);
  if (right === undefined) return undefined;
  switch (kind) {
    case 'AEXPR_OP': return /^!?~\*?$/.test(sign) ? matches(sign, left, right) : calculated(sign, left, right);
    case 'AEXPR_OP_ANY': return sign === '=' && Array.isArray(right) ? isAnyOf(left, right as readonly Value[], false) : undefined;
    case 'AEXPR_OP_ALL': return sign === '<>' && Array.isArray(right) ? isAnyOf(left, right as readonly Value[], true) : undefined;
    case 'AEXPR_DISTINCT': return differs(left, right);
    case 'AEXPR_NOT_DISTINCT': return !differs(left, right);
    case 'AEXPR_NULLIF': return equal(left, right) === true ? null : left;
    case 'AEXPR_LIKE': case 'AEXPR_ILIKE': {
      if (typeof left !== 'string' || typeof right !== 'string') return left === null || right === null ? null : undefined;
      return likePattern(right, kind === 'AEXPR_ILIKE').test(left) !== sign.startsWith('!');
    }
    default: return undefined;
  }
}

/** The pattern of LIKE. */
export function likePattern(like: string, anyCase = false): RegExp {
  return new RegExp(`^${like.replace(/\\(.)|[%_]|[^%_\\]+/gs, (part, literal: string | undefined) => (
    literal ? escaped(literal) : part === '%' ? '.*' : part === '_' ? '.' : escaped(part)))}$`, anyCase ? 'is' : 's');
}

/** `~` and its siblings, for patterns that mean the same everywhere. */
function matches(sign: string, left: Value, right: Value): boolean | null | undefined {
  if (left === null || right === null) return null;
  if (typeof left !== 'string' || typeof right !== 'string' || !/^[\w.^$|()*+ -]*$/.test(right)) return undefined;
  try {
    return new RegExp(right, sign.endsWith('*') ? 'i' : '').test(left) !== sign.startsWith('!');
  } catch {
    return undefined;
  }
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function isAnyOf(sought: Value, values: readonly (Value | undefined)[], not: boolean): boolean | null | undefined {
  const found = values.map((value) => equal(sought, value));
  return found.includes(true) ? !not : found.includes(undefined) ? undefined : found.includes(null) ? null : not;
}

function calculated(sign: string, left: Value, right: Value): Value | undefined {
  if (left === null || right === null) return null;
  if (sign === '=' || sign === '<>') {
    const same = equal(left, right);
    return typeof same === 'boolean' ? same === (sign === '=') : same;
  }
  if (sign === '||') {
    if (Array.isArray(left) || Array.isArray(right)) return [...Array.isArray(left) ? left as readonly Value[] : [left], ...Array.isArray(right) ? right as readonly Value[] : [right]];
    return `${textOf(left)}${textOf(right)}`;
  }
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a === undefined || b === undefined) return undefined;
  switch (sign) {
    case '<': return a < b;
    case '>': return a > b;
    case '<=': return a <= b;
    case '>=': return a >= b;
    case '+': return String(a + b);
    case '-': return String(a - b);
    case '*': return String(a * b);
    default: return undefined;
  }
}

function numberOf(value: Value): number | undefined {
  return typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : undefined;
}

function differs(left: Value, right: Value): boolean {
  return left === null || right === null ? left !== right : equal(left, right) !== true;
}

/** NULL when one of them is. */
function equal(left: Value | undefined, right: Value | undefined): boolean | null | undefined {
  if (left === undefined || right === undefined) return undefined;
  if (left === null || right === null) return null;
  if (typeof left === 'boolean' || typeof right === 'boolean') {
    const [a, b] = [truthOf(left), truthOf(right)];
    return a === undefined || b === undefined ? undefined : a === b;
  }
  return JSON.stringify(left) === JSON.stringify(right);
}

function calledValue({ funcname = [], args = [], func_variadic: variadic, agg_order: order, over }: FuncCall, constants: Constants): Value | undefined {
  const names = funcname.map((part) => ('String' in part ? part.String.sval ?? '' : ''));
  if (names.length > 2 || (names.length === 2 && names[0] !== 'pg_catalog') || order || over) return undefined;
  const name = names.at(-1)!;
  const values = args.map((one) => nodeValue(one, constants));
  if (!variadic && /^(?:format|quote_literal|quote_nullable)$/.test(name)) return quotedWith(name, values);
  if (!values.every((value) => value !== undefined)) return undefined;
  const last = values.at(-1);
  if (!variadic) return calledWith(name, values);
  return Array.isArray(last) ? calledWith(names.at(-1)!, [...values.slice(0, -1), ...last as readonly Value[]]) : undefined;
}
