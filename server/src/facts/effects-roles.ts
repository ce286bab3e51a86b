import type { Span } from '../text.ts';
import type { Cursor, NamePart } from './cursor.ts';
import type { RoleChanges, RoleEffect } from './effects.ts';
import { readRoles } from './grants.ts';
import type { RoleAttribute } from './objects.ts';

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

const attributes: Readonly<Record<string, readonly [RoleAttribute, boolean]>> = Object.fromEntries(
  (['superuser', 'createrole', 'createdb', 'inherit', 'login', 'replication', 'bypassrls'] as const)
    .flatMap((name) => [[name.toUpperCase(), [name, true] as const], [`NO${name.toUpperCase()}`, [name, false] as const]]),
);

interface RoleOptions {
  readonly changes: RoleChanges;
  readonly memberOf: readonly NamePart[];
  readonly members: readonly { readonly name: NamePart; readonly admin: boolean }[];
}

function readOptions(cursor: Cursor): RoleOptions {
  const found: { attribute: RoleAttribute; on: boolean; at: Span }[] = [];
  const memberOf: NamePart[] = [];
  const members: { name: NamePart; admin: boolean }[] = [];
  const changes: { password?: RoleChanges['password']; validUntil?: RoleChanges['validUntil']; connectionLimit?: RoleChanges['connectionLimit'] } = {};
  while (!cursor.done) {
    const { start } = cursor.token()!;
    const behind = (): Span => ({ start, end: (cursor.token(-1) ?? cursor.tokens.at(-1)!).end });
    const attribute = attributes[cursor.word()];
    if (attribute) {
      cursor.index++;
      found.push({ attribute: attribute[0], on: attribute[1], at: behind() });
    } else if (cursor.take('PASSWORD')) {
      const none = cursor.word() === 'NULL';
      cursor.skip();
      changes.password = { null: none, at: behind() };
    } else if (cursor.take('VALID', 'UNTIL')) {
      const text = cursor.part()?.name ?? '';
      changes.validUntil = { text, at: behind() };
    } else if (cursor.take('CONNECTION', 'LIMIT')) {
      const sign = cursor.takeText('-') ? -1 : 1;
      const value = Number(cursor.part()?.text);
      changes.connectionLimit = { value: Number.isNaN(value) ? undefined : sign * value, at: behind() };
    } else if (cursor.take('IN', 'ROLE') || cursor.take('IN', 'GROUP')) memberOf.push(...cursor.parts());
    else if (cursor.take('ROLE') || cursor.take('USER')) members.push(...cursor.parts().map((name) => ({ name, admin: false })));
    else if (cursor.take('ADMIN')) members.push(...cursor.parts().map((name) => ({ name, admin: true })));
    else cursor.skip();
  }
  return { changes: { attributes: found, ...changes }, memberOf, members };
}
