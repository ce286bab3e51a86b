import type { Column, Relation } from '../schema.ts';

/** Columns of which every value finds at most one row, by what CREATE TABLE says; `id` is taken for one in every table. */
export function uniqueColumns({ place, columns }: Relation): ReadonlySet<string> {
  const { written, span } = place.statement;
  const isKey = ({ place: { statement, at } }: Column) => statement === place.statement && /\b(primary\s+key|unique)\b/i.test(definitionAt(written.text, at.end - span.start));
  const single = [...written.text.matchAll(/\b(?:primary\s+key|unique)\s*\(\s*"?([\w$]+)"?\s*\)/gi)].map(([, name]) => name!.toLowerCase());
  return new Set(['id', ...single, ...columns.filter(isKey).map(({ name }) => name)]);
}

/** From the type of a column to the comma behind it. */
function definitionAt(text: string, start: number): string {
  return /^(?:[^,()]|\([^()]*\))*/.exec(text.slice(start))![0];
}
