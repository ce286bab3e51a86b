import type { Token } from '../syntax/sql/lexer.ts';
import type { SqlFile, Statement } from '../syntax/sql/statements.ts';
import { closing, nameOf, spanOf, splitAtCommas } from './tokens.ts';
import type { TypeClass } from './sql-types.ts';
import { classOfType } from './sql-types.ts';

/** The types that this file itself tells about. Names are without their schema. */
export interface KnownTypes {
  classOf(type: string): TypeClass;
  /** The type of a column of NEW and OLD in a trigger function, when all its tables are created here and agree. */
  columnOfRow(routine: string, column: string): TypeClass | undefined;
}

export const noKnownTypes: KnownTypes = { classOf: classOfType, columnOfRow: () => undefined };

export function readKnownTypes(file: SqlFile): KnownTypes {
  const tables = new Map<string, ReadonlyMap<string, string>>();
  const triggers = new Map<string, string[]>();
  const enums = new Set<string>();
  for (const { written } of file.statements) {
    if (/^CREATE .*\bTRIGGER\b/.test(written.head)) readTrigger(written, triggers);
    else if (/^CREATE (\w+ )?TABLE\b/.test(written.head)) readTable(written, tables);
    else if (/^CREATE TYPE\b/.test(written.head)) readEnum(written, enums);
  }
  const classOf = (type: string): TypeClass => {
    const column = /^(?:.*\.)?"?([\w$]+)"?\s*\.\s*"?([\w$]+)"?\s*%\s*type$/i.exec(type);
    if (column !== null) return classOfColumn(column[1]!.toLowerCase(), column[2]!.toLowerCase()) ?? 'unknown';
    return enums.has(type.toLowerCase().replace(/^.*\./, '')) ? 'plain' : classOfType(type);
  };
  const classOfColumn = (table: string, column: string): TypeClass | undefined => {
    const type = tables.get(table)?.get(column);
    return type === undefined ? undefined : classOf(type);
  };
  return {
    classOf,
    columnOfRow(routine, column) {
      const classes = (triggers.get(routine) ?? []).map((table) => classOfColumn(table, column));
      return classes.every((one) => one === classes[0]) ? classes[0] : undefined;
    },
  };
}

type Written = Statement['written'];

function wordsOf(written: Written): { tokens: readonly Token[]; words: string[] } {
  const tokens = written.tokens.filter((token) => token.kind !== 'comment');
  return { tokens, words: tokens.map((token) => nameOf(token, written.text)) };
}

/** The last part of the name that begins at `at`. */
function lastName(words: readonly string[], at: number): { name: string; end: number } {
  let end = at;
  while (words[end + 1] === '.') end += 2;
  return { name: words[end] ?? '', end };
}

function readTrigger(written: Written, triggers: Map<string, string[]>): void {
  const { words } = wordsOf(written);
  const on = words.indexOf('on');
  const execute = words.lastIndexOf('execute');
  if (on < 0 || execute < 0) return;
  const routine = lastName(words, execute + 2).name;
  triggers.set(routine, [...(triggers.get(routine) ?? []), lastName(words, on + 1).name]);
}

function readTable(written: Written, tables: Map<string, ReadonlyMap<string, string>>): void {
  const { tokens, words } = wordsOf(written);
  const keyword = words.indexOf('table');
  const { name, end } = lastName(words, words[keyword + 1] === 'if' ? keyword + 4 : keyword + 1);
  if (words[end + 1] !== '(') return;
  const columns = splitAtCommas(tokens.slice(end + 2, closing(tokens, end + 1, written.text)), written.text).map((part): [string, string] => {
    const stop = part.findIndex((token, index) => index > 0 && afterType.test(nameOf(token, written.text)));
    const type = spanOf(part.slice(1, stop < 0 ? undefined : stop));
    return [nameOf(part[0], written.text), written.text.slice(type.start, type.end)];
  });
  tables.set(name, new Map(columns));
}

const afterType = /^(not|null|default|primary|unique|references|check|generated|collate|constraint)$/;

function readEnum(written: Written, enums: Set<string>): void {
  const { words } = wordsOf(written);
  const { name, end } = lastName(words, 2);
  if (words[end + 1] === 'as' && words[end + 2] === 'enum') enums.add(name);
}
