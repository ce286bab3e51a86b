import type { FileSet, SetFile } from './document.ts';
import type { Host } from './host.ts';
import { detectLanguage } from './languages.ts';
import { decidesOrder, fileSet, planSets, type ConfiguredSet, type Plan, type SetPlan } from './migrations.ts';
import { isInside } from './paths.ts';
import { walk } from './walk.ts';
import { decode } from './workspace.ts';

export interface SetsOptions {
  /** Folders whose files may be read; a file outside of them stands alone. */
  readonly roots: () => readonly string[];
  /** Texts that count instead of what is on disk, by path. */
  readonly open?: () => ReadonlyMap<string, string>;
  readonly configured?: (root: string) => readonly ConfiguredSet[] | Promise<readonly ConfiguredSet[]>;
}

/** Beyond these, files are looked at alone: such a folder holds data or many products, not the schema of one database. */
const mostEntries = 200_000;
const mostFiles = { ordered: 20_000, unordered: 2_000 } as const;
const mostCharacters = { ordered: 128_000_000, unordered: 16_000_000 } as const;
const readersAtOnce = 32;

/** Finds and reads the sets of SQL files, and keeps what it has read until it hears that it changed. */
export class Sets {
  readonly #host: Host;
  readonly #options: SetsOptions;
  readonly #projects = new Map<string, Project>();

  constructor(host: Host, options: SetsOptions) {
    this.#host = host;
    this.#options = options;
  }

  /** The set of a file, once all of its files have been read. */
  async of(path: string): Promise<FileSet | undefined> {
    const root = this.#rootOf(path);
    if (root === undefined) return undefined;
    const project = await this.#project(root, path);
    await project.load(path, this.#open());
    return project.known(path, this.#open());
  }

  /** The set of a file as far as it can be told without waiting; undefined as well when it is still to be read. */
  known(path: string): FileSet | undefined {
    return this.#owning(path)?.known(path, this.#open());
  }

  /** One of the others is known to be of the same set. */
  together(path: string, others: readonly string[]): boolean {
    return this.#owning(path)?.together(path, others, this.#open()) ?? false;
  }

  /** Files were created, written or deleted. False when that is nothing to any set that was read. */
  changed(paths: readonly string[]): boolean {
    const known = [...this.#projects.values()].flatMap((project) => paths.filter((path) => matters(path) && isInside(project.root, path)).map((path) => ({ project, path })));
    for (const { project, path } of known) project.changed(path);
    return known.length > 0;
  }

  /** Settings or folders are not what they were. */
  forget(): void {
    this.#projects.clear();
  }

  #open(): ReadonlyMap<string, string> {
    return this.#options.open?.() ?? new Map();
  }

  #rootOf(path: string): string | undefined {
    return this.#options.roots().filter((root) => isInside(root, path)).sort((a, b) => b.length - a.length)[0];
  }

  #owning(path: string): Project | undefined {
    const root = this.#rootOf(path);
    if (root === undefined) return undefined;
    return [...this.#projects.values()].filter((project) => isInside(project.root, path) && !project.tooLarge).sort((a, b) => b.root.length - a.root.length)[0];
  }

  /** A folder that is too large gives way to the one below it that leads to the file. */
  async #project(root: string, path: string): Promise<Project> {
    const configured = await this.#options.configured?.(root) ?? [];
    for (let folder = root; ;) {
      let project = this.#projects.get(folder);
      if (project === undefined) this.#projects.set(folder, project = new Project(this.#host, folder, configured));
      await project.list();
      const slash = path.indexOf('/', folder.length + 1);
      if (!project.tooLarge || slash < 0) return project;
      folder = path.slice(0, slash);
    }
  }
}

/** The SQL files below one folder. */
class Project {
  readonly root: string;
  tooLarge = false;
  readonly #host: Host;
  readonly #configured: readonly ConfiguredSet[];
  #listing: Promise<void> | undefined;
  #paths: ReadonlySet<string> = new Set();
  /** Open files that the walk did not meet. */
  readonly #extra = new Set<string>();
  #plan: Plan | undefined;
  /** What was last read; undefined: there is no such file, or no text in it. */
  readonly #files = new Map<string, SetFile | undefined>();
  /** Files whose text is the newest, or is being read. */
  readonly #read = new Map<string, Promise<void>>();
  /** The last set that a file led, so that the same files make the same set. */
  readonly #sets = new Map<string, FileSet>();

