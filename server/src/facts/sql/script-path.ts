import { Cursor } from './cursor.ts';
import type { NamePart } from './cursor.ts';
import { readPathChange } from './routine-text.ts';
import type { SqlCommand } from './sql-commands.ts';
import { createdText } from './created-text.ts';

/** Names are looked up in pg_catalog and in schemas that the file has made, and pg_temp comes last. */
export function isTrustedPath(entries: readonly { readonly name: string }[], ownSchemas: ReadonlySet<string>): boolean {
  const names = entries.map(({ name }) => name);
  return names.at(-1) === 'pg_temp' && names.slice(0, -1).every((name, i) => (name === 'pg_catalog' ? i === 0 : ownSchemas.has(name)));
}

/** The commands of the file itself that run while its search_path is not one to trust. */
export function* outsideTrustedPath(commands: readonly SqlCommand[]): Iterable<SqlCommand> {
  const ownSchemas = new Set<string>();
  let session = false;
  let local: boolean | undefined;
  for (const command of commands) {
    if (command.inside !== 'file') continue;
    const cursor = Cursor.over(command.written);
    const change = readSet(cursor, command);
    if (change) {
      const trusted = change.entries !== undefined && isTrustedPath(change.entries, ownSchemas);
      if (change.local) local = trusted;
      else [session, local] = [trusted, undefined];
      continue;
    }
    if (/^(COMMIT|END|ROLLBACK|ABORT)$/.test(cursor.word()) && !/^(TO|PREPARED)$/.test(cursor.word(1))) local = undefined;
    const created = createdText(command.written);
    if (created?.kind === 'schema' && !created.ifNotExists) ownSchemas.add(created.name.parts[0]!.name);
    if (!(local ?? session)) yield command;
  }
}

interface PathSet {
  /** Undefined: reset. */
  readonly entries: readonly Pick<NamePart, 'name'>[] | undefined;
  readonly local: boolean;
}

function readSet(cursor: Cursor, { written }: SqlCommand): PathSet | undefined {
  if (cursor.word() === 'SET' || cursor.word() === 'RESET') {
    const local = cursor.word(1) === 'LOCAL';
    const change = readPathChange(cursor);
    return change && { entries: change.kind === 'list' ? change.entries : undefined, local };
  }
  const found = cursor.word() === 'SELECT' ? /\bset_config\s*\(\s*'search_path'\s*,\s*'([^']*)'\s*,\s*(\w+)/i.exec(written.text) : null;
  if (!found) return undefined;
  const entries = found[1]!.split(',').map((name) => ({ name: name.trim().replace(/^"|"$/g, '') })).filter(({ name }) => name !== '');
  return { entries, local: false };
}
