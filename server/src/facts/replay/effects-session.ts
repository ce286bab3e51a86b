import type { Cursor, NamePart } from '../sql/cursor.ts';
import type { SessionEffect } from './effects.ts';
import { readPathChange } from '../sql/routine-text.ts';

/** SET, RESET, DISCARD, and the set_config of pg_dump. */
export function readSet(cursor: Cursor): readonly SessionEffect[] {
  if (cursor.take('DISCARD', 'ALL')) return [{ do: 'discard' }];
  if (cursor.take('RESET', 'ROLE')) return [{ do: 'set role', local: false, role: undefined }];
  if (cursor.take('RESET', 'SESSION', 'AUTHORIZATION')) return [{ do: 'set session', local: false, role: undefined }];
  const path = readPathChange(cursor);
  if (path) return [{ do: 'set path', local: isLocal(cursor), change: path }];
  if (!cursor.take('SET')) return [];
  const local = cursor.take('LOCAL');
  if (!local) cursor.take('SESSION');
  const session = !cursor.take('ROLE');
  if (session && !cursor.take('SESSION', 'AUTHORIZATION') && !cursor.take('AUTHORIZATION')) return [];
  if (!cursor.take('TO')) cursor.takeText('=');
  const role = cursor.part();
  return [{ do: session ? 'set session' : 'set role', local, role: role && /^(none|default)$/i.test(role.text) ? undefined : role }];
}

function isLocal(cursor: Cursor): boolean {
  const [, second] = cursor.tokens;
  return second !== undefined && cursor.of(second).toUpperCase() === 'LOCAL';
}

/** pg_dump writes `SELECT pg_catalog.set_config('search_path', '', false)`. */
export function readSetConfig(text: string, cursor: Cursor): readonly SessionEffect[] {
  const found = /\bset_config\s*\(\s*'search_path'\s*,\s*'([^']*)'\s*,\s*(true|false)/i.exec(text);
  if (!found) return [];
  const { start, end } = cursor.tokens[0]!;
  const entries = found[1]!.split(',').map((entry) => entry.trim()).filter((entry) => entry !== '').map((entry): NamePart => {
    const name = entry.startsWith('"') ? entry.slice(1, -1) : entry.toLowerCase();
    return { name, text: entry, kind: 'plain', start, end };
  });
  return [{ do: 'set path', local: found[2]!.toLowerCase() === 'true', change: { kind: 'list', entries, at: { start, end } } }];
}

/** BEGIN, COMMIT, ROLLBACK, SAVEPOINT and their other words. */
export function readTransaction(cursor: Cursor): readonly SessionEffect[] {
  if (cursor.word(1) === 'PREPARED') return [];
  if (cursor.take('BEGIN') || cursor.take('START', 'TRANSACTION')) return [{ do: 'begin' }];
  if (cursor.take('SAVEPOINT')) return [{ do: 'savepoint', name: cursor.part()?.name ?? '' }];
  if (cursor.take('RELEASE')) {
    cursor.take('SAVEPOINT');
    return [{ do: 'release', name: cursor.part()?.name ?? '' }];
  }
  if (cursor.take('ROLLBACK') || cursor.take('ABORT')) {
    if (!cursor.take('WORK')) cursor.take('TRANSACTION');
    if (!cursor.take('TO')) return afterEnd(cursor, 'rollback');
    cursor.take('SAVEPOINT');
    return [{ do: 'rollback to', name: cursor.part()?.name ?? '' }];
  }
  if (!cursor.take('COMMIT') && !cursor.take('END')) return [];
  if (!cursor.take('WORK')) cursor.take('TRANSACTION');
  return afterEnd(cursor, 'commit');
}

/** AND CHAIN begins the next transaction. */
function afterEnd(cursor: Cursor, end: 'commit' | 'rollback'): readonly SessionEffect[] {
  return cursor.take('AND', 'CHAIN') ? [{ do: end }, { do: 'begin' }] : [{ do: end }];
}
