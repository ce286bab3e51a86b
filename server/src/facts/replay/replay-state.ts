import type { Statement } from '../../syntax/sql/statements.ts';
import type { Span } from '../../text.ts';
import type { Name, NamePart } from '../sql/cursor.ts';
import { Journal, Kept } from './journal.ts';
import { Dependents } from './dependents.ts';
import { Named, lastPart, schemaOf } from './named.ts';
import type { SearchPath } from './named.ts';
import { pathOf } from './path.ts';
import type {
  DefaultPrivileges, EventTrigger, Extension, Membership, OtherObject, Place, Publication, Relation, Role, RoleName, Routine, SchemaObject, Setting,
  Subscription, TypeObject,
} from '../objects.ts';
import type { ObjectKind } from '../schema.ts';

/** A routine, and what only replaying needs to know about it. */
export interface KnownRoutine extends Routine {
  /** The transaction that created it; empty for none. */
  readonly transaction: string;
}

export interface GoneRoutine {
  readonly created: Statement;
  readonly by: 'own file' | 'later file';
}

/** A database and a session as far as statements have made them. */
export class State {
  readonly journal = new Journal();
  readonly roles = new Kept<Role>(this.journal);
  readonly memberships = new Kept<Membership>(this.journal);
  readonly schemas = new Kept<SchemaObject>(this.journal);
  /** Dropped or renamed, and not made again: a search_path that names them goes on to its next entry. */
  readonly goneSchemas = new Kept<true>(this.journal);
  readonly routines = new Named<KnownRoutine>(this.journal);
  /** The statements that have created routines which are dropped, by their file or another one. */
  readonly goneRoutines = new Kept<GoneRoutine>(this.journal);
  readonly relations = new Named<Relation>(this.journal);
  readonly types = new Named<TypeObject>(this.journal);
  readonly others = new Kept<OtherObject>(this.journal);
  readonly defaultPrivileges = new Kept<DefaultPrivileges>(this.journal);
  readonly extensions = new Kept<Extension>(this.journal);
  readonly eventTriggers = new Kept<EventTrigger>(this.journal);
  readonly publications = new Kept<Publication>(this.journal);
  readonly subscriptions = new Kept<Subscription>(this.journal);
  readonly databaseSettings = new Kept<Setting>(this.journal);
  /** What objects of a name were created, and in which schemas. */
  readonly homes = new Kept<readonly { readonly kind: ObjectKind; readonly schema: string | undefined }[]>(this.journal);
  session: Session = newSession;
  readonly dependents = new Dependents(this.journal);
  /** Empty outside of a transaction. */
  transaction = '';
  readonly version: number;

  constructor(version: number) {
    this.version = version;
  }

  /** As the files set it. */
  get writtenPath(): readonly NamePart[] | undefined {
    return this.session.localPath ?? this.session.path;
  }

  /** Where names are looked up. */
  get path(): SearchPath {
    return pathOf(this);
  }

  /** Undefined: the role that runs the files. */
  get role(): RoleName {
    const { localRole, localUser, role, user } = this.session;
    return (localRole ?? localUser ?? role ?? user)?.name;
  }

  /** The schema in which a new object of this name is created. */
  homeOf(name: Name): string | undefined {
    const schema = schemaOf(name);
    if (schema !== undefined) return schema;
    const open = this.path?.filter((entry) => !(entry.closed && name.ifExists)).map((entry) => entry.name) ?? [];
    const first = open.find((schema) => schema !== 'pg_catalog') ?? open[0];
    return first === 'pg_temp' ? undefined : first;
  }

  addHome(kind: ObjectKind, name: Name): void {
    this.noteHome(kind, lastPart(name).name, this.homeOf(name));
  }

  noteHome(kind: ObjectKind, name: string, schema: string | undefined): void {
    const homes = this.homes.get(name) ?? [];
    if (!homes.some((home) => home.kind === kind && home.schema === schema)) this.homes.set(name, [...homes, { kind, schema }]);
  }

  roleOf(part: NamePart): RoleName {
    return /^(current_user|current_role|session_user|user)$/i.test(part.text) ? this.role : part.name;
  }
}

/** Everything that a transaction brings back as one. Replaced, never changed. */
export interface Session {
  readonly path: readonly NamePart[] | undefined;
  readonly localPath: readonly NamePart[] | undefined;
  /** SET ROLE */
  readonly role: NamePart | undefined;
  readonly localRole: NamePart | undefined;
  /** SET SESSION AUTHORIZATION */
  readonly user: NamePart | undefined;
  readonly localUser: NamePart | undefined;
}

export const newSession: Session = { path: undefined, localPath: undefined, role: undefined, localRole: undefined, user: undefined, localUser: undefined };

/** One effect on its way into the state. */
export interface Run {
  readonly state: State;
  /** `sure`: it happens. `perhaps`: what makes things safer counts, what exists already stays as it is. */
  readonly certainty: 'sure' | 'perhaps';
  place(span: Span): Place;
}
