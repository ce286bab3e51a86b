import type { Span } from '../text.ts';
import type { Statement } from '../syntax/sql/statements.ts';
import type { NamePart } from './sql/cursor.ts';
import type { RoutineText } from './sql/routine-text.ts';

/** Where something stands that made an object what it is. */
export interface Place {
  /** In the file. */
  readonly at: Span;
  /** The statement of the file, also for what stands inside a DO block. */
  readonly statement: Statement;
  readonly path: string;
}

/** `public` for everybody; undefined for the role that runs the files. */
export type RoleName = string | undefined;

export interface Owner {
  readonly role: RoleName;
  /** OWNER TO or AUTHORIZATION; undefined: the role that created it. */
  readonly place: Place | undefined;
}

/** Something that is on or off. `on` is undefined while it is not known. */
export interface Switch {
  readonly on: boolean | undefined;
  /** What put it there; undefined: it is so from the beginning. */
  readonly place: Place | undefined;
}

/** One privilege that a role has on an object besides its owner. */
export interface Privilege {
  /** `public` for everybody. */
  readonly grantee: string;
  /** In upper case: `SELECT`, `EXECUTE`; ALL comes as each of its parts. */
  readonly privilege: string;
  /** Granted for this column alone. */
  readonly column: string | undefined;
  readonly grantable: boolean;
  /** The role in GRANT or ALTER DEFAULT PRIVILEGES; undefined for what PostgreSQL gives PUBLIC on every new object of the kind. */
  readonly place: Place | undefined;
  /** The words ALTER DEFAULT PRIVILEGES gave it, not a GRANT on the object. */
  readonly byDefault: boolean;
  /** Who granted it, when that is not the owner. */
  readonly grantor: string | undefined;
}

/** What GRANT can speak of. Names are lower case unless quoted. */
export interface Securable {
  readonly name: string;
  /** Undefined when it depends on a search_path that the files do not set, and for what stands in no schema. */
  readonly schema: string | undefined;
  /** The name in the statement that creates it, else in the first one that speaks of it. */
  readonly place: Place;
  /** These files create it. */
  readonly known: boolean;
  readonly owner: Owner;
  /** The owner has every privilege and is not among them, except for those in `withheld`. */
  readonly acl: readonly Privilege[];
  /** What the owner took from himself, by name; that of a column is `SELECT(name)`. */
  readonly withheld: readonly string[];
  /** Statements that meant to make it safer and did not: REVOKE from a role that has nothing, or of another routine of this name. */
  readonly almost: readonly Place[];
  /** Roles from which a REVOKE took all reading, or calling, whether they had it or not, and to which no GRANT gave it back. */
  readonly shutOut: readonly string[];
}

export interface SchemaObject extends Securable {
  readonly kind: 'schema';
  /** The REVOKE that takes CREATE from PUBLIC, whether PUBLIC had it or not. */
  readonly closed: Place | undefined;
}

/** Databases, languages, foreign servers …: only their privileges are known. */
export interface OtherObject extends Securable {
  readonly kind: 'database' | 'language' | 'foreign data wrapper' | 'foreign server' | 'parameter' | 'tablespace' | 'large object';
}

export interface TypeObject extends Securable {
  readonly kind: 'type' | 'domain';
}

/** Tables, views and sequences share their names. */
export interface Relation extends Securable {
  readonly kind: 'table' | 'foreign table' | 'view' | 'materialized view' | 'sequence';
  readonly temporary: boolean;
  /** Nothing but statements with IF EXISTS speaks of it. */
  readonly assumed: boolean;
  readonly columns: readonly Column[];
  /** Columns of a table that these files do not create, or that takes them from a query or another table, are not all known. */
  readonly columnsComplete: boolean;
  /** INHERITS or PARTITION OF. */
  readonly parents: readonly Parent[];
  readonly partitioned: boolean;
  readonly rls: Switch;
  readonly forced: Switch;
  readonly policies: readonly Policy[];
  readonly triggers: readonly Trigger[];
  /** WITH (…) by name in lower case: security_invoker, security_barrier, check_option … */
  readonly options: ReadonlyMap<string, Option>;
  /** CREATE OR REPLACE VIEW without them dropped these options; empty after they are set again. */
  readonly droppedOptions: readonly string[];
  /** The table and column that a sequence belongs to; `identity`: as part of the column. */
  readonly ownedBy: { readonly name: string; readonly schema: string | undefined; readonly column: string; readonly identity: boolean } | undefined;
  /** The relations that the query of a view names, in order. */
  readonly reads: readonly RelationName[];
  /** The functions of these files that the query of a view calls. */
  readonly calls: readonly Called[];
  /** The statement with the query that is in force. */
  readonly query: Place | undefined;
}

