import type { Expression } from '../../syntax/sql/expression.ts';
import { remembered } from '../remembered.ts';
import { namesIn } from './checked-later.ts';
import { makesServer, makesTable } from './executed-names.ts';
import { madeBefore } from './made-names.ts';
import type { Named } from './named-before.ts';
import { columnsOf, gluedOf, makesSchema, schemasOf, serversOf, tablesOf } from './named-before.ts';
import type { Slot } from './pieces.ts';
import type { Scope } from './scope.ts';
import type { Template } from './template.ts';

/** A variable by which a statement has named, quoted, what has to exist where it has run, or what has to be a word. Offsets. */
export interface FoundName {
  readonly name: string;
  readonly leaves: 'existing' | 'word';
  /** Where its value stands. */
  readonly at: number;
  /** Of the statement. */
  readonly end: number;
}

/** `q := 'ALTER TABLE ' || quote_ident(x) || …; EXECUTE q;`: whatever the statement looks like, it names the table. */
export function foundBy(templates: readonly Template[], end: number, scope: Scope): readonly FoundName[] {
  const [first, ...others] = templates.map((template) => [
    ...pathsOf(gluedOf(template)).map((one) => ({ ...one, leaves: 'word' as const })),
    ...pathsOf(existingIn(template, end, scope)).map((one) => ({ ...one, leaves: 'existing' as const })),
  ]);
  if (first === undefined) return [];
  return first.flatMap(({ path, span, leaves }) => {
    const name = path.join('.');
    return others.every((names) => names.some((one) => one.leaves === leaves && one.path.join('.') === name)) ? [{ name, leaves, at: span.start, end }] : [];
  });
}

/** Whatever the name is, there is such a table when the routine has made it, and a column may have been added. */
function existingIn(template: Template, end: number, scope: Scope): readonly Named[] {
  const columns = columnsOf(template);
  const tables = [...tablesOf(template), ...(columns.length === 0 || addsColumn.test(scope.text.slice(0, end)) ? [] : columns)];
  const servers = serversOf(template);
  const schemas = schemasOf(template);
  return [
    ...(tables.length > 0 && makesTables(scope) >= end ? tables : []),
    ...(servers.length === 0 || makesServer.test(scope.text) ? [] : servers),
    ...(schemas.length === 0 || makesSchema.test(scope.text) ? [] : schemas),
  ];
}

function pathsOf(named: readonly Named[]): readonly Extract<Expression, { kind: 'reference' }>[] {
  return named.flatMap(({ piece: { expression } }) => (expression.kind === 'reference' ? [expression] : []));
}

const addsColumn = /\badd\s+(?:column\b|%|"|')/i;
const makesTables = remembered(({ code, text }: Scope) => madeBefore(makesTable, code.tokens, text));

/** What a statement before the one at `offset` leaves of a value: it has found something of this name, or of one that it is a part of. */
export function foundBefore({ expression, span }: Slot, offset: number, found: readonly FoundName[], scope: Scope): 'existing' | 'word' | undefined {
  const [name, ...others] = found.length === 0 ? [] : new Set(namesIn(expression));
  if (name === undefined || others.length > 0) return undefined;
  const held = (at: number) => scope.find(name, at) ?? scope.find(name.replace(/\..*/s, ''), at);
  const now = held(span.start);
  const known = now === undefined ? [] : found.filter((one) => one.name === name && scope.dominates(one.end, offset) && held(one.at) === now);
  if (known.length === 0) return undefined;
  return expression.kind === 'reference' && known.some(({ leaves }) => leaves === 'word') ? 'word' : 'existing';
}
