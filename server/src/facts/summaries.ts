import type { SqlFile, Statement } from '../syntax/sql/statements.ts';
import type { Token } from '../syntax/sql/lexer.ts';
import type { Span } from '../text.ts';
import type { Judgement, Summaries } from './origin.ts';
import { contextIn, expressionAt, judge } from './origin.ts';
import { readScope } from './scope.ts';
import { classOfType, isHarmless } from './sql-types.ts';
import { nameOf, spanOf } from './tokens.ts';

/** What the functions that this file creates give back, where that is known to be harmless. */
export function summarize(file: SqlFile): Summaries {
  const known = new Map<string, Judgement>();
  for (const statement of file.statements) {
    if (!/^CREATE (OR REPLACE )?FUNCTION\b/.test(statement.written.head)) continue;
    const read = summary(statement);
    if (read === undefined) continue;
    // A second function of the same name may do something else.
    if (known.has(read.name)) known.delete(read.name);
    else if (read.gives) known.set(read.name, read.gives);
  }
  return known;
}

function summary({ written }: Statement): { name: string; gives: Judgement | undefined } | undefined {
  const { text, body } = written;
  const tokens = written.tokens.filter((token) => token.kind !== 'comment');
  const open = tokens.findIndex((token) => token.kind === 'punctuation' && text[token.start] === '(');
  const returns = tokens.findIndex((token) => token.kind === 'word' && nameOf(token, text) === 'returns');
  if (open < 1 || returns < 0) return undefined;
  const name = nameOf(tokens[open - 1], text);
  const type = classOfType(typeAfter(tokens.slice(returns + 1), text));
  if (isHarmless(type) || type === 'object') return { name, gives: { type, origin: 'unknown', quoted: false } };
  const results = body === undefined ? [] : resultsOf(body.text, body.plpgsql?.tokens, body.language);
  if (body === undefined || results.length === 0) return { name, gives: undefined };
  const scope = readScope(written, body.text, body.plpgsql ?? { tokens: [], declarations: [], assignments: [], executes: [], statements: [] });
  const judged = results.map((span) => {
    const read = expressionAt(body.text, span);
    return read && judge(read.expression, contextIn(scope, new Map()));
  });
  const safe = judged.every((one) => one !== undefined && (one.quoted || one.origin === 'constant' || isHarmless(one.type)));
  if (!safe) return { name, gives: undefined };
  const quoted = judged.some((one) => one!.quoted);
  return { name, gives: { type: 'text', origin: 'constant', quoted } };
}

function typeAfter(tokens: readonly Token[], text: string): string {
  const end = tokens.findIndex((token) => /^(language|as|stable|immutable|volatile|strict|security|set|cost|rows|parallel|called|leakproof|window|support|return|begin)$/.test(nameOf(token, text)));
  const { start, end: last } = spanOf(end < 0 ? tokens : tokens.slice(0, end));
  return text.slice(start, last);
}

/** The expression of `SELECT …` without FROM, or of every RETURN. */
function resultsOf(text: string, tokens: readonly Token[] | undefined, language: string | undefined): Span[] {
  if (language === 'sql') {
    const select = /^\s*select\s+([\s\S]*?)\s*;?\s*$/i.exec(text);
    if (select === null || /\bfrom\b|;/i.test(select[1]!)) return [];
    const start = text.indexOf(select[1]!, select[0].search(/select/i) + 6);
    return [{ start, end: start + select[1]!.length }];
  }
  if (tokens === undefined) return [];
  return tokens.flatMap((token, index) => {
    if (token.kind !== 'word' || nameOf(token, text) !== 'return') return [];
    const end = tokens.findIndex((one, at) => at > index && text.slice(one.start, one.end) === ';');
    return end > index + 1 ? [{ start: tokens[index + 1]!.start, end: tokens[end - 1]!.end }] : [];
  });
}