/** An object by name and schema. */
export interface NamedIn {
  readonly name: string;
  readonly schema: string | undefined;
}

/** A function that an expression calls. */
export interface Called extends NamedIn {
  /** Undefined where more than one of this name takes as many arguments. */
  readonly types: readonly string[] | undefined;
}

export interface RelationName {
  readonly name: string;
  /** Undefined when it depends on a search_path that the files do not set. */
  readonly schema: string | undefined;
  readonly place: Place;
}

export interface Parent extends RelationName {
  readonly partition: boolean;
}

export interface Option {
  /** As PostgreSQL stores it; `true` where none is given. */
  readonly value: string;
  readonly place: Place;
}

export interface Column {
  readonly name: string;
  /** The same text for the same type, lengths and schemas left out: `int4`, `text`. */
  readonly type: string;
  /** As written. */
  readonly written: string;
  /** The name, where the column is defined. */
  readonly place: Place;
}

export interface Policy {
  readonly name: string;
  readonly command: 'ALL' | 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE';
  readonly permissive: boolean;
  /** `public` alone when it names none. */
  readonly roles: readonly string[];
  /** The words TO …; undefined when there are none. */
  readonly to: Place | undefined;
  readonly using: PolicyExpression | undefined;
  readonly check: PolicyExpression | undefined;
  /** The name in CREATE POLICY. */
  readonly place: Place;
}

export interface PolicyExpression {
  /** Without the parentheses around it. */
  readonly text: string;
  /** The text inside the parentheses. */
  readonly place: Place;
  /** From the keyword to the closing parenthesis. */
  readonly clause: Span;
  readonly reads: readonly NamedIn[];
  /** The functions of these files that it calls. */
  readonly calls: readonly Called[];
}

export interface Trigger {
  readonly name: string;
  readonly routine: { readonly name: string; readonly schema: string | undefined };
  readonly place: Place;
}

/** A function or procedure, as the files leave it behind. */
export interface Routine extends Securable {
  readonly kind: 'function' | 'procedure';
  readonly procedure: boolean;
  /** Types of the parameters that a caller gives, the same text for the same type. */
  readonly types: readonly string[];
  /** How ALTER and REVOKE name it right behind its CREATE: `app.f(text, VARIADIC integer[])`. */
  readonly target: string;
  /** A later statement gives it another name or schema. */
  readonly moved: boolean;
  /** The name in the statement that creates it: `place.at`. */
  readonly at: Span;
  /** The statement that creates it: `place.statement`. */
  readonly created: Statement;
  readonly text: RoutineText;
  /** The words SECURITY DEFINER that are in force, and the statement that holds them; undefined: it runs with its caller's rights. */
  readonly definer: Place | undefined;
  readonly path: RoutinePath;
  /** The version that OR REPLACE took the place of, when it had a search_path or SECURITY DEFINER that this one lacks. */
  readonly before: { readonly definer: boolean; readonly path: RoutinePath; readonly place: Place } | undefined;
  readonly publicExecute: PublicExecute;
  /** The roles that may execute it by name, as written. */
  readonly grantees: readonly string[];
}

/** The search_path that a routine brings along. */
export type RoutinePath =
  /** `cleared`: the ALTER that took it away. */
  | { readonly kind: 'none'; readonly cleared?: Place & { readonly all: boolean } }
  | { readonly kind: 'list'; readonly entries: readonly NamePart[]; readonly place: Place }
  /** FROM CURRENT without a SET in the files, or a template. */
  | { readonly kind: 'unknown' };

