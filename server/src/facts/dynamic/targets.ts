import type { Node } from '@pgsql/types';

/** The columns of the tables that are known, in their order: name and type as written. */
export type ColumnsOf = (table: string) => ReadonlyMap<string, string> | undefined;

/**
 * What PostgreSQL makes of `$n` in a statement: a type as written, `any` where a cast follows, or `pattern` behind LIKE.
 * Those that are not known are missing.
 */
export function targetsOf(statement: Node, columnsOf: ColumnsOf): Map<number, string> {
  const tables = new Map<string, string>();
  visit(statement, (kind, node) => {
    if (kind !== 'RangeVar') return;
    const name = String(node['relname']);
    tables.set((node['alias'] as { aliasname?: string } | undefined)?.aliasname ?? name, name);
  });
  const found = new Map<number, string>();
  const note = (node: unknown, type: string | undefined): void => {
    const number = (node as { ParamRef?: { number?: number } } | undefined)?.ParamRef?.number;
    if (number !== undefined && type !== undefined) found.set(number, type);
  };
  visit(statement, (kind, node) => {
    switch (kind) {
      case 'A_Expr': return noteOperands(node, note, (column) => typeOfColumn(column, tables, columnsOf));
      case 'TypeCast': return note(node['arg'], 'any');
      case 'SelectStmt':
        note(node['limitCount'], 'bigint');
        return note(node['limitOffset'], 'bigint');
      case 'InsertStmt': return noteInserted(node, note, columnsOf);
      case 'UpdateStmt': return noteAssigned(node['targetList'], relationOf(node), note, columnsOf);
    }
  });
  return found;
}

type Fields = Readonly<Record<string, unknown>>;
type Note = (node: unknown, type: string | undefined) => void;

function visit(value: unknown, see: (kind: string, node: Fields) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, see);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      if (typeof inner === 'object' && inner !== null && !Array.isArray(inner)) see(kindOf(key), inner as Fields);
      visit(inner, see);
    }
  }
}

/** Some nodes stand bare below a name of their own. */
function kindOf(key: string): string {
  return key === 'relation' ? 'RangeVar' : key;
}

function relationOf(node: Fields): string {
  return String((node['relation'] as { relname?: string } | undefined)?.relname);
}

const comparisons = /^(=|<>|!=|<|>|<=|>=)$/;
/** LIKE compares them with a text. */
const almostText = /^(name|citext|bpchar|char|character)\b(?! varying)/i;
const patterns = /^(~~?\*?|!~~?\*?)$/;

function noteOperands(node: Fields, note: Note, typeOf: (node: unknown) => string | undefined): void {
  const { kind, lexpr, rexpr } = node;
  const operator = (node['name'] as { String?: { sval?: string } }[] | undefined)?.[0]?.String?.sval ?? '';
  const type = typeOf(lexpr);
  if (patterns.test(operator) && kind !== 'AEXPR_OP_ANY') return note(rexpr, type === undefined || almostText.test(type) ? 'pattern' : type);
  if (kind === 'AEXPR_OP_ANY' || kind === 'AEXPR_OP_ALL') return note(rexpr, type && `${type}[]`);
  if (kind !== 'AEXPR_OP' || comparisons.test(operator)) {
    for (const item of (rexpr as { List?: { items?: unknown[] } } | undefined)?.List?.items ?? [rexpr]) note(item, type);
    note(lexpr, typeOf(rexpr));
  }
  if (operator === '||' && isString(lexpr)) note(rexpr, 'text');
  if (operator === '||' && isString(rexpr)) note(lexpr, 'text');
}

function isString(node: unknown): boolean {
  return (node as { A_Const?: { sval?: unknown } } | undefined)?.A_Const?.sval !== undefined;
}

/** A name without a table is only sure when every table of the statement is known. */
function typeOfColumn(node: unknown, tables: ReadonlyMap<string, string>, columnsOf: ColumnsOf): string | undefined {
  const fields = (node as { ColumnRef?: { fields?: { String?: { sval?: string } }[] } } | undefined)?.ColumnRef?.fields?.map((field) => field.String?.sval);
  const column = fields?.at(-1);
  if (column === undefined) return undefined;
  if (fields!.length > 1) {
    const table = tables.get(fields!.at(-2) ?? '');
    return table === undefined ? undefined : columnsOf(table)?.get(column);
  }
  const known = [...tables.values()].map(columnsOf);
  const types = known.flatMap((columns) => columns?.get(column) ?? []);
  return known.every((columns) => columns !== undefined) && types.length === 1 ? types[0] : undefined;
}

function noteInserted(node: Fields, note: Note, columnsOf: ColumnsOf): void {
  const table = relationOf(node);
  const columns = columnsOf(table);
  const named = (node['cols'] as { ResTarget?: { name?: string } }[] | undefined)?.map((column) => column.ResTarget?.name ?? '');
  const names = named ?? [...columns?.keys() ?? []];
  const select = (node['selectStmt'] as { SelectStmt?: Fields } | undefined)?.SelectStmt;
  const rows = [
    ...(select?.['valuesLists'] as { List?: { items?: unknown[] } }[] | undefined ?? []).map((row) => row.List?.items ?? []),
    (select?.['targetList'] as { ResTarget?: { val?: unknown } }[] | undefined ?? []).map((item) => item.ResTarget?.val),
  ];
  for (const row of rows) for (const [index, item] of row.entries()) note(item, columns?.get(names[index] ?? ''));
  noteAssigned((node['onConflictClause'] as Fields | undefined)?.['targetList'], table, note, columnsOf);
}

function noteAssigned(targets: unknown, table: string, note: Note, columnsOf: ColumnsOf): void {
  for (const { ResTarget: target } of targets as { ResTarget?: { name?: string; val?: unknown } }[] | undefined ?? []) {
    note(target?.val, columnsOf(table)?.get(target?.name ?? ''));
  }
}
