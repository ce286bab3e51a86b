import type { Node } from '@pgsql/types';
import { findParameter } from '../../catalog/parameters.ts';
import { newestVersion } from '../../document.ts';
import { Lru } from '../../syntax/sql/lru.ts';
import { parsePostgres } from '../../syntax/sql/postgres.ts';

/**
 * What a name in the place of a value means to PostgreSQL. `column`: one or several that INSERT fills. `relation`: a table that is there already; `function`: one that is called; `number`: a value that would mean
 * something else, or nothing, as a literal in quotes; `schemas`: one or several of them.
 */
export type Role = 'relation' | 'function' | 'identifier' | 'value' | 'number' | 'type' | 'column' | 'list' | 'direction' | 'fragment' | 'keyword' | 'alias' | 'schemas' | 'ambiguous' | 'unknown';

/** What PostgreSQL makes of a statement in which `names` stand for values: their roles, or why there are none. */
export function askRoles(statement: string, names: ReadonlySet<string>): ReadonlyMap<string, Role> | 'error' | 'unknown' {
  return answers.get(`${[...names].join(' ')}\n${statement}`, () => {
    const parsed = parsePostgres(statement);
    return parsed.kind === 'tree' ? rolesIn(parsed.node, names) : parsed.kind;
  });
}

/** Of all the statements of a routine a keystroke changes one. */
const answers = new Lru<ReadonlyMap<string, Role> | 'error' | 'unknown'>(4_000, 4_000_000);

/** The role of every name in `names` that the tree holds. */
function rolesIn(node: Node, names: ReadonlySet<string>): Map<string, Role> {
  const found = new Map<string, Role>();
  visit(node, [], names, found);
  if (!madeHere(node, names)) return found;
  return new Map([...found].map(([name, role]) => [name, role === 'relation' ? 'identifier' : role]));
}

/** `WITH x AS (…) SELECT … FROM x`: the same value may stand for both. */
function madeHere(node: unknown, names: ReadonlySet<string>): boolean {
  if (typeof node !== 'object' || node === null) return false;
  return Object.entries(node).some(([key, inner]) => (key === 'ctename' && names.has(inner as string)) || madeHere(inner, names));
}

/** One step down the tree: the key, and the object it was taken from. */
interface Step {
  readonly key: string;
  readonly owner: Readonly<Record<string, unknown>>;
}

function visit(value: unknown, path: readonly Step[], names: ReadonlySet<string>, found: Map<string, Role>): void {
  if (typeof value === 'string') {
    if (names.has(value)) found.set(value, agreed(found.get(value), roleAt(path)));
    return;
  }
  if (Array.isArray(value)) {
    for (const item of value) visit(item, path, names, found);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    visit(inner, [...path, { key, owner: value as Record<string, unknown> }], names, found);
  }
}

/** `SELECT x` names its column x too: an answer from the value wins over one from a label. */
function agreed(known: Role | undefined, role: Role): Role {
  return known === undefined || known === role ? role : 'ambiguous';
}

function roleAt(path: readonly Step[]): Role {
  const leaf = path.at(-1)!.key;
  const has = (key: string) => path.some((step) => step.key === key);
  if (leaf === 'relname') return relationRole(path);
  const insert = path[0]?.key === 'InsertStmt' ? path[0].owner['InsertStmt'] as InsertFields : undefined;
  if (insert !== undefined && path[1]?.key === 'cols') return mayBeColumns(insert) ? 'column' : 'identifier';
  if (leaf === 'aliasname' || (leaf === 'name' && 'val' in path.at(-1)!.owner && 'fromClause' in (path.findLast(({ key }) => key === 'targetList')?.owner ?? {}))) return 'alias';
  if (has('AccessPriv')) return leaf === 'priv_name' ? 'keyword' : 'identifier';
  if (has('typmods')) return 'number';
  const setting = path.find(({ key }) => key === 'VariableSetStmt' || key === 'setstmt');
  if (setting !== undefined) return settingRole(path, setting);
  if (has('ColumnRef')) return columnRole(path);
  if (leaf === 'defname') return 'keyword';
  if (path[1]?.key === 'typeName' && /^Create(Enum|Range)Stmt$/.test(path[0]!.key)) return 'identifier';
  if (has('DropStmt') || has('CommentStmt') || has('objects') || has('object')) return 'identifier';
  if (has('typmods')) return 'number';
  if (has('typeName') || has('TypeName') || has('returnType') || has('argType')) return has('DefElem') ? 'unknown' : 'type';
  const option = path.findLast(({ key }) => key === 'DefElem')?.owner['DefElem'] as { readonly defname?: string } | undefined;
  if (option !== undefined) return namingOptions.has(option.defname ?? '') ? 'identifier' : 'unknown';
  const called = leaf === 'sval' ? path.findLast(({ key }) => key === 'funcname')?.owner : undefined;
  if (called !== undefined && ('funcformat' in called || 'trigname' in called) && (called['funcname'] as unknown[]).length === 1) return 'function';
  return identifierLeaves.has(leaf) || (leaf === 'sval' && has('String')) ? 'identifier' : 'unknown';
}

