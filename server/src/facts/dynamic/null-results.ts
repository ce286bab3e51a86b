import { askedIn } from './questions.ts';
import { startsStatement, targetsOf } from './word-ranges.ts';

/**
 * The parameters, by their places, without which a function gives NULL: its one query compares them with something of its rows, and what that finds is all that it gives back.
 * `words`: those of its body.
 */
export function soughtForResult(words: readonly string[], parameters: readonly (string | undefined)[]): readonly number[] {
  if (words.some((word) => decides.has(word))) return [];
  const [select, ...others] = words.flatMap((word, at) => (word === 'select' && (startsStatement.has(words[at - 1] ?? ';') || (words[at - 1] === '(' && words[at - 2] === 'return')) ? [at] : []));
  if (select === undefined || others.length > 0 || !/^("?[a-z_].*)$/.test(words[select + 1] ?? '') || givesMore.test(words[select + 1]!)) return [];
  const end = words.indexOf(';', select) < 0 ? words.length : words.indexOf(';', select);
  if (!givesWhatIsFound(words, select, end)) return [];
  const places = new Map<string, number>(parameters.flatMap((name, place): [string, number][] => [[`$${place + 1}`, place], ...(name === undefined ? [] : [[name, place] as [string, number]])]));
  return [...new Set(askedIn(words, select, end, (name) => places.has(name)).map((name) => places.get(name)!))].sort();
}

/** What decides what is given back, or gives something else than NULL. */
const decides = new Set(['if', 'case', 'loop', 'exception', 'union', 'coalesce', 'exists', 'execute', ':=', 'open', 'default', 'left', 'full']);
const givesMore = /^(count|concat|concat_ws|format|array|row|json_build_object|jsonb_build_object|json_build_array|jsonb_build_array|num_nulls)$/;

/** `SELECT x` in SQL, `RETURN (SELECT x …);`, `SELECT x INTO v …; RETURN v;` */
function givesWhatIsFound(words: readonly string[], select: number, end: number): boolean {
  const returns = words.flatMap((word, at) => (word === 'return' ? [at] : []));
  if (returns.length === 0) return select === 0 && end + 1 >= words.length && words.indexOf('into') < 0;
  const [only, ...others] = returns;
  if (others.length > 0) return false;
  if (only === select - 2) return words[end - 1] === ')';
  const { into } = targetsOf(words, select, end);
  return into.length === 1 && only! > end && words[only! + 1] === into[0] && words[only! + 2] === ';' && only === end + 1;
}
