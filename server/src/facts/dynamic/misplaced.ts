import type { Severity } from '../../rules/rule.ts';
import type { Expression } from '../../syntax/sql/expression.ts';
import { isOwnFunction } from './known-functions.ts';
import type { Slot } from './pieces.ts';
import type { Place } from './template.ts';

/**
 * What is wrong with a value because of where it stands. `escaped`: somebody doubles its quotes by hand; `wrong`: it is quoted as the other kind;
 * `dollar`: inside a body between dollar quotes; `fragment`: a clause or keyword.
 */
export type Misplaced = 'escaped' | 'wrong' | 'dollar' | 'list' | 'direction' | 'fragment';

/** Undefined when it stands where quoting would protect it. */
export function misplacedAs(slot: Slot, place: Place): Misplaced | undefined {
  if (place.kind === 'dollar') return 'dollar';
  if (slot.escaped) return 'escaped';
  if (slot.judged.list) return joinsConditions(slot) ? 'fragment' : 'list';
  if (place.kind !== 'bare') return undefined;
  if (makesList(slot.expression)) return 'list';
  switch (place.role) {
    case 'list': return namesQuery(slot) ? 'fragment' : 'list';
    case 'direction': case 'fragment': return place.role;
    case 'keyword': return 'fragment';
    case 'identifier': return namesSeveral(slot) ? 'list' : undefined;
    // What is stored, or the name of an object, is one of them.
    case 'schemas': return namesSchema(slot) || /^(fetched|row|catalog)$/.test(slot.judged.origin) ? undefined : 'fragment';
    default: return undefined;
  }
}

/** `IN (' || p_query || ')'`: it is called like a query, of which no part can be quoted. */
function namesQuery({ expression }: Slot): boolean {
  const [inner] = expression.kind === 'call' && /^(b|r|l)?trim$/.test(expression.name) ? expression.args : [expression];
  return inner?.kind === 'reference' && /(query|sql|select|stmt|statement)$/.test(inner.path.at(-1)!);
}

/** `CREATE INDEX … (' || p_columns || ')'`: it is called like several names. */
export function namesSeveral({ expression }: Pick<Slot, 'expression'>): boolean {
  return expression.kind === 'reference' && /(?:^|_)(?:col(?:umn)?s|(?:col(?:umn)?|field|name|key)_?(?:names|list)|fields|names|keys|attributes|colnames|fieldnames)$/.test(expression.path.at(-1)!);
}

/** `array_to_string(filters, ' OR ')`: no element is a name or a value. */
function joinsConditions({ expression }: Slot): boolean {
  const separator = expression.kind === 'call' && /^(string_agg|array_to_string)$/.test(expression.name) ? expression.args[1] : undefined;
  return separator?.kind === 'literal' && /(?:^|[\s()])(?:and|or|union)(?:$|[\s()])/i.test(separator.value);
}

