import { remembered } from '../remembered.ts';
import { makesServer } from './executed-names.ts';
import type { Slot } from './pieces.ts';
import type { Template } from './template.ts';

/**
 * The same value stands further to the front, quoted, as the name of a table that has to exist: `ALTER TABLE %I ADD CONSTRAINT %s_key …`, `… DEFAULT f(''%I'')`
 * `start`: of the value in the text of the template.
 */
export function isNamedBefore(piece: Slot, start: number, template: Template, source: string): boolean {
  if (piece.expression.kind !== 'reference') return false;
  const name = source.slice(piece.span.start, piece.span.end);
  const isSame = (one: Named) => one.start < start && source.slice(one.piece.span.start, one.piece.span.end) === name;
  const isBefore = (one: Named) => isSame(one) && !template.text.slice(one.start, start).includes(';');
  return tablesOf(template).some(isBefore) || (schemasOf(template).some(isBefore) && !makesSchema.test(source)) || (serversOf(template).some(isSame) && !makesServer.test(source));
}

/**
 * The same value stands further to the front in `CREATE FUNCTION get_%1$I() …`: what has to be quoted makes `get_"…"` of it, which PostgreSQL refuses, so it is a word.
 * `start`: of the value in the text of the template.
 */
export function isGluedBefore({ expression, span }: Slot, start: number, template: Template, source: string): boolean {
  if (expression.kind !== 'reference') return false;
  const name = source.slice(span.start, span.end);
  return gluedOf(template).some((one) => one.start < start && source.slice(one.piece.span.start, one.piece.span.end) === name && !template.text.slice(one.start, start).includes(';'));
}

/** The quoted names that are a part of one: `CREATE TABLE %I_old`, `COMMENT ON TABLE s.old_%I`. In FROM and UPDATE the rest would be an alias. */
export const gluedOf = remembered((template: Template): readonly Named[] => {
  // What a value brings may be no part of the name.
  const isConstant = (offset: number) => template.placed.some(({ piece, start, end }) => piece.kind === 'text' && start <= offset && offset < end);
  return template.placed.flatMap(({ piece, start, end }) => {
    const at = piece.kind === 'slot' && piece.force === 'identifier' ? template.place(piece) : undefined;
    if (piece.kind !== 'slot' || at?.kind !== 'glued' || !beginsName.test(template.text.slice(0, at.token.start))) return [];
    return (at.token.start < start && isConstant(start - 1)) || (at.token.end > end && isConstant(end)) ? [{ start, piece }] : [];
  });
});

const kinds = 'function|procedure|table|view|index|trigger|sequence|type|domain|policy';
const beginsName = new RegExp(String.raw`(?:^|;)\s*(?:create\s+(?:or\s+replace\s+)?(?:(?:unique|unlogged|temp|temporary|materialized|constraint|foreign)\s+)*(?:${kinds})|(?:alter|drop|comment\s+on)\s+(?:materialized\s+)?(?:${kinds})|insert\s+into|truncate(?:\s+table)?|lock\s+table)\s+(?:if\s+(?:not\s+)?exists\s+)?(?:\w+\s*\.\s*)?$`, 'i');

/** The first value, or the one behind its schema. */
export const tablesOf = remembered((template: Template) => namesBehind(takesTable, template, 2).concat(firstRelation(template)));

export const serversOf = remembered((template: Template) => namesBehind(takesServer, template, 4));

/** `CREATE TABLE %I.log (…)` fails without such a schema. */
export const schemasOf = remembered((template: Template) => namesBehind(takesSchema, template, 1).filter(({ start }) => /^\w+\s*\./.test(template.text.slice(start))));

/** `ALTER TABLE %I DROP COLUMN %I` */
export const columnsOf = remembered((template: Template) => namesBehind(takesColumn, template, 4));

/** A value and where it stands in the text of the template. */
export interface Named {
  readonly start: number;
  readonly piece: Slot;
}

/** Those of the first values that are quoted names and stand behind such a text. */
function namesBehind(text: RegExp, template: Template, most: number): Named[] {
  return valuesOf(template).slice(0, most).filter(({ piece, start }) => isName(piece, template) && text.test(template.text.slice(0, start)));
}

/** `WITH x AS (SELECT … FROM %1$I) …`: before the first value stands nothing that another one could have changed. */
function firstRelation(template: Template): Named[] {
  const [first] = valuesOf(template);
  if (first === undefined || !isName(first.piece, template) || !readsRelation.test(template.text.slice(0, first.start))) return [];
  const at = template.place(first.piece);
  return at?.kind === 'bare' && (at.role === 'relation' || at.role === 'identifier') ? [first] : [];
}

const readsRelation = /^\s*(?:with|select)\b[^;]*\b(?:from|join)\s+(?:only\s+)?(?:\w+\s*\.\s*)?$/i;

const valuesOf = remembered(({ placed }: Template): readonly Named[] => placed.flatMap(({ start, piece }) => (piece.kind === 'slot' ? [{ start, piece }] : [])));

function isName(piece: Slot, { place }: Template): boolean {
  return piece.force === 'identifier' && place(piece)?.kind === 'bare';
}

export const makesSchema = /\b(?:create|alter)\s+schema\b/i;

/** Without such a server nothing behind the first statement runs; with IF NOT EXISTS it is not looked for where there is such a table. */
const takesServer = /^\s*(?:create\s+foreign\s+table\s+(?!if\b)[^;]*\)\s*server|import\s+foreign\s+schema\s[^;']*\sfrom\s+server)\s+$/i;

const takesSchema = /^\s*create\s+(?:or\s+replace\s+)?(?:(?:unlogged|materialized|foreign)\s+)?(?:table|view|sequence|function|procedure|type|domain)\s+(?:if\s+not\s+exists\s+)?$/i;

const takesColumn = /^\s*alter\s+table\s[^;']*\s(?:drop|rename|alter)\s+column\s+$/i;

/** At the start of a statement: behind a comment or a sub-select that the value itself begins there would be none. */
const takesTable = /^\s*(?:alter\s+table|insert\s+into|update|delete\s+from|truncate(?:\s+table)?|lock(?:\s+table)?|comment\s+on\s+table)\s+(?:only\s+)?(?:\w+\s*\.\s*)?$/i;
