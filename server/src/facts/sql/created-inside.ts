import type { SqlFile, StatementText } from '../../syntax/sql/statements.ts';
import { remembered } from '../remembered.ts';
import { commandsPutTogether } from './put-together.ts';
import { commandsInBody, executedByPsql, isConstantExecute, outer } from './sql-commands.ts';
import type { SqlCommand } from './sql-commands.ts';

/**
 * Every statement of a file, and behind it what its body creates, also by EXECUTE: routines and the blocks that create them, and of a DO block
 * the tables, types and triggers that tell about them; of a routine the triggers, which tell whose rows their functions get.
 */
export function withCreatedInside(file: SqlFile): readonly SqlCommand[] {
  return file.statements.flatMap((statement) => {
    const own = outer(statement);
    return [own, ...(writtenInside(own.written).length === 0 ? [] : createdIn(own)), ...createdAmong(executedByPsql(file, statement))];
  });
}

/** The same without their places. */
export function writtenWithCreatedInside({ statements }: SqlFile): readonly StatementText[] {
  return statements.flatMap(({ written }) => [written, ...writtenInside(written)]);
}

/** What a body creates is the same wherever it stands: a keystroke elsewhere costs nothing. */
const writtenInside = remembered((written: StatementText): readonly StatementText[] => {
  const { body } = written;
  if (body === undefined || !creates.test(body.text)) return [];
  const { length } = written.text;
  return createdIn(outer({ span: { start: 0, end: length }, end: length, terminated: true, written })).map((inner) => inner.written);
});

function createdIn(command: SqlCommand): readonly SqlCommand[] {
  return createdAmong(commandsInBody(command));
}

function createdAmong(commands: readonly SqlCommand[]): readonly SqlCommand[] {
  return commands.flatMap((inner): readonly SqlCommand[] => {
    const { written: { head, text }, inside } = inner;
    if (isRoutine.test(head)) return [inner, ...createdIn(inner)];
    if (inside === 'do' ? tellsTypes.test(head) : makesTrigger.test(head)) return [inner];
    return head === 'EXECUTE' && creates.test(text) && !isConstantExecute(inner.written) ? createdAmong(commandsPutTogether(inner)) : [];
  });
}

const gap = String.raw`(?:\s|--[^\n]*\n|/\*.*?\*/)`;
const creates = new RegExp(String.raw`\bcreate${gap}+(?:(?:or${gap}+replace|constraint)${gap}+)?(?:function|procedure|table|type|domain|trigger)\b|\bdo${gap}*(?:\$|'|language\b)`, 'is');
const isRoutine = /^(?:DO|CREATE (?:OR REPLACE )?(?:FUNCTION|PROCEDURE))$/;
const makesTrigger = /^CREATE (?:OR REPLACE |CONSTRAINT )*TRIGGER$/;
const tellsTypes = /^CREATE (?:OR REPLACE |CONSTRAINT )*(?:TABLE|TYPE|DOMAIN|TRIGGER)$/;
