import type { FuncCall, Node } from '@pgsql/types';
import { lex } from '../../syntax/sql/lexer.ts';
import { Lru } from '../../syntax/sql/lru.ts';
import { parsePostgres, type Parsed } from '../../syntax/sql/postgres.ts';
import { Cursor, type Name } from '../sql/cursor.ts';
import { readCatalogQuery, type CatalogQuery } from './catalog-query.ts';
import { nodeValue, type Constants, type Value } from './constant-value.ts';

/** A routine that a statement runs. */
export interface Call {
  readonly name: Name;
  readonly args: readonly Argument[];
}

export interface Argument {
  /** `name => value` */
  readonly name: string | undefined;
  /** Undefined when it is not known. */
  readonly value: Value | undefined;
}

/** What SELECT, PERFORM or CALL runs. */
export interface Calls {
  /** Once for each object that the query finds; undefined: once. */
  readonly query: CatalogQuery | undefined;
  /** It depends on rows or on a condition whether it runs. */
  readonly perhaps: boolean;
  /** `row`: what the query found. */
  of(row: Constants): readonly Call[];
}

/** A statement that may call something, before it is read: most call what is PostgreSQL's own. */
export interface WrittenCalls {
  /** What may be called. */
  readonly names: readonly string[];
  read(): Calls | undefined;
}

/** `constants`: the variables whose values are known. */
export function writtenCalls(text: string, constants: Constants): WrittenCalls | undefined {
  if (!mayCall.test(text)) return undefined;
  return {
    get names() {
      return [...text.matchAll(/(?<![\w$])([\w$]+|"[^"]+")\s*\(/g)].map(([, name]) => (name!.startsWith('"') ? name!.slice(1, -1) : name!.toLowerCase()));
    },
    read: () => readCalls(text, constants),
  };
}

const mayCall = /^\s*(?:SELECT|PERFORM|CALL)\b[^(]{0,300}\(/i;

/** Undefined when the statement calls nothing, or in a way that is not read. */
function readCalls(text: string, constants: Constants): Calls | undefined {
  if (text.length > longestCall) return undefined;
  // A loop or a function that calls itself comes to the same words again and again.
  const parsed = statements.get(text, (own) => parsePostgres(own.replace(/^\s*perform\b/i, 'SELECT')));
  if (parsed.kind !== 'tree') return undefined;
  if ('CallStmt' in parsed.node) return once([parsed.node.CallStmt.funccall], false, constants);
  if (!('SelectStmt' in parsed.node)) return undefined;
  const { targetList = [], fromClause = [], whereClause, valuesLists, intoClause, op } = parsed.node.SelectStmt;
  if (op !== 'SETOP_NONE' || valuesLists || intoClause) return undefined;
  const selected = targetList.flatMap((target) => ('ResTarget' in target ? calledBy(target.ResTarget.val) : []));
  const [from] = fromClause;
  if (!from) return once(selected, whereClause !== undefined, constants);
  if (fromClause.length === 1 && 'RangeFunction' in from) {
    const [items] = from.RangeFunction.functions ?? [];
    return once(items && 'List' in items ? (items.List.items ?? []).flatMap((item) => calledBy(item)) : [], whereClause !== undefined, constants);
  }
  if (selected.length === 0) return undefined;
  const query = readCatalogQuery(`SELECT * ${fromTo(text)}`, constants);
  return { query, perhaps: query === undefined, of: (row) => selected.map((call) => read(call, new Map([...constants, ...row]))) };
}

const longestCall = 20_000;
const statements = new Lru<Parsed>(500, 500_000);

function once(calls: readonly (FuncCall | undefined)[], perhaps: boolean, constants: Constants): Calls | undefined {
  const found = calls.filter((call) => call !== undefined);
  return found.length === 0 ? undefined : { query: undefined, perhaps, of: () => found.map((call) => read(call, constants)) };
}

function calledBy(node: Node | undefined): readonly FuncCall[] {
  if (node && 'TypeCast' in node) return calledBy(node.TypeCast.arg);
  return node && 'FuncCall' in node ? [node.FuncCall] : [];
}

function read({ funcname = [], args = [] }: FuncCall, constants: Constants): Call {
  const parts = funcname.map((part) => ('String' in part ? part.String.sval ?? '' : '')).map((name) => ({ name, text: name, kind: 'plain' as const, start: 0, end: 0 }));
  return {
    name: { parts, start: 0, end: 0 },
    args: args.map((arg) => ('NamedArgExpr' in arg
      ? { name: arg.NamedArgExpr.name, value: nodeValue(arg.NamedArgExpr.arg, constants) }
      : { name: undefined, value: nodeValue(arg, constants) })),
  };
}

/** FROM and what follows it. */
function fromTo(text: string): string {
  const cursor = new Cursor(text, lex(text, 'body'));
  cursor.skipTo('FROM');
  return cursor.rest();
}
