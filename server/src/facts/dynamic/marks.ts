import type { Token } from '../../syntax/sql/lexer.ts';
import { firstWhere } from './first-where.ts';
import type { Region, Regions } from './regions.ts';
import { startsStatement } from './word-ranges.ts';

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

export interface Leaving {
  /** The branch that leaves. */
  readonly branch: Region;
  /** It is for those who have come through the first branch; otherwise it is for the others. */
  readonly same: boolean;
}

/** `IF NOT EXISTS (…) THEN message := 'no such table'; END IF; … IF message <> '' THEN RETURN; END IF;`: what `branch` sets decides later who leaves. */
export function leavingLater(then: number, branch: Region, ifs: Ifs): Leaving | undefined {
  const { tokens, words, regions } = ifs;
  const last = firstWhere(tokens.length, (index) => tokens[index]!.start >= branch.end);
  const marks = last - then > longestBranch ? new Map<string, boolean>() : marksIn(words, then + 1, last);
  if (marks.size === 0) return undefined;
  const end = Math.min(words.length, last + farthest);
  for (let index = words.indexOf('if', last); index >= 0 && index < end; index = words.indexOf('if', index + 1)) {
    if (!startsStatement.has(words[index - 1]!)) continue;
    const next = ifs.thenOf(index + 1);
    const leaving = next < 0 ? undefined : regions.at(tokens[next]!.end);
    if (leaving === undefined || leaving.start !== tokens[next]!.end || !isAround(leaving.parent, branch)) continue;
    const asked = words.slice(index + 1, next);
    const mark = asked.find((word) => marks.has(word));
    if (mark !== undefined && ifs.leaves(next, leaving)) return { branch: leaving, same: marks.get(mark) !== isDenied(mark, asked.join(' ')) };
  }
  return undefined;
}

/** In words. */
const longestBranch = 200;
const farthest = 2_000;

/** The variables that are set, and whether to something else than FALSE, NULL and 0. */
function marksIn(words: readonly string[], from: number, end: number): ReadonlyMap<string, boolean> {
  const marks = new Map<string, boolean>();
  for (let index = from; index < end - 2; index++) {
    if (!startsStatement.has(words[index - 1]!) || !/^(:=|=)$/.test(words[index + 1]!) || !/^[a-z_][\w$]*$/.test(words[index]!)) continue;
    marks.set(words[index]!, !/^(false|null|0)$/.test(words[index + 2]!));
  }
  return marks;
}

function isDenied(mark: string, asked: string): boolean {
  const at = asked.indexOf(mark);
  return /\bnot (?:coalesce \( )?$/.test(asked.slice(0, at)) || /^ (?:= (?:false|0)|is (?:false|null|not true))\b/.test(asked.slice(at + mark.length));
}

/** Every way behind `branch` comes to what stands in `region`. */
function isAround(region: Region | undefined, branch: Region): boolean {
  return region === undefined || (region.start <= branch.start && region.end >= branch.end);
}
