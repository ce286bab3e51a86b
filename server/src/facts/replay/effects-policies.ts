import type { Cursor } from '../sql/cursor.ts';
import type { Effect, ExpressionText, PolicyChanges, RelationEffect } from './effects.ts';
import { readRoles } from '../sql/grants.ts';
import type { Policy } from '../objects.ts';
import { calledNames, queryRelations } from './query-relations.ts';

/** The cursor is behind CREATE POLICY. */
export function readCreatePolicy(cursor: Cursor): readonly RelationEffect[] {
  const name = cursor.part();
  const table = name && cursor.take('ON') ? cursor.name() : undefined;
  if (!name || !table) return [];
  const permissive = !(cursor.take('AS') && cursor.word() === 'RESTRICTIVE');
  cursor.skipTo('FOR', 'TO', 'USING', 'WITH');
  let command: Policy['command'] = 'ALL';
  if (cursor.take('FOR')) {
    if (/^(SELECT|INSERT|UPDATE|DELETE)$/.test(cursor.word())) command = cursor.word() as Policy['command'];
    cursor.skip();
  }
  return [{ do: 'create policy', name, table, command, permissive, changes: readChanges(cursor) }];
}

/** The cursor is behind ALTER POLICY. */
export function readAlterPolicy(cursor: Cursor): readonly RelationEffect[] {
  const name = cursor.part();
  const table = name && cursor.take('ON') ? cursor.name() : undefined;
  if (!name || !table) return [];
  if (!cursor.take('RENAME', 'TO')) return [{ do: 'alter policy', name, table, changes: readChanges(cursor) }];
  const to = cursor.part();
  return to ? [{ do: 'rename policy', name, table, to }] : [];
}

function readChanges(cursor: Cursor): PolicyChanges {
  const changes: { roles?: PolicyChanges['roles']; to?: PolicyChanges['to']; using?: ExpressionText; check?: ExpressionText } = {};
  while (!cursor.done) {
    const { start } = cursor.token()!;
    if (cursor.take('TO')) {
      changes.roles = readRoles(cursor);
      changes.to = { start, end: cursor.token(-1)!.end };
    } else if (cursor.take('USING')) {
      const expression = readExpression(cursor, start);
      if (expression) changes.using = expression;
    } else if (cursor.take('WITH', 'CHECK')) {
      const expression = readExpression(cursor, start);
      if (expression) changes.check = expression;
    } else cursor.skip();
  }
  return changes;
}

function readExpression(cursor: Cursor, start: number): ExpressionText | undefined {
  if (cursor.here() !== '(') return undefined;
  const open = cursor.token()!;
  const begin = cursor.index + 1;
  cursor.skip();
  const close = cursor.token(-1)!;
  if (cursor.of(close) !== ')') return undefined;
  const at = { start: open.end, end: close.start };
  const inside = cursor.between(begin, cursor.index - 1);
  const calls = calledNames(inside);
  return { text: cursor.of(at), at, clause: { start, end: close.end }, reads: queryRelations(inside), calls };
}

/** The cursor is behind CREATE [CONSTRAINT] TRIGGER. */
export function readCreateTrigger(cursor: Cursor): readonly RelationEffect[] {
  const name = cursor.part();
  while (!cursor.done && !cursor.take('ON')) cursor.skip();
  const table = cursor.name();
  while (!cursor.done && !cursor.take('EXECUTE', 'FUNCTION') && !cursor.take('EXECUTE', 'PROCEDURE')) cursor.skip();
  const routine = cursor.name();
  return name && table && routine ? [{ do: 'create trigger', name, table, routine }] : [];
}

/** ALTER TRIGGER name ON table RENAME TO … */
export function readAlterTrigger(cursor: Cursor): readonly RelationEffect[] {
  const name = cursor.part();
  const table = name && cursor.take('ON') ? cursor.name() : undefined;
  const to = table && cursor.take('RENAME', 'TO') ? cursor.part() : undefined;
  return name && table && to ? [{ do: 'rename trigger', name, table, to }] : [];
}

/** The cursor is behind DROP POLICY or DROP TRIGGER. */
export function readDropOn(cursor: Cursor, kind: 'policy' | 'trigger'): readonly Effect[] {
  const ifExists = cursor.take('IF', 'EXISTS');
  const name = cursor.part();
  const table = name && cursor.take('ON') ? cursor.name() : undefined;
  return name && table ? [{ do: kind === 'policy' ? 'drop policy' : 'drop trigger', name, table: { ...table, ifExists } }] : [];
}
