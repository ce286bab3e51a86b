import type { Severity } from '../../rules/rule.ts';
import type { Expression } from '../../syntax/sql/expression.ts';
import type { Doubt } from './judgement.ts';
import type { Misplaced } from './misplaced.ts';
import { advice, isBodyOfCaller, isMisplaced, misplacedAs, misplacedLevel, misplacedSentence, misquotedAs, misquoting } from './misplaced.ts';
import type { Slot } from './pieces.ts';
import type { Place } from './template.ts';

/** What is wrong with a value in a dynamic statement. `whole`: the value is the statement; `result`: it is what an unknown function gives; `template`: it may bring placeholders of format(). */
export type Problem = 'concatenated' | 'formatted' | 'misquoted' | 'whole' | 'result' | 'template' | Misplaced;

/** Undefined when the value can do no harm at this place. */
export function problemOf(slot: Slot, place: Place): Problem | undefined {
  const { type, origin, quoted, named, doubt } = slot.judged;
  if (type === 'number' || type === 'boolean' || type === 'plain' || (origin === 'constant' && !quoted)) return undefined;
  const inside = place.kind === 'string' || place.kind === 'quoted';
  // Quoting keeps neither the end of a line nor of a comment.
  if (place.kind === 'comment' && (origin === 'param' || origin === 'row')) return slot.by === 'format' ? 'formatted' : 'concatenated';
  const filled = slot.given !== undefined && origin !== 'unknown' ? 'template' : undefined;
  if (slot.force !== undefined) return inside ? 'misquoted' : misquotedAs(slot, place) ?? filled;
  if (quoted && inside && (named || (origin !== 'constant' && origin !== 'unknown'))) return 'misquoted';
  if (quoted && filled !== undefined) return filled;
  if (quoted || (type === 'object' && !inside) || (type === 'quoteless' && inside)) return undefined;
  if (slot.escaped && place.kind === 'string' && doublesBackslashes(slot.expression)) return undefined;
  if (!('backslashes' in place) && (lacksItsEnd(slot, place) || (doubt === 'words' && inside))) return undefined;
  return misplacedAs(slot, place) ?? (slot.by === 'format' ? 'formatted' : 'concatenated');
}

/** It does not hold what would end the quotes around it, or holds it twice, which settings cannot change for names: `replace(x, '"', '""')`. */
function lacksItsEnd({ judged: { lacks }, expression }: Slot, place: Place): boolean {
  if (place.kind === 'quoted' && expression.kind === 'call' && expression.name === 'replace' && doublesNameQuotes(expression.args)) return true;
  if (lacks === undefined) return false;
  if (place.kind === 'dollar') return place.runs !== true && (place.tag?.includes(lacks) ?? false);
  return (place.kind === 'string' && lacks === "'") || (place.kind === 'quoted' && lacks === '"');
}

/** `replace(replace(x, '\', '\\'), '''', '''''')`: whatever the server makes of a backslash, no quote gets through. */
function doublesBackslashes(expression: Expression): boolean {
  if (expression.kind !== 'call' || expression.name !== 'replace') return false;
  const [, from, to] = expression.args;
  return from?.kind === 'literal' && from.value === '\\' && to?.kind === 'literal' && to.value === '\\\\';
}

function doublesNameQuotes([, from, to, ...others]: readonly Expression[]): boolean {
  return from?.kind === 'literal' && from.value === '"' && to?.kind === 'literal' && to.value === '""' && others.length === 0;
}

/** How bad it is: by who chooses the value, and whose rights the statement has. */
export function levelOf(slot: Slot, place: Place, problem: Problem, definer: boolean): Severity {
  const level = levelByPlace(slot, place, problem, definer);
  const { doubt } = slot.judged;
  // To choose how PostgreSQL writes a value, or to switch off standard_conforming_strings, one needs a session that can do more than that.
  if (doubt === 'session' || isHandEscaped(problem, place)) return lower(level, pick('low', isQuotedInBody(slot, place) ? 'low' : 'medium', definer));
  return doubt === undefined || problem === 'wrong' ? level : lower(level, 'low');
}

/** It would have to bring the whole tag of the body. */
function isQuotedInBody({ force }: Slot, place: Place): boolean {
  return place.kind === 'dollar' && force !== undefined && !place.quoted;
}

/** Doubled quotes hold as long as the server reads backslashes as they are. */
function isHandEscaped(problem: Problem, place: Place): boolean {
  return problem === 'escaped' && place.kind === 'string' && !place.backslashes;
}

function lower(a: Severity, b: Severity): Severity {
  return weight[a] <= weight[b] ? a : b;
}

function levelByPlace(slot: Slot, place: Place, problem: Problem, definer: boolean): Severity {
  const { origin, type } = slot.judged;
  if (origin === 'unknown' || problem === 'result') return 'info';
  if (isBodyOfCaller(slot, place) && problem !== 'escaped') return pick('info', 'high', definer);
  const misplaced = isMisplaced(problem) ? misplacedLevel(problem, slot, place, definer) : undefined;
  if (misplaced !== undefined) return misplaced;
  if (problem === 'template') return levelOfTemplate(slot.judged, slot.given!, definer);
  if (problem === 'misquoted') return origin === 'param' || origin === 'row' ? 'high' : pick('low', 'medium', definer);
  if (problem === 'whole') return pick('info', origin === 'param' || origin === 'row' ? 'high' : 'medium', definer);
  const numeric = type === 'unknown' && ((place.kind === 'bare' && /^(value|number)$/.test(place.role)) || ((origin === 'fetched' || origin === 'row') && isNumberName(slot)));
  // Doubled quotes do not even need a setting of the caller's to fail in E'…'.
  if (slot.escaped && place.kind === 'string' && place.backslashes && (origin === 'param' || origin === 'row')) return 'high';
  return byOrigin(slot.judged, numeric, definer);
}

