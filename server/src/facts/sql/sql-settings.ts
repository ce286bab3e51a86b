import { decodeLiteral } from '../../syntax/sql/literals.ts';
import type { Span } from '../../text.ts';
import { Cursor, quoteName, spell, type NamePart } from './cursor.ts';
import type { SqlCommand } from './sql-commands.ts';
import type { SqlFacts } from '../sql.ts';
import { Notes } from '../../notes.ts';

/** A statement, a clause or a call that sets a parameter. Spans count from the start of the command. */
export interface SqlSetting {
  readonly command: SqlCommand;
  /** Where it holds: on the server, for a role, in a database, in the session or transaction that runs it, while a routine runs. */
  readonly scope: 'system' | 'role' | 'database' | 'session' | 'local' | 'routine';
  /** Which role or database; empty for the others. */
  readonly target: string;
  /** IN DATABASE behind a role. */
  readonly database?: string;
  /** In lower case; `all` for RESET ALL. */
  readonly name: string;
  readonly at: Span;
  /** Undefined for RESET and DEFAULT. */
  readonly value: SqlValue | undefined;
}

export interface SqlValue extends Span {
  /** As the server keeps it; undefined when that is not known: a template, a variable, FROM CURRENT. */
  readonly text: string | undefined;
  /** `list`: constants with commas between them. `string`: the argument of set_config. */
  readonly form: 'list' | 'string';
}

const known = new Notes<SqlFacts, readonly SqlSetting[]>();

/** In the order of the file. */
export function sqlSettings(facts: SqlFacts): readonly SqlSetting[] {
  let settings = known.get(facts);
  if (settings === undefined) known.set(facts, settings = facts.commands.flatMap(readSettings));
  return settings;
}

/** What holds for the server, a role or a database when all statements of the set have run. What a session sets, holds until it sets something else. */
export function settingsInForce(facts: SqlFacts): readonly SqlSetting[] {
  return sqlSettings(facts).filter((setting, index, all) => {
    if (setting.scope === 'routine') return !facts.replaced.has(setting.command.statement);
    if (!lasting.has(setting.scope)) return true;
    return !all.slice(index + 1).some((later) => overrides(later, setting)) && !isOverridden(facts, setting);
  });
}

const lasting: ReadonlySet<SqlSetting['scope']> = new Set(['system', 'role', 'database'] as const);

function overrides(later: SqlSetting, { scope, target, database, name }: SqlSetting): boolean {
  const same = later.scope === scope && later.target === target && later.database === database;
  return same && later.command.inside !== 'routine' && (later.name === name || later.name === 'all');
}

/** A statement in another file has the last word, or nothing is left of the setting. What ALTER SYSTEM writes is not replayed. */
function isOverridden({ schema, document }: SqlFacts, { command, scope, target, database, name, at }: SqlSetting): boolean {
  if (scope === 'system' || database !== undefined || command.inside !== 'file') return false;
  const last = (scope === 'role' ? schema.role(target)?.settings : schema.databaseSettings)?.get(name)?.place;
  return last === undefined || schema.isBefore({ at: command.inFile(at), statement: command.statement, path: document.path }, last);
}

/** How a value has to be written in place of another one, in its way. */
export function spellValue({ command, name, value }: SqlSetting, text: string): string {
  if (value!.form === 'string') return quoteLiteral(text);
  if (quotedLists.has(name)) return text.split(',').map((entry) => quoteName(entry.trim().replace(/^"(.*)"$/, '$1'))).join(', ') || "''";
  const quoted = /^e?'|^\$/i.test(command.written.text.slice(value!.start, value!.end));
  return !quoted && (/^(on|true|false|-?\d+(\.\d+)?)$/.test(text) || (text !== '' && quoteName(text) === text)) ? text : quoteLiteral(text);
}

/** The statement that sets another value later; undefined for what holds in a session or a routine only. */
export function laterStatement(setting: SqlSetting, text: string): string | undefined {
  const { scope, target, database, name } = setting;
  const rest = `SET ${name} = ${spellValue(setting, text)};`;
  const where = database === undefined ? '' : `IN DATABASE ${spell(database)} `;
  switch (scope) {
    case 'system': return `ALTER SYSTEM ${rest}`;
    case 'role': return `ALTER ROLE ${target === 'all' ? 'ALL' : spell(target)} ${where}${rest}`;
    case 'database': return `ALTER DATABASE ${spell(target)} ${rest}`;
    default: return undefined;
  }
}

function quoteLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function readSettings(command: SqlCommand): SqlSetting[] {
  const { head, text } = command.written;
  const calls = /\bset_config\b/i.test(text) ? readCalls(command) : [];
  return [...(maySet.test(head) ? readStatement(command) : []), ...calls];
}

const maySet = /^(SET|RESET|ALTER (SYSTEM|ROLE|USER|DATABASE|FUNCTION|PROCEDURE|ROUTINE)|CREATE (OR REPLACE )?(FUNCTION|PROCEDURE))\b/;

