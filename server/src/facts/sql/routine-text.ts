import type { Span } from '../../text.ts';
import type { StatementText } from '../../syntax/sql/statements.ts';
import { lex } from '../../syntax/sql/lexer.ts';
import { Cursor } from './cursor.ts';
import type { Name, NamePart } from './cursor.ts';
import { readParameters } from './parameters.ts';
import type { Parameter } from './parameters.ts';
import { Notes } from '../../notes.ts';

/** What CREATE FUNCTION or CREATE PROCEDURE says. Spans count from the start of the statement. */
export interface RoutineText {
  readonly name: Name;
  readonly replace: boolean;
  readonly procedure: boolean;
  /** The parameters that a caller gives; those are what names the routine. */
  readonly parameters: readonly Parameter[];
  readonly language: string | undefined;
  /** RETURNS trigger or event_trigger: nobody calls it by name. */
  readonly trigger: boolean;
  /** The body is BEGIN ATOMIC or RETURN: its names are bound when it is created. */
  readonly atomic: boolean;
  readonly changes: RoutineChanges;
}

/** What the options of CREATE or ALTER change about a routine's rights. */
export interface RoutineChanges {
  readonly security?: { readonly definer: boolean; readonly at: Span };
  readonly path?: PathChange;
}

export type PathChange =
  | { readonly kind: 'list'; readonly entries: readonly NamePart[]; /** The values. */ readonly at: Span }
  /** SET search_path FROM CURRENT */
  | { readonly kind: 'current'; readonly at: Span }
  /** RESET search_path, RESET ALL, SET search_path TO DEFAULT */
  | { readonly kind: 'cleared'; readonly at: Span; readonly all: boolean };

const known = new Notes<StatementText, RoutineText | undefined>();

/** Undefined when the statement creates no routine. */
export function readRoutine(written: StatementText): RoutineText | undefined {
  if (!known.has(written)) known.set(written, read(written));
  return known.get(written);
}

function read(written: StatementText): RoutineText | undefined {
  // The tokens are not kept: a folder of migrations has more of them than fit.
  const cursor = new Cursor(written.text, lex(written.text));
  if (!cursor.take('CREATE')) return undefined;
  const replace = cursor.take('OR', 'REPLACE');
  const procedure = cursor.word() === 'PROCEDURE';
  if (!procedure && cursor.word() !== 'FUNCTION') return undefined;
  cursor.index++;
  const name = cursor.name();
  if (!name) return undefined;
  const parameters = readParameters(cursor);
  if (!parameters) return undefined;
  const called = parameters.filter((parameter) => parameter.mode !== 'out');
  return { name, replace, procedure, parameters: called, ...readOptions(cursor) };
}

/** How ALTER and REVOKE name the routine. */
export function targetOf({ name, parameters }: RoutineText): string {
  const list = parameters.map(({ mode, written: type }) => (mode === 'variadic' ? `VARIADIC ${type}` : type)).join(', ');
  return `${name.parts.map((part) => part.text).join('.')}(${list})`;
}

/** In `@@plpythonu@@`, which a script of its own fills in, the name tells the language as well. */
function languageOf(cursor: Cursor): string | undefined {
  if (/^@+$/.test(cursor.here())) cursor.index++;
  return cursor.part()?.name.toLowerCase().replace(/^@+|@+$/g, '');
}

function readOptions(cursor: Cursor): Pick<RoutineText, 'language' | 'trigger' | 'atomic' | 'changes'> {
  let language: string | undefined;
  let trigger = false;
  let atomic = false;
  const changes: { security?: RoutineChanges['security']; path?: PathChange } = {};
  // Without a semicolon the next statement seems to be a part of this one.
  while (!cursor.done && !atomic && cursor.word() !== 'CREATE') {
    if (cursor.take('RETURNS')) trigger = returnsTrigger(cursor);
    else if (cursor.take('LANGUAGE')) language = languageOf(cursor);
    else if (cursor.take('BEGIN', 'ATOMIC') || cursor.take('RETURN')) atomic = true;
    else if (!readChange(cursor, changes)) cursor.skip();
  }
  return { language: language ?? (atomic ? 'sql' : undefined), trigger, atomic, changes };
}

function returnsTrigger(cursor: Cursor): boolean {
  if (cursor.word() === 'TABLE') return false;
  const parts = cursor.name()?.parts;
  return /^(event_)?trigger$/.test(parts?.[parts.length - 1]?.name ?? '');
}

/** The actions of ALTER FUNCTION behind the routine's name. */
export function readChanges(cursor: Cursor): RoutineChanges {
  const changes: { security?: RoutineChanges['security']; path?: PathChange } = {};
  while (!cursor.done) {
    if (!readChange(cursor, changes)) cursor.skip();
  }
  return changes;
}

function readChange(cursor: Cursor, changes: { security?: RoutineChanges['security']; path?: PathChange }): boolean {
  const start = cursor.token()?.start ?? 0;
  if (cursor.word() === 'SECURITY' && /^(DEFINER|INVOKER)$/.test(cursor.word(1))) {
    changes.security = { definer: cursor.word(1) === 'DEFINER', at: { start, end: cursor.token(1)!.end } };
    cursor.index += 2;
    return true;
  }
  const path = readPathChange(cursor);
  if (path) changes.path = path;
  return path !== undefined;
}

/** SET search_path … or RESET …, as an option of a routine and as a statement of its own. Does not move when there is none. */
export function readPathChange(cursor: Cursor): PathChange | undefined {
  const begin = cursor.index;
  const start = cursor.token()?.start ?? 0;
  if (cursor.take('RESET')) {
    const all = cursor.word() === 'ALL';
    if (all || isSearchPath(cursor)) return { kind: 'cleared', all, at: { start, end: cursor.tokens[cursor.index++]!.end } };
  } else if (cursor.take('SET')) {
    if (!cursor.take('LOCAL')) cursor.take('SESSION');
    const change = readPathValue(cursor, start);
    if (change) return change;
  }
  cursor.index = begin;
  return undefined;
}

function readPathValue(cursor: Cursor, start: number): PathChange | undefined {
  if (cursor.word() === 'SCHEMA' && cursor.token(1)?.kind === 'string') {
    cursor.index++;
    return readList(cursor);
  }
  if (!isSearchPath(cursor)) return undefined;
  cursor.index++;
  const value = cursor.token()?.start ?? 0;
  if (cursor.take('FROM', 'CURRENT')) return { kind: 'current', at: { start: value, end: cursor.token(-1)!.end } };
  if (!cursor.take('TO') && !cursor.takeText('=')) return undefined;
  if (cursor.take('DEFAULT')) return { kind: 'cleared', all: false, at: { start, end: cursor.token(-1)!.end } };
  return readList(cursor);
}

function readList(cursor: Cursor): PathChange | undefined {
  const entries: NamePart[] = [];
  do {
    const entry = cursor.part();
    if (!entry) return undefined;
    entries.push(entry);
  } while (cursor.takeText(','));
  return { kind: 'list', entries, at: { start: entries[0]!.start, end: entries[entries.length - 1]!.end } };
}

function isSearchPath(cursor: Cursor): boolean {
  return /^"?search_path"?$/i.test(cursor.here());
}

/** LANGUAGE with its name, behind which more options can be written. */
export function optionsAt(written: StatementText): Span | undefined {
  const cursor = Cursor.over(written);
  for (; !cursor.done; cursor.skip()) {
    if (cursor.word() === 'LANGUAGE' && cursor.token(1)) return { start: cursor.token()!.start, end: cursor.token(1)!.end };
  }
  return undefined;
}
