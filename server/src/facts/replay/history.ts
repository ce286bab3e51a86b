import { forgetStatements } from '../../syntax/sql/statements.ts';
import type { SqlFile } from '../../syntax/sql/statements.ts';
import { readSteps, stepsOf } from './file-steps.ts';
import type { Trace } from './journal.ts';
import { Replay } from './replay.ts';
import type { State } from './replay-state.ts';

/** A file that was applied. */
export interface Applied {
  readonly path: string;
  readonly file: SqlFile;
}

/**
 * Replays a set of files again and again while they are edited. What a file leaves behind depends on its statements and on what it
 * finds alone: one that finds what it found the last time is not run, but leaves what it left then.
 */
export class History {
  readonly #version: number;
  readonly #ordered: boolean;
  #last: ReadonlyMap<string, Past> = new Map();

  /** `ordered` false: the files only make things safer. */
  constructor(version: number, ordered: boolean) {
    this.#version = version;
    this.#ordered = ordered;
  }

  after(files: readonly Applied[]): State {
    return ended(this.run(files));
  }

  /** The same, with a pause after each file that had to be run. */
  *run(files: readonly Applied[]): Generator<Applied, State> {
    const replay = new Replay(this.#version);
    const { journal } = replay.state;
    const now = new Map<string, Past>();
    let read = 0;
    for (const applied of files) {
      const { path, file } = applied;
      const last = this.#last.get(path);
      if (last?.file === file && journal.fits(last.trace)) {
        journal.repeat(last.trace);
        now.set(path, last);
        continue;
      }
      // A file that has to be run again is one that somebody edits, or depends on one; without an order it is asked for its steps again.
      const steps = last === undefined && this.#ordered ? readSteps(file) : stepsOf(file);
      journal.begin();
      if (this.#ordered) replay.file(path, steps);
      else replay.soften(path, steps);
      now.set(path, { file, trace: journal.end(last?.trace) });
      file.release();
      if (last === undefined && ++read % filesBetween === 0) forgetStatements();
      yield applied;
    }
    this.#last = now;
    return replay.state;
  }
}

/** So many files have more statements than are kept, so that those of the first are gone when the last one has been read. */
const filesBetween = 1_000;

/** What a generator returns when nobody waits for anybody. */
export function ended<T>(running: Generator<unknown, T>): T {
  for (;;) {
    const { done, value } = running.next();
    if (done) return value;
  }
}

interface Past {
  readonly file: SqlFile;
  readonly trace: Trace;
}
