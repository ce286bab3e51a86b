import { contains } from '../../text.ts';
import { firstWhere } from './first-where.ts';
import type { Region, Regions } from './regions.ts';
import { runThrough } from './regions.ts';
import type { Write } from './writes.ts';

export interface Reaching {
  /** Of those of the values that can have come there, in their order. */
  readonly indexes: readonly number[];
  /** Also what the variable holds when the body begins. */
  readonly fromStart: boolean;
}

/** Which of the values of a variable can have come to `offset`; undefined when there are too many to tell. */
export function reachingValues(values: readonly Write[], offset: number, regions: Regions): Reaching | undefined {
  const behind = firstWhere(values.length, (index) => values[index]!.at > offset);
  const loop = regions.loopAround(offset);
  const replaced = new Replaced(offset, regions);
  const indexes: number[] = [];
  let since = 0;
  let at = behind - 1;
  for (; at >= 0; at--) {
    const value = values[at]!;
    if (regions.isLeft(value.at, offset) || replaced.hides(value) || (loop === undefined && regions.exclude(value.at, offset))) continue;
    indexes.push(at);
    if (indexes.length > mostValues) return undefined;
    const start = value.kind === 'set' ? replaced.add(value) : undefined;
    if (start === undefined) continue;
    since = start;
    break;
  }
  indexes.reverse();
  if (loop !== undefined && since < loop.start) {
    for (let later = behind; later < values.length && values[later]!.at < loop.end; later++) {
      if (regions.isLeft(values[later]!.at, offset)) continue;
      indexes.push(later);
      if (indexes.length > mostValues) return undefined;
    }
  }
  return { indexes, fromStart: at < 0 };
}

const mostValues = 200;

/** What gets another value on every way to `offset`, as far as the writes tell that have been gone through, the last first. */
class Replaced {
  readonly #offset: number;
  readonly #regions: Regions;
  /** Branches whose every way out has written. */
  readonly #branches = new Set<Region>();

  constructor(offset: number, regions: Regions) {
    this.#offset = offset;
    this.#regions = regions;
  }

  /** Another write of the same branch comes behind it. */
  hides({ at }: Write): boolean {
    if (this.#branches.size === 0) return false;
    for (let region = this.#regions.at(at); region; region = region.parent) if (this.#branches.has(region)) return true;
    return false;
  }

  /** Where the statement begins that gives the variable another value on every way; undefined while some ways have none. */
  add({ at }: Write): number | undefined {
    if (this.#regions.dominates(at, this.#offset)) return at;
    let region = runThrough(this.#regions.at(at));
    let start = at;
    while (region?.kind === 'branch' && !region.jumps && !contains(region, this.#offset)) {
      this.#branches.add(region);
      const { branches, complete } = this.#regions.choice(region);
      if (!complete || !branches.every((one) => this.#branches.has(one) || one.leaves !== undefined)) return undefined;
      start = branches[0]!.start;
      const outer = runThrough(region.parent);
      if (outer === undefined || contains(outer, this.#offset)) return start;
      region = outer;
    }
    return undefined;
  }
}
