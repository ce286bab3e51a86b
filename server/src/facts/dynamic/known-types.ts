import type { Token } from '../../syntax/sql/lexer.ts';
import type { StatementText } from '../../syntax/sql/statements.ts';
import { withoutQuotes } from '../../syntax/sql/written-type.ts';
import { remembered } from '../remembered.ts';
import { closing, nameOf, spanOf, splitAtCommas } from '../sql/tokens.ts';
import type { CheckChange, ColumnCheck } from './column-checks.ts';
import { checksIn, heldByChecks, readCheckChange, readDropsInside, readNamesake } from './column-checks.ts';
import type { DomainNews } from './domains.ts';
import { classesOfDomains, readDomain, readDomainChange } from './domains.ts';
import type { TypeClass } from './sql-types.ts';
import { classOfElement, classOfType, isHarmless } from './sql-types.ts';

/** The types that this file itself tells about. Names are without their schema. */
export interface KnownTypes {
  classOf(type: string): TypeClass;
  /** Of the elements of an array; `unknown` when the type is none. */
  elementOf(type: string): TypeClass;
  /** The type of a column of NEW and OLD in a trigger function, when all its tables are created here and agree. */
  columnOfRow(routine: string, column: string): { readonly type: TypeClass; /** As it is written, when all of them say the same. */ readonly written: string | undefined } | undefined;
  /** What is stored in a column of a table that is created here, by its type or by a CHECK. */
  columnIn(table: string, column: string): TypeClass | undefined;
  /** Whether a CHECK says what a column can hold. */
  isChecked(table: string, column: string): boolean;
  /** Whether any does. */
  readonly hasChecks: boolean;
  /** What a CHECK leaves in a column of NEW or OLD, when all tables of the trigger function have it; `later`: other rows may still be refused behind it. */
  checkedInRow(routine: string, row: 'new' | 'old', column: string): { readonly type: TypeClass; readonly later: boolean } | undefined;
  /** The columns of a table that is created here, with their types as written. */
  columnsOf(table: string): ReadonlyMap<string, string> | undefined;
  /** Whatever table has a column of this name, the column holds text. */
  holdsText(column: string): boolean;
}

export const noKnownTypes: KnownTypes = { classOf: classOfType, elementOf: classOfElement, columnOfRow: () => undefined, columnIn: () => undefined, isChecked: () => false, hasChecks: false, checkedInRow: () => undefined, columnsOf: () => undefined, holdsText: () => false };

/** What one statement tells about types. */
export type TypeNews =
  | { readonly kind: 'table'; readonly name: string; readonly columns: readonly (readonly [name: string, type: string])[]; readonly checks?: readonly ColumnCheck[] }
  | { readonly kind: 'trigger'; readonly routine: string; readonly table: string; readonly after: boolean }
  | CheckChange
  | { readonly kind: 'enum'; readonly name: string }
  | DomainNews;

/** The same for every file of a set that the table is known to. */
const columnsOf = remembered(({ columns }: Extract<TypeNews, { kind: 'table' }>): ReadonlyMap<string, string> => new Map(columns));

export function readTypeNews(written: StatementText): TypeNews | undefined {
  if (/^CREATE .*\bTRIGGER\b/.test(written.head)) return readTrigger(written);
  if (/^CREATE (\w+ )?TABLE\b/.test(written.head)) return readTable(written) ?? readNamesake(written);
  if (/^CREATE .*\bVIEW\b/.test(written.head)) return readNamesake(written);
  if (/^ALTER TABLE\b/.test(written.head)) return readCheckChange(written);
  if (/^DO\b/.test(written.head)) return readDropsInside(written);
  if (/^CREATE DOMAIN\b/.test(written.head)) return readDomain(written);
  if (/^ALTER DOMAIN\b/.test(written.head)) return readDomainChange(written);
  return /^CREATE TYPE\b/.test(written.head) ? readType(written) : undefined;
}

