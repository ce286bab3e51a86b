import type { Host } from './host.ts';
import { writtenOf, type LintOptions, type Looked } from './lint.ts';
import { folderOf, isInside, relativePath, resolvePath } from './paths.ts';
import { Baseline, entriesOf, readBaseline, type BaselineEntry } from './policy/baseline.ts';
import type { Project } from './policy/project.ts';
import { decode } from './workspace.ts';

/** Reads baselines once; make a new one when files have changed. */
export class Baselines {
  readonly #host: Host;
  readonly #known = new Map<string, Promise<Baseline | undefined>>();
  /** Paths of files that are no baseline although they were named as one. */
  readonly broken = new Set<string>();

  constructor(host: Host) {
    this.#host = host;
  }

  /** What a look at `path` needs to know of the baseline in `file`. */
  async of(path: string, file: string | undefined): Promise<LintOptions['baseline']> {
    if (file === undefined) return undefined;
    let known = this.#known.get(file);
    if (known === undefined) this.#known.set(file, known = this.#read(file));
    const baseline = await known;
    return baseline && { baseline, path: nameIn(file, path) };
  }

  async #read(file: string): Promise<Baseline | undefined> {
    const entries = await this.entries(file);
    return entries && new Baseline(entries, await this.gone(file, entries));
  }

  /** What `entries` call the files that are no longer there; with `roots` only of files that would be in them. */
  async gone(file: string, entries: readonly BaselineEntry[], roots?: readonly string[]): Promise<ReadonlySet<string>> {
    const gone = new Set<string>();
    for (const path of new Set(entries.map((entry) => entry.path))) {
      const target = resolvePath(folderOf(file), path);
      if (roots?.some((root) => target === root || isInside(root, target)) === false) continue;
      const there = await (this.#host.size ? this.#host.size(target) : this.#host.read(target)).then(() => true, () => false);
      if (!there) gone.add(path);
    }
    return gone;
  }

  /** Undefined when there is no such file or it is no baseline. */
  async entries(file: string): Promise<readonly BaselineEntry[] | undefined> {
    const text = await this.#host.read(file).then(decode, () => undefined);
    const entries = text === undefined ? undefined : readBaseline(text);
    if (text !== undefined && entries === undefined) this.broken.add(file);
    return entries;
  }
}

/** How a baseline calls a file. */
export function nameIn(file: string, path: string): string {
  return relativePath(folderOf(file), path);
}

/** Where the baseline of a project stands. */
export function baselineOf(project: Project | undefined): string | undefined {
  return project?.baseline && resolvePath(folderOf(project.baseline.path), project.baseline.name);
}

/**
 * `update`: what was found in the files that were looked at takes the place of what the baseline said about them. `prune`: of what it
 * said only what was found again stays, if need be in another file than one that is `gone`. What it says about other files stays as it is.
 */
export function changedBaseline(change: 'update' | 'prune', file: string, found: readonly Looked[], old: readonly BaselineEntry[], gone: ReadonlySet<string>): { readonly entries: readonly BaselineEntry[]; readonly removed: number } {
  const now = found.flatMap(({ document, findings }) => entriesOf(nameIn(file, document.path), document.text, writtenOf(document), findings));
  const looked = new Set(found.map(({ document }) => nameIn(file, document.path)));
  const keys = new Set(now.map(keyOf));
  const elsewhere = old.filter(({ path }) => !looked.has(path) && !gone.has(path));
  const kept = old.filter((entry) => looked.has(entry.path) && keys.has(keyOf(entry)));
  const known = new Set(old.map(keyOf));
  const fresh = new Set(now.filter((entry) => !known.has(keyOf(entry))).map(problemOf));
  const moved = old.filter((entry) => gone.has(entry.path) && fresh.has(problemOf(entry)));
  const movedProblems = new Set(moved.map(problemOf));
  const staying = now.filter((entry) => change === 'update' || movedProblems.has(problemOf(entry)));
  const entries = new Map([...elsewhere, ...kept, ...staying].map((entry) => [keyOf(entry), entry]));
  return { entries: [...entries.values()], removed: old.length - elsewhere.length - kept.length - moved.length };
}

/** The same in every file. */
function problemOf({ rule, fingerprint }: BaselineEntry): string {
  return `${rule}\n${fingerprint}`;
}

function keyOf(entry: BaselineEntry): string {
  return `${entry.path}\n${problemOf(entry)}`;
}