/** Whether PUBLIC, that is every role, may execute a routine. */
export type PublicExecute =
  /** By the server's default for new routines. */
  | { readonly kind: 'default' }
  /** By that default, unless an older version of the routine had other privileges, which OR REPLACE keeps. */
  | { readonly kind: 'assumed' }
  | { readonly kind: 'granted'; readonly place: Place }
  /** `by`: the REVOKE that did it; `late`: the same, when everybody could call the routine between its COMMIT and that REVOKE. */
  | { readonly kind: 'revoked'; readonly by?: Place; readonly late?: Place };

export type RoleAttribute = 'superuser' | 'createrole' | 'createdb' | 'inherit' | 'login' | 'replication' | 'bypassrls';

export interface Role {
  readonly name: string;
  /** The name in the statement that creates it, else in the first one that speaks of it. */
  readonly place: Place;
  /** These files create it. */
  readonly known: boolean;
  readonly attributes: Readonly<Record<RoleAttribute, Switch>>;
  /** The value of PASSWORD; `null` clears it. */
  readonly password: { readonly place: Place; readonly null: boolean } | undefined;
  readonly validUntil: { readonly text: string; readonly place: Place } | undefined;
  readonly connectionLimit: { readonly value: number | undefined; readonly place: Place } | undefined;
  /** ALTER ROLE … SET, for all databases, by name in lower case. */
  readonly settings: ReadonlyMap<string, Setting>;
}

export interface Setting {
  /** As written, quotes included. */
  readonly value: string;
  readonly place: Place;
}

/** `member` belongs to `role`. */
export interface Membership {
  readonly role: string;
  readonly member: string;
  readonly admin: boolean;
  /** As PostgreSQL 16 and newer keep them; undefined: as the member's INHERIT says. */
  readonly inherit: boolean | undefined;
  readonly set: boolean;
  readonly grantor: string | undefined;
  /** The member in the statement that made it one. */
  readonly place: Place;
  /** REVOKEs behind it that did not take it, the last three. */
  readonly missed: readonly MissedRevoke[];
}

export interface MissedRevoke {
  /** The member in the REVOKE. */
  readonly place: Place;
  /** What it says differently: it takes an option alone, or nothing, because that member, role or grantor has no such membership. */
  readonly by: 'option' | 'grantor' | 'member' | 'role';
}

/** Privileges that objects get which a role creates later. */
export interface DefaultPrivileges {
  /** Undefined: the role that runs the files. */
  readonly role: RoleName;
  /** Undefined: in every schema, instead of PostgreSQL's own defaults; else added to those. */
  readonly schema: string | undefined;
  readonly on: 'tables' | 'sequences' | 'functions' | 'types' | 'schemas' | 'large objects';
  readonly acl: readonly Privilege[];
  readonly withheld: readonly string[];
  /** The last ALTER DEFAULT PRIVILEGES about it. */
  readonly place: Place;
  /** REVOKEs that took nothing away: with IN SCHEMA they cannot. */
  readonly almost: readonly Place[];
  readonly shutOut: readonly string[];
  /** The role gives itself the grant option: the server keeps that, and with it what PUBLIC has. */
  readonly own: boolean;
}

export interface Extension {
  readonly name: string;
  readonly schema: string | undefined;
  readonly cascade: boolean;
  readonly place: Place;
}

export interface EventTrigger {
  readonly name: string;
  readonly event: string;
  readonly routine: { readonly name: string; readonly schema: string | undefined };
  readonly owner: Owner;
  readonly place: Place;
}

export interface Publication {
  readonly name: string;
  readonly allTables: boolean;
  readonly tables: readonly RelationName[];
  readonly schemas: readonly string[];
  readonly owner: Owner;
  readonly place: Place;
}

export interface Subscription {
  readonly name: string;
  readonly options: ReadonlyMap<string, Option>;
  readonly owner: Owner;
  readonly place: Place;
}
