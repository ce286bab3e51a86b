import type { Name } from '../sql/cursor.ts';
import type { ColumnText, Effect, Identity, OptionText, RelationAction, RelationKind } from './effects.ts';
import { mentions, readsColumn } from './column-uses.ts';
import { lastPart } from './named.ts';
import type { Column, Option, Parent, Place, Relation, RelationName, Switch } from '../objects.ts';
import { dropRelation, isSame } from './replay-moves.ts';
import { calledRoutines } from './replay-policies.ts';
import { firstAcl, nobody, untouched } from './replay-privileges.ts';
import type { Run, State } from './replay-state.ts';
import { columnOwner, dependentsOf, isSameSchema, sequenceName, sequencesOf } from './sequences.ts';

/** The relations that a name means; one that these files do not create is remembered by what is said about it. */
export function relationOf(run: Run, name: Name, kind: RelationKind, loose: boolean): readonly Relation[] {
  const { relations, path } = run.state;
  const found = relations.find(name, path, loose);
  if (found.length > 0) return name.ifExists ? found : found.map((relation) => spokenOf(relations, relation));
  const relation: Relation = {
    ...emptyRelation(kind, lastPart(name).name, run.state.homeOf(name), run.place(name)), rls: unknown, forced: unknown, assumed: name.ifExists ?? false,
  };
  relations.add(relation);
  return [relation];
}

function spokenOf(relations: State['relations'], relation: Relation): Relation {
  if (!relation.assumed) return relation;
  const certain = { ...relation, assumed: false };
  relations.replace(relation, certain);
  return certain;
}

const unknown: Switch = { on: undefined, place: undefined };
const off: Switch = { on: false, place: undefined };

function emptyRelation(kind: RelationKind, name: string, schema: string | undefined, place: Place): Relation {
  return {
    kind, name, schema, place, known: false, owner: nobody,
    acl: [], ...untouched, temporary: false, assumed: false, columns: [], columnsComplete: false, parents: [], partitioned: false,
    rls: off, forced: off, policies: [], triggers: [], options: noOptions, droppedOptions: [], ownedBy: undefined, reads: [], calls: [], query: undefined,
  };
}

export function createRelation(run: Run, effect: Extract<Effect, { do: 'create relation' }>): void {
  const { state } = run;
  const { name, kind } = effect;
  const temporary = effect.temporary || (kind === 'view' && readsTemporary(run, effect.reads));
  if (!temporary) {
    state.addHome('relation', name);
    if (kind !== 'sequence') state.addHome('type', name);
  }
  const home = temporary ? 'pg_temp' : state.homeOf(name);
  const all = state.relations.named(lastPart(name).name);
  const exact = all.filter((other) => other.schema === home);
  const others = exact.length > 0 ? exact : all.filter((other) => isSameSchema(other.schema, home));
  const older = others.find((other) => other.known);
  if (older && effect.replace && older.kind === 'view' && run.certainty === 'sure') return replaceView(run, effect, older);
  // Created again without a DROP, it is the same one seen twice, for instance in both branches of a psql \if.
  if (older) return;
  const owner = { role: state.role, place: undefined };
  const created: Relation = {
    ...emptyRelation(kind, lastPart(name).name, home, run.place(name)), known: true, temporary, owner,
    ...firstAcl(state, kind === 'sequence' ? 'sequence' : 'table', home, owner),
    columns: [...inheritedColumns(run, effect), ...effect.columns.map((column) => columnOf(run, column))],
    columnsComplete: !effect.more && sourcesOf(run, effect).every((source) => source?.columnsComplete),
    parents: effect.parents.map((parent) => ({ ...named(run, parent, name), partition: effect.partition })),
    partitioned: effect.partitioned,
    options: optionsOf(run, effect.options),
    reads: effect.reads.map((read) => named(run, read, name)),
    calls: calledRoutines(run, effect.calls, lastPart(name).name),
    query: effect.kind.endsWith('view') ? run.place(name) : undefined,
    ownedBy: columnOwner(run, effect.ownedBy, lastPart(name).name),
  };
  const [placeholder] = others;
  // What CREATE makes was not there before, unless nobody knows the order.
  const later = run.certainty === 'perhaps' || (effect.ifNotExists && !placeholder?.assumed);
  // A table of which was spoken before IF NOT EXISTS was there: nobody knows how it was made.
  const there = later && run.certainty === 'sure' ? { ...created, rls: unknown, forced: unknown } : created;
  if (placeholder) state.relations.replace(placeholder, later ? completed(there, placeholder) : created);
  else state.relations.add(created);
  for (const column of effect.columns) if (column.sequence) addSequence(run, created, column.name.name, column.identity);
  for (const { name: like, identity } of effect.like) {
    const [source] = identity ? state.relations.find(like, state.path, true) : [];
    for (const { ownedBy } of source ? sequencesOf(state, source) : []) if (ownedBy!.identity) addSequence(run, created, ownedBy!.column, { sequence: undefined });
  }
}

