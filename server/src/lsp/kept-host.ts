import type { Host } from '../host.ts';

/**
 * A host that reads nothing twice within a few seconds, or until it is told that something changed: while somebody types,
 * the files beside the one that is typed into stay what they are. Watchers tell of changes at once; of files that are in no
 * workspace folder, or have a name that is not watched, nobody tells.
 */
export class KeptHost implements Host {
  readonly #host: Host;
  readonly #now: () => number;
  readonly #files = new Map<string, Promise<Uint8Array>>();
  readonly #folders = new Map<string, ReturnType<Host['list']>>();
  #since = 0;

  constructor(host: Host, now: () => number = () => performance.now()) {
    this.#host = host;
    this.#now = now;
  }

  read(path: string): Promise<Uint8Array> {
    this.#forgetOld();
    return kept(this.#files, path, () => this.#host.read(path));
  }

  list(folder: string): ReturnType<Host['list']> {
    this.#forgetOld();
    return kept(this.#folders, folder, () => this.#host.list(folder));
  }

  forget(): void {
    this.#files.clear();
    this.#folders.clear();
    this.#since = this.#now();
  }

  #forgetOld(): void {
    if (this.#now() - this.#since > longest) this.forget();
  }
}

/** Milliseconds. */
const longest = 3000;

function kept<T>(known: Map<string, Promise<T>>, key: string, find: () => Promise<T>): Promise<T> {
  let found = known.get(key);
  if (found === undefined) known.set(key, (found = find()));
  return found;
}
