import type { StatementText } from '../../syntax/sql/statements.ts';
import { compact } from '../compact.ts';
import { Cursor } from '../sql/cursor.ts';
import type { Effect } from './effects.ts';
import { readAlterRelation } from './effects-alter.ts';
import {
  readClass, readCreateEventTrigger, readCreateExtension, readCreateSchema, readDrop, readMove, readPublication, readReference, readSubscription,
} from './effects-objects.ts';
import { readAlterPolicy, readAlterTrigger, readCreatePolicy, readCreateTrigger, readDropOn } from './effects-policies.ts';
import { readCreateRelation, readRelationKind } from './effects-relations.ts';
import { readAlterRole, readConfigure, readCreateRole, readGrantRole } from './effects-roles.ts';
import { readSet, readSetConfig, readTransaction } from './effects-session.ts';
import { readGrant } from '../sql/grants.ts';
import { lex } from '../../syntax/sql/lexer.ts';
import { readChanges, readRoutine } from '../sql/routine-text.ts';
import { Notes } from '../../notes.ts';

/** Statements that change nothing which a schema holds need not be read. */
export const mayHaveEffect = /^(?:CREATE|ALTER|DROP|GRANT|REVOKE|REASSIGN|SET|RESET|DISCARD|BEGIN|START|COMMIT|END|ROLLBACK|ABORT|SAVEPOINT|RELEASE|DO)\b/i;

const known = new Notes<StatementText, readonly Effect[]>();

/** What a statement does, in order. What stands inside a DO block is not part of it. */
export function effectsOf(written: StatementText): readonly Effect[] {
  let effects = known.get(written);
  if (!effects) known.set(written, effects = readEffects(written));
  return effects;
}

/** The same, and nobody is expected to ask again. */
export function readEffects(written: StatementText): readonly Effect[] {
  // The tokens are not kept: there are more of them in a folder of migrations than fit.
  return compact(read(written, new Cursor(written.text, lex(written.text))));
}

function read(written: StatementText, cursor: Cursor): readonly Effect[] {
  if (cursor.take('CREATE')) return readCreate(written, cursor);
  if (cursor.take('ALTER')) return readAlter(cursor);
  if (cursor.take('DROP')) return readDropped(cursor);
  switch (cursor.word()) {
    case 'GRANT': case 'REVOKE': return readGranted(cursor);
    case 'REASSIGN': return readReassign(cursor);
    case 'SET': case 'RESET': case 'DISCARD': return readSet(cursor);
    case 'SELECT': return readSetConfig(written.text, cursor);
    default: return readTransaction(cursor);
  }
}

function readCreate(written: StatementText, cursor: Cursor): readonly Effect[] {
  const replace = cursor.take('OR', 'REPLACE');
  switch (cursor.word()) {
    case 'FUNCTION': case 'PROCEDURE': {
      const text = readRoutine(written);
      return text ? [{ do: 'create routine', text }] : [];
    }
    case 'ROLE': case 'USER': case 'GROUP': {
      if (cursor.word(1) === 'MAPPING') return [];
      const user = cursor.word() === 'USER';
      cursor.index++;
      return readCreateRole(cursor, user);
    }
    case 'TYPE': case 'DOMAIN': {
      const kind = cursor.word() === 'TYPE' ? 'type' : 'domain';
      cursor.index++;
      const name = cursor.name();
      return name ? [{ do: 'create type', kind, name }] : [];
    }
  }
  if (cursor.take('AGGREGATE')) {
    const name = cursor.name();
    return name ? [{ do: 'create aggregate', name }] : [];
  }
  if (cursor.take('POLICY')) return readCreatePolicy(cursor);
  if (cursor.take('TRIGGER') || cursor.take('CONSTRAINT', 'TRIGGER')) return readCreateTrigger(cursor);
  if (cursor.take('SCHEMA')) return readCreateSchema(cursor);
  if (cursor.take('EXTENSION')) return readCreateExtension(cursor);
  if (cursor.take('EVENT', 'TRIGGER')) return readCreateEventTrigger(cursor);
  if (cursor.take('PUBLICATION')) return readPublication(cursor, true);
  if (cursor.take('SUBSCRIPTION')) return readSubscription(cursor, true);
  return readCreateRelation(cursor, replace);
}

function readAlter(cursor: Cursor): readonly Effect[] {
  if (cursor.take('DEFAULT', 'PRIVILEGES')) return readDefaultPrivileges(cursor);
  if (cursor.take('POLICY')) return readAlterPolicy(cursor);
  if (cursor.take('TRIGGER')) return readAlterTrigger(cursor);
  if (cursor.word() === 'USER' && cursor.word(1) === 'MAPPING') return [];
  const kind = readRelationKind(cursor);
  if (kind) return cursor.word() === 'ALL' ? [] : readAlterRelation(cursor, kind);
  const on = readClass(cursor);
  if (!on) return [];
  const behind = cursor.index;
  const object = readReference(cursor, on);
  const moved = object && readMove(cursor, object);
  if (!object || moved) return moved ?? [];
  if (on === 'routine') return [{ do: 'alter routine', routine: { name: object.name, types: object.types }, changes: readChanges(cursor) }];
  if (on === 'database') return readConfigure(cursor, 'database', object.name.parts[0]!) ?? [];
  cursor.index = behind;
  if (on === 'role') return readAlterRole(cursor);
  if (on === 'publication') return readPublication(cursor, false);
  return on === 'subscription' ? readSubscription(cursor, false) : [];
}

function readDropped(cursor: Cursor): readonly Effect[] {
  if (cursor.take('POLICY')) return readDropOn(cursor, 'policy');
  if (cursor.take('TRIGGER')) return readDropOn(cursor, 'trigger');
  if (cursor.take('OWNED', 'BY')) return [{ do: 'drop owned', roles: cursor.parts() }];
  if (cursor.word() === 'USER' && cursor.word(1) === 'MAPPING') return [];
  return readDrop(cursor);
}

function readGranted(cursor: Cursor): readonly Effect[] {
  const begin = cursor.index;
  const grant = readGrant(cursor);
  if (grant) return [{ do: 'grant', grant }];
  cursor.index = begin;
  return readGrantRole(cursor);
}

function readReassign(cursor: Cursor): readonly Effect[] {
  if (!cursor.take('REASSIGN', 'OWNED', 'BY')) return [];
  const from = cursor.parts();
  const to = cursor.take('TO') ? cursor.part() : undefined;
  return to ? [{ do: 'reassign', from, to }] : [];
}

function readDefaultPrivileges(cursor: Cursor): readonly Effect[] {
  const roles = [];
  const schemas = [];
  while (!cursor.done && cursor.word() !== 'GRANT' && cursor.word() !== 'REVOKE') {
    if (cursor.take('FOR', 'ROLE') || cursor.take('FOR', 'USER')) roles.push(...cursor.parts());
    else if (cursor.take('IN', 'SCHEMA')) schemas.push(...cursor.parts());
    else cursor.skip();
  }
  const grant = readGrant(cursor);
  return grant ? [{ do: 'default privileges', roles, schemas, grant }] : [];
}