/** `replace(x, ';', ', ')`, `app.columns('a, b', x)`: what has commas or quotes afterwards is no single value. */
export function makesList(expression: Expression): boolean {
  if (expression.kind !== 'call') return false;
  if (isOwnFunction(expression.name.replace(/^.*\./s, ''))) return expression.args.some((one) => one.kind === 'literal' && one.value.includes(','));
  if (!/^(regexp_)?replace$/.test(expression.name)) return false;
  const [subject, , replacement] = expression.args;
  return (replacement?.kind === 'literal' && /[,']/.test(replacement.value)) || (subject !== undefined && makesList(subject));
}

/** It is called like one schema, so that it is no list of them. */
export function namesSchema({ expression }: Slot): boolean {
  return expression.kind === 'reference' && /(schema|schema_?name|tenant|namespace|nspname)$/i.test(expression.path.at(-1)!);
}

/** Quoted as it has to be there, so that it does not matter what it holds. */
export function isQuotedRightly(slot: Slot, place: Place): boolean {
  return slot.force !== undefined && slot.given === undefined && place.kind === 'bare' && misquotedAs(slot, place) === undefined;
}

/** What is wrong with a value that quote_ident(), quote_literal(), %I or %L quotes and that stands in no quotes. */
export function misquotedAs(slot: Slot, place: Place): Misplaced | undefined {
  const { force } = slot;
  // A value that holds the tag ends the body, whatever quotes are inside.
  if (place.kind === 'dollar') return slot.judged.origin === 'constant' || slot.judged.origin === 'unknown' ? undefined : 'dollar';
  if (place.kind !== 'bare') return undefined;
  if (force === 'literal') return place.role === 'identifier' || place.role === 'column' || place.role === 'relation' || place.role === 'function' ? 'wrong' : undefined;
  return place.noName ? 'wrong' : undefined;
}

export function isMisplaced(problem: string): problem is Misplaced {
  return problem in advice;
}

/** `wrong` fails or reads a column instead of letting SQL in; a forced value in a dollar body needs more than its own text. */
export function misplacedLevel(problem: Misplaced, slot: Slot, place: Place, definer: boolean): Severity | undefined {
  const { force } = slot;
  if (problem === 'wrong') return 'medium';
  if (problem !== 'dollar' || force === undefined) return undefined;
  const chosen = slot.judged.origin === 'param' || slot.judged.origin === 'row';
  return isQuotedInBody(place) && chosen ? undefined : !definer ? 'info' : chosen ? 'medium' : 'low';
}

/** A routine that takes the code of a body is there to run it, and who chooses that gains nothing by its end. */
export function isBodyOfCaller({ force, judged: { origin }, expression }: Slot, place: Place): boolean {
  if ((place.kind !== 'dollar' && place.kind !== 'string') || place.whole === undefined || force !== undefined || (origin !== 'param' && origin !== 'row')) return false;
  return place.whole === 'statement' || (expression.kind === 'reference' && codeName.test(expression.path.at(-1)!));
}

/** What is called otherwise may be meant for a value: `RETURN p_default`. */
const codeName = /(body|code|expr|expression|formula|sql|query|select|stmt|statement|definition|source|src)$/;

/** Quoted once more, as in `'DO $$ … ''%I'' … $$'`, it needs no tag to get out. */
function isQuotedInBody(place: Place): boolean {
  return place.kind === 'dollar' && place.quoted === true;
}

/** One sentence; `who`: the one who chooses the value, `shown`: the value as it is written. */
export function misplacedSentence(problem: Misplaced, slot: Slot, place: Place, who: string, shown: string): string {
  const { force } = slot;
  if (problem === 'wrong') {
    return force === 'literal' ? `A string stands where a name has to stand, so the statement with ${shown} fails`
      : `${shown} is read as the name of a column here, where only a value can stand`;
  }
  if (problem === 'escaped') return `Quotes doubled by hand do not keep out SQL that comes through ${shown}`;
  if (problem === 'dollar' && force !== undefined && isQuotedInBody(place)) {
    return `${misquoting(force)} inside quotes protects nothing: SQL can enter through ${shown}; ${advice.dollar} with a format() of its own`;
  }
  if (problem === 'dollar' && force !== undefined) return `${who} can end the dollar-quoted body through ${shown}; ${advice.dollar}`;
  return `${who} can put SQL of their own into this statement through ${shown}; ${howTo(problem, slot, place)}`;
}

function howTo(problem: Misplaced, slot: Slot, place: Place): string {
  if (problem === 'list' && slot.judged.cut) return 'its elements are quoted, but cut afterwards: cut them before';
  if (problem === 'dollar') return namesCondition(slot) ? advice.fragment : `quote it and ${advice.dollar}`;
  return place.kind === 'bare' && place.role === 'schemas' ? 'quote the name of each schema' : advice[problem];
}

/** `'DO $$ BEGIN IF ' || p_condition || ' THEN …'`: quoted it would be no condition. */
function namesCondition({ expression }: Slot): boolean {
  return expression.kind === 'reference' && /(?:cond|condition|where|filter|predicate|clause)$/.test(expression.path.at(-1)!);
}

export function misquoting(force: 'identifier' | 'literal'): string {
  return force === 'identifier' ? 'quote_ident() or %I' : 'quote_literal() or %L';
}

/** What to do, in the place of the quoting that does not help. */
export const advice: Readonly<Record<Misplaced, string>> = {
  escaped: 'use %L',
  wrong: 'use the other specifier',
  dollar: 'pass the body as one %L',
  list: 'quote each part of it',
  direction: 'allow only ASC and DESC',
  fragment: 'build it from constants',
};