function readStatement(command: SqlCommand): SqlSetting[] {
  const cursor = Cursor.over(command.written);
  while (!cursor.done && !/^(SET|RESET|ALTER|CREATE)$/.test(cursor.word())) cursor.index++;
  if (cursor.word() === 'SET' || cursor.word() === 'RESET') {
    const local = cursor.word(1) === 'LOCAL';
    return readClause(cursor, { command, scope: local ? 'local' : 'session', target: '' }) ?? [];
  }
  if (cursor.take('ALTER', 'SYSTEM')) return readClause(cursor, { command, scope: 'system', target: '' }) ?? [];
  if (cursor.take('ALTER', 'ROLE') || cursor.take('ALTER', 'USER')) return readFor(cursor, command, 'role');
  if (cursor.take('ALTER', 'DATABASE')) return readFor(cursor, command, 'database');
  const settings: SqlSetting[] = [];
  while (!cursor.done) {
    const read = cursor.word() === 'SET' ? readClause(cursor, { command, scope: 'routine', target: '' }) : undefined;
    if (read) settings.push(...read);
    else cursor.skip();
  }
  return settings;
}

function readFor(cursor: Cursor, command: SqlCommand, scope: 'role' | 'database'): SqlSetting[] {
  const name = cursor.part();
  if (name === undefined) return [];
  const database = cursor.take('IN', 'DATABASE') ? cursor.part() : undefined;
  return readClause(cursor, { command, scope, target: name.name, ...(database && { database: database.name }) }) ?? [];
}

/** SET … or RESET …; undefined, without moving, when there is none here. */
function readClause(cursor: Cursor, where: Pick<SqlSetting, 'command' | 'scope' | 'target' | 'database'>): SqlSetting[] | undefined {
  const begin = cursor.index;
  const reset = cursor.take('RESET');
  if (!reset && !cursor.take('SET')) return undefined;
  if (!cursor.take('SESSION')) cursor.take('LOCAL');
  const name = cursor.name();
  if (name !== undefined && name.parts.every(({ kind }) => kind === 'plain')) {
    const setting = { ...where, name: name.parts.map((part) => part.name.toLowerCase()).join('.'), at: { start: name.start, end: name.end } };
    if (reset) return [{ ...setting, value: undefined }];
    if (cursor.take('FROM', 'CURRENT')) return [{ ...setting, value: { start: name.end, end: name.end, text: undefined, form: 'list' } }];
    if (cursor.take('TO') || cursor.takeText('=')) {
      if (cursor.take('DEFAULT')) return [{ ...setting, value: undefined }];
      const value = readValues(cursor, setting.name);
      if (value !== undefined) return [{ ...setting, value }];
    }
  }
  cursor.index = begin;
  return undefined;
}

function readValues(cursor: Cursor, name: string): SqlValue | undefined {
  const parts: NamePart[] = [];
  const start = cursor.token()?.start ?? 0;
  let negative = false;
  do {
    negative = cursor.takeText('-') || negative;
    const part = cursor.part();
    if (part === undefined) return undefined;
    parts.push(part);
  } while (cursor.takeText(','));
  const end = parts.at(-1)!.end;
  if (parts.some(({ kind, text }) => kind === 'template' || templateInside.test(text))) return { start, end, text: undefined, form: 'list' };
  const texts = parts.map(({ kind, text, name: plain }) => (kind === 'string' ? decodeLiteral(text) : plain));
  if (negative) return { start, end, text: `-${texts[0]}`, form: 'list' };
  return { start, end, text: texts.map((text) => (quotedLists.has(name) ? quoteName(text) : text)).join(', '), form: 'list' };
}

/** The server takes each constant of these for one name and puts quotes around it where it needs them: GUC_LIST_QUOTE in guc_tables.c. */
const quotedLists = new Set([
  'search_path', 'temp_tablespaces', 'session_preload_libraries', 'shared_preload_libraries', 'local_preload_libraries', 'unix_socket_directories',
]);

/** `set_config('fsync', 'off', false)`. */
function readCalls(command: SqlCommand): SqlSetting[] {
  const cursor = Cursor.over(command.written);
  const settings: SqlSetting[] = [];
  for (; !cursor.done; cursor.index++) {
    const [open, name, comma, value, behind] = [1, 2, 3, 4, 5].map((ahead) => cursor.token(ahead));
    if (cursor.word() !== 'SET_CONFIG' || open === undefined || cursor.of(open) !== '(' || name?.kind !== 'string') continue;
    if (comma === undefined || cursor.of(comma) !== ',' || value === undefined) continue;
    const constant = value.kind === 'string' && behind !== undefined && cursor.of(behind) === ',' && !templateInside.test(cursor.of(value));
    settings.push({
      command, target: '', scope: cursor.word(6) === 'TRUE' ? 'local' : 'session', at: name,
      name: decodeLiteral(cursor.of(name)).toLowerCase(),
      value: { start: value.start, end: value.end, text: constant ? decodeLiteral(cursor.of(value)) : undefined, form: 'string' },
    });
  }
  return settings;
}

const templateInside = /\$\{|\{\{|\{%|<%|#\{|%\(\w+\)s|^'?%[sL]'?$|^'?@[\w.:-]+@'?$|^'\$\w+'$/;
