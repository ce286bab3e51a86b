import type { StatementText } from '../../syntax/sql/statements.ts';
import type { Span } from '../../text.ts';
import { readRoutine } from './routine-text.ts';
import { Notes } from '../../notes.ts';

/** A name without a schema in a statement that runs, which search_path decides about. Spans count from the start of the statement. */
export interface Unqualified {
  readonly kind: 'relation' | 'function' | 'operator' | 'type' | 'case';
  readonly name: string;
  readonly at: Span;
}

const known = new Notes<StatementText, readonly Unqualified[]>();

/** By PostgreSQL's own tree, in the order in which they are written; bodies of routines are not looked into. */
export function unqualifiedIn(written: StatementText): readonly Unqualified[] {
  let found = known.get(written);
  if (!found) known.set(written, (found = readRoutine(written) ? [] : read(written)));
  return found;
}

function read({ parsed, text }: StatementText): readonly Unqualified[] {
  if (parsed.kind !== 'tree') return [];
  const found: Unqualified[] = [];
  visit(parsed.node, ['', ''], new Set(), (kind, name, at) => {
    const length = kind === 'case' ? 4 : /^("(?:[^"]|"")*"|[\w$]+|[^\w\s("]+)/.exec(text.slice(at))?.[0].length ?? 1;
    found.push({ kind, name, at: { start: at, end: at + length } });
  });
  return found.sort((a, b) => a.at.start - b.at.start);
}

type Report = (kind: Unqualified['kind'], name: string, at: number) => void;
type Tree = Readonly<Record<string, unknown>>;

function visit(value: unknown, path: readonly [parent: string, key: string], tables: ReadonlySet<string>, report: Report): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, path, tables, report);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const tree = value as Tree;
  judge(path, tree, tables, report);
  const inner = 'withClause' in tree ? commonTables(tree['withClause'], tables, report) : tables;
  for (const [name, item] of Object.entries(tree)) {
    if (name !== 'withClause' && !made.has(name)) visit(item, [path[1], name], inner, report);
  }
}

/** The names of WITH: each sees those before it, all of them with RECURSIVE. */
function commonTables(clause: unknown, outer: ReadonlySet<string>, report: Report): ReadonlySet<string> {
  const { ctes = [], recursive } = clause as { ctes?: { CommonTableExpr: { ctename: string; ctequery: unknown } }[]; recursive?: boolean };
  const names = ctes.map(({ CommonTableExpr }) => CommonTableExpr.ctename);
  const visible = new Set(recursive ? [...outer, ...names] : outer);
  for (const { CommonTableExpr } of ctes) {
    visit(CommonTableExpr.ctequery, ['', ''], visible, report);
    visible.add(CommonTableExpr.ctename);
  }
  return visible;
}

/** What a statement makes, and where it puts it. */
const made = new Set(['into', 'view', 'sequence', 'objname', 'object', 'objects']);
const usesRelation = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt', 'IndexStmt', 'CopyStmt', 'AlterTableStmt']);

function judge([parent, key]: readonly [string, string], tree: Tree, tables: ReadonlySet<string>, report: Report): void {
  const at = typeof tree['location'] === 'number' ? tree['location'] : 0;
  if (key === 'FuncCall' && tree['funcformat'] === 'COERCE_EXPLICIT_CALL') single(tree['funcname'], (name) => report('function', name, at));
  else if (key === 'A_Expr') single(tree['name'], (name) => report('operator', name, at));
  else if (key === 'CaseExpr' && 'arg' in tree) report('case', 'CASE', at);
  else if (key === 'typeName' && parent === 'TypeCast') single(tree['names'], (name) => report('type', name, at));
  else if (key === 'RangeVar' || (key === 'relation' && usesRelation.has(parent))) {
    const name = tree['relname'];
    if (typeof name === 'string' && !('schemaname' in tree) && !tables.has(name)) report('relation', name, at);
  }
}

function single(names: unknown, use: (name: string) => void): void {
  const parts = names as { String?: { sval?: string } }[] | undefined;
  if (parts?.length === 1) use(parts[0]!.String?.sval ?? '');
}
