import type { Fix } from '../../rules/rule.ts';
import { shift } from '../../text.ts';
import { readRoutine } from './routine-text.ts';
import type { SqlCommand } from './sql-commands.ts';

/** The command is in the body of a routine that runs with the rights of its owner. */
export function runsAsOwner({ statement, inside }: SqlCommand): boolean {
  return inside === 'routine' && readRoutine(statement.written)?.changes.security?.definer === true;
}

/** SECURITY INVOKER in place of DEFINER: callers need the rights themselves then. What the body does is still worth a finding, so nothing silences it later. */
export function asInvoker(command: SqlCommand): Fix[] {
  const security = readRoutine(command.statement.written)?.changes.security;
  if (!security?.definer || !runsAsOwner(command)) return [];
  const { end } = shift(security.at, command.statement.span.start);
  const upper = /[A-Z]/.test(command.statement.written.text.slice(security.at.start, security.at.end));
  return [{ title: "Run with the caller's rights (SECURITY INVOKER)", safety: 'review', edits: [{ span: { start: end - 'DEFINER'.length, end }, text: upper ? 'INVOKER' : 'invoker' }], statements: [] }];
}
