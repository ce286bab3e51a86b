import { lex } from '../../syntax/sql/lexer.ts';
import { shift, type Span } from '../../text.ts';
import { statementText } from '../../syntax/sql/statements.ts';
import { isApiRole } from './api.ts';
import { callsIn, type Call } from './calls.ts';
import { Cursor, spell } from './cursor.ts';
import type { Place, Policy, PolicyExpression, Privilege, Relation, Schema } from '../schema.ts';
import type { SqlFacts } from '../sql.ts';

/** A relation as statements that can run anywhere name it. */
export function targetOf({ schema, name }: Pick<Relation, 'schema' | 'name'>): string {
  return schema === undefined ? spell(name) : `${spell(schema)}.${spell(name)}`;
}

/** How messages call it. */
export function shownRelation(relation: Pick<Relation, 'schema' | 'name'>): string {
  const target = targetOf(relation);
  return target.length <= 36 ? target : relation.name.length <= 36 ? relation.name : 'this table';
}

/** Tables whose rows policies guard. */
export function isGuarded(relation: Relation): boolean {
  return relation.rls.on === true;
}

/** The guarded tables that a view reads, directly or through views that read with the rights of their owner. */
export function guardedBehind(schema: Schema, view: Relation, seen: ReadonlySet<Relation> = new Set()): readonly Relation[] {
  if (seen.has(view)) return [];
  const found = view.reads.flatMap(({ schema: home, name }): readonly Relation[] => {
    const relation = schema.relation(home, name);
    if (!relation || relation === view) return [];
    return relation.kind === 'table' ? (isGuarded(relation) ? [relation] : []) : guardedBehind(schema, relation, new Set([...seen, view]));
  });
  return [...new Set(found)];
}

/** Policies that let everybody read every row: past them there is nothing more to see. */
export function showsAll({ policies }: Relation): boolean {
  const reading = policies.filter(({ command }) => command === 'SELECT' || command === 'ALL');
  const all = reading.some(({ permissive, roles, using }) => permissive && (roles.includes('public') || roles.some(isApiRole)) && using && isAlwaysTrue(using.text));
  return all && reading.every(({ permissive }) => permissive);
}

/** The query of a view gives one row of totals. */
export function onlyTotals(view: Relation): boolean {
  const text = view.query?.statement.written.text ?? '';
  const list = /\bas\s*\(?\s*select\b(.*?)\bfrom\b/is.exec(text)?.[1];
  if (list === undefined || /\bgroup\s+by\b|\bover\s*\(|\b(array|json|jsonb|string)_agg\b/i.test(text)) return false;
  return list.split(/,(?![^(]*\))/).every((item) => /^\s*(count|sum|avg|min|max|round|coalesce|now)\s*\(/i.test(item));
}

/** PostgreSQL's spellings of true and false as the value of an option. */
export function isOn(relation: Relation, option: string): boolean {
  const value = relation.options.get(option)?.value.toLowerCase();
  return value !== undefined && /^'?(t|tr|tru|true|on|y|ye|yes|1)'?$/.test(value);
}

/** The privileges that somebody besides the owner has, one for each grantee. */
export function grantees(relation: Relation, privilege: string): readonly Privilege[] {
  const found = relation.acl.filter((item) => item.privilege === privilege && item.column === undefined);
  return found.filter((item, i) => found.findIndex((other) => other.grantee === item.grantee) === i);
}

/** An expression that holds for every row: `true`, `1 = 1`, `(true)`, `owner = 'x' OR true`, `id IS NOT NULL`. */
export function isAlwaysTrue(expression: string): boolean {
  return alternativesIn(expression).some(({ start, end }) => holdsAlways(expression.slice(start, end)));
}

function holdsAlways(expression: string): boolean {
  const cursor = new Cursor(expression, lex(expression, 'body'));
  const words = cursor.tokens.map((token) => cursor.of(token).toLowerCase());
  const text = withoutParentheses(words).join(' ');
  return /^(true|'t'|'true')( :: bool(ean)?)?$/.test(text) || /^not false$/.test(text) || /^('[^']*'|\d+|(?:\w+ \. )*[a-z_]\w*) = \1$/.test(text)
    || /^(\w+ \. )?id is not null$/.test(text);
}

/** What OR joins at the top of an expression, without the parentheses around all of it; all of it where there is no OR. */
export function alternativesIn(expression: string): readonly Span[] {
  const tokens = lex(expression, 'body').filter(({ kind }) => kind !== 'comment');
  const words = tokens.map(({ start, end }) => expression.slice(start, end).toLowerCase());
  let [from, to] = [0, words.length];
  while (words[from] === '(' && words[to - 1] === ')' && closes(words.slice(from, to))) [from, to] = [from + 1, to - 1];
  const found: Span[] = [];
  let depth = 0;
  for (let first = from, i = from; i <= to; i++) {
    if (words[i] === '(' || words[i] === 'case') depth++;
    if (words[i] === ')' || words[i] === 'end') depth--;
    if (i < to && (depth > 0 || words[i] !== 'or')) continue;
    if (i > first) found.push({ start: tokens[first]!.start, end: tokens[i - 1]!.end });
    first = i + 1;
  }
  return found;
}

function withoutParentheses(words: readonly string[]): readonly string[] {
  return words[0] === '(' && words.at(-1) === ')' && closes(words) ? withoutParentheses(words.slice(1, -1)) : words;
}

/** The first parenthesis is closed by the last one. */
function closes(words: readonly string[]): boolean {
  let depth = 0;
  return words.every((word, i) => {
    if (word === '(') depth++;
    if (word === ')') depth--;
    return depth > 0 || i === words.length - 1;
  });
}

/** The calls of a function in an expression; spans count from its start. */
export function callsOf(expression: string, name: string): readonly Call[] {
  return callsIn(statementText(expression)).filter((call) => call.name === name);
}

/** The policies of this document with the table that each is for. */
export function policiesHere(facts: SqlFacts): readonly { readonly table: Relation; readonly policy: Policy }[] {
  return facts.objects.relations.flatMap((table) => table.policies.filter(({ place }) => facts.here(place)).map((policy) => ({ table, policy })));
}

/** An expression in the file, without the blanks around it. */
export function writtenAt({ text, place }: PolicyExpression): Span {
  const start = /^\s*/.exec(text)![0].length;
  return within(place, { start, end: start + text.trim().length });
}

/** A place of an expression's text in the file, `span` counting from the start of the expression. */
export function within(place: Place, span: Span): Span {
  return shift(span, place.at.start);
}

/** A privilege can be granted by default before there is a table: where both are done. */
export function lastOf({ schema }: SqlFacts, places: readonly [Place, ...Place[]]): Place {
  return places.reduce((latest, place) => (schema.isBefore(latest, place) ? place : latest));
}
