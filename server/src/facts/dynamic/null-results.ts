import { askedIn } from './questions.ts';
import { startsStatement, targetsOf } from './word-ranges.ts';

/**
 * The parameters, by their places, without which a function gives NULL: its one query compares them with something of its rows, and what that finds is all that it gives back.
 * `words`: those of its body.
 */
export function soughtForResult(written: readonly string[], parameters: readonly (string | undefined)[]): readonly number[] {
  const { words, copies } = withoutCopies(written, parameters);
  if (words.some((word) => decides.has(word))) return [];
  const [select, ...others] = words.flatMap((word, at) => (word === 'select' && (startsStatement.has(words[at - 1] ?? ';') || (words[at - 1] === '(' && words[at - 2] === 'return')) ? [at] : []));
  if (select === undefined || others.length > 0 || !/^("?[a-z_].*)$/.test(words[select + 1] ?? '') || givesMore.test(words[select + 1]!)) return [];
  const end = words.indexOf(';', select) < 0 ? words.length : words.indexOf(';', select);
  if (!givesWhatIsFound(words, select, end)) return [];
  const places = new Map<string, number>([...placesOf(parameters), ...copies]);
  return [...new Set(askedIn(words, select, end, (name) => places.has(name)).map((name) => places.get(name)!))].sort();
}

function placesOf(parameters: readonly (string | undefined)[]): readonly (readonly [name: string, place: number])[] {
  return parameters.flatMap((name, place) => [[`$${place + 1}`, place] as const, ...(name === undefined ? [] : [[name, place] as const])]);
}

/** Without `k := p;`, where k is put into nothing else and from nothing else: it is another name for the parameter. */
function withoutCopies(words: readonly string[], parameters: readonly (string | undefined)[]): { readonly words: readonly string[]; readonly copies: readonly (readonly [name: string, place: number])[] } {
  const places = new Map(placesOf(parameters));
  const found = words.flatMap((word, at) => {
    const place = word === ':=' && words[at + 2] === ';' && startsStatement.has(words[at - 2] ?? ';') ? places.get(words[at + 1]!) : undefined;
    return place === undefined ? [] : [{ at: at - 1, name: words[at - 1]!, place }];
  });
  const copies = found.filter(({ name }) => !places.has(name) && found.filter((other) => other.name === name).length === 1);
  const left = words.filter((_, index) => !copies.some(({ at }) => at <= index && index < at + 4));
  return { words: left, copies: copies.map(({ name, place }) => [name, place] as const) };
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