interface InsertFields {
  readonly cols?: readonly unknown[];
  readonly selectStmt?: { readonly SelectStmt?: { readonly valuesLists?: readonly { readonly List?: { readonly items?: readonly unknown[] } }[]; readonly targetList?: readonly { readonly ResTarget?: { readonly val?: unknown } }[] } };
}

/** Only as many values that stand in the statement by themselves tell that a name is one column, and not a list of them. */
function mayBeColumns({ cols = [], selectStmt }: InsertFields): boolean {
  const { valuesLists = [], targetList = [] } = selectStmt?.SelectStmt ?? {};
  const rows = valuesLists.length > 0 ? valuesLists.map(({ List }) => List?.items ?? []) : [targetList.map(({ ResTarget }) => ResTarget?.val)];
  return rows.some((row) => row.length !== cols.length || row.some((item) => isFree(item)));
}

/** A name that stands for a value, or for several. */
function isFree(node: unknown): boolean {
  const fields = (node as { ColumnRef?: { fields?: { String?: { sval?: string }; A_Star?: unknown }[] } } | undefined)?.ColumnRef?.fields ?? [];
  return fields.length === 1 && (fields[0]?.A_Star !== undefined || standsForValue(fields[0]?.String?.sval));
}

function standsForValue(name: string | undefined): boolean {
  return /^pgsx\d+z$/.test(name ?? '');
}

const identifierLeaves = new Set([
  'schemaname', 'catalogname', 'rolename', 'colname', 'name', 'newname', 'subname', 'conname', 'idxname', 'indexname', 'policy_name', 'trigname',
  'extname', 'pubname', 'servername', 'fdwname', 'conditionname', 'tablespacename', 'tableSpace', 'indexspace', 'dbname', 'evtname', 'nspname', 'role', 'portalname',
  'accessMethod', 'amname', 'ctename', 'database', 'newschema', 'tableSpaceName', 'orig_tablespacename', 'new_tablespacename', 'server_name', 'remote_schema', 'local_schema', 'rulename', 'label', 'cursorname', 'plname', 'eventname', 'domainname',
]);

/** Options whose value names something: `CREATE DATABASE … OWNER x`, `ALTER DEFAULT PRIVILEGES IN SCHEMA x`, `ALTER SEQUENCE … OWNED BY x`. */
const namingOptions = new Set(['owner', 'template', 'tablespace', 'schema', 'owned_by', 'roles', 'schemas', 'addroleto', 'rolemembers', 'adminmembers']);

/** The value of a parameter that takes one word or number whatever its case; others take lists, or names that are folded. Also inside of ALTER FUNCTION, ROLE and DATABASE. */
function settingRole(path: readonly Step[], { key, owner }: Step): Role {
  const { name } = owner[key] as { name?: string };
  if (path.at(-1)!.key === 'name' || name === 'role' || name === 'session_authorization') return 'identifier';
  if (name === 'search_path') return 'schemas';
  const parameter = path.some(({ key }) => key === 'args') && name !== undefined ? findParameter(name, newestVersion) : undefined;
  return parameter === undefined || parameter.type === 'string' ? 'keyword' : 'value';
}

/** A table that the statement makes, or another kind of object that is stored like one, is no existing relation. */
function relationRole(path: readonly Step[]): Role {
  const keys = path.map((step) => step.key);
  const statement = keys[0] ?? '';
  if (path.at(-1)!.owner['schemaname'] !== undefined) return 'identifier';
  if (/^(CreateStmt|ViewStmt|CreateSeqStmt|CreateForeignTableStmt|CompositeTypeStmt|RenameStmt)$/.test(statement) && keys[1] !== 'tableElts' && statement !== 'RenameStmt') {
    return keys.includes('inhRelations') || keys.includes('fromClause') ? 'relation' : 'identifier';
  }
  // FOR UPDATE OF takes a table by the name that it has in the query.
  if (keys.includes('into') || keys.includes('lockedRels')) return 'identifier';
  return 'relation';
}

function columnRole(path: readonly Step[]): Role {
  const last = path.findLastIndex((step) => step.key === 'ColumnRef');
  const reference = path[last]!.owner['ColumnRef'] as { fields?: unknown[] };
  if ((reference.fields?.length ?? 0) > 1) return 'identifier';
  for (let i = last - 1; i >= 0; i--) {
    const role = roleOfParent(path, i);
    if (role !== undefined) return role;
  }
  return 'unknown';
}

