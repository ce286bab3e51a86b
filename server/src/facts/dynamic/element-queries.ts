import type { Token } from '../../syntax/sql/lexer.ts';
import { tokenText } from '../../syntax/sql/lexer.ts';
import type { CheckedBody, Conclusion, Outcome } from './conditions.ts';
import type { IsVariable } from './lookups.ts';
import { closingOf, findOutside } from './word-ranges.ts';

/**
 * What a condition that asks about every element of a list leaves of the list: `EXISTS (SELECT FROM unnest(list) x WHERE x !~ '^[a-z]+$')`,
 * `(SELECT count(*) FROM … WHERE …) > 0`, `(SELECT bool_and(x IN ('a', 'b')) FROM …)`. Undefined when it is none or tells nothing.
 * `conclude`: of a condition in which an element counts as a variable.
 */
export function aboutElements({ words, tokens, text, isVariable }: CheckedBody, from: number, end: number, conclude: (from: number, end: number, isVariable: IsVariable) => Outcome): Outcome | undefined {
  const denied = words[from] === 'not' && words[from + 1] === 'exists';
  const exists = denied || words[from] === 'exists';
  // The parentheses around it may have been taken off.
  const open = words[from] === 'select' ? from - 1 : exists ? from + (denied ? 2 : 1) : from;
  if (words[open] !== '(' || words[open + 1] !== 'select') return undefined;
  const close = closingOf(words, open, words.length);
  const query = elementsAsked(words, tokens, text, open + 1, Math.min(close, end), isVariable);
  if (query === undefined || !query.alone) return undefined;
  const asked = exists || words[open + 2] === 'count' ? query.where : query.where === undefined && words[open + 3] === '(' ? [open + 4, closingOf(words, open + 3, close)] as const : undefined;
  if (asked === undefined) return undefined;
  const { holds, fails } = conclude(...asked, (name) => query.isElement(name) || isVariable(name));
  const ofList = (conclusions: readonly Conclusion[]) => conclusions.flatMap(([name, leaves]): Conclusion[] => (query.isElement(name) ? [[query.list, leaves]] : []));
  const test = words.slice(close + 1, end).join(' ');
  const told = exists ? { left: fails, when: test === '' ? denied : undefined } : byAggregate(words[open + 2]!, test, holds, fails);
  const left = told?.when === undefined ? [] : ofList(told.left);
  if (left.length === 0) return undefined;
  return told!.when ? { holds: left, fails: [] } : { holds: [], fails: left };
}

/** `left`: what is left of every element, `when` the test holds or when it does not. */
function byAggregate(aggregate: string, test: string, holds: readonly Conclusion[], fails: readonly Conclusion[]): { left: readonly Conclusion[]; when: boolean | undefined } | undefined {
  if (aggregate === 'count') return { left: fails, when: someRows.test(test) ? false : noRows.test(test) ? true : undefined };
  const when = isTrue.test(test) ? true : isFalse.test(test) ? false : undefined;
  if (aggregate === 'bool_or') return { left: fails, when: when === undefined ? undefined : !when };
  return aggregate === 'bool_and' || aggregate === 'every' ? { left: holds, when } : undefined;
}

const someRows = /^(?:> 0|>= 1|(?:<>|!=) 0)$/;
const noRows = /^(?:= 0|< 1|<= 0)$/;
const isTrue = /^(?:(?:= |is )true|is not false)?$/;
const isFalse = /^(?:(?:= |is )false|is not true)$/;

/** A query that looks at every element of a list that a variable holds. Numbers are indexes of words. */
interface ElementQuery {
  readonly list: string;
  /** Whether this names an element in the query. */
  readonly isElement: IsVariable;
  /** Its condition; undefined when it has none. */
  readonly where: readonly [from: number, end: number] | undefined;
  /** Nothing else stands in FROM. */
  readonly alone: boolean;
}

