import type { Node, SelectStmt } from '@pgsql/types';
import { lex } from '../../syntax/sql/lexer.ts';
import { parsePostgres } from '../../syntax/sql/postgres.ts';
import { Cursor } from '../sql/cursor.ts';
import { catalogs, type CatalogName } from './catalogs.ts';
import { nodeValue, type Constants, type Value } from './constant-value.ts';

/** A query of catalogs, or of constants, whose rows can be known. */
export interface CatalogQuery {
  /** What UNION puts together. */
  readonly parts: readonly QueryPart[];
}

export interface QueryPart {
  readonly source: Source;
  readonly where: readonly Node[];
  /** What is selected, by the names of the result; undefined: everything. */
  readonly targets: readonly Target[] | undefined;
  readonly distinct: boolean;
  /** Variables of the block in which the query stands. */
  readonly constants: Constants;
}

export interface Target {
  readonly name: string;
  readonly value: Node;
}

export type Source =
  /** `schemas`: what `pg_namespace` is called when it is joined. `nothing`: what is joined only to find what is missing there. */
  | { readonly kind: 'catalog'; readonly catalog: CatalogName; readonly alias: string; readonly schemas: string | undefined; readonly nothing: readonly string[] }
  | { readonly kind: 'constants'; readonly alias: string; readonly columns: readonly string[]; readonly rows: readonly (readonly Value[])[] };

/** Undefined for any other query. */
export function readCatalogQuery(text: string, constants: Constants): CatalogQuery | undefined {
  if (text.length > longestQuery || !/\b(?:pg_\w+|information_schema|unnest|values|regexp_split_to_table)\b/i.test(text)) return undefined;
  const parsed = parsePostgres(withoutParentheses(text));
  if (parsed.kind !== 'tree' || !('SelectStmt' in parsed.node)) return undefined;
  const parts = readParts(parsed.node.SelectStmt, constants);
  return parts && { parts };
}

const longestQuery = 20_000;

function withoutParentheses(text: string): string {
  const cursor = new Cursor(text, lex(text, 'body'));
  if (cursor.here() !== '(') return text;
  cursor.skip();
  return cursor.done ? cursor.between(1, cursor.tokens.length - 1).rest() : text;
}

function readParts(select: SelectStmt, constants: Constants): readonly QueryPart[] | undefined {
  const { op, all, larg, rarg, limitCount, limitOffset, withClause, intoClause } = select;
  if (limitCount || limitOffset || withClause || intoClause) return undefined;
  if (op === 'SETOP_NONE') {
    const part = readPart(select, constants);
    return part && [part];
  }
  const [left, right] = op === 'SETOP_UNION' && larg && rarg ? [readParts(larg, constants), readParts(rarg, constants)] : [];
  return left && right && [...left, ...right].map((part) => ({ ...part, distinct: part.distinct || !all }));
}

function readPart(select: SelectStmt, constants: Constants): QueryPart | undefined {
  const { targetList = [], fromClause = [], whereClause, distinctClause, groupClause, havingClause, valuesLists } = select;
  if (havingClause || valuesLists) return undefined;
  if (fromClause.length === 0) return readUnnested(targetList, constants);
  const where: Node[] = whereClause ? [whereClause] : [];
  const source = readSource(fromClause, where, constants);
  const targets = targetList.map(readTarget);
  const isAll = targets.length === 1 && targets[0] === undefined;
  if (!source || (!isAll && !targets.every((target) => target !== undefined))) return undefined;
  return { source, where, targets: isAll ? undefined : targets as Target[], distinct: distinctClause !== undefined || groupClause !== undefined, constants };
}

/** Undefined for `*`. */
function readTarget(target: Node): Target | undefined {
  const { name, val } = 'ResTarget' in target ? target.ResTarget : {};
  if (!val || ('ColumnRef' in val && val.ColumnRef.fields?.some((field) => 'A_Star' in field))) return undefined;
  return { name: name ?? nameOf(val), value: val };
}

function nameOf(value: Node): string {
  const last = (nodes: readonly Node[] | undefined): string => {
    const node = nodes?.at(-1);
    return node && 'String' in node ? node.String.sval ?? '' : '';
  };
  if ('ColumnRef' in value) return last(value.ColumnRef.fields);
  if ('FuncCall' in value) return last(value.FuncCall.funcname);
  if ('CaseExpr' in value) return 'case';
  if (!('TypeCast' in value)) return '?column?';
  const inner = value.TypeCast.arg ? nameOf(value.TypeCast.arg) : '?column?';
  return inner === '?column?' ? last(value.TypeCast.typeName?.names) : inner;
}

