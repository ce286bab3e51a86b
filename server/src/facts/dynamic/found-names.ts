import { remembered } from '../remembered.ts';
import { namesIn } from './checked-later.ts';
import { makesServer, makesTable } from './executed-names.ts';
import { madeBefore } from './made-names.ts';
import { columnsOf, serversOf, tablesOf } from './named-before.ts';
import type { Slot } from './pieces.ts';
import type { Scope } from './scope.ts';
import type { Template } from './template.ts';

/** A variable that a statement has named a table or a column by, quoted, and that has to exist where it has run. Offsets. */
export interface NamedTable {
  readonly name: string;
  /** Where its value stands. */
  readonly at: number;
  /** Of the statement. */
  readonly end: number;
}

/** `q := 'ALTER TABLE ' || quote_ident(x) || …; EXECUTE q;`: whatever the statement looks like, it names the table. */
export function foundBy(templates: readonly Template[], end: number, scope: Scope): readonly NamedTable[] {
  const found = (template: Template) => {
    // Whatever the name is, there is such a table when the routine has made it, and a column may have been added.
    const columns = columnsOf(template);
    const named = [...tablesOf(template), ...(columns.length === 0 || addsColumn.test(scope.text.slice(0, end)) ? [] : columns)];
    const servers = serversOf(template);
    return [...(named.length > 0 && makesTables(scope) >= end ? named : []), ...(servers.length === 0 || makesServer.test(scope.text) ? [] : servers)];
  };
  const [first, ...others] = templates.map((template) => found(template).flatMap(({ piece: { expression } }) => (expression.kind === 'reference' ? [expression] : [])));
  if (first === undefined) return [];
  return first.flatMap(({ path, span }) => {
    const name = path.join('.');
    return others.every((names) => names.some((one) => one.path.join('.') === name)) ? [{ name, at: span.start, end }] : [];
  });
}

const addsColumn = /\badd\s+(?:column\b|%|"|')/i;
const makesTables = remembered(({ code, text }: Scope) => madeBefore(makesTable, code.tokens, text));

/** A statement before the one at `offset` has found a table of this name, or of one that it is a part of. */
export function isFoundBefore({ expression, span }: Slot, offset: number, found: readonly NamedTable[], scope: Scope): boolean {
  const [name, ...others] = found.length === 0 ? [] : new Set(namesIn(expression));
  if (name === undefined || others.length > 0) return false;
  const held = (at: number) => scope.find(name, at) ?? scope.find(name.replace(/\..*/s, ''), at);
  const now = held(span.start);
  return now !== undefined && found.some((one) => one.name === name && scope.dominates(one.end, offset) && held(one.at) === now);
}
