import type { FileSet, SetFile } from './document.ts';
import type { Host } from './host.ts';
import { createsRoutines, detectLanguage, mayHoldRoutines } from './languages.ts';
import { decidesOrder, fileSet, planSets, type ConfiguredSet, type Plan, type SetPlan } from './migrations.ts';
import { folderOf, isInside } from './paths.ts';
import { isProjectFile } from './projects.ts';
import { walk } from './walk.ts';
import { decode } from './workspace.ts';

export interface SetsOptions {
  /** Folders whose files may be read; a file outside of them stands alone. */
  readonly roots: () => readonly string[];
  /** Texts that count instead of what is on disk, by path. */
  readonly open?: () => ReadonlyMap<string, string>;
  /** What the user says about the files below `root`, where these project files are. */
  readonly configured?: (root: string, projectFiles: readonly string[]) => readonly ConfiguredSet[] | Promise<readonly ConfiguredSet[]>;
  /** So many sets are kept, those that were asked for last and those with an open file; all when nothing is said. Who goes through many files in order needs few at a time. */
  readonly most?: number;
  /** Somebody tells of changes, so which files belong together stays known also of sets that are not kept. */
  readonly followsChanges?: boolean;
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
  /** The project of each folder that was asked about. */
  readonly #homes = new Map<string, Project>();
  /** The sets that are to be kept, the one that was asked for last at the end. */
  readonly #recent = new Map<SetPlan, Project>();

  constructor(host: Host, options: SetsOptions) {
    this.#host = host;
    this.#options = options;
  }

