import type { Token } from '../../syntax/sql/lexer.ts';
import { tokenText } from '../../syntax/sql/lexer.ts';
import { firstWhere } from './first-where.ts';
import type { Region } from './regions.ts';
import { indexOf, startsStatement } from './word-ranges.ts';

/** `IF x IS NOT NULL AND x <> '' THEN`: for whoever does not come into the branch, there is no text in x that could be checked. */
export function isForText(name: string, { kind, start, jumps }: Region, tokens: readonly Token[], words: readonly string[], text: string): boolean {
  if (kind !== 'branch' || jumps) return false;
  const then = firstWhere(tokens.length, (index) => tokens[index]!.end >= start);
  let first = then;
  while (first > 0 && then - first <= longestCondition && !startsStatement.has(words[first - 1]!)) first--;
  if (words[first] !== 'if' || words[then] !== 'then' || indexOf(words, name, first + 1, then) < 0) return false;
  if (tokens.slice(first, then).some((token) => token.kind === 'string' && !/^'\s*'$/.test(tokenText(token, text)))) return false;
  const condition = words.slice(first + 1, then).join(' ').replaceAll(name, '@');
  return condition.split(' and ').every((part) => asksForText.test(part));
}

/** In words. */
const longestCondition = 30;

const asksForText = /^(?:\( )*(?:@ is not null|not (?:\( )?@ is null(?: \))?|(?:@|b?trim \( @ \)|coalesce \( @ , ' \)) (?:<>|!=) '|nullif \( @ , ' \) is not null|(?:char_)?length \( @ \) > 0|(?:cardinality \( @ \)|array_length \( @ , 1 \)) > 0)(?: \))*$/;
