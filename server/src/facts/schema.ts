import type { Statement } from '../syntax/sql/statements.ts';
import type {
  DefaultPrivileges, EventTrigger, Extension, Membership, OtherObject, Place, Publication, Relation, Role, Routine, SchemaObject, Setting,
  Subscription, TypeObject,
} from './objects.ts';

export type * from './objects.ts';

/** Objects of a database, each list in the order in which they came to be. Dropped and rolled back ones are left out. */
export interface Objects {
  readonly roles: readonly Role[];
  readonly memberships: readonly Membership[];
  readonly schemas: readonly SchemaObject[];
  readonly routines: readonly Routine[];
  /** Tables, foreign tables, views, materialized views and sequences. Those that these files do not create are not `known`. */
  readonly relations: readonly Relation[];
  readonly types: readonly TypeObject[];
  /** Databases, languages, foreign servers … of which a GRANT or REVOKE speaks. */
  readonly others: readonly OtherObject[];
  readonly defaultPrivileges: readonly DefaultPrivileges[];
  readonly extensions: readonly Extension[];
  readonly eventTriggers: readonly EventTrigger[];
  readonly publications: readonly Publication[];
  readonly subscriptions: readonly Subscription[];
}

/** What a file, or the files of a set, leave behind. */
export interface Schema extends Objects {
  /** Those of which a part comes from this file: what a rule has to look at. */
  in(path: string): Objects;
  /** The first place is applied before the second one. */
  isBefore(first: Place, second: Place): boolean;
  role(name: string): Role | undefined;
  schema(name: string): SchemaObject | undefined;
  /** The relation that a name means; an unqualified one, or one whose schema is not known, may mean any of that name. */
  relation(schema: string | undefined, name: string): Relation | undefined;
  routinesNamed(schema: string | undefined, name: string): readonly Routine[];
  /** Which file drops the routine again that the statement has created; undefined when none does. */
  droppedBy(created: Statement): 'own file' | 'later file' | undefined;
  /** The roles that a role belongs to, directly or through others, itself first. */
  membershipsOf(role: string): ReadonlySet<string>;
  /** ALTER DATABASE … SET, by name in lower case. */
  readonly databaseSettings: ReadonlyMap<string, Setting>;
  /** The schemas in which the files create a relation, routine or type of this name; undefined stands for one that is not known. */
  homes(kind: ObjectKind, name: string): ReadonlySet<string | undefined>;
  /** Who may create objects in a schema because of a GRANT in these files. */
  creators(schema: string): readonly Creator[];
  /** The files take CREATE on the schema from PUBLIC, and do not give it back. */
  closed(schema: string): boolean;
}

export type ObjectKind = 'relation' | 'routine' | 'type';

/** The role in the GRANT. */
export interface Creator extends Place {
  /** `public` for everybody. */
  readonly role: string;
}

/** How messages call a routine. */
export function displayName({ text }: Routine): string {
  const name = text.name.parts.map((part) => part.text).join('.');
  return name.length <= 36 ? name : text.procedure ? 'this procedure' : 'this function';
}

/** False when these files make the schema and let PUBLIC not use it: then a privilege of PUBLIC on what is in there reaches only roles that may. */
export function isOpenSchema(schema: Schema, name: string | undefined): boolean {
  const found = name === undefined ? undefined : schema.schema(name);
  return !found?.known || found.acl.some(({ grantee, privilege }) => grantee === 'public' && privilege === 'USAGE');
}
