import { lex } from '../../syntax/sql/lexer.ts';
import { Cursor } from '../sql/cursor.ts';
import { readCatalogQuery, type CatalogQuery } from './catalog-query.ts';
import { constantListOf, constantOf } from './constant-text.ts';
import type { Constants, Value } from './constant-value.ts';

/** A loop over objects of the database. */
export interface CatalogLoop {
  readonly query: CatalogQuery;
  /** The variables of the loop for one row. */
  values(row: Constants): Constants;
}

/** The values of a loop's variables, round by round; undefined when the loop does not go through constants. `header`: up to LOOP. */
export function loopRounds(header: string, constants: Constants): readonly Constants[] | undefined {
  const cursor = new Cursor(header, lex(header, 'body'));
  const each = cursor.take('FOREACH');
  if (!each && !cursor.take('FOR')) return undefined;
  const name = cursor.part()?.name;
  if (name === undefined || !cursor.take('IN')) return undefined;
  if (each) return cursor.take('ARRAY') ? rounds(cursor.rest(), [name], constants) : undefined;
  const numbers = /^([^.]+)\.\.([^.]+)$/.exec(cursor.rest());
  if (numbers) {
    const [from, to] = [Number(constantOf(numbers[1]!, constants)), Number(constantOf(numbers[2]!, constants))];
    return to - from < 200 ? Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => new Map([[name, String(from + i)]])) : undefined;
  }
  return undefined;
}

function rounds(list: string, names: readonly string[], constants: Constants): readonly Constants[] | undefined {
  return constantListOf(list, constants)?.map((value) => new Map(names.map((name) => [name, value])));
}

/** Undefined when the loop goes through anything else. */
export function catalogLoop(header: string, constants: Constants): CatalogLoop | undefined {
  const [, list, written] = /^for\s+(\w+(?:\s*,\s*\w+)*)\s+in\s+(.*)$/is.exec(header) ?? [];
  const [, executed] = /^execute\s+(.*)$/is.exec(written ?? '') ?? [];
  const text = executed === undefined ? written : constantOf(executed, constants);
  const query = text === undefined ? undefined : readCatalogQuery(text, constants);
  const [name = '', ...others] = (list ?? '').toLowerCase().split(/\s*,\s*/);
  if (!query) return undefined;
  return {
    query,
    values: (row) => (others.length > 0
      ? new Map([name, ...others].map((one, i): [string, Value] => [one, [...row.values()][i] ?? null]))
      : new Map([...row].flatMap(([column, value]): [string, Value][] => [[`${name}.${column}`, value], ...row.size === 1 ? [[name, value] as [string, Value]] : []]))),
  };
}
