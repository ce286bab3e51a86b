import { newestVersion, supportedVersions } from './document.ts';
import type { Host } from './host.ts';
import { baseName, folderOf, isInside, resolvePath } from './paths.ts';
import { Projects } from './projects.ts';
import type { VersionOrigin } from './version-origin.ts';

/** The PostgreSQL major version that a file is looked at for, and how it is known. */
export interface VersionChoice {
  readonly version: number;
  readonly origin: VersionOrigin;
}

/**
 * Finds the versions of files: the project file, PG_VERSION beside the file, a folder on its path that is named after a version, the
 * image of a compose file or Dockerfile, the newest. The project file is looked for upward as everywhere, images
 * and folder names as far as the root that the file lies in. Folders are looked into once; make a new one when files have changed.
 */
export class Versions {
  readonly #host: Host;
  readonly #roots: readonly string[];
  readonly #projects: Projects | undefined;
  readonly #known = new Map<string, Promise<VersionChoice>>();

  /** `roots`: nothing above them is read. Without `projects` no project file tells a version. */
  constructor(host: Host, roots: readonly string[], projects: Projects | undefined) {
    this.#host = host;
    this.#roots = roots;
    this.#projects = projects;
  }

  of(path: string): Promise<VersionChoice> {
    const folder = folderOf(path);
    let known = this.#known.get(folder);
    if (known === undefined) this.#known.set(folder, (known = this.#find(folder)));
    return known;
  }

  async #find(folder: string): Promise<VersionChoice> {
    const folders = this.#upward(folder);
    return await this.#fromProject(folder)
      ?? await this.#fromCluster(folder)
      ?? fromPath(folder)
      ?? await firstOf(folders, (one) => this.#fromContainer(one))
      ?? { version: newestVersion, origin: { from: 'nothing' } };
  }

  /** The folder and those above it, as far as the outermost root reaches. */
  #upward(folder: string): string[] {
    const [root] = this.#roots.filter((one) => folder === one || isInside(one, folder)).sort((a, b) => a.length - b.length);
    const folders = [folder];
    for (let at = folder; root !== undefined && at !== root && folderOf(at) !== at; at = folderOf(at)) folders.push(folderOf(at));
    return folders;
  }

  async #fromProject(folder: string): Promise<VersionChoice | undefined> {
    const inside = resolvePath(folder, 'any');
    const project = await this.#projects?.of(inside);
    const version = project?.policyOf(inside).version;
    return version === undefined ? undefined : { version, origin: { from: 'project', name: baseName(project!.path) } };
  }

  async #fromCluster(folder: string): Promise<VersionChoice | undefined> {
    const version = majorVersion((await this.#read(resolvePath(folder, 'PG_VERSION')))?.trim() ?? '');
    return version === undefined ? undefined : { version, origin: { from: 'cluster' } };
  }

  /** Several images of different versions leave it open. */
  async #fromContainer(folder: string): Promise<VersionChoice | undefined> {
    const entries = await this.#host.list(folder).catch(() => []);
    const names = entries.filter((entry) => !entry.folder && containerFile.test(entry.name)).map((entry) => entry.name).sort();
    const found = new Map<number, string>();
    for (const name of names) {
      for (const version of versionsOfImages(await this.#read(resolvePath(folder, name)) ?? '')) {
        if (!found.has(version)) found.set(version, name);
      }
    }
    const [only, ...others] = found;
    return only === undefined || others.length > 0 ? undefined : { version: only[0], origin: { from: 'image', name: only[1] } };
  }

  async #read(path: string): Promise<string | undefined> {
    return this.#host.read(path).then((bytes) => new TextDecoder().decode(bytes), () => undefined);
  }
}

/** The major versions of the PostgreSQL images that a compose file or a Dockerfile names. */
export function versionsOfImages(text: string): number[] {
  const versions = new Set<number>();
  for (const [, name = '', tag = ''] of text.matchAll(imagePattern)) {
    const version = versionOfImage(name, tag.replace(/\$\{\w+:?-([^}]*)\}/g, '$1'));
    if (version !== undefined) versions.add(version);
  }
  return [...versions];
}

/** Files that say which container image the server comes from. */
const containerFile = /^(docker-)?compose[\w.-]*\.ya?ml$|^(Docker|Container)file([.-][\w.-]+)?$|^[\w.-]+\.[Dd]ockerfile$/;

/** `image: postgres:16-alpine`, `FROM --platform=… postgres:16 AS db`. */
const imagePattern = /^[ \t]*(?:-[ \t]+)?(?:image:[ \t]*["']?|FROM[ \t]+(?:--platform=\S+[ \t]+)?)([\w./-]+(?::\d+\/[\w./-]+)?):((?:\$\{[^}\n]*\}|[\w.-])+)/gim;

/** Images of other products number their own releases and tell PostgreSQL's as `pg16`. */
function versionOfImage(name: string, tag: string): number | undefined {
  const marked = /(?:^|[-_.])pg-?(\d+)/i.exec(tag)?.[1];
  if (marked !== undefined && /postgres|postgis|pgvector|timescale|citus|paradedb|pg/i.test(name)) return majorVersion(marked);
  return /(^|\/)(postgres|postgresql|postgis)$/i.test(name) ? majorVersion(tag) : undefined;
}

/** Debian's `/etc/postgresql/16/main`, Red Hat's `/var/lib/pgsql/16/data`, `postgresql-16`; in `migrations/postgres/16` the number is the application's. */
function fromPath(folder: string): VersionChoice | undefined {
  if (/(^|\/)migrations?\//i.test(folder)) return undefined;
  const found = /(?:^|\/)(?:postgres|postgresql|pgsql)[/-](\d+)(?:\/|$)/.exec(folder);
  const version = majorVersion(found?.[1] ?? '');
  return version === undefined ? undefined : { version, origin: { from: 'folder', name: found![0].replaceAll(/^\/|\/$/g, '') } };
}

/** `16`, `16.4`, `16-alpine`, `9.6`: the nearest version that we know; undefined for a text without a number at its start. */
function majorVersion(text: string): number | undefined {
  const major = Number(/^v?(\d{1,2})(?![\d])/.exec(text)?.[1] ?? NaN);
  if (Number.isNaN(major) || major < 7) return undefined;
  return Math.min(Math.max(major, supportedVersions[0]), newestVersion);
}

async function firstOf<T>(folders: readonly string[], find: (folder: string) => Promise<T | undefined>): Promise<T | undefined> {
  for (const folder of folders) {
    const found = await find(folder);
    if (found !== undefined) return found;
  }
  return undefined;
}
