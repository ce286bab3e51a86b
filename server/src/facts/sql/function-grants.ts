import type { Fix } from '../../rules/rule.ts';
import type { Span } from '../../text.ts';
import { Cursor } from './cursor.ts';
import { isPublic, readGrant, type Grant } from './grants.ts';
import { removeStatement } from './sql-edits.ts';
import type { SqlCommand } from './sql-commands.ts';
import type { SqlFacts } from '../sql.ts';

/** A GRANT that lets roles execute one of some functions. */
export interface FunctionGrant {
  readonly command: SqlCommand;
  /** The function with its types, in the command. */
  readonly at: Span;
  /** The same for a GRANT and the REVOKE that undoes it. */
  readonly key: string;
  /** The GRANT names nothing else. */
  readonly alone: boolean;
  /** The REVOKE that undoes it. */
  readonly revoke: string;
  /** Who may execute it, as a message begins: `Every role`, `reporting`. */
  readonly privilegesOf: string;
}

/** The GRANTs on some functions that no later REVOKE undoes. */
export function functionGrants({ commands, document }: SqlFacts, names: readonly string[]): readonly FunctionGrant[] {
  if (!new RegExp(`\\b(${names.join('|')})\\b`, 'i').test(document.text)) return [];
  let open: FunctionGrant[] = [];
  for (const command of commands) {
    if (!/^(GRANT|REVOKE)\b/.test(command.written.head)) continue;
    const grant = readGrant(Cursor.over(command.written));
    if (!grant || grant.on === 'schema') continue;
    const found = readFunctions(command, grant, names);
    if (!grant.revoke) open.push(...found);
    else open = open.filter((one) => !found.some((other) => other.key === one.key));
  }
  return open;
}

function readFunctions(command: SqlCommand, grant: Grant, names: readonly string[]): FunctionGrant[] {
  const everybody = grant.roles.some(isPublic);
  const roles = grant.roles.map(({ text }) => text).join(', ');
  const privilegesOf = everybody ? 'Every role' : grant.roles.length === 1 && roles.length <= 30 ? `The role ${roles}` : 'More roles';
  return grant.objects.flatMap(({ name, parameters }) => {
    const [last, schema] = [name.parts.at(-1)!, name.parts.at(-2)];
    if (!names.includes(last.name) || !/^(pg_catalog|public|extensions|dblink)?$/.test(schema?.name ?? '')) return [];
    const at = { start: name.start, end: parameters ? command.written.text.indexOf(')', name.end) + 1 : name.end };
    const key = `${last.name}(${parameters?.map(({ type }) => type).join()}) ${grant.roles.map((role) => role.name).sort().join()}`;
    return [{
      command, at, key, privilegesOf, alone: grant.objects.length === 1 && command.inside === 'file',
      revoke: `REVOKE EXECUTE ON FUNCTION ${command.written.text.slice(at.start, at.end)} FROM ${roles};`,
    }];
  });
}

/** Leaves the GRANT out. */
export function withoutGrant({ command, alone, revoke }: FunctionGrant, text: string): Fix[] {
  return alone ? [{ title: 'Leave the GRANT out', safety: 'review', edits: [removeStatement(text, command.statement.span)], statements: [revoke] }] : [];
}
