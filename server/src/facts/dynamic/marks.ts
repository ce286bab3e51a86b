import type { Token } from '../../syntax/sql/lexer.ts';
import { contains } from '../../text.ts';
import { firstWhere } from './first-where.ts';
import type { Region } from './regions.ts';
import type { Spoilers } from './spoilers.ts';
import { startsStatement } from './word-ranges.ts';
import type { Write } from './writes.ts';

/** By the indexes of IF and THEN. */
export interface BranchedIf {
  readonly at: number;
  readonly then: number;
  readonly branch: Region;
}

export interface Deciding {
  readonly branch: Region;
  /** It is for those who have come through the first branch; otherwise it is for the others, `valid := true; IF … THEN valid := false; END IF; IF valid THEN`. */
  readonly same: boolean;
}

/**
 * `IF NOT EXISTS (…) THEN message := 'no such table'; END IF; … IF message <> '' THEN RETURN; END IF;`: what `branch` sets decides later who leaves,
 * or who comes into another branch, `IF r.name = x THEN known := true; END IF; … IF known THEN`.
 */
export function decidedLater(then: number, branch: Region, ifs: () => readonly BranchedIf[], tokens: readonly Token[], words: readonly string[], text: string, spoilers: Spoilers): Deciding | undefined {
  const last = firstWhere(tokens.length, (index) => tokens[index]!.start >= branch.end);
  const marks = last - then > longestBranch ? new Map<string, boolean>() : marksIn(words, then + 1, last);
  if (marks.size === 0) return undefined;
  const all = ifs();
  const end = Math.min(words.length, last + farthest);
  for (let index = firstWhere(all.length, (at) => all[at]!.at >= last); index < all.length && all[index]!.at < end; index++) {
    const { at, then: next, branch: other } = all[index]!;
    if (!isAround(other.parent, branch)) continue;
    const asked = words.slice(at + 1, next);
    const mark = asked.find((word) => marks.has(word));
    const same = mark !== undefined && marks.get(mark) !== isDenied(mark, asked.join(' '));
    if (mark === undefined) continue;
    if (other.leaves !== undefined) return { branch: other, same };
    const decides = !asked.includes('or') && (same ? isSetOnlyIn(branch, mark, tokens, words, text, spoilers) : !spoilers.isWritten(mark, branch.end, other.start));
    if (decides) return { branch: other, same };
  }
  return undefined;
}

/** Everywhere else it gets nothing. */
function isSetOnlyIn(branch: Region, mark: string, tokens: readonly Token[], words: readonly string[], text: string, spoilers: Spoilers): boolean {
  return spoilers.writesOf(mark).every((write) => contains(branch, write.at) || isNothing(write, tokens, words, text));
}

/** FALSE, NULL, 0, an empty text or an empty array is what it gets. */
export function isNothing({ value }: Write, tokens: readonly Token[], words: readonly string[], text: string): boolean {
  const first = value === undefined ? -1 : firstWhere(tokens.length, (index) => tokens[index]!.start >= value.start);
  const token = tokens[first];
  return token !== undefined && token.end === value!.end && (/^(false|null|0)$/.test(words[first]!) || /^'(?:\{\})?'$/.test(text.slice(token.start, token.end)));
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
