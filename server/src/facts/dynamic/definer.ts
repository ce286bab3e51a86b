import { codeOf } from '../../syntax/sql/lexer.ts';
import type { SqlFile, Statement, StatementText } from '../../syntax/sql/statements.ts';
import type { Span } from '../../text.ts';
import { remembered } from '../remembered.ts';
import { outer } from '../sql/sql-commands.ts';
import type { SqlCommand } from '../sql/sql-commands.ts';
import { nameOf } from '../sql/tokens.ts';
import { isDroppedInside } from './dropped-inside.ts';
import { readHeader } from './header.ts';

export function routineAlterations(file: SqlFile): readonly Statement[] {
  return file.statements.filter(({ written }) => /^ALTER (FUNCTION|PROCEDURE|ROUTINE)\b/.test(written.head));
}

/** The clause in force: a later ALTER FUNCTION in the file counts. */
export function definerClause(command: SqlCommand, alterations: readonly Statement[]): Span | undefined {
  let clause = securityClause(command);
  const name = alterations.length > 0 ? routineName(command) : undefined;
  for (const other of alterations) {
    if (other.span.start <= command.statement.span.start || routineName(other) !== name) continue;
    const changed = securityClause(outer(other));
    if (changed) clause = changed;
  }
  return clause?.definer ? clause.at : undefined;
}

/** Why nobody but the script itself gets to call a helper of it; undefined where others may. */
export function onlyCalledHere(command: SqlCommand, file: SqlFile): string | undefined {
  if (isTemporary(command.written)) return 'only the session that creates the routine can call it';
  if (isDroppedAgain(command, file)) return 'the script drops the routine again';
  if (isRolledBack(command, file)) return 'the script takes back what it creates';
  const name = createdName(command.written);
  return name !== undefined && isDroppedInside(command, name, file) ? 'what creates the routine drops it again' : undefined;
}

/** `CREATE FUNCTION pg_temp.f` */
function isTemporary({ head, text, tokens: all }: StatementText): boolean {
  if (!isRoutine.test(head)) return false;
  const tokens = codeOf(all);
  const at = tokens.findIndex((token) => token.kind === 'word' && /^(function|procedure)$/i.test(text.slice(token.start, token.end)));
  return nameOf(tokens[at + 1], text) === 'pg_temp' && nameOf(tokens[at + 2], text) === '.';
}

/** Created, called, and dropped at the end. */
function isDroppedAgain({ written, statement: { span } }: SqlCommand, file: SqlFile): boolean {
  const name = createdName(written);
  const drop = name === undefined ? undefined : dropsIn(file).find((other) => other.span.start > span.start && routineName(other) === name);
  if (name === undefined || drop === undefined) return false;
  const { statements, text } = file;
  const later = statements.filter((other) => other.span.start > span.start);
  if (later.some((other) => createdName(other.written) === name)) return false;
  if (undoes.test(text.slice(span.end, drop.span.start))) return false;
  const called = callOf(name);
  return later.some((other) => other.span.start < drop.span.start && /^(SELECT|CALL|DO|PERFORM|WITH|INSERT|UPDATE)\b/.test(other.written.head) && called.test(other.written.text));
}

/** `BEGIN; CREATE FUNCTION …; SELECT …; ROLLBACK;` */
function isRolledBack({ written, statement }: SqlCommand, file: SqlFile): boolean {
  const ends = isRoutine.test(written.head) ? transactionsIn(file) : [];
  const before = ends.findLast(({ at }) => at < statement.span.start);
  const behind = ends.find(({ at }) => at > statement.span.start);
  return before?.what === 'begins' && behind?.what === 'takes back';
}

const transactionsIn = remembered(({ statements }: SqlFile) => statements.flatMap(({ written: { text }, span }): readonly { readonly what: 'begins' | 'keeps' | 'takes back'; readonly at: number }[] => {
  const what = /^\s*(?:begin|start\s+transaction)\b/i.test(text) ? 'begins' : /^\s*(?:commit|end)\b/i.test(text) ? 'keeps' : /^\s*(?:rollback|abort)\b(?!\s+(?:(?:work|transaction)\s+)?to\b|\s+prepared\b)/i.test(text) ? 'takes back' : undefined;
  return what === undefined ? [] : [{ what, at: span.start }];
}));

const dropsIn = remembered(({ statements }: SqlFile) => statements.filter(({ written }) => /^DROP (FUNCTION|PROCEDURE|ROUTINE)\b/.test(written.head)));

/** Where a migration begins to take itself back. */
const undoes = /(?:--|#).*\b(downs?|rollback|undo|revert|drop below)\b/i;

/** Whether something calls the routine, or what calls it, that does not run with the rights of the one who asks: a definer, a trigger, a view, a policy. */
export function hasMoreRights(routine: StatementText, files: readonly SqlFile[]): boolean {
  const seen = new Set<StatementText>([routine]);
  for (const callee of seen) {
    const name = createdName(callee);
    if (name === undefined) continue;
    const called = callOf(name);
    for (const file of files) {
      for (const statement of file.statements) {
        const { written } = statement;
        if (seen.has(written) || seen.size > mostCallers || !/^CREATE\b/.test(written.head) || createdName(written) === name || !called.test(written.text)) continue;
        if (!isRoutine.test(written.head) || /\breturns\s+(?:event_)?trigger\b/i.test(written.text) || definerClause(outer(statement), routineAlterations(file)) !== undefined) return true;
        seen.add(written);
      }
    }
  }
  return false;
}

function callOf(name: string): RegExp {
  return new RegExp(`(?<![\\w$])${name.replace(/[^\w]/g, '.')}"?\\s*\\(`, 'i');
}

const mostCallers = 50;
const isRoutine = /^CREATE (OR REPLACE )?(FUNCTION|PROCEDURE)\b/;

function createdName(written: StatementText): string | undefined {
  return isRoutine.test(written.head) ? headerName(written) || undefined : undefined;
}

const headerName = remembered((written: StatementText) => readHeader(written).name ?? '');

function securityClause({ written: { text, tokens }, inFile }: SqlCommand): { definer: boolean; at: Span } | undefined {
  const code = codeOf(tokens);
  for (const [index, token] of code.entries()) {
    const next = code[index + 1];
    if (token.kind !== 'word' || nameOf(token, text) !== 'security' || next === undefined) continue;
    if (!/^(definer|invoker)$/i.test(text.slice(next.start, next.end))) continue;
    return { definer: nameOf(next, text) === 'definer', at: inFile({ start: token.start, end: next.end }) };
  }
  return undefined;
}

/** The last part of the routine's name. */
function routineName({ written: { text, tokens: all } }: Pick<Statement, 'written'>): string | undefined {
  const tokens = codeOf(all);
  const at = tokens.findIndex((token) => token.kind === 'word' && /^(function|procedure|routine)$/i.test(text.slice(token.start, token.end)));
  if (at < 0) return undefined;
  let last = nameOf(tokens[at + 1], text) === 'if' ? at + 3 : at + 1;
  while (nameOf(tokens[last + 1], text) === '.') last += 2;
  return nameOf(tokens[last], text);
}
