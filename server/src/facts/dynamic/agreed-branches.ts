import type { Conclusion } from './conditions.ts';
import { agreed } from './conditions.ts';
import type { Guard } from './guards.ts';
import type { Region, Regions } from './regions.ts';
import type { Spoilers } from './spoilers.ts';

/** What every way through an IF or CASE has been told, behind it: `IF x = 'a' THEN … ELSIF x = 'b' THEN … ELSE RAISE …; END IF;` */
export class AgreedBranches {
  readonly #told = new Map<Region, readonly Conclusion[]>();

  add(branch: Region, held: readonly Conclusion[]): void {
    if (held.length > 0) this.#told.set(branch, [...(this.#told.get(branch) ?? []), ...held]);
  }

  /** The branches that somebody comes into only when a variable holds something that is known. */
  get told(): readonly (readonly [Region, readonly Conclusion[]])[] {
    return [...this.#told];
  }

  /** `end`: where a stretch ends that begins in a region. */
  *guards(regions: Regions, spoilers: Spoilers, end: (region: Region | undefined) => number): Iterable<Guard> {
    const done = new Set<number>();
    for (const branch of this.#told.keys()) {
      const { branches, complete } = regions.choice(branch);
      if (done.has(branch.choice) || !complete) continue;
      done.add(branch.choice);
      const staying = branches.filter(({ leaves }) => leaves === undefined);
      const start = branches.at(-1)!.end;
      const parts = staying.map((one) => this.#told.get(one) ?? []);
      for (const name of new Set(parts[0]?.map(([one]) => one))) {
        if (staying.some((one) => spoilers.isWritten(name, one.start, one.end))) continue;
        for (const [, leaves] of agreed(parts.map((part) => part.filter(([one]) => one === name)))) yield { name, leaves, start, end: end(branch.parent) };
      }
    }
  }
}