/** What was said about a relation before the statement that creates it, as happens in files that have no order. */
function completed(created: Relation, { rls, forced, policies, triggers, acl, almost, shutOut }: Relation): Relation {
  return { ...created, rls: rls.place ? rls : created.rls, forced: forced.place ? forced : created.forced, policies, triggers, acl: [...created.acl, ...acl], almost, shutOut };
}

/** OR REPLACE keeps owner and privileges, and drops the options that it does not name. */
function replaceView(run: Run, effect: Extract<Effect, { do: 'create relation' }>, older: Relation): void {
  const options = optionsOf(run, effect.options);
  const dropped = [...older.options.keys()].filter((name) => !options.has(name));
  run.state.relations.replace(older, {
    ...older, options, droppedOptions: dropped, reads: effect.reads.map((read) => named(run, read, effect.name)),
    calls: calledRoutines(run, effect.calls, older.name), query: run.place(effect.name),
  });
}

/** A relation that the one called `by` speaks of. */
function named(run: Run, name: Name, by: Name): RelationName {
  run.state.dependents.note(lastPart(name).name, lastPart(by).name);
  const [found] = run.state.relations.find(name, run.state.path, true);
  return { name: lastPart(name).name, schema: found ? found.schema : run.state.homeOf(name), place: run.place(name) };
}

function columnOf(run: Run, { name, type, written }: ColumnText): Column {
  return { name: name.name, type, written, place: run.place(name) };
}

/** A view over a temporary table is temporary too. */
function readsTemporary({ state }: Run, reads: readonly Name[]): boolean {
  return reads.some((name) => state.relations.find(name, state.path, true).some(({ temporary }) => temporary));
}

/** The tables whose columns it takes over. */
function sourcesOf({ state }: Run, { like, parents }: Extract<Effect, { do: 'create relation' }>): readonly (Relation | undefined)[] {
  return [...parents, ...like.map(({ name }) => name)].map((name) => state.relations.find(name, state.path, true)[0]);
}

function inheritedColumns(run: Run, effect: Extract<Effect, { do: 'create relation' }>): readonly Column[] {
  const { columns } = effect;
  const found = sourcesOf(run, effect).flatMap((source) => source?.columns ?? []);
  const own = new Set(columns.map(({ name }) => name.name));
  return found.filter(({ name }, i) => !own.has(name) && found.findIndex((other) => other.name === name) === i);
}

const noOptions: ReadonlyMap<string, Option> = new Map();

function optionsOf(run: Run, options: readonly OptionText[]): ReadonlyMap<string, Option> {
  if (options.length === 0) return noOptions;
  return new Map(options.map(({ name, value, at }) => [name, { value, place: run.place(at) }]));
}

/** serial and identity columns bring a sequence along. */
function addSequence(run: Run, table: Relation, column: string, identity: Identity | undefined): void {
  const { state } = run;
  const { place, schema, temporary, owner } = table;
  const name = identity?.sequence ? lastPart(identity.sequence).name : sequenceName(state, table, column);
  state.dependents.note(table.name, name);
  state.relations.add({
    ...emptyRelation('sequence', name, schema, place), temporary, owner, known: true,
    ownedBy: { name: table.name, schema, column, identity: identity !== undefined },
    ...firstAcl(state, 'sequence', schema, owner),
  });
}

export function alterRelation(run: Run, { kind, name, action }: Extract<Effect, { do: 'alter relation' }>): void {
  for (const relation of relationOf(run, name, kind, run.certainty === 'perhaps' || action.set === 'rls' || action.set === 'forced')) {
    alterOne(run, relation, action);
  }
}

/** `done`: relations may be children of each other, or of one in several ways. */
function alterOne(run: Run, relation: Relation, action: RelationAction, done = new Set<string>()): void {
  const inherited = done.size > 0;
  done.add(`${relation.schema} ${relation.name}`);
  const { relations } = run.state;
  const missing = action.set === 'column' && !relation.columns.some(({ name }) => name === action.column.name.name);
  const changed = altered(run, relation, action);
  relations.replace(relation, changed);
  // A child takes the numbers of its parent.
  if (relation.known && missing && action.column.sequence && !inherited) addSequence(run, relation, action.column.name.name, action.column.identity);
  if (relation.known && action.set === 'column sequence') addSequence(run, relation, action.name, action.identity);
  if (action.set === 'no column' || action.set === 'no column sequence') {
    for (const sequence of sequencesOf(run.state, relation, action.name)) {
      if (action.set === 'no column' || sequence.ownedBy!.identity) relations.remove(sequence);
    }
    const isThere = !relation.columnsComplete || relation.columns.some(({ name }) => name === action.name);
    if (action.set === 'no column' && action.cascade && isThere) dropUsers(run, changed, action.name);
  }
  if (action.set === 'column name') {
    for (const sequence of sequencesOf(run.state, relation, action.from)) {
      relations.replace(sequence, { ...sequence, ownedBy: { ...sequence.ownedBy!, column: action.to.name } });
    }
  }
  // What happens to the columns of a table happens to those of its partitions and children.
  if (!ofColumns.has(action.set) || changed === relation) return;
  const children = dependentsOf(run.state, relation.name).filter(({ parents }) => parents.some((parent) => isSame(parent, relation)));
  for (const child of children) if (!done.has(`${child.schema} ${child.name}`)) alterOne(run, child, action, done);
}