  constructor(host: Host, root: string, configured: readonly ConfiguredSet[]) {
    this.#host = host;
    this.root = root;
    this.#configured = configured;
  }

  list(): Promise<void> {
    return (this.#listing ??= this.#walk());
  }

  async load(path: string, open: ReadonlyMap<string, string>): Promise<void> {
    await this.list();
    const set = this.#setOf(path, open);
    if (set !== undefined && !isTooLong(set)) await this.#readAll(set.paths.filter((file) => !open.has(file)));
  }

  known(path: string, open: ReadonlyMap<string, string>): FileSet | undefined {
    const plan = this.#plan && this.#setOf(path, open);
    if (plan === undefined || isTooLong(plan) || plan.paths.some((file) => !this.#files.has(file) && !open.has(file))) return undefined;
    const set = fileSet(plan, (file) => this.#file(file, open));
    if (set === undefined || charactersOf(set) > (set.ordered ? mostCharacters.ordered : mostCharacters.unordered)) return undefined;
    const leader = `${plan.layout} ${plan.paths[0]}`;
    const before = this.#sets.get(leader);
    if (before !== undefined && sameFiles(before, set)) return before;
    this.#sets.set(leader, set);
    return set;
  }

  together(path: string, others: readonly string[], open: ReadonlyMap<string, string>): boolean {
    const set = this.#plan && this.#setOf(path, open);
    return set !== undefined && others.some((other) => this.#plan!.of(other) === set);
  }

  changed(path: string): void {
    this.#read.delete(path);
    if (this.#paths.has(path) && !decidesOrder(path)) return;
    this.#listing = undefined;
    this.#extra.delete(path);
  }

  async #walk(): Promise<void> {
    const abort = new AbortController();
    let entries = 0;
    const counting: Host = {
      read: (path) => this.#host.read(path),
      list: async (folder) => {
        const found = await this.#host.list(folder);
        if ((entries += found.length) > mostEntries) abort.abort();
        return found;
      },
    };
    const found = await walk(counting, [this.root], { signal: abort.signal, also: decidesOrder });
    this.tooLarge = abort.signal.aborted;
    const paths = this.tooLarge ? [] : found.map(({ path }) => path).filter(matters);
    await this.#readAll(paths.filter(decidesOrder));
    this.#paths = new Set(paths);
    this.#plan = undefined;
  }

  #setOf(path: string, open: ReadonlyMap<string, string>): SetPlan | undefined {
    const added = [path, ...open.keys()].filter((file) => !this.#paths.has(file) && !this.#extra.has(file) && isInside(this.root, file) && matters(file));
    for (const file of added) this.#extra.add(file);
    if (this.#plan === undefined || added.length > 0) {
      this.#plan = planSets(this.root, [...this.#paths, ...this.#extra], (file) => this.#file(file, open)?.text, this.#configured);
    }
    return this.#plan.of(path);
  }

  #file(path: string, open: ReadonlyMap<string, string>): SetFile | undefined {
    const text = open.get(path);
    if (text !== undefined) this.#keep(path, text);
    return this.#files.get(path);
  }

  #keep(path: string, text: string | undefined): void {
    const before = this.#files.get(path);
    if (before === undefined || before.text !== text) this.#files.set(path, text === undefined ? undefined : { path, text });
  }

  async #readAll(paths: readonly string[]): Promise<void> {
    const waiting = paths.filter((path) => !this.#read.has(path)).reverse();
    const reader = async () => {
      for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
        if (!this.#read.has(path)) this.#read.set(path, this.#readOne(path));
        await this.#read.get(path);
      }
    };
    await Promise.all([...Array.from({ length: readersAtOnce }, reader), ...paths.flatMap((path) => this.#read.get(path) ?? [])]);
  }

  async #readOne(path: string): Promise<void> {
    this.#keep(path, await this.#host.read(path).then(decode, () => undefined));
  }
}

function matters(path: string): boolean {
  return detectLanguage(path) === 'sql' || decidesOrder(path);
}

function isTooLong({ layout, paths }: SetPlan): boolean {
  return paths.length > (layout === undefined ? mostFiles.unordered : mostFiles.ordered);
}

function charactersOf({ files }: FileSet): number {
  return files.reduce((sum, { text }) => sum + text.length, 0);
}

function sameFiles(a: FileSet, b: FileSet): boolean {
  return a.files.length === b.files.length && a.files.every((file, index) => file === b.files[index]);
}
