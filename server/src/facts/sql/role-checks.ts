import type { StatementText } from '../../syntax/sql/statements.ts';
import type { Span } from '../../text.ts';
import type { BodyTokens } from './body-tokens.ts';
import { bodyTokens } from './body-tokens.ts';
import { Cursor } from './cursor.ts';
import { Notes } from '../../notes.ts';

/** A place in a routine's body that decides something by the current user. Spans count from the start of the statement. */
export interface RoleCheck {
  /** `current_user`, or the function that asks about it without naming it. */
  readonly at: Span;
  readonly word: string;
  /** `has_table_privilege('t', 'SELECT')`: it may want to know what the owner may do. */
  readonly silent: boolean;
  /** Asks about the session's user instead. */
  readonly mend: { readonly span: Span; readonly text: string };
}

const known = new Notes<StatementText, readonly RoleCheck[]>();

/** Where the body hands the current user out as its answer: `SELECT current_user`, `RETURN current_user::text`. */
export function findRoleAnswers(written: StatementText): readonly RoleCheck[] {
  const body = /\b(user|current_user|current_role)\b/i.test(written.text) ? bodyTokens(written) : undefined;
  if (!body) return [];
  const cursor = new Cursor(body.text, body.tokens);
  const answers: RoleCheck[] = [];
  for (; !cursor.done; cursor.index++) {
    if (!/^(CURRENT_USER|CURRENT_ROLE|USER)$/.test(cursor.word()) || !/^(SELECT|RETURN)$/.test(cursor.word(-1)) || compared(written, cursor)) continue;
    const cast = cursor.here(1) === '::' ? 3 : 1;
    if (cursor.token(cast) && cursor.here(cast) !== ';' && cursor.word(cast) !== 'END') continue;
    const at = body.inStatement(cursor.token()!);
    answers.push({ at, word: cursor.here(), silent: false, mend: { span: at, text: /[A-Z]/.test(cursor.here()) ? 'SESSION_USER' : 'session_user' } });
  }
  return answers;
}

export function findRoleChecks(written: StatementText): readonly RoleCheck[] {
  let checks = known.get(written);
  if (!checks) {
    const body = /\b(user|current_user|current_role|has_\w+_privilege|pg_has_role)\b/i.test(written.text) ? bodyTokens(written) : undefined;
    known.set(written, (checks = body ? [...read(written, body)] : []));
  }
  return checks;
}

function* read(written: StatementText, body: BodyTokens): Iterable<RoleCheck> {
  const cursor = new Cursor(body.text, body.tokens);
  for (; !cursor.done; cursor.index++) {
    const token = cursor.token()!;
    if (/^(CURRENT_USER|CURRENT_ROLE|USER)$/.test(cursor.word()) && cursor.here(-1) !== '.' && cursor.here(1) !== '.' && (asked(cursor) || compared(written, cursor))) {
      const at = body.inStatement(token);
      yield { at, word: cursor.here(), silent: false, mend: { span: at, text: /[A-Z]/.test(cursor.here()) ? 'SESSION_USER' : 'session_user' } };
    } else if (asksSilently(cursor)) {
      const inside = cursor.token(1)!.end;
      const mend = { span: body.inStatement({ start: inside, end: inside }), text: 'session_user, ' };
      yield { at: body.inStatement(token), word: `${cursor.here()}()`, silent: true, mend };
    }
  }
}

const privilegeFunction = /^(PG_HAS_ROLE|HAS_\w+_PRIVILEGE)$/;

/** `pg_has_role(current_user, …)` */
function asked(cursor: Cursor): boolean {
  return cursor.here(-1) === '(' && privilegeFunction.test(cursor.word(-2)) && cursor.here(1) === ',';
}

/** `has_table_privilege('t', 'SELECT')`: without a role as its first argument it asks about the current user. */
function asksSilently(cursor: Cursor): boolean {
  if (!privilegeFunction.test(cursor.word()) || cursor.here(1) !== '(') return false;
  const whole = cursor.word() === 'HAS_COLUMN_PRIVILEGE' ? 4 : 3;
  return argumentsFrom(cursor) === whole - 1;
}

function argumentsFrom({ tokens, index, text }: Cursor): number {
  let depth = 0;
  let commas = 0;
  for (let i = index + 1; i < tokens.length; i++) {
    const here = text.slice(tokens[i]!.start, tokens[i]!.end);
    if (/^[([]$/.test(here)) depth++;
    if (/^[)\]]$/.test(here) && --depth === 0) return commas + 1;
    if (here === ',' && depth === 1) commas++;
  }
  return 0;
}

/** It stands on one side of a comparison whose other side is not the session's user. */
function compared(written: StatementText, cursor: Cursor): boolean {
  let right = 1;
  while (cursor.here(right) === '::') right += cursor.here(right + 2) === '.' ? 4 : 2;
  if (/^session_user$/i.test(cursor.here(-2)) || /^session_user$/i.test(cursor.here(right + 1))) return false;
  if (comparesOwner(cursor, right)) return false;
  if (comparison.test(cursor.here(right)) || /^(IN|LIKE|ILIKE|SIMILAR|IS)$/.test(cursor.word(right))) return true;
  if (cursor.word(right) === 'NOT' && /^(IN|LIKE|ILIKE|SIMILAR)$/.test(cursor.word(right + 1))) return true;
  const left = cursor.here(-1);
  if (left === '=') return !isAssignment(written, cursor);
  return comparison.test(left) || /^(LIKE|ILIKE)$/.test(cursor.word(-1)) || (cursor.word(-1) === 'FROM' && cursor.word(-2) === 'DISTINCT')
    || (left === '(' && /^(IN|ANY)$/.test(cursor.word(-2)));
}

/** `relowner::regrole::text <> current_user` asks whose object it is. */
function comparesOwner({ text, tokens, index }: Cursor, right: number): boolean {
  const around = (from: number, to: number): string => {
    const part = tokens.slice(Math.max(0, from), Math.max(0, to + 1));
    return part.length > 0 ? text.slice(part[0]!.start, part.at(-1)!.end) : '';
  };
  return /\b\w*owner\s*(::\s*\w+\s*)*$/i.test(around(index - 8, index - 2)) || /^\s*(\w+\s*\.\s*)?\w*owner\b/i.test(around(index + right + 1, index + right + 3));
}

const comparison = /^(=|<>|!=|~|~\*|!~|!~\*|~~|!~~)$/;

/** `SET changed_by = current_user` and `NEW.changed_by = current_user` only write it down. */
function isAssignment(written: StatementText, cursor: Cursor): boolean {
  const { start } = cursor.token()!;
  const plpgsql = written.body?.plpgsql;
  if (plpgsql?.assignments.some(({ value }) => value.start === start) || plpgsql?.declarations.some(({ value }) => value?.start === start)) return true;
  let depth = 0;
  for (let i = -2; cursor.here(i) !== '' && cursor.here(i) !== ';'; i--) {
    if (cursor.here(i) === ')') depth++;
    if (cursor.here(i) === '(' && --depth < 0) return false;
    if (depth > 0) continue;
    if (cursor.word(i) === 'SET') return true;
    if (clauses.has(cursor.word(i))) return false;
  }
  return false;
}

const clauses = new Set('WHERE AND OR NOT ON HAVING IF ELSIF ELSEIF WHEN WHILE RETURN SELECT VALUES THEN USING FILTER CASE'.split(' '));
