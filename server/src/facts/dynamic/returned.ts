import { codeOf, type Token } from '../../syntax/sql/lexer.ts';
import type { PlpgsqlBody, RoutineBody } from '../../syntax/sql/plpgsql.ts';
import type { Span } from '../../text.ts';
import type { Context, Judgement } from './judgement.ts';
import { unknown } from './judgement.ts';
import { judge, judgeSpan } from './origin.ts';
import type { HeaderParameter } from './header.ts';
import type { Query } from './queries.ts';
import { readQuery } from './queries.ts';
import type { Origin } from './scope.ts';
import { classOfType, isHarmless } from './sql-types.ts';
import { wordsOf, type Words } from '../sql/tokens.ts';

/** Something that a routine gives back: a parameter as it is at one place, an expression, a column of a query, or all of them. */
export type Returned =
  | { readonly kind: 'parameter'; readonly name: string; readonly at: number }
  | { readonly kind: 'expression'; readonly span: Span }
  | { readonly kind: 'column'; readonly span: Span; readonly query: Query }
  | { readonly kind: 'row'; readonly origin: Origin };

export function judgeReturned(returned: Returned, context: Context): Judgement {
  switch (returned.kind) {
    case 'parameter': return judge({ kind: 'reference', span: { start: returned.at, end: returned.at }, path: [returned.name] }, context);
    case 'row': return { ...unknown, origin: returned.origin };
    case 'column': return judgeSpan(returned.span, { ...returned.query, kind: 'set', element: false }, context);
    case 'expression': {
      const expression = context.scope.expressionAt(returned.span)?.expression;
      return expression === undefined ? unknown : judge(expression, context);
    }
  }
}

/** The parameters that give something back, as they are at every way out, or the columns that queries put in their place. Empty when that is not known. */
export function outputsOf(outputs: readonly HeaderParameter[], { tokens }: PlpgsqlBody, { text, language }: Pick<RoutineBody, 'text' | 'language'>): Returned[] {
  const code = wordsOf(tokens, text);
  const { words } = code;
  const texts = outputs.flatMap(({ type }, index) => (isHarmless(classOfType(type)) ? [] : [index]));
  if (language !== 'plpgsql') return lastQuery(code, text, texts, outputs.length);
  const ends = code.tokens.flatMap((token, index) => (words[index] === 'return' && token.kind === 'word' ? [index] : []));
  const queries = ends.filter((index) => words[index + 1] === 'query');
  if (queries.length > 0) return ends.some((index) => words[index + 1] === 'next') ? [] : together(queries.map((index) => queryBehind(index + 1, code, text, texts, outputs.length)));
  return texts.flatMap((index): Returned[] => {
    const name = outputs[index]!.name ?? '';
    return [...ends.map((end) => code.tokens[end]!.start), text.length].map((at) => ({ kind: 'parameter', name, at }));
  });
}

/** The column of the last query, or the expression of every RETURN. Empty when that is not known. */
export function resultsOf(text: string, all: readonly Token[], language: string | undefined): Returned[] {
  const code = wordsOf(all, text);
  const { tokens, words } = code;
  if (language === 'sql') return lastQuery(code, text, [0], 1);
  return together(tokens.flatMap((token, index): Returned[][] => {
    if (token.kind !== 'word' || words[index] !== 'return') return [];
    if (words[index + 1] === 'query') return [queryBehind(index + 1, code, text, [0], 1)];
    const first = words[index + 1] === 'next' ? index + 2 : index + 1;
    let end = first;
    while (end < tokens.length && words[end] !== ';') end++;
    return end > first && end < tokens.length ? [[{ kind: 'expression', span: { start: tokens[first]!.start, end: tokens[end - 1]!.end } }]] : [];
  }));
}

/** Of ways out one that is not known leaves all of them unknown. */
function together(ways: readonly Returned[][]): Returned[] {
  return ways.some((way) => way.length === 0) ? [] : ways.flat();
}

/** `RETURN QUERY SELECT …;`, with the index of the word QUERY */
function queryBehind(at: number, { tokens, words }: Words, text: string, places: readonly number[], count: number): Returned[] {
  const end = words.indexOf(';', at);
  return end < 0 ? [] : columnsOf(tokens.slice(at + 1, end), words.slice(at + 1, end), text, places, count);
}

/** A function in SQL gives what its last statement gives. */
function lastQuery({ tokens, words }: Words, text: string, places: readonly number[], count: number): Returned[] {
  const end = words.at(-1) === ';' ? words.length - 1 : words.length;
  const start = words.lastIndexOf(';', end - 1) + 1;
  return columnsOf(tokens.slice(start, end), words.slice(start, end), text, places, count);
}

/** The columns at these places, when the query has so many. */
function columnsOf(tokens: readonly Token[], words: readonly string[], text: string, places: readonly number[], count: number): Returned[] {
  const query = readQuery(codeOf(tokens), text);
  const { items, branches } = query;
  if (branches.some((branch) => branch.length !== items.length)) return [];
  const rows = words[1] === '*' && words[2] === 'from' && query.calls.length === 0 && query.derived.every(({ name }) => name === '*');
  if (rows && places.length > 0) return [{ kind: 'row', origin: query.origin }];
  if (items.length !== count) return [];
  return [items, ...branches].flatMap((part) => places.map((place) => ({ kind: 'column', span: part[place]!.span, query })));
}