/** `SELECT … FROM unnest(list) AS x WHERE …`, also of `regexp_split_to_table(list, ',')`; `select`: where it begins. */
function elementsAsked(words: readonly string[], tokens: readonly Token[], text: string, select: number, end: number, isVariable: IsVariable): ElementQuery | undefined {
  const from = findOutside(words, select, end, fromSet);
  if (from < 0 || words[from + 2] !== '(') return undefined;
  const close = closingOf(words, from + 2, end);
  const [, unnested, within, parted, routine, taken] = source.exec(words.slice(from + 1, close + 1).join(' ')) ?? [];
  const list = unnested ?? within ?? parted ?? (routine && partsGiven(routine, taken!));
  if (list === undefined || !isVariable(rootOf(list))) return undefined;
  const separator = within !== undefined || parted !== undefined ? tokens.slice(from, close).findLast(({ kind }) => kind === 'string') : undefined;
  if (separator !== undefined && !separates(separator, text)) return undefined;
  const [whole, called, column] = naming.exec(words.slice(close + 1, Math.min(end, close + 8)).join(' ')) ?? [];
  const alias = called !== undefined && keywords.has(called) ? undefined : called;
  const behind = alias === undefined ? close + 1 : close + 1 + whole!.split(' ').length;
  const name = column ?? (routine !== undefined && givesPairs(routine) ? 'key' : alias ?? words[from + 1]!);
  const isElement = (one: string) => one === name || (alias !== undefined && one === `${alias}.${name}`);
  const alone = behind >= end || keywords.has(words[behind]!);
  const where = findOutside(words, behind, end, whereSet);
  const last = where < 0 ? -1 : findOutside(words, where + 1, end, endsWhere);
  return { list, isElement, alone, where: where < 0 ? undefined : [where + 1, last < 0 ? end : last] };
}

/** Functions that take JSON or hstore apart: into its elements, into its keys, or into keys and values. */
export const partsOfOne = /jsonb?_array_elements_text|jsonb?_object_keys|jsonb?_each(?:_text)?|skeys|akeys|each/;
const takesApart = new RegExp(`^(?:${partsOfOne.source})$`);

/** Whether a function is one of them. */
export function givesParts(routine: string): boolean {
  return takesApart.test(routine);
}

/** Whether it gives keys and values. */
export function givesPairs(routine: string): boolean {
  return /^(?:jsonb?_each(?:_text)?|each)$/.test(routine);
}

/** By what name checks know the parts of `variable`: `p[]` for the elements of JSON, `p{}` for its keys. */
export function partsGiven(routine: string, variable: string): string {
  return variable + (routine.includes('elements') ? '[]' : '{}');
}

/** The variable itself. */
export function rootOf(list: string): string {
  return list.replace(/(?:\[\]|\{\})$/, '');
}

/** Whether what stands between the elements holds no more than blanks and signs that keep them apart. */
export function separates(separator: Token, text: string): boolean {
  return separators.test(tokenText(separator, text));
}

const separators = /^'(?:[\s,|:/-]|\\s[*+]?)*'$/;

const fromSet: ReadonlySet<string> = new Set(['from']);
const whereSet: ReadonlySet<string> = new Set(['where']);
const endsWhere: ReadonlySet<string> = new Set(['group', 'order', 'limit', 'having', 'union', 'except', 'intersect', 'into', ')', ';']);
const keywords: ReadonlySet<string> = new Set(['where', ...endsWhere]);

const split = String.raw`(?:string_to_array|regexp_split_to_array) \( ([a-z_][\w$]*|\$\d+) , ' \)`;
const source = new RegExp(String.raw`^(?:unnest \( (?:([a-z_][\w$]*|\$\d+)(?: :: text \[ \])?|${split}) \)|(?:regexp_split_to_table|string_to_table) \( ([a-z_][\w$]*|\$\d+) , ' \)|(${partsOfOne.source}) \( ([a-z_][\w$]*|\$\d+) \))$`);
/** `AS x`, `x(name)`, `x(key, value)` */
const naming = /^(?:as )?([a-z_][\w$]*)(?: \( ([a-z_][\w$]*)(?: , [a-z_][\w$]*)? \))?(?= |$)/;
