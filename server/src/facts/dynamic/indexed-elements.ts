import type { Token } from '../../syntax/sql/lexer.ts';
import type { Asking, Guard } from './guards.ts';
import { readGuards } from './guards.ts';
import type { IsVariable } from './lookups.ts';
import type { Region, Regions } from './regions.ts';
import { runThrough } from './regions.ts';
import { Spoilers } from './spoilers.ts';
import type { Words } from '../sql/tokens.ts';
import { joinPaths, pathsIn } from './value-paths.ts';
import type { Write } from './writes.ts';

/**
 * What a loop that counts through an array leaves of the array, behind the loop: `FOR i IN 1 .. array_length(a, 1) LOOP IF a[i] !~ '^[a-z]+$' THEN RAISE …`.
 * Nobody can tell how much that is: of an array with another dimension `a[i]` is NULL, and one may begin below 1.
 */
export function listsByIndex(
  { tokens, words }: Words, text: string, regions: Regions, writes: readonly Write[], isVariable: IsVariable, asking: Asking,
): ReadonlyMap<string, readonly Guard[]> {
  const found = new Map<string, Guard[]>();
  const loops = loopsIn(tokens, words, regions);
  if (loops.length === 0) return found;
  const elements = new Map(loops.map(({ array, index }) => [`${array} [ ${index}`, nameOfElement(array, index)]));
  const joined = joinPaths({ tokens, words }, pathsIn({ tokens, words }, text, isVariable), ({ key }) => elements.get(key));
  const guards = readGuards(joined, text, regions, writes, (name) => name.endsWith(']') || isVariable(name), asking);
  const spoilers = new Spoilers(tokens, words, writes, regions, asking.onlyRead);
  for (const { array, index, region } of loops) {
    if (region.jumps || spoilers.isWritten(array, region.start, region.end) || spoilers.isWritten(index, region.start, region.end)) continue;
    const checked = guards.get(nameOfElement(array, index))?.some((one) => regions.at(one.start) === region && one.end >= region.end && !one.holes?.length);
    const stretch = checked ? spoilers.limited<Stretch>(array, { start: region.end, end: runThrough(region.parent)?.end ?? Number.MAX_SAFE_INTEGER }, true) : undefined;
    if (stretch !== undefined) found.set(array, [...found.get(array) ?? [], { name: array, leaves: 'asked', ...stretch }]);
  }
  return found;
}

type Stretch = Pick<Guard, 'start' | 'end' | 'holes'>;

function nameOfElement(array: string, index: string): string {
  return `${array}[${index}]`;
}

interface IndexLoop {
  readonly array: string;
  readonly index: string;
  readonly region: Region;
}

function loopsIn(tokens: readonly Token[], words: readonly string[], regions: Regions): IndexLoop[] {
  const found: IndexLoop[] = [];
  for (let at = words.indexOf('..'); at >= 0 && found.length < mostLoops; at = words.indexOf('..', at + 1)) {
    const last = words.indexOf('loop', at);
    if (last < 0) break;
    const [, index, first, measured, counted] = header.exec(words.slice(Math.max(0, at - longestHeader), Math.min(last + 1, at + longestHeader)).join(' ')) ?? [];
    const array = measured ?? counted;
    if (array === undefined || (first !== undefined && first !== array)) continue;
    const region = regions.at(tokens[last]!.end);
    if (region?.kind === 'loop' && region.start === tokens[last]!.end) found.push({ array, index: index!, region });
  }
  return found;
}

const mostLoops = 50;
/** In words, to either side. */
const longestHeader = 14;
const header = /\bfor ([a-z_]\w*) in (?:1|array_lower \( ([a-z_]\w*|\$\d+) , 1 \)) \.\. (?:coalesce \( )?(?:(?:array_length|array_upper) \( ([a-z_]\w*|\$\d+) , 1 \)|cardinality \( ([a-z_]\w*|\$\d+) \))(?: , 0 \))? loop$/;
