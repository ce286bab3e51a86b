import type { Step } from './file-steps.ts';
import type { Trace } from './journal.ts';
import { Replay } from './replay.ts';
import type { State } from './replay-state.ts';

/** A file that was applied. */
export interface Applied {
  readonly path: string;
  readonly steps: readonly Step[];
}

/**
 * Replays a set of files again and again while they are edited. What a file leaves behind depends on its statements and on what it
 * finds alone: one that finds what it found the last time is not run, but leaves what it left then.
 */
export class History {
  readonly #version: number;
  readonly #ordered: boolean;
  #last: ReadonlyMap<string, { readonly steps: readonly Step[]; readonly trace: Trace }> = new Map();

  /** `ordered` false: the files only make things safer. */
  constructor(version: number, ordered: boolean) {
    this.#version = version;
    this.#ordered = ordered;
  }

  after(files: readonly Applied[]): State {
    const replay = new Replay(this.#version);
    const { journal } = replay.state;
    const now = new Map<string, { readonly steps: readonly Step[]; readonly trace: Trace }>();
    for (const { path, steps } of files) {
      const last = this.#last.get(path);
      if (last?.steps === steps && journal.fits(last.trace)) {
        journal.repeat(last.trace);
        now.set(path, last);
        continue;
      }
      journal.begin();
      if (this.#ordered) replay.file(path, steps);
      else replay.soften(path, steps);
      now.set(path, { steps, trace: journal.end(last?.trace) });
    }
    this.#last = now;
    return replay.state;
  }
}
