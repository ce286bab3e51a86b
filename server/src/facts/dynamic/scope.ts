import type { ParsedExpression } from '../../syntax/sql/expression.ts';
import { keysOfElements } from './element-keys.ts';
import { listsByIndex } from './indexed-elements.ts';
import { Expressions } from './expressions.ts';
import type { PlpgsqlBody } from '../../syntax/sql/plpgsql.ts';
import type { StatementText } from '../../syntax/sql/statements.ts';
import { contains, type Span } from '../../text.ts';
import type { Asking, Guard } from './guards.ts';
import { readGuards } from './guards.ts';
import type { HeaderParameter } from './header.ts';
import { readHeader } from './header.ts';
import type { IdleFunctions } from './idle-checks.ts';
import { idleIn, noIdleFunctions } from './idle-checks.ts';
import type { Doubt, Judgement } from './judgement.ts';
import type { KnownTypes } from './known-types.ts';
import { noKnownTypes } from './known-types.ts';
import { PathGuards } from './path-guards.ts';
import { labelsIn, withoutLabel, withoutLabels } from './labels.ts';
import { reachingValues } from './reaching.ts';
import type { Refusing } from './refusing-calls.ts';
import type { Regions } from './regions.ts';
import { readRegions } from './regions.ts';
import type { Shadows } from './shadows.ts';
import { readShadows, shownName } from './shadows.ts';
import type { TypeClass } from './sql-types.ts';
import { classOfElement, classOfType } from './sql-types.ts';
import type { Write } from './writes.ts';
import { keyAt } from './value-paths.ts';
import { ofTarget, readWrites } from './writes.ts';
import { wordsOf, type Words } from '../sql/tokens.ts';
import { Notes } from '../../notes.ts';

/**
 * Who chooses a value, from nobody to the caller; of several the last one counts. `trigger`: whoever creates the trigger, `row`: whoever writes its row,
 * `setting`: whoever sets a parameter for a block that nobody calls.
 */
const origins = ['constant', 'unknown', 'catalog', 'trigger', 'fetched', 'error', 'setting', 'list', 'row', 'param'] as const;
export type Origin = (typeof origins)[number];

export function worse(a: Origin, b: Origin): Origin {
  return origins.indexOf(a) > origins.indexOf(b) ? a : b;
}

/** A variable as it is at one place of the body. */
export interface Variable {
  readonly name: string;
  readonly type: TypeClass;
  /** The type of the elements of an array. */
  readonly element: TypeClass;
  /** Who else than the body's own expressions puts values into it. */
  readonly origin: Origin;
  /** What the body puts into it, in the order of the text. */
  readonly values: readonly Write[];
  /** The type as it is written. */
  readonly declared: string;
  /** Where a parameter is declared, in the offsets of the statement. */
  readonly parameter: Span | undefined;
  /** It holds nothing but quoted text. */
  readonly quoted?: true;
  /** Why it may do less harm than others that come from there. */
  readonly doubt?: Doubt;
}

/** The names that a routine body can use. Offsets count from the start of the body. */
export interface Scope {
  readonly text: string;
  readonly code: Words;
  readonly routine: string | undefined;
  /** The settings that the routine itself fixes. */
  readonly settings: ReadonlySet<string>;
  /** What `name` is where it is used at `offset`. */
  find(name: string, offset: number): Variable | undefined;
  /** The names without the label of a block before them. */
  plain(path: readonly string[]): readonly string[];
  /** `$1` */
  parameter(number: number, offset: number): Variable | undefined;
  /** The fields of a record that the body writes one by one. */
  fieldsOf(record: string): readonly string[];
  /** The type of a field, when this file creates the table that the record is a row of. */
  columnOf(record: Variable, field: string): TypeClass | undefined;
  /** The last offsets of the branches of IF and CASE around `offset`, the inner first, up to one that `behind` is in as well, or that anything may leave before its end. */
  endsBetween(offset: number, behind: number): readonly number[];
  /** What the text form of a type can hold. */
  classOf(type: string): TypeClass;
  /** What is stored in a column of a table that the workspace creates. */
  columnIn(table: string, column: string): TypeClass | undefined;
  /** The workspace creates tables with a column of this name, and it holds text in all of them. */
  holdsText(column: string): boolean;
  /** What a column of a view of the workspace holds, when the view reads what describes objects. */
  viewColumn(view: string, column: string): Judgement | undefined;
  /** What a parameter is when it is left out, as it is written. */
  fallback(name: string): string | undefined;
  /** Whether everything that reaches `use` has passed `before`; both are offsets. */
  dominates(before: number, use: number): boolean;
  /** The same where the end of a block counts as reached that catches exceptions: what stands in it has been tried. */
  attempts(before: number, use: number): boolean;
  /** What checks leave of a variable, or of what the key of a path means, at `offset`. */
  guard(name: string, offset: number): Guard | undefined;
  /** The same for the value that is written at `span`, when that is a part of a variable. */
  guardAt(span: Span): Guard | undefined;
  /** Its spans count from the start of the body; undefined when no parser accepts it. */
  expressionAt(span: Span): ParsedExpression | undefined;
}

