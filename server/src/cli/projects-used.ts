import { UsageError, type Console } from './console.ts';
import type { Host } from '../host.ts';
import type { Project } from '../policy/project.ts';
import { Projects } from '../projects.ts';
import { Places } from '../report/report.ts';
import { relativePath } from '../paths.ts';
import { decode } from '../workspace.ts';

/** Where project files come from: the nearest of each file, one for all files, or nowhere. */
export type ProjectSource = 'nearest' | 'none' | { readonly file: string };

/** The project files of what is looked at, and whether they can be relied on. */
export class UsedProjects {
  readonly #console: Console;
  readonly #host: Host;
  readonly #projects: Projects;
  readonly #source: ProjectSource;
  readonly #used = new Map<string, Project>();

  constructor(source: ProjectSource, host: Host, console: Console) {
    this.#source = source;
    this.#console = console;
    this.#host = host;
    this.#projects = new Projects(host);
  }

  /** The project of a file. */
  async of(path: string): Promise<Project | undefined> {
    if (this.#source === 'none') return undefined;
    const project = this.#source === 'nearest' ? await this.#projects.of(path) : await this.#named(this.#source.file);
    if (project) this.#used.set(project.path, project);
    return project;
  }

  /** What is wrong with those that were asked for, as `db/pgrampart.jsonc:3:5 …`: a mistake may let through what the file was meant to stop. */
  async problems(): Promise<string[]> {
    const found: string[] = [];
    for (const path of this.#used.keys()) {
      const text = decode(await this.#host.read(path)) ?? '';
      const places = new Places(text);
      for (const { at, message } of await this.#projects.problems(path, text)) {
        const { line, column } = places.at(at.start);
        found.push(`${relativePath(this.#console.cwd, path)}:${line}:${column} ${message}`);
      }
    }
    return found;
  }

  async #named(file: string): Promise<Project> {
    const project = await this.#projects.at(this.#console.resolve(file), this.#console.cwd);
    if (project === undefined) throw new UsageError(`--config ${file}: there is no such file, or it is not text`);
    return project;
  }
}
