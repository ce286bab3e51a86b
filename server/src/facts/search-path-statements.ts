import { Cursor } from './cursor.ts';
import { readPathChange } from './routine-text.ts';
import type { SqlCommand } from './sql-commands.ts';
import type { SqlFacts } from './sql.ts';

/** A statement in front of the command says in which schema new objects go, other than public. */
export function setsSearchPath({ file }: SqlFacts, { statement }: SqlCommand): boolean {
  return file.statements.some(({ span, written }) => {
    if (span.start >= statement.span.start || !/search_path/i.test(written.text)) return false;
    if (/\bset_config\s*\(/i.test(written.text)) return true;
    const change = readPathChange(Cursor.over(written));
    return change !== undefined && (change.kind !== 'list' || change.entries[0]?.name !== 'public');
  });
}
