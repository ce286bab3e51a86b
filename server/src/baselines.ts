import type { Host } from './host.ts';
import { writtenOf, type LintOptions, type Looked } from './lint.ts';
import { folderOf, relativePath, resolvePath } from './paths.ts';
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
    if (entries === undefined) return undefined;
    const gone = new Set<string>();
    for (const path of new Set(entries.map((entry) => entry.path))) {
      const target = resolvePath(folderOf(file), path);
      const there = await (this.#host.size ? this.#host.size(target) : this.#host.read(target)).then(() => true, () => false);
      if (!there) gone.add(path);
    }
    return new Baseline(entries, gone);
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
 * said only what was found again stays. What it says about other files stays as it is.
 */
export function changedBaseline(change: 'update' | 'prune', file: string, found: readonly Looked[], old: readonly BaselineEntry[]): { readonly entries: readonly BaselineEntry[]; readonly removed: number } {
  const now = found.flatMap(({ document, findings }) => entriesOf(nameIn(file, document.path), document.text, writtenOf(document), findings));
  const looked = new Set(found.map(({ document }) => nameIn(file, document.path)));
  const keys = new Set(now.map(keyOf));
  const elsewhere = old.filter(({ path }) => !looked.has(path));
  const kept = old.filter((entry) => looked.has(entry.path) && keys.has(keyOf(entry)));
  return { entries: [...elsewhere, ...(change === 'update' ? now : kept)], removed: old.length - elsewhere.length - kept.length };
}

function keyOf({ path, rule, fingerprint }: BaselineEntry): string {
  return `${path}\n${rule}\n${fingerprint}`;
}
