import { remembered } from '../remembered.ts';
import type { Slot } from './pieces.ts';
import type { Template } from './template.ts';

/**
 * The same value stands further to the front, quoted, as the name of a table that has to exist: `ALTER TABLE %I ADD CONSTRAINT %s_key …`, `… DEFAULT f(''%I'')`
 * `start`: of the value in the text of the template.
 */
export function isNamedBefore(piece: Slot, start: number, template: Template, source: string): boolean {
  if (piece.expression.kind !== 'reference') return false;
  const name = source.slice(piece.span.start, piece.span.end);
  const isSame = (one: { readonly start: number; readonly piece: Slot }) => one.start < start && source.slice(one.piece.span.start, one.piece.span.end) === name;
  return tablesOf(template).some((table) => isSame(table) && !template.text.slice(table.start, start).includes(';')) || (!/\bcreate\s+server\b/i.test(source) && serversOf(template).some(isSame));
}

/**
 * The same value stands further to the front in `CREATE FUNCTION get_%1$I() …`: what has to be quoted makes `get_"…"` of it, which PostgreSQL refuses, so it is a word.
 * `start`: of the value in the text of the template.
 */
export function isGluedBefore({ expression, span }: Slot, start: number, { text, placed, place }: Template, source: string): boolean {
  if (expression.kind !== 'reference' || !/\bcreate\b/i.test(text.slice(0, start))) return false;
  const name = source.slice(span.start, span.end);
  return placed.some((one) => one.start < start && one.piece.kind === 'slot' && one.piece.force === 'identifier' && source.slice(one.piece.span.start, one.piece.span.end) === name
    && place(one.piece)?.kind === 'glued' && beginsName.test(text.slice(0, one.start)) && !text.slice(one.start, start).includes(';'));
}

const beginsName = /(?:^|;)\s*create\s+(?:or\s+replace\s+)?(?:(?:unique|unlogged|temp|temporary|materialized|constraint)\s+)*(?:function|procedure|table|view|index|trigger|sequence|type|domain|policy)\s+(?:if\s+not\s+exists\s+)?(?:\w+\s*\.\s*)?\w+$/i;

/** The first value, or the one behind its schema. */
export const tablesOf = remembered(({ text, placed, place }: Template) => placed.filter(({ piece }) => piece.kind === 'slot').slice(0, 2).flatMap(({ piece, start }) => (
  piece.kind === 'slot' && piece.force === 'identifier' && place(piece)?.kind === 'bare' && takesTable.test(text.slice(0, start)) ? [{ start, piece }] : []
)).concat(firstRelation({ text, placed, place })));

/** `WITH x AS (SELECT … FROM %1$I) …`: before the first value stands nothing that another one could have changed. */
function firstRelation({ text, placed, place }: Pick<Template, 'text' | 'placed' | 'place'>): { start: number; piece: Slot }[] {
  const first = placed.find(({ piece }) => piece.kind === 'slot');
  if (first?.piece.kind !== 'slot' || first.piece.force !== 'identifier' || !/^\s*(?:with|select)\b[^;]*\b(?:from|join)\s+(?:only\s+)?(?:\w+\s*\.\s*)?$/i.test(text.slice(0, first.start))) return [];
  const at = place(first.piece);
  return at?.kind === 'bare' && (at.role === 'relation' || at.role === 'identifier') ? [{ start: first.start, piece: first.piece }] : [];
}

export const serversOf = remembered(({ text, placed, place }: Template) => placed.filter(({ piece }) => piece.kind === 'slot').slice(0, 4).flatMap(({ piece, start }) => (
  piece.kind === 'slot' && piece.force === 'identifier' && place(piece)?.kind === 'bare' && takesServer.test(text.slice(0, start)) ? [{ start, piece }] : []
)));

/** `ALTER TABLE %I DROP COLUMN %I` */
export const columnsOf = remembered(({ text, placed, place }: Template) => placed.filter(({ piece }) => piece.kind === 'slot').slice(0, 4).flatMap(({ piece, start }) => (
  piece.kind === 'slot' && piece.force === 'identifier' && place(piece)?.kind === 'bare' && takesColumn.test(text.slice(0, start)) ? [{ start, piece }] : []
)));

/** Without such a server nothing behind the first statement runs; with IF NOT EXISTS it is not looked for where there is such a table. */
const takesServer = /^\s*(?:create\s+foreign\s+table\s+(?!if\b)[^;]*\)\s*server|import\s+foreign\s+schema\s[^;']*\sfrom\s+server)\s+$/i;

const takesColumn = /^\s*alter\s+table\s[^;']*\s(?:drop|rename|alter)\s+column\s+$/i;

/** At the start of a statement: behind a comment or a sub-select that the value itself begins there would be none. */
const takesTable = /^\s*(?:alter\s+table|insert\s+into|update|delete\s+from|truncate(?:\s+table)?|lock(?:\s+table)?|comment\s+on\s+table)\s+(?:only\s+)?(?:\w+\s*\.\s*)?$/i;