  /** The set of a file, once all of its files have been read. */
  async of(path: string): Promise<FileSet | undefined> {
    const project = await this.#projectOf(path);
    const plan = await project?.load(path, this.#open());
    const set = project?.known(path, this.#open());
    if (project && plan) this.#keep(project, plan);
    return set;
  }

  /** The set of a file as far as it can be told without waiting; undefined as well when it is still to be read. */
  known(path: string): FileSet | undefined {
    return this.#homes.get(folderOf(path))?.known(path, this.#open());
  }

  /** One of the others is known to be of the same set. */
  together(path: string, others: readonly string[]): boolean {
    return this.#homes.get(folderOf(path))?.together(path, others, this.#open()) ?? false;
  }

  /** Files were created, written or deleted. False when that is nothing to any set that was read. */
  changed(paths: readonly string[]): boolean {
    const known = [...this.#projects.values()].flatMap((project) => paths.filter((path) => matters(path) && isInside(project.root, path)).map((path) => ({ project, path })));
    for (const { project, path } of known) project.changed(path);
    return known.length > 0;
  }

  /** The files in a folder that belong to a set, as far as is known. */
  below(folder: string): string[] {
    return [...this.#projects.values()].flatMap((project) => project.below(folder));
  }

  /** Settings or folders are not what they were. */
  forget(): void {
    this.#projects.clear();
    this.#homes.clear();
    this.#recent.clear();
  }

  #keep(project: Project, plan: SetPlan): void {
    const { most, followsChanges } = this.#options;
    if (most === undefined) return;
    this.#recent.delete(plan);
    this.#recent.set(plan, project);
    if (this.#recent.size <= most) return;
    const open = [...this.#open().keys()];
    const oldest = [...this.#recent].find(([one, home]) => one !== plan && !home.has(one, open));
    if (oldest === undefined) return;
    const [left, home] = oldest;
    this.#recent.delete(left);
    home.forget(left);
    if (followsChanges || [...this.#recent.values()].includes(home)) return;
    this.#projects.delete(home.root);
    for (const [folder, other] of this.#homes) if (other === home) this.#homes.delete(folder);
  }

  #open(): ReadonlyMap<string, string> {
    return this.#options.open?.() ?? new Map();
  }

  /** A folder that is too large gives way to the one below it that leads to the file. */
  async #projectOf(path: string): Promise<Project | undefined> {
    let root = await this.#rootOf(path);
    while (root !== undefined) {
      let project = this.#projects.get(root);
      if (project === undefined) this.#projects.set(root, project = new Project(this.#host, root, this.#options.configured));
      await project.list();
      const slash = path.indexOf('/', root.length + 1);
      if (!project.tooLarge || slash < 0) {
        this.#homes.set(folderOf(path), project);
        return project;
      }
      root = path.slice(0, slash);
    }
    return undefined;
  }

  /** The repository around the file, as far as it may be read, else the nearest folder that may be. */
  async #rootOf(path: string): Promise<string | undefined> {
    const known = this.#homes.get(folderOf(path))?.root;
    if (known !== undefined) return known;
    const roots = this.#options.roots().filter((root) => isInside(root, path)).sort((a, b) => a.length - b.length);
    const [outermost] = roots;
    if (outermost === undefined) return undefined;
    for (let folder = folderOf(path); folder === outermost || isInside(outermost, folder); folder = folderOf(folder)) {
      const entries = await this.#host.list(folder).catch(() => []);
      if (entries.some(({ name }) => name === '.git')) return folder;
      if (folder === folderOf(folder)) break;
    }
    return roots.at(-1);
  }
}

/** The SQL files below one folder. */
class Project {
  readonly root: string;
  tooLarge = false;
  readonly #host: Host;
  readonly #configure: SetsOptions['configured'];
  #configured: readonly ConfiguredSet[] = [];
  #listing: Promise<void> | undefined;
  #paths: ReadonlySet<string> = new Set();
  /** Open files that the walk did not meet. */
  readonly #extra = new Set<string>();
  #plan: Plan | undefined;
  /** What was last read; undefined: there is no such file, or no text in it. */
  readonly #files = new Map<string, SetFile | undefined>();
  /** Files whose text is the newest, or is being read. */
  readonly #read = new Map<string, Promise<void>>();
  /** Goes up with every change of what is known. */
  #age = 0;
  /** At which age all files of a set had been read. */
  readonly #loaded = new Map<SetPlan, number>();
  /** The last set that a file led, so that the same files make the same set. */
  readonly #sets = new Map<string, { readonly plan: SetPlan; age: number; readonly set: FileSet | undefined }>();

  constructor(host: Host, root: string, configure: SetsOptions['configured']) {
    this.#host = host;
    this.root = root;
    this.#configure = configure;
  }

  list(): Promise<void> {
    return (this.#listing ??= this.#walk());
  }

  /** Returns which set it is. */
  async load(path: string, open: ReadonlyMap<string, string>): Promise<SetPlan | undefined> {
    await this.list();
    const plan = this.#planOf(path, open);
    if (plan === undefined || isTooLong(plan) || this.#loaded.get(plan) === this.#age) return plan;
    await this.#readAll(plan.paths.filter((file) => !open.has(file)));
    this.#loaded.set(plan, this.#age);
    return plan;
  }

  /** What was read of a set is read again when somebody asks. */
  forget(plan: SetPlan): void {
    for (const path of plan.paths.filter((file) => !decidesOrder(file))) {
      this.#files.delete(path);
      this.#read.delete(path);
    }
    this.#loaded.delete(plan);
    this.#sets.delete(leaderOf(plan));
  }

  /** One of the files is of this set. */
  has(plan: SetPlan, files: readonly string[]): boolean {
    return files.some((file) => this.#plan?.of(file) === plan);
  }

  known(path: string, open: ReadonlyMap<string, string>): FileSet | undefined {
    const plan = this.#plan && this.#planOf(path, open);
    if (plan === undefined || isTooLong(plan)) return undefined;
    const leader = leaderOf(plan);
    const before = this.#sets.get(leader);
    if (before?.age === this.#age && before.plan === plan) return before.set;
    if (plan.paths.some((file) => !this.#files.has(file))) return undefined;
    const found = fileSet(plan, (file) => this.#files.get(file));
    const set = found !== undefined && before?.set !== undefined && sameFiles(before.set, found) ? before.set : found;
    this.#sets.set(leader, { plan, age: this.#age, set: set && isTooLarge(set) ? undefined : set });
    return this.#sets.get(leader)!.set;
  }

  together(path: string, others: readonly string[], open: ReadonlyMap<string, string>): boolean {
    const plan = this.#plan && this.#planOf(path, open);
    return plan !== undefined && others.some((other) => this.#plan!.of(other) === plan);
  }

  below(folder: string): string[] {
    return [...this.#paths].filter((path) => isInside(folder, path));
  }

  changed(path: string): void {
    this.#age++;
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
    const found = await walk(counting, [this.root], { signal: abort.signal, also: (path) => decidesOrder(path) || isProjectFile(path) });
    this.tooLarge = abort.signal.aborted;
    const all = this.tooLarge ? [] : found.map(({ path }) => path).filter(matters);
    await this.#readAll(all.filter((path) => decidesOrder(path) || mayHoldRoutines(path)));
    const paths = all.filter((path) => this.#isPart(path, noTexts));
    this.#configured = await this.#configure?.(this.root, found.map(({ path }) => path).filter(isProjectFile)) ?? [];
    this.#paths = new Set(paths);
    this.#plan = undefined;
    this.#age++;
  }

  #planOf(path: string, open: ReadonlyMap<string, string>): SetPlan | undefined {
    for (const [file, text] of open) if (isInside(this.root, file)) this.#keep(file, text);
    const added = [path, ...open.keys()].filter((file) => !this.#paths.has(file) && !this.#extra.has(file) && isInside(this.root, file) && this.#isPart(file, open));
    for (const file of added) this.#extra.add(file);
    if (this.#plan === undefined || added.length > 0) {
      this.#plan = planSets(this.root, [...this.#paths, ...this.#extra], (file) => this.#files.get(file)?.text, this.#configured);
    }
    return this.#plan.of(path);
  }

  /** Some endings are those of other languages too. */
  #isPart(path: string, open: ReadonlyMap<string, string>): boolean {
    return matters(path) && (!mayHoldRoutines(path) || createsRoutines(open.get(path) ?? this.#files.get(path)?.text ?? ''));
  }

  #keep(path: string, text: string | undefined): void {
    const before = this.#files.get(path);
    if (this.#files.has(path) && before?.text === text) return;
    this.#files.set(path, text === undefined ? undefined : { path, text });
    this.#age++;
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
  return detectLanguage(path) === 'sql' || decidesOrder(path) || mayHoldRoutines(path);
}

const noTexts: ReadonlyMap<string, string> = new Map();

function leaderOf({ layout, paths }: SetPlan): string {
  return `${layout} ${paths[0]}`;
}

function isTooLong({ layout, paths }: SetPlan): boolean {
  return paths.length > (layout === undefined ? mostFiles.unordered : mostFiles.ordered);
}

function isTooLarge({ files, ordered }: FileSet): boolean {
  return files.reduce((sum, { text }) => sum + text.length, 0) > (ordered ? mostCharacters.ordered : mostCharacters.unordered);
}

function sameFiles(a: FileSet, b: FileSet): boolean {
  return a.files.length === b.files.length && a.files.every((file, index) => file === b.files[index]);
}