/** CASCADE takes along what reads the column: policies and views. */
function dropUsers({ state }: Run, table: Relation, column: string): void {
  for (const other of [table, ...dependentsOf(state, table.name)]) {
    if (other.reads.some((one) => isSame(one, table)) && other.query && readsColumn(other.query.statement.written.text, table, column)) dropRelation(state, other);
    const kept = other.policies.filter(({ using, check }) => ![using, check].some((one) => (
      one && (other === table || one.reads.some((read) => isSame(read, table))) && mentions(one.text, column))));
    if (kept.length < other.policies.length) state.relations.replace(other, { ...other, policies: kept });
  }
}

/** With all that uses it. */
export function dropColumn(run: Run, { name, schema }: Relation, column: string): void {
  const relation = run.state.relations.named(name).find((one) => one.schema === schema);
  if (relation) alterOne(run, relation, { set: 'no column', name: column, cascade: true });
}

const ofColumns = new Set<RelationAction['set']>(['column', 'no column', 'column name', 'column type']);

function altered(run: Run, relation: Relation, action: RelationAction): Relation {
  const { columns } = relation;
  switch (action.set) {
    case 'rls': return { ...relation, rls: { on: action.on, place: run.place(action.at) } };
    case 'forced': return { ...relation, forced: { on: action.on, place: run.place(action.at) } };
    case 'options': {
      const options = optionsOf(run, action.options);
      return { ...relation, options: new Map([...relation.options, ...options]), droppedOptions: relation.droppedOptions.filter((name) => !options.has(name)) };
    }
    case 'no options': return { ...relation, options: new Map([...relation.options].filter(([name]) => !action.names.includes(name))) };
    case 'column': {
      if (columns.some(({ name }) => name === action.column.name.name)) return relation;
      return { ...relation, columns: [...columns, columnOf(run, action.column)] };
    }
    case 'no column': return {
      ...relation, columns: columns.filter(({ name }) => name !== action.name), acl: relation.acl.filter(({ column }) => column !== action.name),
    };
    case 'column name': return {
      ...relation,
      columns: columns.map((column) => (column.name === action.from ? { ...column, name: action.to.name } : column)),
      acl: relation.acl.map((item) => (item.column === action.from ? { ...item, column: action.to.name } : item)),
    };
    case 'column type': return {
      ...relation,
      columns: columns.map((column) => (column.name === action.name.name ? { ...column, type: action.type, written: action.written, place: run.place(action.name) } : column)),
    };
    case 'column of sequence': return { ...relation, ownedBy: columnOwner(run, action.column, relation.name) };
    case 'parent': return { ...relation, ...parentChange(run, relation, action.parent, action.partition) };
    case 'no parent': return { ...relation, ...orphan(run, relation, action.parent, action.partition) };
    default: return relation;
  }
}

/** `INHERIT p` speaks of the child, `ATTACH PARTITION c` of the parent. */
function parentChange(run: Run, relation: Relation, other: Name, partition: boolean): Partial<Relation> {
  if (!partition) return { parents: [...relation.parents, { ...parentOf(run, relation, other), partition }] };
  run.state.dependents.note(relation.name, lastPart(other).name);
  const parent: Parent = { name: relation.name, schema: relation.schema, place: run.place(other), partition };
  for (const child of relationOf(run, other, 'table', true)) {
    run.state.relations.replace(child, { ...child, parents: [...child.parents.filter((one) => !isSame(one, parent)), parent] });
  }
  return { partitioned: true };
}

function parentOf({ state, place }: Run, child: Relation, name: Name): RelationName {
  const [found] = state.relations.find(name, state.path, true);
  state.dependents.note(lastPart(name).name, child.name);
  return { name: lastPart(name).name, schema: found ? found.schema : state.homeOf(name), place: place(name) };
}

function orphan(run: Run, relation: Relation, other: Name, partition: boolean): Partial<Relation> {
  if (!partition) return { parents: relation.parents.filter((one) => !isSame(one, parentOf(run, relation, other))) };
  for (const child of run.state.relations.find(other, run.state.path, true)) {
    run.state.relations.replace(child, { ...child, parents: child.parents.filter((one) => !isSame(one, relation)) });
  }
  return {};
}
