import type { Node } from '@pgsql/types';
import { identifierName, lex } from '../../syntax/sql/lexer.ts';
import { parsePostgres } from '../../syntax/sql/postgres.ts';
import type { NamedIn } from '../objects.ts';

/** The query of a view may read the column: by its name, or with all columns of the table. `created`: CREATE VIEW. */
export function readsColumn(created: string, table: NamedIn, column: string): boolean {
  if (!mentions(created, column)) return /\bnatural\b/i.test(created);
  const parsed = parsePostgres(created);
  return parsed.kind !== 'tree' || usesIn(parsed.node, table, column);
}

/** By its name, or with all columns; the star of `count(*)` and of a product is none of them. */
export function mentions(text: string, column: string): boolean {
  const tokens = lex(text).filter(({ kind }) => kind !== 'comment');
  const written = (i: number): string => text.slice(tokens[i]?.start, tokens[i]?.end);
  return tokens.some(({ kind }, i) => (kind === 'word' || kind === 'identifier' ? identifierName(written(i)) === column
    : written(i) === '*' && /^(select|distinct|all|,|\.)$/i.test(written(i - 1))));
}

/** As far as the aliases tell: an unqualified name may be the column of any table. */
function usesIn(query: Node, table: NamedIn, column: string): boolean {
  const aliases = new Set<string>();
  for (const node of nodesIn(query)) if ('RangeVar' in node) addAlias(aliases, node, table);
  // It had another name when the view was made.
  if (aliases.size === 0) return true;
  const isOurs = (qualifiers: readonly string[]): boolean => qualifiers.length === 0 || aliases.has(qualifiers.at(-1)!);
  for (const node of nodesIn(query)) {
    if ('ColumnRef' in node) {
      const names = (node.ColumnRef.fields ?? []).map((field) => ('String' in field ? field.String.sval ?? '' : '*'));
      if (names.at(-1) === column && isOurs(names.slice(0, -1))) return true;
    } else if ('SelectStmt' in node) {
      const { targetList = [], fromClause = [] } = node.SelectStmt;
      const own = new Set<string>();
      for (const item of fromClause) addJoined(own, item, table);
      for (const target of targetList) {
        if (!('ResTarget' in target) || !target.ResTarget.val || !('ColumnRef' in target.ResTarget.val)) continue;
        const names = (target.ResTarget.val.ColumnRef.fields ?? []).map((field) => ('String' in field ? field.String.sval ?? '' : '*'));
        if (names.at(-1) === '*' && (names.length === 1 ? own.size > 0 : own.has(names.at(-2)!))) return true;
      }
    } else if ('JoinExpr' in node) {
      const { isNatural, usingClause = [] } = node.JoinExpr;
      if (isNatural || usingClause.some((one) => 'String' in one && one.String.sval === column)) return true;
    }
  }
  return false;
}

function addAlias(aliases: Set<string>, node: Extract<Node, { RangeVar: unknown }>, table: NamedIn): void {
  const { relname, schemaname, alias } = node.RangeVar;
  if (relname === table.name && (schemaname === undefined || table.schema === undefined || schemaname === table.schema)) aliases.add(alias?.aliasname ?? relname);
}

/** The tables of FROM, not those of its queries. */
function addJoined(aliases: Set<string>, node: Node | undefined, table: NamedIn): void {
  if (!node) return;
  if ('RangeVar' in node) addAlias(aliases, node, table);
  if (!('JoinExpr' in node)) return;
  addJoined(aliases, node.JoinExpr.larg, table);
  addJoined(aliases, node.JoinExpr.rarg, table);
}

function* nodesIn(value: unknown): Iterable<Node> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield value as Node;
  for (const part of Object.values(value)) yield* nodesIn(part);
}
