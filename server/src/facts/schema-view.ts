import { Replay } from './replay.ts';
import type { Objects, Creator, ObjectKind, Place, Relation, Role, Routine, Schema, SchemaObject, Setting, Securable } from './schema.ts';
import type { State } from './replay-state.ts';

/** The end of a replay, as rules read it. */
export class ReplayedSchema implements Schema {
  readonly roles; readonly memberships; readonly schemas; readonly routines; readonly relations; readonly types; readonly others;
  readonly defaultPrivileges; readonly extensions; readonly eventTriggers; readonly publications; readonly subscriptions;
  readonly #state: State;
  readonly #order: ReadonlyMap<string, number>;
  #byPath: ReadonlyMap<string, Objects> | undefined;

  /** `paths`: the files in the order in which they were applied. */
  constructor({ state }: Replay, paths: readonly string[]) {
    this.#state = state;
    this.#order = new Map(paths.map((path, i) => [path, i]));
    this.roles = this.#sorted(state.roles.values());
    this.memberships = this.#sorted(state.memberships.values());
    this.schemas = this.#sorted(state.schemas.values());
    this.routines = this.#sorted(state.routines.all());
    this.relations = this.#sorted(state.relations.all());
    this.types = this.#sorted(state.types.all());
    this.others = this.#sorted(state.others.values());
    this.defaultPrivileges = this.#sorted(state.defaultPrivileges.values());
    this.extensions = this.#sorted(state.extensions.values());
    this.eventTriggers = this.#sorted(state.eventTriggers.values());
    this.publications = this.#sorted(state.publications.values());
    this.subscriptions = this.#sorted(state.subscriptions.values());
  }

  get databaseSettings(): ReadonlyMap<string, Setting> {
    return new Map(this.#state.databaseSettings.entries());
  }

  #sorted<T extends { readonly place: Place }>(objects: Iterable<T>): readonly T[] {
    return [...objects].sort((a, b) => this.#distance(a.place, b.place));
  }

  #distance(a: Place, b: Place): number {
    return (this.#order.get(a.path) ?? -1) - (this.#order.get(b.path) ?? -1) || a.at.start - b.at.start;
  }

  isBefore(first: Place, second: Place): boolean {
    return this.#distance(first, second) < 0;
  }

  in(path: string): Objects {
    this.#byPath ??= byPath(this);
    return this.#byPath.get(path) ?? nothing;
  }

  role(name: string): Role | undefined {
    return this.#state.roles.get(name);
  }

  schema(name: string): SchemaObject | undefined {
    return this.#state.schemas.get(name);
  }

  relation(schema: string | undefined, name: string): Relation | undefined {
    return pick(this.#state.relations.named(name), schema)[0];
  }

  routinesNamed(schema: string | undefined, name: string): readonly Routine[] {
    return pick(this.#state.routines.named(name), schema);
  }

  membershipsOf(role: string): ReadonlySet<string> {
    const found = new Set([role]);
    for (const name of found) for (const membership of this.memberships) if (membership.member === name) found.add(membership.role);
    return found;
  }

  homes(kind: ObjectKind, name: string): ReadonlySet<string | undefined> {
    return this.#state.homes.get(`${kind} ${name}`) ?? new Set();
  }

  creators(schema: string): readonly Creator[] {
    const acl = this.#state.schemas.get(schema)?.acl ?? [];
    return acl.flatMap(({ privilege, grantee, place }) => (privilege === 'CREATE' && place ? [{ ...place, role: grantee }] : []));
  }

  closed(schema: string): boolean {
    return this.#state.schemas.get(schema)?.closed !== undefined;
  }
}

/** The same schema first, then those that may be it. */
function pick<T extends { readonly schema: string | undefined }>(all: readonly T[], schema: string | undefined): readonly T[] {
  const exact = all.filter((object) => object.schema === schema);
  if (exact.length > 0) return exact;
  return schema === undefined ? all : all.filter((object) => object.schema === undefined);
}

const kinds = [
  'roles', 'memberships', 'schemas', 'routines', 'relations', 'types', 'others', 'defaultPrivileges', 'extensions', 'eventTriggers', 'publications', 'subscriptions',
] as const;
const nothing = Object.fromEntries(kinds.map((kind) => [kind, []])) as unknown as Objects;

/** Which objects have a part that comes from which file. */
function byPath(schema: Objects): ReadonlyMap<string, Objects> {
  const found = new Map<string, Record<string, unknown[]>>();
  for (const kind of kinds) {
    for (const object of schema[kind]) {
      const paths = new Set<string>();
      collect(object, paths);
      for (const path of paths) {
        let objects = found.get(path);
        if (!objects) found.set(path, objects = Object.fromEntries(kinds.map((one) => [one, []])));
        objects[kind]!.push(object);
      }
    }
  }
  return found as unknown as ReadonlyMap<string, Objects>;
}

function collect(object: Objects[keyof Objects][number], paths: Set<string>): void {
  for (const place of placesOf(object)) if (place) paths.add(place.path);
}

function* placesOf(object: Objects[keyof Objects][number]): Iterable<Place | undefined> {
  yield object.place;
  if ('acl' in object) for (const item of object.acl) yield item.place;
  if ('almost' in object) yield object.almost;
  if ('owner' in object) yield (object as Securable).owner.place;
  if ('attributes' in object) {
    for (const attribute of Object.values(object.attributes)) yield attribute.place;
    yield object.password?.place;
    yield object.validUntil?.place;
    yield object.connectionLimit?.place;
    for (const setting of object.settings.values()) yield setting.place;
  }
  if ('publicExecute' in object) {
    yield object.definer;
    if (object.path.kind === 'list') yield object.path.place;
    if (object.path.kind === 'none') yield object.path.cleared;
    if (object.publicExecute.kind === 'revoked') yield object.publicExecute.late;
  }
  if ('rls' in object) {
    yield object.rls.place;
    yield object.forced.place;
    yield object.query;
    for (const { place } of [...object.columns, ...object.parents, ...object.policies, ...object.triggers, ...object.options.values()]) yield place;
    for (const { using, check, to } of object.policies) {
      yield using?.place;
      yield check?.place;
      yield to;
    }
  }
  if ('options' in object) for (const option of object.options.values()) yield option.place;
}
