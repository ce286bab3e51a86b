import type { Applied } from './history.ts';
import { groupsOf } from './replay-privileges.ts';
import type { State } from './replay-state.ts';
import type { Creator, ObjectKind, Objects, Place, Relation, Role, Routine, Schema, SchemaObject, Setting } from '../schema.ts';
import { isFrom, mentionsOf } from './touched.ts';
import type { Mentions } from './touched.ts';
import type { Statement } from '../../syntax/sql/statements.ts';

const kinds = [
  'roles', 'memberships', 'schemas', 'routines', 'relations', 'types', 'others', 'defaultPrivileges', 'extensions', 'eventTriggers', 'publications', 'subscriptions',
] as const;
type Kind = (typeof kinds)[number];

/** The end of a replay, as rules read it. Everything is put in order on first use. */
export class ReplayedSchema implements Schema {
  readonly #state: State;
  readonly #files: readonly Applied[];
  readonly #beyond: State | undefined;
  readonly #lists = new Map<Kind, readonly unknown[]>();
  readonly #byPath = new Map<string, Objects>();
  #order: ReadonlyMap<string, number> | undefined;
  #gone: ReadonlyMap<Statement, 'own file' | 'later file'> | undefined;

  /** `files`: in the order in which they were applied. `beyond`: what other files create, where a name is not found. */
  constructor(state: State, files: readonly Applied[], beyond?: State) {
    this.#state = state;
    this.#files = files;
    this.#beyond = beyond;
  }

  get roles() { return this.#all('roles'); }
  get memberships() { return this.#all('memberships'); }
  get schemas() { return this.#all('schemas'); }
  get routines() { return this.#all('routines'); }
  get relations() { return this.#all('relations'); }
  get types() { return this.#all('types'); }
  get others() { return this.#all('others'); }
  get defaultPrivileges() { return this.#all('defaultPrivileges'); }
  get extensions() { return this.#all('extensions'); }
  get eventTriggers() { return this.#all('eventTriggers'); }
  get publications() { return this.#all('publications'); }
  get subscriptions() { return this.#all('subscriptions'); }

  get databaseSettings(): ReadonlyMap<string, Setting> {
    return new Map(this.#state.databaseSettings.entries());
  }

  #all<K extends Kind>(kind: K): Objects[K] {
    let list = this.#lists.get(kind);
    if (!list) this.#lists.set(kind, list = this.#sorted(this.#objects(kind)));
    return list as Objects[K];
  }

  #objects<K extends Kind>(kind: K): Iterable<Objects[K][number]> {
    const objects = this.#state[kind];
    return ('all' in objects ? objects.all() : objects.values()) as Iterable<Objects[K][number]>;
  }

  #sorted<T extends { readonly place: Place }>(objects: Iterable<T>): readonly T[] {
    return [...objects].sort((a, b) => this.#distance(a.place, b.place));
  }

  #distance(a: Place, b: Place): number {
    this.#order ??= new Map(this.#files.map(({ path }, i) => [path, i]));
    const between = a.path === b.path ? 0 : (this.#order.get(a.path) ?? -1) - (this.#order.get(b.path) ?? -1);
    return between || a.at.start - b.at.start;
  }

  isBefore(first: Place, second: Place): boolean {
    return this.#distance(first, second) < 0;
  }

  in(path: string): Objects {
    let objects = this.#byPath.get(path);
    if (!objects) this.#byPath.set(path, objects = this.#from(path));
    return objects;
  }

  /** Looks up what the file names, so that the files of a large set do not all look at all objects. */
  #from(path: string): Objects {
    const applied = this.#files.find((file) => file.path === path);
    const { names, unnamed } = applied ? mentionsOf(applied.file) : nothing;
    const { relations, routines, types, dependents } = this.#state;
    const later = new Set([...names].flatMap((name) => [...dependents.laterNames(name)]));
    const all = new Set([...later].flatMap((name) => [name, ...dependents.of(name)]));
    const candidates = (kind: Kind): Iterable<Objects[Kind][number]> => {
      if (unnamed) return this.#objects(kind);
      if (kind === 'relations') return [...all].flatMap((name) => relations.named(name));
      if (kind === 'routines') return [...all].flatMap((name) => routines.named(name));
      return kind === 'types' ? [...all].flatMap((name) => types.named(name)) : this.#objects(kind);
    };
    return Object.fromEntries(kinds.map((kind) => [kind, this.#sorted([...candidates(kind)].filter((object) => isFrom(object, path)))])) as unknown as Objects;
  }

  role(name: string): Role | undefined {
    return this.#state.roles.get(name);
  }

  schema(name: string): SchemaObject | undefined {
    return this.#state.schemas.get(name);
  }

  relation(schema: string | undefined, name: string): Relation | undefined {
    return pick(this.#state.relations.named(name), schema)[0] ?? pick(this.#beyond?.relations.named(name) ?? [], schema)[0];
  }

  routinesNamed(schema: string | undefined, name: string): readonly Routine[] {
    const found = pick(this.#state.routines.named(name), schema);
    return found.length > 0 ? found : pick(this.#beyond?.routines.named(name) ?? [], schema);
  }

  droppedBy(statement: Statement): 'own file' | 'later file' | undefined {
    this.#gone ??= new Map([...this.#state.goneRoutines.values()].map(({ created, by }) => [created, by]));
    return this.#gone.get(statement);
  }

  membershipsOf(role: string): ReadonlySet<string> {
    return groupsOf(this.#state.memberships.values(), role);
  }

  homes(kind: ObjectKind, name: string): ReadonlySet<string | undefined> {
    const homes = [...this.#state.homes.get(name) ?? [], ...this.#beyond?.homes.get(name) ?? []];
    return new Set(homes.filter((home) => home.kind === kind).map(({ schema }) => schema));
  }

  creators(schema: string): readonly Creator[] {
    const acl = this.#state.schemas.get(schema)?.acl ?? [];
    return acl.flatMap(({ privilege, grantee, place }) => (privilege === 'CREATE' && place ? [{ ...place, role: grantee }] : []));
  }

  closed(schema: string): boolean {
    return this.#state.schemas.get(schema)?.closed !== undefined;
  }
}

const nothing: Mentions = { names: new Set(), unnamed: false };

/** The same schema first, then those that may be it. */
function pick<T extends { readonly schema: string | undefined }>(all: readonly T[], schema: string | undefined): readonly T[] {
  const exact = all.filter((object) => object.schema === schema);
  if (exact.length > 0) return exact;
  return schema === undefined ? all : all.filter((object) => object.schema === undefined);
}
