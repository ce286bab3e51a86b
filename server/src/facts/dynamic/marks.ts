import type { Token } from '../../syntax/sql/lexer.ts';
import { firstWhere } from './first-where.ts';
import type { Region, Regions } from './regions.ts';

/** What is known of the words of a body that holds checks. */
export interface Ifs {
  readonly tokens: readonly Token[];
  readonly words: readonly string[];
  readonly regions: Regions;
  /** The index of the THEN that belongs to the IF before `from`; -1 when there is none. */
  thenOf(from: number): number;
  /** Nothing runs on behind the branch of this THEN. */
  leaves(then: number, branch: Region): boolean;
}

/** `IF NOT EXISTS (…) THEN message := 'no such table'; END IF; … IF message <> '' THEN RETURN; END IF;`: the branch that leaves, when what `branch` sets is asked for later. */
export function leavingLater(then: number, branch: Region, ifs: Ifs): Region | undefined {
  const { tokens, words, regions } = ifs;
  const last = firstWhere(tokens.length, (index) => tokens[index]!.start >= branch.end);
  const marks = last - then > longestBranch ? new Set<string>() : marksIn(words, then + 1, last);
  if (marks.size === 0) return undefined;
  const end = Math.min(words.length, last + farthest);
  for (let index = words.indexOf('if', last); index >= 0 && index < end; index = words.indexOf('if', index + 1)) {
    if (!startsStatement.has(words[index - 1]!)) continue;
    const next = ifs.thenOf(index + 1);
    const leaving = next < 0 ? undefined : regions.at(tokens[next]!.end);
    if (leaving === undefined || leaving.start !== tokens[next]!.end || !isAround(leaving.parent, branch)) continue;
    if (words.slice(index + 1, next).some((word) => marks.has(word)) && ifs.leaves(next, leaving)) return leaving;
  }
  return undefined;
}

/** In words. */
const longestBranch = 200;
const farthest = 2_000;
const startsStatement = new Set([';', 'then', 'else', 'begin', 'loop', '>>']);

function marksIn(words: readonly string[], from: number, end: number): ReadonlySet<string> {
  const marks = new Set<string>();
  for (let index = from; index < end - 2; index++) {
    if (startsStatement.has(words[index - 1]!) && /^(:=|=)$/.test(words[index + 1]!) && /^[a-z_][\w$]*$/.test(words[index]!)) marks.add(words[index]!);
  }
  return marks;
}

/** Every way behind `branch` comes to what stands in `region`. */
function isAround(region: Region | undefined, branch: Region): boolean {
  return region === undefined || (region.start <= branch.start && region.end >= branch.end);
}