/** What `path[i]` makes of the lone name below it; undefined when the answer is further up. */
function roleOfParent(path: readonly Step[], i: number): Role | undefined {
  const { key, owner } = path[i]!;
  switch (key) {
    case 'TypeCast': case 'arg': case 'CollateClause': case 'List': case 'items': case 'val': case 'ResTarget': case 'SortBy': case 'lists':
      return key === 'arg' && ('argisrow' in owner || 'nulltesttype' in owner) ? 'identifier' : key === 'arg' && 'booltesttype' in owner ? 'fragment' : undefined;
    case 'rexpr': case 'lexpr': return operandOf(owner, key, path.slice(0, i));
    case 'valuesLists': case 'limitCount': case 'limitOffset': case 'lowerdatums': case 'upperdatums': case 'listdatums': return 'value';
    case 'sortClause': case 'groupClause': case 'distinctClause': case 'returningList': case 'returningClause': case 'partitionClause': case 'agg_order': return 'identifier';
    case 'whereClause': case 'havingClause': case 'BoolExpr': case 'quals': case 'qual': case 'with_check': case 'agg_filter': return 'fragment';
    case 'raw_expr': return owner['contype'] === 'CONSTR_CHECK' ? 'fragment' : 'value';
    case 'raw_default': case 'defexpr': return 'value';
    case 'startOffset': case 'endOffset': return 'number';
    case 'elements': return 'list';
    case 'targetList': return targetRole(path, i);
    case 'args': return argumentRole(path, i);
    case 'def': return 'value';
    case 'nulltesttype': return 'identifier';
    case 'CaseExpr': case 'CoalesceExpr': case 'MinMaxExpr': case 'RowExpr': case 'A_Indirection': case 'expr': return 'ambiguous';
    default: return undefined;
  }
}

function operandOf(owner: Readonly<Record<string, unknown>>, side: 'lexpr' | 'rexpr', path: readonly Step[]): Role {
  const { kind } = owner as { kind?: string };
  const name = (owner['name'] as { String?: { sval?: string } }[] | undefined)?.[0]?.String?.sval ?? '';
  // A literal takes the type of the other side: `date + '1'` is none, `id / '2.5'` an error.
  if (kind === 'AEXPR_OP' && /^[-+*/%^#]$|^(<<|>>)$/.test(name)) {
    const columns = path.some(({ key, owner: query }) => key === 'targetList' ? 'fromClause' in query : key === 'sortClause' || key === 'groupClause');
    return columns || (side === 'lexpr' && path.some(({ owner: query }) => 'fromClause' in query)) ? 'ambiguous' : 'number';
  }
  if (kind === 'AEXPR_OP' && name === '||') return 'ambiguous';
  if (side === 'rexpr') return kind === 'AEXPR_IN' ? 'list' : 'value';
  const comparison = kind !== 'AEXPR_OP' || /^(=|<>|!=|<|>|<=|>=|~~?\*?|!~~?\*?|@>|<@|&&|->>?|#>>?)$/.test(name);
  if (!comparison) return 'ambiguous';
  return isColumn(owner['rexpr']) ? 'ambiguous' : 'identifier';
}

/** A name that is written in the statement, not one that stands for a value. */
function isColumn(node: unknown): boolean {
  const fields = (node as { ColumnRef?: { fields?: { String?: { sval?: string } }[] } } | undefined)?.ColumnRef?.fields;
  return fields !== undefined && !standsForValue(fields[0]?.String?.sval);
}

function targetRole(path: readonly Step[], i: number): Role {
  const statement = path.slice(0, i).findLast((step) => /Stmt$|selectStmt|ctequery/.test(step.key))?.key;
  const select = path[i]!.owner;
  if (statement === 'UpdateStmt' || statement === 'MergeStmt' || 'targetList' in select && 'relation' in select) return 'value';
  if (!('fromClause' in select)) return (select['targetList'] as unknown[]).length > 1 ? 'number' : 'ambiguous';
  const beside = (select['targetList'] as unknown[]).length > 1;
  return beside && path.slice(0, i).some(({ key }) => key === 'InsertStmt') ? 'ambiguous' : 'identifier';
}

const aggregates = /^(count|sum|min|max|avg|string_agg|array_agg|json_agg|jsonb_agg|bool_and|bool_or|every|stddev|variance|percentile_cont)$/;

/** Of what other functions take nothing is known, and a text that stands there without quotes may bring its own. */
const takesNumbers = /^(abs|ceil|ceiling|floor|round|trunc|sqrt|cbrt|exp|ln|log|log10|power|mod|sign|div|gcd|lcm|factorial|degrees|radians|sin|cos|tan|asin|acos|atan|to_hex|to_bin|to_oct|chr|generate_series|width_bucket|pg_size_pretty|pg_sleep|setseed|make_interval|make_date|make_time|make_timestamp|to_timestamp|to_char)$/;

function argumentRole(path: readonly Step[], i: number): Role | undefined {
  const call = path[i]!.owner as { funcname?: { String?: { sval?: string } }[]; boolop?: string };
  if (call.boolop !== undefined) return 'fragment';
  if (call.funcname === undefined) return 'ambiguous';
  const name = call.funcname.at(-1)?.String?.sval ?? '';
  if (aggregates.test(name)) return 'identifier';
  if (!takesNumbers.test(name)) return 'ambiguous';
  const keys = path.slice(0, i).map((step) => step.key);
  // PostgreSQL finds a function by the types of its arguments, which literals do not tell.
  if (keys.includes('RangeFunction') || keys.includes('CallStmt')) return 'number';
  const select = path.slice(0, i).findLast((step) => step.key === 'targetList')?.owner;
  return select !== undefined && !('fromClause' in select) && !('relation' in select) ? 'number' : 'ambiguous';
}