/** What the other statements of the workspace say of names that a body uses. */
export interface Explained extends Refusing {
  readonly types: KnownTypes;
  /** Functions that ask nothing of a text. */
  readonly idle: IdleFunctions;
  /** What the columns of views hold that read what describes objects. */
  readonly views: ReadonlyMap<string, ReadonlyMap<string, Judgement>>;
  /** Procedures that leave nothing in what they are given. */
  readonly onlyRead: ReadonlySet<string>;
  /** Functions that raise whatever they are given. */
  readonly raises: ReadonlySet<string>;
}

const nothing: Explained = { types: noKnownTypes, idle: noIdleFunctions, views: new Map(), onlyRead: new Set(), refuses: new Map(), seeks: new Map(), finds: new Map(), raises: new Set() };

/** With functions that always raise, and nothing else known. The same object for the same ones, so that what was read with it can be kept. */
export function onlyRaising(raises: ReadonlySet<string>): Explained {
  if (raises.size === 0) return nothing;
  const key = [...raises].sort().join(' ');
  if (lastRaising?.key !== key) lastRaising = { key, explained: { ...nothing, raises } };
  return lastRaising.explained;
}

let lastRaising: { readonly key: string; readonly explained: Explained } | undefined;

export function readScope(statement: StatementText, text: string, body: PlpgsqlBody, known: Explained = nothing): Scope {
  const before = scopes.get(body);
  if (before?.known === known) return before.scope;
  const scope = newScope(statement, text, body, known);
  scopes.set(body, { known, scope });
  return scope;
}

/** A body belongs to one statement. */
const scopes = new Notes<PlpgsqlBody, { readonly known: Explained; readonly scope: Scope }>();