/** It takes both, the value and the argument; who has to store one of them first has a long way. */
function levelOfTemplate(value: Slot['judged'], given: Slot['judged'], definer: boolean): Severity {
  const level = lower(byOrigin(value, false, definer), byOrigin(given, false, definer));
  return [value, given].every(({ origin }) => origin === 'param' || origin === 'row') ? level : lower(level, 'low');
}

/** A column that is called like the number of a row, or a variable that is declared as one. */
function isNumberName({ expression, judged }: Slot): boolean {
  return judged.numbered === true || (expression.kind === 'reference' && numberName.test(expression.path.at(-1)!));
}

const numberName = /^(?:\w*_)?(?:id|gid|fid|oid)$/;

/** Of at least one. */
export function worstOf(levels: readonly Severity[]): Severity {
  return levels.reduce((a, b) => (weight[a] >= weight[b] ? a : b));
}

const weight: Readonly<Record<Severity, number>> = { info: 0, low: 1, medium: 2, high: 3, critical: 4 };

function byOrigin({ origin, type }: Slot['judged'], numeric: boolean, definer: boolean): Severity {
  switch (origin) {
    case 'param': return type === 'unknown' ? pick('low', 'medium', definer) : pick('medium', 'high', definer);
    // A column whose type is not known and that stands like a number most likely is one.
    case 'row': return numeric ? pick('info', 'low', definer) : type === 'unknown' ? pick('low', 'medium', definer) : pick('medium', 'high', definer);
    case 'list': case 'setting': case 'error': return pick('low', 'medium', definer);
    case 'fetched': return numeric ? 'info' : pick('low', 'medium', definer);
    case 'catalog': case 'trigger': return pick('info', 'medium', definer);
    default: return 'info';
  }
}

function pick(invoker: Severity, definer: Severity, isDefiner: boolean): Severity {
  return isDefiner ? definer : invoker;
}

/** One sentence that says who can do what; `name` is the value as it is written. */
export function sentenceOf(slot: Slot, place: Place, problem: Problem, name: string, definer: boolean): string {
  const { doubt } = slot.judged;
  const sentence = sentenceByPlace(slot, place, problem, name, definer);
  return doubt === undefined || problem === 'whole' || problem === 'result' || problem === 'wrong' ? sentence : `${sentence}; ${doubts[doubt]}`;
}

const doubts: Readonly<Record<Doubt, string>> = {
  checked: 'what the function lets through that is asked about it before cannot be told here',
  asked: 'it is looked up or compared before, and what that lets through cannot be told here',
  type: 'a check lets only types through, but comments may stand in them',
  words: 'only words can get there',
  digits: 'only digits and signs that are no quotes can get there',
  signs: 'the signs that most SQL needs are taken out of it',
  constrained: 'a CHECK of the table refuses other values, though only behind this trigger',
  replaced: 'it is quoted, and only what is replaced in it may take the quotes apart',
  short: 'no more than a few characters of it get there',
  typed: 'what its type lets through cannot be told here',
  session: 'only the settings of a session, such as TimeZone, bring other signs into such a value',
};

function sentenceByPlace(slot: Slot, place: Place, problem: Problem, name: string, definer: boolean): string {
  const shown = name.length <= 24 ? name : 'this expression';
  const rights = definer ? ', and it runs with the owner\'s rights' : '';
  if (problem === 'result') return `What ${shown} ${slot.expression.kind === 'reference' ? 'holds' : 'gives'} runs as SQL, and nothing here tells what that is`;
  if (problem === 'whole') return `${actors[slot.judged.origin]} chooses the whole statement through ${shown}${rights}`;
  if (problem === 'template') return `${actors[slot.judged.origin]} can write a placeholder of format() through ${shown}, and %s takes an argument there without quoting it; pass the value as an argument too`;
  if (problem === 'misquoted') {
    if (slot.force === undefined) return `${shown} is quoted as SQL already, which protects nothing inside quotes`;
    return `${misquoting(slot.force)} inside quotes protects nothing: SQL can enter through ${shown}`;
  }
  const { origin } = slot.judged;
  if (isBodyOfCaller(slot, place) && problem !== 'escaped') {
    const tag = place.kind === 'dollar' ? place.tag : undefined;
    const keepsEnd = slot.judged.lacks !== undefined && tag?.includes(slot.judged.lacks);
    return `${actors[origin]} chooses the code of this body through ${shown}${keepsEnd ? '' : ', and can end the body as well'}; ${advice.dollar}`;
  }
  if (isHandEscaped(problem, place)) return `Quotes doubled by hand keep out SQL that comes through ${shown} only while standard_conforming_strings is on; ${advice.escaped}`;
  if (isMisplaced(problem) && (origin !== 'unknown' || problem === 'wrong')) return misplacedSentence(problem, slot, place, actors[origin], shown);
  if (origin === 'unknown') return `Nothing is known to quote ${shown}, and its text becomes part of the statement`;
  return `${actors[origin]} can put SQL of their own into this statement through ${shown}`;
}

const actors = {
  constant: 'Somebody',
  unknown: 'Somebody',
  catalog: 'Whoever names an object',
  trigger: 'Whoever creates the trigger',
  fetched: 'Whoever can write the stored value',
  error: 'Whoever causes the error',
  setting: 'Whoever sets the parameter',
  list: 'Whoever can write the stored values',
  row: 'Whoever writes a row',
  param: 'A caller',
} as const;
