import type { Group } from './pieces.ts';
import type { Scope } from './scope.ts';
import type { Template } from './template.ts';

/**
 * Whether the group is a name that a variable gets, and the variable is used as that name in other places than statements that are put together:
 * `t := 'log_' || x; IF NOT EXISTS (SELECT … WHERE relname = t) THEN EXECUTE 'CREATE TABLE ' || t`. Quoted it would be another name there.
 */
export function isNameElsewhere(group: Group, template: Template, { code: { tokens, words } }: Scope): boolean {
  const bounds = template.groups.get(group)!;
  if (bounds.start === 0 || /\s/.test(template.text.slice(bounds.start, bounds.end))) return false;
  const at = tokens.findIndex((token) => token.start >= group.span.start);
  if (words[at - 1] !== ':=' && words[at - 1] !== '=') return false;
  const name = words[at - 2]!;
  return words.some((word, index) => word === name && isName(index, words) && !isPartOfText(index, words));
}

/** Not the target of an assignment, not declared, not a column. */
function isName(index: number, words: readonly string[]): boolean {
  return words[index - 1] !== '.' && !startsStatement.has(words[index - 1] ?? ';');
}

const startsStatement = new Set([';', 'then', 'else', 'begin', 'loop', 'declare', '>>']);

/** Beside `||`, and not where a query compares; or only shown. */
function isPartOfText(index: number, words: readonly string[]): boolean {
  const start = words.findLastIndex((word, at) => at < index && startsStatement.has(word)) + 1;
  if (words[start] === 'raise') return true;
  const joined = words[index - 1] === '||' || words[index + 1] === '||';
  return joined && !words.slice(start, index).some((word) => word === 'where' || word === 'if' || word === 'on');
}
