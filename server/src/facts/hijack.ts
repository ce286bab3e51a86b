import { Cursor } from './cursor.ts';
import type { CreatedText } from './created-text.ts';
import { createdText } from './created-text.ts';
import type { SqlCommand } from './sql-commands.ts';

/** A command that takes over an object that may be there already, whoever made it. */
export interface Takeover {
  readonly command: SqlCommand;
  readonly created: CreatedText;
}

/** CREATE OR REPLACE and IF NOT EXISTS of what the file has not made itself before, outside of schemas that it has made. */
export function* takeovers(commands: readonly SqlCommand[]): Iterable<Takeover> {
  const own = new Set<string>();
  const ownSchemas = new Set<string>();
  for (const command of commands) {
    if (command.inside === 'routine') continue;
    dropped(command, own);
    const created = createdText(command.written);
    if (!created) continue;
    const safe = own.has(created.key) || (created.schema !== undefined && ownSchemas.has(created.schema));
    if (created.replace || created.ifNotExists) {
      if (!safe) yield { command, created };
      continue;
    }
    own.add(created.key);
    if (created.kind === 'schema') ownSchemas.add(created.name.parts[0]!.name);
  }
}

/** DROP in front of CREATE: what is there afterwards is new. The name is enough; a type more or less makes another object. */
function dropped({ written }: SqlCommand, own: Set<string>): void {
  if (!written.head.startsWith('DROP SCHEMA')) return;
  const cursor = Cursor.over(written);
  cursor.take('DROP', 'SCHEMA');
  cursor.take('IF', 'EXISTS');
  const name = cursor.part();
  if (name) own.add(`schema ${name.name}`);
}