/** The conditions of joins are added to `where`. */
function readSource(from: readonly Node[], where: Node[], constants: Constants): Source | undefined {
  const tables: { readonly name: string; readonly alias: string }[] = [];
  const nothing: string[] = [];
  const walk = (node: Node): boolean => {
    if ('RangeVar' in node) {
      const { schemaname, relname = '', alias } = node.RangeVar;
      tables.push({ name: schemaname === 'information_schema' ? `information_schema.${relname}` : relname, alias: alias?.aliasname ?? relname });
      return schemaname === undefined || schemaname === 'information_schema' || schemaname === 'pg_catalog';
    }
    if (!('JoinExpr' in node)) return false;
    const { jointype, larg, rarg, quals, usingClause, isNatural } = node.JoinExpr;
    if (!larg || !rarg || usingClause || isNatural) return false;
    if (jointype === 'JOIN_LEFT' && 'RangeVar' in rarg && /^pg_(?:depend|extension)$/.test(rarg.RangeVar.relname ?? '')) {
      nothing.push(rarg.RangeVar.alias?.aliasname ?? rarg.RangeVar.relname ?? '');
      return walk(larg);
    }
    if (jointype !== 'JOIN_INNER') return false;
    if (quals) where.push(quals);
    return walk(larg) && walk(rarg);
  };
  const [only] = from;
  if (from.length === 1 && only && !('RangeVar' in only) && !('JoinExpr' in only)) return readConstants(only, constants);
  if (!from.every(walk)) return undefined;
  const schemas = tables.length > 1 ? tables.find(({ name }) => name === 'pg_namespace') : undefined;
  const [main, ...others] = tables.filter((table) => table !== schemas);
  if (!main || others.length > 0 || !Object.hasOwn(catalogs, main.name)) return undefined;
  return { kind: 'catalog', catalog: main.name as CatalogName, alias: main.alias, schemas: schemas?.alias, nothing };
}

/** `SELECT unnest(ARRAY[…]) AS name` */
function readUnnested([target, ...others]: readonly Node[], constants: Constants): QueryPart | undefined {
  const { name, val } = target && 'ResTarget' in target ? target.ResTarget : {};
  const list = others.length === 0 && val ? unnested(val, constants) : undefined;
  return list && { source: { kind: 'constants', alias: '', columns: [name ?? 'unnest'], rows: list }, where: [], targets: undefined, distinct: false, constants };
}

function unnested(node: Node, constants: Constants): readonly (readonly Value[])[] | undefined {
  const { funcname = [], args = [] } = 'FuncCall' in node ? node.FuncCall : {};
  const name = funcname.at(-1);
  const list = name && 'String' in name && name.String.sval === 'unnest' && args.length === 1 ? nodeValue(args[0], constants) : undefined;
  return Array.isArray(list) ? (list as readonly Value[]).map((one) => [one]) : undefined;
}

/** `unnest(ARRAY[…]) AS t(name)`, `(VALUES (…), (…)) AS t(a, b)` */
function readConstants(node: Node, constants: Constants): Source | undefined {
  const { alias } = 'RangeFunction' in node ? node.RangeFunction : 'RangeSubselect' in node ? node.RangeSubselect : {};
  const columns = (alias?.colnames ?? []).map((name) => ('String' in name ? name.String.sval ?? '' : ''));
  if ('RangeFunction' in node) {
    const [items] = node.RangeFunction.functions ?? [];
    const [call] = items && 'List' in items ? items.List.items ?? [] : [];
    const rows = call && unnested(call, constants);
    if (!rows) return undefined;
    const called = alias?.aliasname ?? 'unnest';
    return { kind: 'constants', alias: called, columns: columns.length > 0 ? columns : [called], rows };
  }
  const { valuesLists } = 'RangeSubselect' in node && node.RangeSubselect.subquery && 'SelectStmt' in node.RangeSubselect.subquery ? node.RangeSubselect.subquery.SelectStmt : {};
  const rows = valuesLists?.map((row) => ('List' in row ? row.List.items ?? [] : []).map((one) => nodeValue(one, constants)));
  if (!rows?.every((row) => row.every((value) => value !== undefined))) return undefined;
  return { kind: 'constants', alias: alias?.aliasname ?? '', columns: (rows[0] ?? []).map((_, i) => columns[i] ?? `column${i + 1}`), rows: rows as Value[][] };
}
