import type { Span } from '../text.ts';
import { Cursor } from './cursor.ts';
import { isPublic, readGrant } from './grants.ts';
import type { SqlCommand } from './sql-commands.ts';
import type { SqlFacts } from './sql.ts';

/** A GRANT that lets roles execute one of some functions. */
export interface FunctionGrant {
  readonly command: SqlCommand;
  /** The function with its types, in the command. */
  readonly at: Span;
  /** Its name. */
  readonly name: Span;
  /** Who may execute it, as a message begins: `Every role`, `reporting`. */
  readonly privilegesOf: string;
}

export function* functionGrants({ commands, document }: SqlFacts, names: readonly string[]): Iterable<FunctionGrant> {
  if (!new RegExp(`\\b(${names.join('|')})\\b`, 'i').test(document.text)) return;
  for (const command of commands) {
    if (!/^GRANT\b/.test(command.written.head)) continue;
    const grant = readGrant(Cursor.over(command.written));
    if (!grant || grant.on === 'schema') continue;
    const everybody = grant.roles.some(isPublic);
    const privilegesOf = everybody ? 'Every role' : grant.roles.length === 1 && grant.roles[0]!.text.length <= 30 ? `The role ${grant.roles[0]!.text}` : 'More roles';
    for (const { name, parameters } of grant.objects) {
      const [last, schema] = [name.parts.at(-1)!, name.parts.at(-2)];
      if (!names.includes(last.name) || !/^(pg_catalog|public|extensions|dblink)?$/.test(schema?.name ?? '')) continue;
      yield { command, at: { start: name.start, end: parameters ? command.written.text.indexOf(')', name.end) + 1 : name.end }, name: last, privilegesOf };
    }
  }
}
