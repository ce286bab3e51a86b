import type { Span } from '../../text.ts';
import type { Name, NamePart } from '../sql/cursor.ts';
import type { Grant } from '../sql/grants.ts';
import type { PathChange, RoutineChanges, RoutineText } from '../sql/routine-text.ts';
import type { Policy, RoleAttribute } from '../objects.ts';

/** What one statement does to a database or to its session, as written. All spans count from the start of the statement. */
export type Effect = SessionEffect | RoleEffect | PrivilegeEffect | RoutineEffect | RelationEffect | ObjectEffect;

export type SessionEffect =
  | { readonly do: 'begin' | 'commit' | 'rollback' | 'discard' }
  | { readonly do: 'savepoint' | 'release' | 'rollback to'; readonly name: string }
  | { readonly do: 'set path'; readonly local: boolean; readonly change: PathChange }
  /** `role` undefined: RESET, NONE, DEFAULT. */
  | { readonly do: 'set role' | 'set session'; readonly local: boolean; readonly role: NamePart | undefined };

export interface RoleChanges {
  readonly attributes: readonly { readonly attribute: RoleAttribute; readonly on: boolean; readonly at: Span }[];
  readonly password?: { readonly null: boolean; readonly at: Span };
  readonly validUntil?: { readonly text: string; readonly at: Span };
  readonly connectionLimit?: { readonly value: number | undefined; readonly at: Span };
}

export type RoleEffect =
  | {
    readonly do: 'create role'; readonly name: NamePart; readonly user: boolean; readonly changes: RoleChanges;
    /** IN ROLE */
    readonly memberOf: readonly NamePart[];
    /** ROLE, USER and ADMIN */
    readonly members: readonly { readonly name: NamePart; readonly admin: boolean }[];
  }
  | { readonly do: 'alter role'; readonly name: NamePart; readonly changes: RoleChanges }
  /** ALTER ROLE or DATABASE … SET; `setting` undefined: RESET ALL, its `value` undefined: RESET. */
  | {
    readonly do: 'configure'; readonly on: 'role' | 'database'; readonly name: NamePart; readonly database: NamePart | undefined;
    readonly setting: { readonly name: string; readonly value: string | undefined; readonly at: Span } | undefined;
  }
  | { readonly do: 'drop role'; readonly names: readonly NamePart[] }
  | {
    readonly do: 'grant role'; readonly revoke: boolean; readonly roles: readonly NamePart[]; readonly members: readonly NamePart[];
    /** WITH …; for REVOKE the options that are taken instead of the membership. */
    readonly options: { readonly admin?: boolean; readonly inherit?: boolean; readonly set?: boolean };
    readonly by: NamePart | undefined; readonly cascade: boolean;
  }
  | { readonly do: 'reassign'; readonly from: readonly NamePart[]; readonly to: NamePart }
  | { readonly do: 'drop owned'; readonly roles: readonly NamePart[] };

export type PrivilegeEffect =
  | { readonly do: 'grant'; readonly grant: Grant }
  | { readonly do: 'default privileges'; readonly roles: readonly NamePart[]; readonly schemas: readonly NamePart[]; readonly grant: Grant };

export interface RoutineReference {
  readonly name: Name;
  /** Undefined: the statement gives no parameter list. */
  readonly types: readonly string[] | undefined;
}

export type RoutineEffect =
  | { readonly do: 'create routine'; readonly text: RoutineText }
  | { readonly do: 'alter routine'; readonly routine: RoutineReference; readonly changes: RoutineChanges };

export interface ColumnText {
  readonly name: NamePart;
  readonly type: string;
  readonly written: string;
  /** serial or GENERATED … AS IDENTITY: it has a sequence of its own. */
  readonly sequence: boolean;
  readonly identity: Identity | undefined;
}

/** GENERATED … AS IDENTITY; the name in `SEQUENCE NAME`, which pg_dump writes. */
export interface Identity {
  readonly sequence: Name | undefined;
}

export interface OptionText {
  readonly name: string;
  readonly value: string;
  readonly at: Span;
}

export type RelationKind = 'table' | 'foreign table' | 'view' | 'materialized view' | 'sequence';

