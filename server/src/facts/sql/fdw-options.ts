import type { Span } from '../../text.ts';
import { Cursor, type Name, type NamePart } from './cursor.ts';
import { literalOf, type Literal } from './sql-literals.ts';
import type { SqlCommand } from './sql-commands.ts';
import type { SqlFacts } from '../sql.ts';

/** A CREATE or ALTER of a foreign server or of a user mapping. Spans count from the start of the command. */
export interface ForeignStatement {
  readonly command: SqlCommand;
  readonly kind: 'server' | 'mapping';
  readonly alters: boolean;
  /** The server. */
  readonly server: NamePart;
  /** The foreign data wrapper of CREATE SERVER. */
  readonly wrapper: string | undefined;
  /** The role of the mapping: `public` for everybody. */
  readonly role: NamePart | undefined;
  readonly options: readonly FdwOption[];
  /** Behind the last option; undefined without OPTIONS. */
  readonly next: number | undefined;
}

export interface FdwOption {
  readonly keyword: string;
  /** Undefined for a psql variable, a template and for DROP. */
  readonly value: Literal | undefined;
  /** From ADD, SET or the keyword to the value. */
  readonly span: Span;
  readonly drops: boolean;
}

/** In the order of the file. */
export function foreignStatements({ commands, document }: SqlFacts): readonly ForeignStatement[] {
  if (!/\b(server|mapping)\b/i.test(document.text)) return [];
  return commands.flatMap((command) => read(command) ?? []);
}

function read(command: SqlCommand): ForeignStatement | undefined {
  if (!/^\s*(create|alter)\b/i.test(command.written.text)) return undefined;
  const cursor = Cursor.over(command.written);
  const alters = cursor.take('ALTER');
  if (!alters && !cursor.take('CREATE')) return undefined;
  const kind = cursor.take('USER', 'MAPPING') ? 'mapping' as const : cursor.take('SERVER') ? 'server' as const : undefined;
  if (!kind) return undefined;
  cursor.take('IF', 'NOT', 'EXISTS');
  if (kind === 'mapping' && !cursor.take('FOR')) return undefined;
  const first = cursor.part();
  const server = kind === 'mapping' && cursor.take('SERVER') ? cursor.part() : first;
  if (!first || !server) return undefined;
  let wrapper: string | undefined;
  while (!cursor.done && cursor.word() !== 'OPTIONS') {
    if (cursor.take('WRAPPER')) wrapper = cursor.part()?.name;
    else cursor.index++;
  }
  const opens = cursor.take('OPTIONS') && cursor.takeText('(');
  const options = opens ? readOptions(cursor) : [];
  return { command, kind, alters, server, wrapper, role: kind === 'mapping' ? first : undefined, options, next: opens ? options.at(-1)?.span.end ?? cursor.token(-1)!.end : undefined };
}

/** A CREATE or ALTER FOREIGN TABLE with the options of the table itself. */
export interface ForeignTable {
  readonly command: SqlCommand;
  readonly table: Name;
  readonly options: readonly FdwOption[];
}

/** In the order of the file. */
export function foreignTables({ commands, document }: SqlFacts): readonly ForeignTable[] {
  if (!/\bforeign\s+table\b/i.test(document.text)) return [];
  return commands.flatMap((command) => readTable(command) ?? []);
}

function readTable(command: SqlCommand): ForeignTable | undefined {
  const cursor = Cursor.over(command.written);
  if (!cursor.take('CREATE', 'FOREIGN', 'TABLE') && !cursor.take('ALTER', 'FOREIGN', 'TABLE')) return undefined;
  cursor.take('IF', 'NOT', 'EXISTS');
  const table = cursor.name();
  // Columns have options of their own, inside the parentheses.
  cursor.skipTo('OPTIONS');
  if (!table || !cursor.take('OPTIONS') || !cursor.takeText('(')) return undefined;
  return { command, table, options: readOptions(cursor) };
}

function readOptions(cursor: Cursor): FdwOption[] {
  const options: FdwOption[] = [];
  while (!cursor.done && cursor.here() !== ')') {
    const start = cursor.token()!.start;
    const drops = cursor.word() === 'DROP' && cursor.here(1) !== ',' && cursor.token(1)?.kind !== 'string';
    if (drops || (/^(ADD|SET)$/.test(cursor.word()) && cursor.token(1)?.kind !== 'string')) cursor.index++;
    const keyword = cursor.part();
    if (!keyword) break;
    const value = drops ? undefined : literalOf(cursor.token(), cursor.text);
    while (!cursor.done && cursor.here() !== ',' && cursor.here() !== ')') cursor.skip();
    options.push({ keyword: keyword.name.toLowerCase(), value, span: { start, end: cursor.token(-1)!.end }, drops });
    if (!cursor.takeText(',')) break;
  }
  return options;
}

/** The edit that takes an option and its comma away; undefined where that would leave OPTIONS () behind. */
export function withoutOption({ command, options }: ForeignStatement, option: FdwOption): Span | undefined {
  const index = options.indexOf(option);
  if (options.length === 1) return undefined;
  const span = index > 0 ? { start: options[index - 1]!.span.end, end: option.span.end } : { start: option.span.start, end: options[1]!.span.start };
  return command.inFile(span);
}