function newScope(statement: StatementText, text: string, body: PlpgsqlBody, { types: known, views, raises, onlyRead, idle, refuses, seeks, finds }: Explained): Scope {
  const header = readHeader(statement);
  const content = contentOf(body, text);
  const { code, labels, expressions } = content;
  const regions = regionsOf(content, text, raises);
  const shadows = readShadows(body.declarations, new Set(header.parameters.flatMap(({ name }) => name ?? [])), regions);
  // PL/pgSQL counts what a routine gives back, too.
  const counted = header.parameters.filter((one) => one.input || statement.body?.language === 'plpgsql');
  const numbered = counted.map((one) => variableOf(one, known));
  const aliases = numberedNames(counted);
  const variables = declare(header.parameters, counted, body, text, known, shadows);
  const plain = (path: readonly string[]) => withoutLabel(path, labels, header.name, (name) => variables.has(name));
  const plainName = (name: string) => (name.includes('.') ? plain(name.split('.')).join('.') : name);
  const written = content.writes.some(({ called }) => called && onlyRead.has(called.routine)) ? content.writes.filter(({ called }) => !called || !onlyRead.has(called.routine)) : content.writes;
  const writes = written.some(({ target }) => plainName(target) !== target) ? written.map((write) => ofTarget(write, plainName(write.target))) : written;
  for (const [index, one] of numbered.entries()) if (!aliases.has(`$${index + 1}`)) variables.set(`$${index + 1}`, { ...one, values: [] });
  for (const write of writes) valuesOf(variables, write.target.startsWith('$') ? aliases.get(write.target) ?? write.target : shadows.at(write.target, write.at), header.name, known).push(write);
  const narrowed = new Map<Variable, Map<string, Variable>>();
  const asked = new Map<string, boolean>();
  const isVariable = (name: string) => {
    let is = asked.get(name);
    if (is === undefined) asked.set(name, (is = variables.has(name) || variables.has(name.replace(/\..*/s, '')) || /^(\$\d+|new\..*|old\..*)$/s.test(name)));
    return is;
  };
  const isValue = (name: string) => isVariable(name) || name === 'new' || name === 'old';
  let guards: ReadonlyMap<string, readonly Guard[]> | undefined;
  let paths: PathGuards | undefined;
  const otherwise = new Map<string, boolean>();
  const isPath = (name: string) => {
    let is = otherwise.get(name);
    if (is === undefined) otherwise.set(name, (is = !isPlainName.test(name) || isWrittenOtherwise(name, code)));
    return is;
  };
  return {
    text,
    code,
    routine: header.name,
    settings: header.settings,
    plain,
    find(written, offset) {
      const name = plainName(written);
      // The label tells which of two it is, and that is not read.
      if (name !== written && shadows.all(name).length > 1) return oneOf(shadows.all(name).flatMap((key) => variables.get(key) ?? []));
      const variable = variables.get(shadows.at(name, offset));
      if (variable === undefined) return checkedColumn(name, header.name, known, variables) ?? columnOfRow(name, header.name, known) ?? special(name, header.definer);
      return variable.values.length === 0 ? variable : narrow(variable, offset, regions, narrowed);
    },
    parameter(number, offset) {
      const variable = variables.get(aliases.get(`$${number}`) ?? `$${number}`);
      return variable === undefined || variable.values.length === 0 ? numbered[number - 1] : narrow(variable, offset, regions, narrowed);
    },
    fallback: (name) => {
      const span = header.parameters.find((one) => one.name === name)?.fallback;
      return span && statement.text.slice(span.start, span.end);
    },
    fieldsOf: (record) => [...variables.keys()].flatMap((name) => (name.startsWith(`${record}.`) ? [name.slice(record.length + 1)] : [])),
    columnOf({ declared }, field) {
      const type = declared === '' ? 'unknown' : known.classOf(`${declared.replace(/\s*%\s*rowtype$|(?:\s*\[\s*\d*\s*\])+$/i, '')}.${field}%type`);
      return type === 'unknown' ? undefined : type;
    },
    classOf: (type) => known.classOf(type),
    endsBetween(offset, behind) {
      const ends: number[] = [];
      for (let region = regions.at(offset); region?.kind === 'branch' && !region.jumps && !contains(region, behind); region = region.parent) ends.push(region.end - 1);
      return ends;
    },
    columnIn: (table, column) => known.columnIn(table, column),
    holdsText: (column) => known.holdsText(column),
    dominates: (before, use) => regions.dominates(before, use),
    attempts: (before, use) => regions.attempts(before, use),
    viewColumn: (view, column) => views.get(view)?.get(column),
    guard(name, offset) {
      const asking = (): Asking => ({ idle: idleIn(text, idle), refuses, seeks, finds, onlyRead, isChecked: known.hasChecks ? known.isChecked : undefined, isParameter: (one) => variables.get(one)?.parameter !== undefined, declaredOf: (one) => variables.get(one)?.declared });
      const without = (written: Words) => withoutLabels(written, plain);
      guards ??= guardsIn(without(code), text, regions, writes, isVariable, asking());
      const holds = (one: Guard) => contains(one, offset) && !one.holes?.some((hole) => contains(hole, offset));
      const here = (one: Guard) => holds(one) && shadows.at(name, one.start) === shadows.at(name, offset);
      const found = guards.get(name)?.find(here) ?? guards.get(aliases.get(name) ?? '')?.find(here);
      if (found !== undefined && found.leaves !== 'asked') return found;
      if (paths === undefined && !isPath(name)) return found;
      paths ??= new PathGuards(without(code), text, regions, writes, isValue, asking(), without);
      const roots = paths.rootsOf(name);
      const part = paths.of(name).find((one) => holds(one) && roots.every((root) => shadows.at(root, one.start) === shadows.at(root, offset)));
      return part === undefined || (part.leaves === 'asked' && found !== undefined) ? found : part;
    },
    guardAt(span) {
      const key = keyAt(text, span, isValue);
      // `v #>> '{}'` is v as a text.
      return key === undefined ? undefined : this.guard(key, span.start) ?? this.guard(key.replace(/ #>> '\{\}'$/, ''), span.start);
    },
    expressionAt: (span) => expressions.at(span),
  };
}

function guardsIn(...body: Parameters<typeof readGuards>): ReadonlyMap<string, readonly Guard[]> {
  const guards = new Map([...readGuards(...body), ...keysOfElements(...body)]);
  for (const [name, more] of listsByIndex(...body)) guards.set(name, [...guards.get(name) ?? [], ...more]);
  return guards;
}

/** What is found in a body whatever the other statements of the file are. */
interface Content {
  readonly code: Words;
  readonly regions: Regions;
  readonly labels: ReadonlySet<string>;
  readonly writes: readonly Write[];
  readonly expressions: Expressions;
}

const contents = new Notes<PlpgsqlBody, Content>();

/** Where a function that always raises stands, a branch ends that goes on for all that is known otherwise. */
function regionsOf(content: Content, text: string, raises: ReadonlySet<string>): Regions {
  return raises.size > 0 && content.code.words.some((word) => raises.has(word)) ? readRegions(content.code, text.length, raises) : content.regions;
}

function contentOf(body: PlpgsqlBody, text: string): Content {
  let content = contents.get(body);
  if (content === undefined) {
    const code = wordsOf(body.tokens, text);
    let regions: Regions | undefined;
    content = { code, labels: labelsIn(code), get regions() { return regions ??= readRegions(code, text.length); }, writes: readWrites(code, text, body), expressions: new Expressions(text) };
    contents.set(body, content);
  }
  return content;
}

/** `$1` for the first parameter's name, and that name for `$1`. */
function numberedNames(counted: readonly HeaderParameter[]): ReadonlyMap<string, string> {
  return new Map(counted.flatMap(({ name }, index) => (name === undefined ? [] : [[name, `$${index + 1}`], [`$${index + 1}`, name]] as const)));
}

type Draft = { -readonly [K in keyof Variable]: Variable[K] } & { values: Write[] };

function draft(name: string, type: string, origin: Origin, parameter?: Span): Draft {
  return { name, type: classOfType(type), element: classOfElement(type), origin, values: [], declared: type, parameter };
}

function variableOf({ name, type, input, at }: HeaderParameter, known: KnownTypes): Draft {
  return { ...draft(name ?? '', type, input ? 'param' : 'constant', at), type: known.classOf(type), element: known.elementOf(type) };
}

function declare(parameters: readonly HeaderParameter[], counted: readonly HeaderParameter[], body: PlpgsqlBody, text: string, known: KnownTypes, shadows: Shadows): Map<string, Draft> {
  const variables = new Map<string, Draft>();
  for (const one of parameters) if (one.name !== undefined) variables.set(one.name, variableOf(one, known));
  for (const declaration of body.declarations) {
    const { name, type, value } = declaration;
    const key = shadows.of(declaration);
    if (type === 'alias') {
      const target = value === undefined ? '' : text.slice(value.start, value.end);
      const parameter = /^\$\d+$/.test(target) ? counted[Number(target.slice(1)) - 1] : undefined;
      const aliased = variables.get(shadows.at(target.toLowerCase(), declaration.at.start));
      variables.set(key, parameter ? { ...variableOf(parameter, known), name } : { ...(aliased ?? draft(name, '', 'unknown')), name });
      continue;
    }
    variables.set(key, { ...draft(name, type, 'constant'), type: known.classOf(type), element: known.elementOf(type) });
  }
  return variables;
}

function valuesOf(variables: Map<string, Draft>, target: string, routine: string | undefined, known: KnownTypes): Write[] {
  let variable = variables.get(target);
  if (variable === undefined) {
    const before = columnOfRow(target, routine, known) ?? special(target, false) ?? (/^(new|old)\./.test(target) ? draft(target, '', 'row') : undefined);
    variable = { ...(before ?? draft(target, '', 'constant')), name: shownName(target), values: [] };
    variables.set(target, variable);
  }
  return variable.values;
}

/** What is known must hold for all of them. */
function oneOf(all: readonly Draft[]): Variable {
  const [first, ...others] = all;
  const type = others.every((one) => one.type === first!.type) ? first!.type : 'text';
  return { ...first!, type, origin: all.map(({ origin }) => origin).reduce(worse), parameter: all.find(({ parameter }) => parameter)?.parameter, values: all.flatMap(({ values }) => values) };
}

/** The variable with only those values that can have come to `offset`. The same object for the same values, so that it can be remembered. */
function narrow(variable: Draft, offset: number, regions: Regions, narrowed: Map<Variable, Map<string, Variable>>): Variable {
  const reaching = reachingValues(variable.values, offset, regions);
  if (reaching === undefined) return variable;
  const { indexes, fromStart } = reaching;
  if (fromStart && indexes.length === variable.values.length) return variable;
  const known = narrowed.get(variable) ?? new Map<string, Variable>();
  narrowed.set(variable, known);
  const key = `${fromStart} ${indexes.join(' ')}`;
  const one = known.get(key) ?? { ...variable, origin: fromStart ? variable.origin : 'constant', values: indexes.map((index) => variable.values[index]!) };
  known.set(key, one);
  return one;
}

/** `x::text`, `(x)`, `CAST(x AS text)` */
function isWrittenOtherwise(name: string, { words }: Words): boolean {
  for (let at = words.indexOf(name); at >= 0; at = words.indexOf(name, at + 1)) {
    if (words[at + 1] === '::' || words[at + 1] === 'as' || (words[at + 1] === ')' && words[at - 1] === '(')) return true;
  }
  return false;
}

const isPlainName = /^([a-z_][\w$]*|\$\d+)$/;

/** A column of NEW or OLD whose table is created in the same file. */
function columnOfRow(name: string, routine: string | undefined, known: KnownTypes): Draft | undefined {
  const column = /^(?:new|old)\.(.+)$/s.exec(name)?.[1];
  const found = column === undefined || routine === undefined ? undefined : known.columnOfRow(routine, column);
  return found && { ...draft(name, found.written ?? '', 'row'), type: found.type };
}

/** A column of NEW or OLD that a CHECK says something of, as long as nothing else is put into the row. */
function checkedColumn(name: string, routine: string | undefined, known: KnownTypes, variables: ReadonlyMap<string, Variable>): Draft | undefined {
  const [, row, column] = /^(new|old)\.(.+)$/s.exec(name) ?? [];
  if (row === undefined || routine === undefined || !known.hasChecks || variables.has(row)) return undefined;
  const held = known.checkedInRow(routine, row as 'new' | 'old', column!);
  const written = held && columnOfRow(name, routine, known);
  if (held === undefined || (written !== undefined && written.type !== 'text' && written.type !== 'unknown')) return undefined;
  return held.later ? { ...(written ?? draft(name, '', 'row')), doubt: 'constrained' } : { ...draft(name, '', 'row'), type: held.type };
}

/** What PL/pgSQL itself puts into every trigger function and block. */
function special(name: string, definer: boolean): Draft | undefined {
  const known = definer && ownerNames.has(name) ? owner : specials.get(name);
  return known && draft(name, known[0], known[1]);
}

/** What is the name of the routine's owner while it runs as SECURITY DEFINER, where SET ROLE fails. */
const ownerNames = new Set(['current_user', 'user', 'current_role']);
/** Nobody who calls the routine chooses it. */
const owner = ['name', 'unknown'] as const;

const specials: ReadonlyMap<string, readonly [type: string, origin: Origin]> = new Map([
  ['new', ['', 'row']], ['old', ['', 'row']],
  ['tg_table_name', ['name', 'catalog']], ['tg_table_schema', ['name', 'catalog']], ['tg_relname', ['name', 'catalog']], ['tg_name', ['name', 'catalog']],
  ['tg_argv', ['text[]', 'trigger']], ['tg_op', ['text', 'constant']], ['tg_when', ['text', 'constant']], ['tg_level', ['text', 'constant']],
  ['tg_tag', ['text', 'constant']], ['tg_event', ['text', 'constant']], ['tg_relid', ['oid', 'constant']], ['tg_nargs', ['int', 'constant']],
  ['found', ['boolean', 'constant']], ['sqlstate', ['text', 'constant']], ['sqlerrm', ['text', 'error']],
  ['current_user', ['name', 'catalog']], ['session_user', ['name', 'catalog']], ['user', ['name', 'catalog']], ['current_role', ['name', 'catalog']],
  ['current_schema', ['name', 'catalog']], ['current_catalog', ['name', 'catalog']],
  ['current_date', ['date', 'constant']], ['localtimestamp', ['timestamp', 'constant']], ['current_timestamp', ['timestamptz', 'constant']],
]);
