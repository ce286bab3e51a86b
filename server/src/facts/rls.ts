import { lex } from '../syntax/sql/lexer.ts';
import { Cursor, spell } from './cursor.ts';
import type { Place, Policy, Privilege, Relation, Schema } from './schema.ts';
import type { SqlFacts } from './sql.ts';

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

/** An expression that holds for every row: `true`, `1 = 1`, `(true)`. */
export function isAlwaysTrue(expression: string): boolean {
  const cursor = new Cursor(expression, lex(expression, 'body'));
  const words = cursor.tokens.map((token) => cursor.of(token).toLowerCase());
  while (words[0] === '(' && words.at(-1) === ')' && closes(words)) words.splice(0, 1) && words.pop();
  const text = words.join(' ');
  return /^(true|'t'|'true')( :: bool(ean)?)?$/.test(text) || /^not false$/.test(text) || /^('[^']*'|\d+) = \1$/.test(text);
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

/** The calls of a function in an expression; spans count from its start. `name` in lower case, with or without its schema. */
export function callsIn(expression: string, name: string): { readonly start: number; readonly end: number; readonly args: readonly string[] }[] {
  const cursor = new Cursor(expression, lex(expression, 'body'));
  const found: { start: number; end: number; args: string[] }[] = [];
  while (!cursor.done) {
    const token = cursor.token()!;
    if (token.kind !== 'word' && token.kind !== 'identifier') {
      cursor.index++;
      continue;
    }
    const begin = cursor.index;
    const called = cursor.name();
    if (!called || cursor.here() !== '(' || called.parts.at(-1)!.name !== name) {
      cursor.index = begin + 1;
      continue;
    }
    const open = cursor.index;
    cursor.skip();
    found.push({ start: called.start, end: cursor.token(-1)!.end, args: argumentsBetween(cursor, open + 1, cursor.index - 1) });
    cursor.index = open + 1;
  }
  return found;
}

function argumentsBetween(cursor: Cursor, from: number, to: number): string[] {
  const texts: string[] = [];
  let depth = 0;
  let start = from;
  for (let i = from; i <= to; i++) {
    const text = cursor.of(cursor.tokens[i]!);
    if (text === '(' || text === '[') depth++;
    if (text === ')' || text === ']') depth--;
    if (i < to && (depth > 0 || text !== ',')) continue;
    if (i > start) texts.push(cursor.text.slice(cursor.tokens[start]!.start, cursor.tokens[i - 1]!.end));
    start = i + 1;
  }
  return texts;
}

/** The policies of this document with the table that each is for. */
export function policiesHere(facts: SqlFacts): readonly { readonly table: Relation; readonly policy: Policy }[] {
  return facts.objects.relations.flatMap((table) => table.policies.filter(({ place }) => facts.here(place)).map((policy) => ({ table, policy })));
}

/** A place of an expression's text in the file, `span` counting from the start of the expression. */
export function within(place: Place, { start, end }: { readonly start: number; readonly end: number }): { start: number; end: number } {
  return { start: place.at.start + start, end: place.at.start + end };
}

/** A privilege can be granted by default before there is a table: where both are done. */
export function lastOf({ schema }: SqlFacts, places: readonly [Place, ...Place[]]): Place {
  return places.reduce((latest, place) => (schema.isBefore(latest, place) ? place : latest));
}
