import type { Group } from './pieces.ts';
import type { Scope } from './scope.ts';
import type { Template } from './template.ts';

/**
 * Whether the group is a name that a variable gets, and the variable is used as that name in other places than statements that are put together:
 * `t := 'log_' || x; IF NOT EXISTS (SELECT … WHERE relname = t) THEN EXECUTE 'CREATE TABLE ' || t`. Quoted it would be another name there.
 */
export function isNameElsewhere(group: Group, template: Template, { code: { tokens, words }, text }: Scope): boolean {
  const bounds = template.groups.get(group)!;
  if (bounds.start === 0 || /\s/.test(template.text.slice(bounds.start, bounds.end))) return false;
  const at = tokens.findIndex((token) => token.start >= group.span.start);
  const names = rowsOf(at, words) ?? variableThatGets(at, words) ?? [];
  const word = (index: number): string => (tokens[index]?.kind === 'string' ? text.slice(tokens[index]!.start, tokens[index]!.end) : words[index] ?? '');
  return words.some((one, index) => names.includes(one) && isName(index, words) && (isHalfOfName(index, word) || !(isPartOfText(index, words) || isFormatted(index, word))));
}

/** `v := …`, `SELECT … INTO v`, `SELECT INTO STRICT v …`, with what it gets at `at`. */
function variableThatGets(at: number, words: readonly string[]): readonly string[] | undefined {
  const before = words[at - 1];
  if (before === ':=' || before === '=') return words.slice(at - 2, at - 1);
  if (words[at - 2] === 'into' || (words[at - 2] === 'strict' && words[at - 3] === 'into')) return [before!];
  if (before !== 'select') return undefined;
  const end = words.indexOf(';', at);
  const into = words.indexOf('into', at);
  if (into < 0 || (end >= 0 && into > end)) return undefined;
  const target = words[into + 1] === 'strict' ? into + 2 : into + 1;
  return words.slice(target, target + 1);
}

/** The variables of `FOR v IN SELECT …` and `FOR v IN VALUES …`, with what they get at `at`. */
function rowsOf(at: number, words: readonly string[]): readonly string[] | undefined {
  for (let index = at; index >= 0 && !endsHeader.has(words[index]!); index--) {
    if (words[index] !== 'for') continue;
    const into = words.indexOf('in', index);
    return into > index && into < at ? words.slice(index + 1, into).filter((word) => word !== ',') : undefined;
  }
  return undefined;
}

const endsHeader = new Set([';', 'begin', 'loop', 'declare', '>>']);

/** `v || '_old'`, `'log_' || v`, `'''' || v`: with quotes around it v becomes part of another name, or of another value. */
function isHalfOfName(index: number, word: (index: number) => string): boolean {
  const behind = endOfPath(index, word) + 1;
  return (word(behind) === '||' && /^'(\w|''|")/.test(word(behind + 1))) || (word(index - 1) === '||' && /([\w$]|''|")'$/.test(word(index - 2)));
}

/** `r.name` is one name. */
function endOfPath(index: number, word: (index: number) => string): number {
  let last = index;
  while (word(last + 1) === '.') last += 2;
  return last;
}

/** Not the target of an assignment, not declared, not a column. */
function isName(index: number, words: readonly string[]): boolean {
  const before = words[index - 1] ?? ';';
  return before !== '.' && before !== 'into' && before !== 'strict' && before !== 'for' && !startsStatement.has(before);
}

const startsStatement = new Set([';', 'then', 'else', 'begin', 'loop', 'declare', '>>']);

/** Beside `||`, and not where a query compares; or only shown. */
function isPartOfText(index: number, words: readonly string[]): boolean {
  let start = index;
  while (start > 0 && !startsStatement.has(words[start - 1]!)) start--;
  if (words[start] === 'raise') return true;
  const joined = words[index - 1] === '||' || words[endOfPath(index, (one) => words[one] ?? '') + 1] === '||';
  return joined && !words.slice(start, index).some((word) => word === 'where' || word === 'if' || word === 'on');
}

/** `format('TABLE %s', v)`, where every %s stands alone */
function isFormatted(index: number, word: (index: number) => string): boolean {
  let open = index;
  while (open > 1 && word(open) !== '(' && word(open) !== ';') open--;
  const template = word(open + 1);
  return word(open) === '(' && word(open - 1) === 'format' && word(index - 1) === ',' && /^'/.test(template)
    && template.replace(/%%/g, '').split('%').slice(1).every((rest) => /^s/.test(rest)) && !/[\w$'"]%s|%s['"\w]/.test(template.slice(1, -1));
}
