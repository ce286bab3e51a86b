import type { Host } from './host.ts';
import type { ConfiguredSet } from './migrations.ts';
import { baseName, folderOf, resolvePath } from './paths.ts';
import { Project } from './policy/project.ts';
import { readProject, type ProjectProblem, type ProjectText } from './policy/project-text.ts';
import { decode } from './workspace.ts';

export const projectFiles = ['pgrampart.jsonc', '.pgrampart.jsonc'] as const;

/** `name`: a path or an address. */
export function isProjectFile(name: string): boolean {
  return (projectFiles as readonly string[]).includes(baseName(name));
}

/** Project files extend each other; longer chains are somebody's mistake. */
const mostParts = 32;

/** The databases that projects speak of: the one that counts for a folder, and those of the project files below it. */
export async function databasesOf(projects: Pick<Projects, 'of'>, folder: string, below: readonly string[]): Promise<ConfiguredSet[]> {
  const found = await Promise.all([resolvePath(folder, 'any'), ...below].map((path) => projects.of(path)));
  return [...new Set(found)].flatMap((project) => project?.migrations ?? []);
}

/** Finds the project file of each file: the nearest one upward, no further than the top of the repository. */
export class Projects {
  readonly #host: Host;
  readonly #ofFolder = new Map<string, Promise<Project | undefined>>();
  readonly #good: Map<string, Project>;

  /** `good`: what was understood before, which goes on counting while a file is broken. */
  constructor(host: Host, good: Map<string, Project> = new Map()) {
    this.#host = host;
    this.#good = good;
  }

  of(path: string): Promise<Project | undefined> {
    return this.#find(folderOf(path));
  }

  /** One project file for all files, its patterns seen from `folder`; undefined when it cannot be read. */
  async at(path: string, folder: string): Promise<Project | undefined> {
    const text = await this.#read(path);
    return text === undefined ? undefined : new Project((await this.#parts(path, text)).parts, folder);
  }

  /** What is wrong with one project file, `text` being its text. */
  async problems(path: string, text: string): Promise<readonly ProjectProblem[]> {
    return (await this.#parts(path, text)).problems;
  }

  #find(folder: string): Promise<Project | undefined> {
    let found = this.#ofFolder.get(folder);
    if (found === undefined) this.#ofFolder.set(folder, (found = this.#in(folder)));
    return found;
  }

  async #in(folder: string): Promise<Project | undefined> {
    for (const name of projectFiles) {
      const path = resolvePath(folder, name);
      const text = await this.#read(path);
      if (text !== undefined) return this.#project(path, text);
    }
    const above = folderOf(folder);
    if (above === folder || above === '') return undefined;
    const entries = await this.#host.list(folder).catch(() => []);
    return entries.some(({ name }) => name === '.git') ? undefined : this.#find(above);
  }

  async #project(path: string, text: string): Promise<Project> {
    const { parts, broken } = await this.#parts(path, text);
    const before = this.#good.get(path);
    if (broken && before) return before;
    const project = new Project(parts);
    if (!broken) this.#good.set(path, project);
    return project;
  }

  /** The file behind all that it builds upon. `broken`: it is no JSON, as while somebody is typing. */
  async #parts(path: string, text: string): Promise<{ parts: ProjectText[]; problems: ProjectProblem[]; broken: boolean }> {
    const parts: ProjectText[] = [];
    const problems: ProjectProblem[] = [];
    const own = readProject(path, text);
    const add = async (part: ProjectText, above: readonly string[]): Promise<void> => {
      for (const { name, at } of part.bases) {
        const target = resolvePath(folderOf(part.path), name);
        const trouble = above.includes(target) ? 'extends itself' : parts.length >= mostParts ? 'extends too many files' : undefined;
        const base = trouble === undefined ? await this.#read(target) : undefined;
        if (base !== undefined) await add(readProject(target, base), [...above, target]);
        else if (part === own) problems.push({ at, message: trouble ? `This ${trouble}` : /^\w+:/.test(name) ? 'Presets are called "pgrampart:recommended" and the like; nothing is fetched' : `There is no file ${name}` });
      }
      parts.push(part);
    };
    await add(own, [path]);
    return { parts, problems: [...own.problems, ...problems].sort((a, b) => a.at.start - b.at.start), broken: own.broken };
  }

  async #read(path: string): Promise<string | undefined> {
    return this.#host.read(path).then(decode, () => undefined);
  }
}