export function knownTypesOf(news: readonly TypeNews[]): KnownTypes {
  if (news.length === 0) return noKnownTypes;
  const tables = new Map<string, ReadonlyMap<string, string>>();
  const triggers = new Map<string, Extract<TypeNews, { kind: 'trigger' }>[]>();
  const enums = new Set<string>();
  const domains = classesOfDomains(news.flatMap((one) => (one.kind === 'domain' || one.kind === 'domain change' ? [one] : [])));
  for (const one of news) {
    if (one.kind === 'table') tables.set(one.name, columnsOf(one));
    else if (one.kind === 'enum') enums.add(one.name);
    else if (one.kind === 'trigger') triggers.set(one.routine, [...(triggers.get(one.routine) ?? []), one]);
  }
  const checked = heldByChecks(
    news.flatMap((one) => (one.kind === 'table' && one.checks !== undefined ? [{ name: one.name, checks: one.checks }] : [])),
    news.filter((one) => one.kind === 'check change'),
  );
  const classOf = (type: string): TypeClass => {
    const column = /^(?:.*\.)?"?([\w$]+)"?\s*\.\s*"?([\w$]+)"?\s*%\s*type$/i.exec(type);
    if (column !== null) return classOfColumn(column[1]!.toLowerCase(), column[2]!.toLowerCase()) ?? 'unknown';
    const elements = arrayOf.exec(type)?.[1];
    if (elements !== undefined) return isHarmless(classOf(elements)) ? 'plain' : classOfType(type);
    const last = type.replace(/^.*\.\s*/, '');
    const name = last.startsWith('"') ? last.slice(1, -1) : last.toLowerCase();
    return enums.has(name) ? 'plain' : domains.get(name) ?? classOfType(type);
  };
  const classOfColumn = (table: string, column: string): TypeClass | undefined => {
    const type = tables.get(table)?.get(column);
    return type === undefined ? undefined : classOf(type);
  };
  const texts = new Map<string, boolean>();
  return {
    classOf,
    elementOf: (type) => (arrayOf.test(type) ? classOf(arrayOf.exec(type)![1]!) : classOfElement(type)),
    columnsOf: (table) => tables.get(table),
    hasChecks: checked.size > 0,
    isChecked: (table, column) => checked.get(table)?.has(column) ?? false,
    columnIn(table, column) {
      const type = classOfColumn(table, column);
      const holds = checked.get(table)?.get(column);
      return holds !== undefined && (type === undefined || type === 'text' || type === 'unknown') ? holds : type;
    },
    checkedInRow(routine, row, column) {
      const [first, ...others] = triggers.get(routine) ?? [];
      const type = first && checked.get(first.table)?.get(column);
      if (type === undefined || others.some(({ table }) => checked.get(table)?.get(column) !== type)) return undefined;
      return { type, later: row === 'new' && [first!, ...others].some(({ after }) => !after) };
    },
    holdsText(column) {
      let holds = texts.get(column);
      if (holds === undefined) {
        const classes = new Set([...tables.keys()].map((table) => classOfColumn(table, column)).filter((one) => one !== undefined));
        texts.set(column, (holds = classes.size === 1 && classes.has('text')));
      }
      return holds;
    },
    columnOfRow(routine, column) {
      const all = (triggers.get(routine) ?? []).map(({ table }) => tables.get(table));
      if (all.includes(undefined)) return undefined;
      // Of a table without the column no row has it.
      const [first, ...others] = all.flatMap((columns) => columns!.get(column) ?? []);
      if (first === undefined || others.some((one) => classOf(one) !== classOf(first))) return undefined;
      return { type: classOf(first), written: others.every((one) => one === first) ? first : undefined };
    },
  };
}

/** `app.kind[]`, `app.kind[3][3]` */
const arrayOf = /^([^[\]]+?)\s*(?:\[\s*\d*\s*\]\s*)+$/;

function wordsOf(written: StatementText): { tokens: readonly Token[]; words: string[] } {
  const tokens = written.tokens.filter((token) => token.kind !== 'comment');
  return { tokens, words: tokens.map((token) => nameOf(token, written.text)) };
}

/** The last part of the name that begins at `at`. */
function lastName(words: readonly string[], at: number): { name: string; end: number } {
  let end = at;
  while (words[end + 1] === '.') end += 2;
  return { name: words[end] ?? '', end };
}

function readTrigger(written: StatementText): TypeNews | undefined {
  const { words } = wordsOf(written);
  const on = words.indexOf('on');
  const execute = words.lastIndexOf('execute');
  if (on < 0 || execute < 0) return undefined;
  return { kind: 'trigger', routine: lastName(words, execute + 2).name, table: lastName(words, on + 1).name, after: words.indexOf('after') > 0 && words.indexOf('after') < on };
}

function readTable(written: StatementText): TypeNews | undefined {
  const { tokens, words } = wordsOf(written);
  const keyword = words.indexOf('table');
  const { name, end } = lastName(words, words[keyword + 1] === 'if' ? keyword + 4 : keyword + 1);
  if (words[end + 1] !== '(') return undefined;
  // PostgreSQL takes the word of another server for what it stores.
  const checks = words[keyword - 1] === 'foreign' ? [] : checksIn(splitAtCommas(tokens.slice(end + 2, closing(tokens, end + 1, written.text)), written.text), written.text);
  return { kind: 'table', name, columns: columnsAt(tokens, end + 1, written.text), checks };
}

/** The names in parentheses with their types, as they are written. */
function columnsAt(tokens: readonly Token[], open: number, text: string): [name: string, type: string][] {
  return splitAtCommas(tokens.slice(open + 1, closing(tokens, open, text)), text).map((part) => {
    const stop = part.findIndex((token, index) => index > 0 && afterType.test(nameOf(token, text)));
    const type = spanOf(part.slice(1, stop < 0 ? undefined : stop));
    return [nameOf(part[0], text), withoutQuotes(text.slice(type.start, type.end))];
  });
}

const afterType = /^(not|null|default|primary|unique|references|check|generated|collate|constraint)$/;

/** A composite type has columns as a table has. */
function readType(written: StatementText): TypeNews | undefined {
  const { tokens, words } = wordsOf(written);
  const { name, end } = lastName(words, 2);
  if (words[end + 1] !== 'as') return undefined;
  if (words[end + 2] === 'enum') return { kind: 'enum', name };
  return words[end + 2] === '(' ? { kind: 'table', name, columns: columnsAt(tokens, end + 2, written.text) } : undefined;
}
