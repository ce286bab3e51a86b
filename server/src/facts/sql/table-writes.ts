import type { StatementText } from '../../syntax/sql/statements.ts';
import { Cursor, type Name } from './cursor.ts';

/** The table that INSERT, UPDATE, DELETE, MERGE, TRUNCATE or COPY … FROM writes to; spans count from the start of the statement. */
export function readWrite(written: StatementText): Name | undefined {
  const word = /^(INSERT|UPDATE|DELETE|MERGE|TRUNCATE|COPY)\b/.exec(written.head)?.[1];
  if (word === undefined) return undefined;
  const cursor = Cursor.over(written);
  while (!cursor.done && cursor.word() !== word) cursor.index++;
  cursor.index++;
  if (!cursor.take('INTO')) cursor.take('FROM');
  cursor.take('TABLE');
  cursor.take('ONLY');
  const table = cursor.name();
  if (table === undefined || word !== 'COPY') return table;
  if (cursor.here() === '(') cursor.skip();
  return cursor.word() === 'FROM' ? table : undefined;
}
