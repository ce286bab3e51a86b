import type { Statement } from '../../syntax/sql/statements.ts';
import type { Span } from '../../text.ts';
import type { Place, Relation } from '../schema.ts';
import type { SqlFacts } from '../sql.ts';
import { quoteName } from './cursor.ts';
import { anyWriting, comesLater } from './later-text.ts';
import { targetOf } from './rls.ts';
import type { SqlCommand } from './sql-commands.ts';

/** A column that a default belongs to. */
export interface DefaultOf {
  readonly table: Relation;
  readonly name: string;
}

/** The column whose definition, or whose name in ALTER COLUMN, stands last in front of the default. */
export function columnOf({ objects }: SqlFacts, command: SqlCommand, value: Span): DefaultOf | undefined {
  if (command.inside !== 'file') return undefined;
  const altered = /\balter\s+(?:column\s+)?"?([\w$]+)"?\s+set\s+default\s+$/i.exec(command.written.text.slice(0, value.start));
  const before = (place: Place): boolean => place.statement === command.statement && place.at.start < command.inFile(value).start;
  let best: { readonly found: DefaultOf; readonly at: number } | undefined;
  for (const table of objects.relations) {
    for (const { name, place } of table.columns) if (!altered && before(place) && place.at.start > (best?.at ?? -1)) best = { found: { table, name }, at: place.at.start };
  }
  if (best || !altered) return best?.found;
  const target = /^\s*alter\s+table\s+(?:if\s+exists\s+)?(?:only\s+)?(?:"?([\w$]+)"?\s*\.\s*)?"?([\w$]+)"?/i.exec(command.written.text);
  const table = target ? objects.relations.find((one) => one.name === target[2]!.toLowerCase()) : undefined;
  return table && { table, name: altered[1]!.toLowerCase() };
}

/** A later statement takes the default away or sets another one. */
export function isReset(facts: SqlFacts, statement: Statement, column: DefaultOf): boolean {
  return comesLater(facts, statement, droppedDefault(column));
}

export function alterDefault({ table, name }: DefaultOf, change: string): string {
  return `ALTER TABLE ${targetOf(table)} ALTER COLUMN ${quoteName(name)} ${change};`;
}

function droppedDefault({ table, name }: DefaultOf): RegExp {
  return new RegExp(`\\balter\\s+table\\s+[^;]*?\\b${anyWriting(table.name)}\\b"?\\s[^;]*?\\balter\\s+(?:column\\s+)?"?${anyWriting(name)}"?\\s+(?:drop|set)\\s+default`, 'i');
}
