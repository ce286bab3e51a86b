import type { Node } from '@pgsql/types';
import type { CatalogQuery, QueryPart, Source } from './catalog-query.ts';
import { catalogs } from './catalogs.ts';
import { nodeValue, truthOf, type Constants, type Value } from './constant-value.ts';
import type { State } from './replay-state.ts';

/** What a query finds, each row by the names of its columns, in order; undefined when it asks for something that files do not tell. */
export function rowsOf(state: State, { parts }: CatalogQuery): readonly Constants[] | undefined {
  const rows: Constants[] = [];
  const seen = new Set<string>();
  const names = parts[0]?.targets?.map(({ name }) => name);
  for (const part of parts) {
    const found = sourceRows(state, part);
    if (!found) return undefined;
    for (const { own, constants } of found) {
      const row = part.targets ? selected(part, constants, names) : own;
      if (!row) return undefined;
      const key = part.distinct ? JSON.stringify([...row.values()]) : '';
      if (part.distinct && seen.has(key)) continue;
      seen.add(key);
      rows.push(row);
    }
  }
  return rows;
}

/** The same before anything of it is selected, also by the names of the tables. */
export function foundBy(state: State, { parts }: CatalogQuery): readonly Constants[] | undefined {
  const found = parts.map((part) => sourceRows(state, part));
  return found.every((rows) => rows !== undefined) ? found.flatMap((rows) => rows.map(({ constants }) => constants)) : undefined;
}

interface Found {
  readonly own: Constants;
  readonly constants: Constants;
}

function sourceRows(state: State, { source, where, constants }: QueryPart): readonly Found[] | undefined {
  const found: Found[] = [];
  for (const row of rowsOfSource(state, source)) {
    const own = new Map(row);
    const all = new Map([...constants, ...own, ...row.map(([name, value]): [string, Value] => [`${source.alias}.${name}`, value]), ...source.kind === 'catalog' ? joined(source, own) : []]);
    const holds = where.map((condition) => truthOf(nodeValue(condition, all)));
    if (holds.some((one) => one === false || one === null)) continue;
    if (holds.includes(undefined)) return undefined;
    found.push({ own, constants: all });
  }
  return found;
}

function rowsOfSource(state: State, source: Source): readonly (readonly (readonly [string, Value])[])[] {
  if (source.kind === 'catalog') return catalogs[source.catalog](state).map((row) => Object.entries(row));
  return source.rows.map((row) => source.columns.map((name, i) => [name, row[i] ?? null] as const));
}

/** What the row of `pg_namespace` says that belongs to it, and that there is nothing else. */
function joined({ schemas, nothing }: Extract<Source, { kind: 'catalog' }>, row: Constants): [string, Value][] {
  const schema = row.get('relnamespace') ?? row.get('pronamespace');
  const missing = nothing.flatMap((alias) => ['objid', 'refobjid', 'deptype', 'classid', 'extname', 'oid'].map((name): [string, Value] => [`${alias}.${name}`, null]));
  return schemas === undefined || schema === undefined ? missing : [[`${schemas}.oid`, schema], [`${schemas}.nspname`, schema], ['nspname', schema], ...missing];
}

function selected({ targets = [] }: QueryPart, constants: Constants, names: readonly string[] | undefined): Constants | undefined {
  const values = targets.map(({ value }: { readonly value: Node }) => nodeValue(value, constants));
  return values.every((value) => value !== undefined) ? new Map(values.map((value, i) => [names?.[i] ?? targets[i]!.name, value])) : undefined;
}
