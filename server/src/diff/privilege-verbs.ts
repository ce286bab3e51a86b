import type { OtherObject, Privilege, Relation, Routine, SchemaObject, TypeObject } from '../facts/schema.ts';

export type Grantable = Relation | Routine | SchemaObject | TypeObject | OtherObject;

/** The role of a GRANT as the subject of a sentence. */
export function who(grantee: string): string {
  return grantee === 'public' ? 'Any role' : `Role ${grantee}`;
}

/** What privileges are good for: `read and change app.accounts`, `read column salary of app.staff`. */
export function whatFor(object: Grantable, privileges: readonly Privilege[], name: string): string {
  const verbs = new Map<string, string[]>();
  for (const { privilege, column } of privileges) {
    const verb = verbOf(object, privilege);
    verbs.set(verb, [...verbs.get(verb) ?? [], ...column === undefined ? [] : [column]]);
  }
  const whole = [...verbs].flatMap(([verb, columns]) => (columns.length === 0 ? [verb] : []));
  const parts = [...verbs].flatMap(([verb, columns]) => (columns.length === 0 ? [] : [`${verb} column${columns.length === 1 ? '' : 's'} ${columns.join(', ')} of`]));
  const all = 'columns' in object && object.kind !== 'sequence' && everything.every((privilege) => privileges.some((one) => one.privilege === privilege && one.column === undefined));
  return `${all ? 'do everything with' : listed([...whole, ...parts])} ${noun(object)}${name}`;
}

/** MAINTAIN came with PostgreSQL 17. */
const everything = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'] as const;

function noun(object: Grantable): string {
  return 'columns' in object || 'types' in object ? '' : `${object.kind} `;
}

const tableVerbs: Readonly<Record<string, string>> = {
  SELECT: 'read', INSERT: 'add rows to', UPDATE: 'change', DELETE: 'delete rows of', TRUNCATE: 'empty', REFERENCES: 'refer to', TRIGGER: 'put triggers on', MAINTAIN: 'maintain',
};

const otherVerbs: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  sequence: { USAGE: 'take numbers from', SELECT: 'read', UPDATE: 'set' },
  schema: { USAGE: 'use', CREATE: 'create objects in' },
  database: { CONNECT: 'connect to', CREATE: 'create schemas in', TEMPORARY: 'create temporary tables in', TEMP: 'create temporary tables in' },
  language: { USAGE: 'write routines in' },
  'foreign data wrapper': { USAGE: 'create servers with' },
  'foreign server': { USAGE: 'use' },
  tablespace: { CREATE: 'create objects in' },
  parameter: { SET: 'set', 'ALTER SYSTEM': 'set for the whole server' },
  'large object': { SELECT: 'read', UPDATE: 'write' },
  function: { EXECUTE: 'run' }, procedure: { EXECUTE: 'run' },
  type: { USAGE: 'use' }, domain: { USAGE: 'use' },
};

function verbOf({ kind }: Grantable, privilege: string): string {
  return (otherVerbs[kind] ?? tableVerbs)[privilege] ?? `use ${privilege} on`;
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