export type RelationEffect =
  | {
    readonly do: 'create relation'; readonly kind: RelationKind; readonly name: Name; readonly temporary: boolean;
    readonly replace: boolean; readonly ifNotExists: boolean;
    readonly columns: readonly ColumnText[];
    /** LIKE, OF or AS QUERY give it more columns. */
    readonly more: boolean;
    /** `identity`: with the sequences of identity columns. */
    readonly like: readonly { readonly name: Name; readonly identity: boolean }[];
    readonly parents: readonly Name[]; readonly partition: boolean; readonly partitioned: boolean;
    readonly options: readonly OptionText[];
    readonly reads: readonly Name[];
    /** What looks like a call in the query of a view. */
    readonly calls: readonly CallName[];
    /** OWNED BY of a sequence. */
    readonly ownedBy: Name | undefined;
  }
  | { readonly do: 'alter relation'; readonly kind: RelationKind; readonly name: Name; readonly action: RelationAction }
  | {
    readonly do: 'create policy'; readonly name: NamePart; readonly table: Name; readonly command: Policy['command']; readonly permissive: boolean;
    readonly changes: PolicyChanges;
  }
  | { readonly do: 'alter policy'; readonly name: NamePart; readonly table: Name; readonly changes: PolicyChanges }
  | { readonly do: 'rename policy'; readonly name: NamePart; readonly table: Name; readonly to: NamePart }
  | { readonly do: 'drop policy'; readonly name: NamePart; readonly table: Name }
  | { readonly do: 'create trigger'; readonly name: NamePart; readonly table: Name; readonly routine: Name }
  | { readonly do: 'rename trigger'; readonly name: NamePart; readonly table: Name; readonly to: NamePart }
  | { readonly do: 'drop trigger'; readonly name: NamePart; readonly table: Name };

export type RelationAction =
  | { readonly set: 'rls' | 'forced'; readonly on: boolean; readonly at: Span }
  | { readonly set: 'options'; readonly options: readonly OptionText[] }
  | { readonly set: 'no options'; readonly names: readonly string[] }
  | { readonly set: 'column'; readonly column: ColumnText; readonly ifNotExists: boolean }
  | { readonly set: 'no column'; readonly name: string; readonly cascade: boolean }
  | { readonly set: 'column name'; readonly from: string; readonly to: NamePart }
  | { readonly set: 'column type'; readonly name: NamePart; readonly type: string; readonly written: string }
  | { readonly set: 'column sequence'; readonly name: string; readonly identity: Identity }
  | { readonly set: 'no column sequence'; readonly name: string }
  /** Undefined: NONE. */
  | { readonly set: 'column of sequence'; readonly column: Name | undefined }
  | { readonly set: 'parent' | 'no parent'; readonly parent: Name; readonly partition: boolean };

export interface PolicyChanges {
  readonly roles?: readonly NamePart[];
  readonly to?: Span;
  readonly using?: ExpressionText;
  readonly check?: ExpressionText;
}

export interface ExpressionText {
  readonly text: string;
  /** Inside the parentheses. */
  readonly at: Span;
  /** With the keyword and the parentheses. */
  readonly clause: Span;
  readonly reads: readonly Name[];
  readonly calls: readonly CallName[];
}

/** The name of a function that is called with so many arguments. */
export interface CallName extends Name {
  readonly count: number;
}

/** The kinds of objects that can be renamed, moved, given away and dropped in the same words. */
export type ObjectClass =
  | 'relation' | 'routine' | 'aggregate' | 'type' | 'schema' | 'role' | 'database' | 'extension' | 'event trigger' | 'publication' | 'subscription'
  | 'foreign server' | 'foreign data wrapper' | 'language' | 'tablespace';

export interface ObjectReference {
  readonly on: ObjectClass;
  readonly name: Name;
  /** Of a routine. */
  readonly types: readonly string[] | undefined;
}

export type ObjectEffect =
  /** The elements of CREATE SCHEMA: they are made in the schema, by its owner. */
  | { readonly do: 'enter schema'; readonly name: NamePart; readonly owner: NamePart | undefined }
  | { readonly do: 'leave schema' }
  | { readonly do: 'create schema'; readonly name: NamePart; readonly owner: NamePart | undefined; readonly ifNotExists: boolean }
  | { readonly do: 'create type'; readonly kind: 'type' | 'domain'; readonly name: Name }
  | { readonly do: 'create aggregate'; readonly name: Name }
  | { readonly do: 'create extension'; readonly name: NamePart; readonly schema: NamePart | undefined; readonly cascade: boolean; readonly ifNotExists: boolean }
  | { readonly do: 'create event trigger'; readonly name: NamePart; readonly event: string; readonly routine: Name }
  | {
    readonly do: 'create publication' | 'add to publication' | 'set publication' | 'drop from publication'; readonly name: NamePart;
    readonly allTables: boolean; readonly tables: readonly Name[]; /** Which of them are written with ONLY. */ readonly alone: readonly boolean[]; readonly schemas: readonly NamePart[];
  }
  | { readonly do: 'create subscription' | 'alter subscription'; readonly name: NamePart; readonly options: readonly OptionText[] }
  | { readonly do: 'rename'; readonly object: ObjectReference; readonly to: NamePart }
  | { readonly do: 'set schema'; readonly object: ObjectReference; readonly to: NamePart }
  | { readonly do: 'set owner'; readonly object: ObjectReference; readonly to: NamePart }
  | { readonly do: 'drop'; readonly objects: readonly ObjectReference[]; readonly cascade: boolean };
