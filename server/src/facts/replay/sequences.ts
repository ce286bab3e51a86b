import type { Name } from '../sql/cursor.ts';
import type { Relation } from '../objects.ts';
import type { Run, State } from './replay-state.ts';

/** The table and column that `schema.table.column` names. */
export function columnOwner({ state }: Run, name: Name | undefined, sequence: string): Relation['ownedBy'] {
  const parts = name?.parts ?? [];
  if (parts.length < 2) return undefined;
  const table = parts.slice(0, -1);
  const [found] = state.relations.find({ parts: table, start: table[0]!.start, end: table[table.length - 1]!.end }, state.path, true);
  if (found) state.dependents.note(found.name, sequence);
  return found && { name: found.name, schema: found.schema, column: parts[parts.length - 1]!.name, identity: false };
}

/** How PostgreSQL calls the sequence of a serial or identity column: at most 63 bytes, and a number where the name is taken. */
export function sequenceName(state: State, table: Relation, column: string): string {
  const taken = (name: string): boolean => state.relations.named(name).some((other) => isSameSchema(other.schema, table.schema));
  const first = objectName(table.name, column, 'seq');
  let name = first;
  for (let number = 1; taken(name); number++) name = objectName(table.name, column, `seq${number}`);
  return name;
}

/** A name without a schema is one in public where the files set no search_path. */
export function isSameSchema(a: string | undefined, b: string | undefined): boolean {
  return (a ?? 'public') === (b ?? 'public');
}

function objectName(table: string, column: string, label: string): string {
  let [first, second] = [table, column];
  while (first.length + second.length + label.length + 2 > 63) {
    if (first.length > second.length) first = first.slice(0, -1);
    else second = second.slice(0, -1);
  }
  return `${first}_${second}_${label}`;
}

/** The relations that may speak of a name. */
export function dependentsOf(state: State, name: string): Relation[] {
  return [...state.dependents.of(name)].flatMap((dependent) => state.relations.named(dependent));
}

/** The sequences that go with a table, or with one of its columns. */
export function sequencesOf(state: State, table: Relation, column?: string): readonly Relation[] {
  return dependentsOf(state, table.name).filter(({ ownedBy }) => ownedBy
    && ownedBy.name === table.name && ownedBy.schema === table.schema && (column === undefined || ownedBy.column === column));
}
