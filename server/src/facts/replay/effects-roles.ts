import type { Cursor, NamePart } from '../sql/cursor.ts';
import type { RoleChanges, RoleEffect } from './effects.ts';
import { readRoles } from '../sql/grants.ts';
import type { RoleAttribute } from '../objects.ts';
import { readRoleOptions, type OptionValue } from '../sql/role-options.ts';

/** The cursor is behind CREATE ROLE, USER or GROUP. */
export function readCreateRole(cursor: Cursor, user: boolean): readonly RoleEffect[] {
  const name = cursor.part();
  if (!name) return [];
  const { changes, memberOf, members } = readOptions(cursor);
  return [{ do: 'create role', name, user, changes, memberOf, members }];
}

/** The cursor is behind ALTER ROLE, USER or GROUP. RENAME is read elsewhere. */
export function readAlterRole(cursor: Cursor): readonly RoleEffect[] {
  const name = cursor.part();
  if (!name) return [];
  const grouped = cursor.word() === 'ADD' || cursor.word() === 'DROP';
  if (grouped && cursor.word(1) === 'USER') {
    const revoke = cursor.word() === 'DROP';
    cursor.index += 2;
    return [{ do: 'grant role', revoke, roles: [name], members: readRoles(cursor), options: {}, by: undefined, cascade: false }];
  }
  const database = cursor.take('IN', 'DATABASE') ? cursor.part() : undefined;
  return readConfigure(cursor, 'role', name, database) ?? [{ do: 'alter role', name, changes: readOptions(cursor).changes }];
}

/** SET and RESET behind ALTER ROLE name or ALTER DATABASE name. */
export function readConfigure(cursor: Cursor, on: 'role' | 'database', name: NamePart, database?: NamePart): readonly RoleEffect[] | undefined {
  const { start = 0 } = cursor.token() ?? {};
  if (cursor.take('RESET', 'ALL')) return [{ do: 'configure', on, name, database, setting: undefined }];
  const set = cursor.take('SET');
  if (!set && !cursor.take('RESET')) return undefined;
  const parameter = cursor.name();
  if (!parameter) return undefined;
  const setting = parameter.parts.map((part) => part.name).join('.').toLowerCase();
  const all = (value: string | undefined): readonly RoleEffect[] => [
    { do: 'configure', on, name, database, setting: { name: setting, value, at: { start, end: cursor.tokens.at(-1)!.end } } },
  ];
  if (!set || (!cursor.take('TO') && !cursor.takeText('=')) || cursor.word() === 'DEFAULT') return all(undefined);
  return all(cursor.rest());
}

/** GRANT and REVOKE of roles; the cursor is at that word. */
export function readGrantRole(cursor: Cursor): readonly RoleEffect[] {
  const revoke = cursor.word() === 'REVOKE';
  cursor.index++;
  const options: { admin?: boolean; inherit?: boolean; set?: boolean } = {};
  const option = optionNames[cursor.word()];
  if (revoke && option && cursor.word(1) === 'OPTION' && cursor.word(2) === 'FOR') {
    options[option] = false;
    cursor.index += 3;
  }
  const roles = cursor.parts();
  if (!cursor.take('TO') && !cursor.take('FROM')) return [];
  const members = readRoles(cursor);
  if (cursor.take('WITH')) do readOption(cursor, options); while (cursor.takeText(','));
  const by = cursor.take('GRANTED', 'BY') ? cursor.part() : undefined;
  return [{ do: 'grant role', revoke, roles, members, options, by, cascade: cursor.take('CASCADE') }];
}

const optionNames: Readonly<Record<string, 'admin' | 'inherit' | 'set'>> = { ADMIN: 'admin', INHERIT: 'inherit', SET: 'set' };

function readOption(cursor: Cursor, options: { admin?: boolean; inherit?: boolean; set?: boolean }): void {
  const option = optionNames[cursor.word()];
  if (!option) return;
  options[option] = cursor.word(1) !== 'FALSE';
  cursor.index += 2;
}

interface RoleOptions {
  readonly changes: RoleChanges;
  readonly memberOf: readonly NamePart[];
  readonly members: readonly { readonly name: NamePart; readonly admin: boolean }[];
}

function readOptions(cursor: Cursor): RoleOptions {
  const { options } = readRoleOptions(cursor);
  const last = (name: string) => options.findLast((option) => option.name === name);
  const [password, until, limit] = [last('PASSWORD'), last('VALID UNTIL'), last('CONNECTION LIMIT')];
  const roles = (name: string) => options.flatMap((option) => (option.name === name ? option.roles : []));
  return {
    changes: {
      attributes: options.flatMap(({ name, on, at }) => (isAttribute(name) ? [{ attribute: name.toLowerCase() as RoleAttribute, on, at }] : [])),
      ...password && { password: { null: /^null$/i.test(cursor.of(password.value!)), at: password.at } },
      ...until && { validUntil: { text: until.value!.text ?? '', at: until.at } },
      ...limit && { connectionLimit: { value: numberOf(limit.value!), at: limit.at } },
    },
    memberOf: roles('IN ROLE'),
    members: [...roles('ROLE').map((name) => ({ name, admin: false })), ...roles('ADMIN').map((name) => ({ name, admin: true }))],
  };
}

function isAttribute(option: string): boolean {
  return /^(SUPERUSER|CREATEROLE|CREATEDB|INHERIT|LOGIN|REPLICATION|BYPASSRLS)$/.test(option);
}

function numberOf({ text }: OptionValue): number | undefined {
  return text === undefined || Number.isNaN(Number(text)) ? undefined : Number(text);
}
