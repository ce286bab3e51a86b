import type { Layout, SetFile } from '../document.ts';
import { grouped } from '../grouped.ts';
import { folderOf } from '../paths.ts';

/** Files of one layout that were found together. */
export interface Claim {
  readonly layout: Layout;
  readonly applied: readonly string[];
  /** They belong to the layout but do not run on the way to the newest state. */
  readonly alone?: readonly string[];
  readonly list?: SetFile;
}

/** The files below a root, less those that a layout has claimed. */
export class Found {
  readonly sql: readonly string[];
  /** SQL files that no layout has claimed; templates and other endings are none that a tool applies. */
  free: readonly string[];
  readonly read: (path: string) => string | undefined;
  readonly #paths: readonly string[];
  #inFolders: ReadonlyMap<string, readonly string[]> | undefined;

  constructor(paths: readonly string[], read: (path: string) => string | undefined) {
    this.#paths = paths;
    this.sql = paths.filter((path) => !decidesAlone.test(path));
    this.free = this.sql.filter((path) => /\.(?:sql|psql|pgsql|plpgsql)$/i.test(path));
    this.read = read;
  }

  named(pattern: RegExp): string[] {
    return this.#paths.filter((path) => pattern.test(path));
  }

  /** The file itself, or the files of the folder. */
  at(path: string): readonly string[] {
    const inFolders = (this.#inFolders ??= grouped(this.#paths, folderOf));
    return inFolders.get(folderOf(path))?.includes(path) ? [path] : inFolders.get(path) ?? [];
  }

  /** Unclaimed SQL files by folder. */
  folders(): Map<string, string[]> {
    return grouped(this.free, folderOf);
  }

  claim({ applied, alone = [] }: Claim): void {
    const claimed = new Set([...applied, ...alone]);
    this.free = this.free.filter((path) => !claimed.has(path));
  }
}

/** What tells an order and is no SQL itself. */
const decidesAlone = /\.(?:plan|conf|toml|json|xml|ya?ml|control)$/i;
