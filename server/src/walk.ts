import ignore, { type Ignore } from 'ignore';
import { failureReason, type Host } from './host.ts';
import { detectLanguage, mayHoldRoutines } from './languages.ts';
import { folderOf, isInside, resolvePath } from './paths.ts';

export interface WalkOptions {
  /** Files and folders to leave out, written as in a .gitignore of the root. */
  readonly exclude?: readonly string[] | undefined;
  /** The folder around a root that the patterns of `exclude` are seen from; the root itself by default. */
  readonly excludeFrom?: string | undefined;
  /** `false` looks at files that git ignores as well. */
  readonly gitignore?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Files to give although they are in none of our languages. */
  readonly also?: ((path: string) => boolean) | undefined;
}

export interface Candidate {
  readonly path: string;
  /** The user named this very path; it was not found by walking. */
  readonly named: boolean;
  /** Nothing to read here, and why. */
  readonly failure?: string;
}

/** Folders that hold what others wrote or what a build made. */
const builtInExcludes: ReadonlySet<string> = new Set([
  '.git', '.hg', '.svn', 'node_modules', 'bower_components', 'vendor', '.venv', 'venv', 'dist', 'target', '.terraform',
  '__pycache__', '.tox', '.nox', '.mypy_cache', '.pytest_cache', '.cache', '.gradle', '.idea', '.next', '.nuxt', '.yarn', '.vscode-test',
]);

export function isBuiltInExclude(folder: string): boolean {
  return builtInExcludes.has(folder);
}

/** Every file that is to be looked at, each once, sorted by path. A root that is a file counts whatever its name. */
export async function walk(host: Host, roots: readonly string[], options: WalkOptions = {}): Promise<Candidate[]> {
  const found = new Map<string, Candidate>();
  for (const root of roots.map((path) => resolvePath('', path))) {
    const entries = await host.list(root).catch((error: unknown) => ({ error }));
    if ('error' in entries) {
      found.set(root, { path: root, named: true, ...(await unlistable(host, root, entries.error)) });
      continue;
    }
    const outer = options.gitignore === false ? [] : await ignoresAbove(host, root);
    for await (const candidate of walkFolder(host, root, root, outer, options)) {
      if (!found.has(candidate.path)) found.set(candidate.path, candidate);
    }
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

/** The patterns of one .gitignore, which speak of paths below `base`. */
interface IgnoreFile {
  readonly base: string;
  readonly patterns: Ignore;
}

async function* walkFolder(host: Host, folder: string, root: string, outer: readonly IgnoreFile[], options: WalkOptions): AsyncGenerator<Candidate> {
  if (options.signal?.aborted) return;
  const entries = await host.list(folder).catch((error: unknown) => ({ error }));
  if ('error' in entries) {
    yield { path: folder, named: false, failure: failureReason(entries.error, folder) };
    return;
  }
  const own = options.gitignore !== false && entries.some((entry) => entry.name === '.gitignore') ? await readIgnoreFile(host, folder) : undefined;
  const ignores = own === undefined ? outer : [own, ...outer];
  const excluded = excluder(options, root);
  for (const entry of entries) {
    const path = resolvePath(folder, entry.name);
    if (entry.folder ? isBuiltInExclude(entry.name) : !isWanted(path, options)) continue;
    if (excluded(path, entry.folder) || isIgnored(path, entry.folder, ignores)) continue;
    if (entry.folder) yield* walkFolder(host, path, root, ignores, options);
    else yield { path, named: false };
  }
}

function isWanted(path: string, { also }: WalkOptions): boolean {
  return detectLanguage(path) !== undefined || /\.conf$/i.test(path) || mayHoldRoutines(path) || also?.(path) === true;
}

/** A root that cannot be listed is a file, or it is nothing that can be read. */
async function unlistable(host: Host, path: string, listError: unknown): Promise<{ failure?: string }> {
  try {
    await (host.size ?? host.read)(path);
    return isFolderError(listError) ? {} : { failure: failureReason(listError, path) };
  } catch (error) {
    return { failure: failureReason(error, path) };
  }
}

/** True when listing failed because the path is a file. Hosts without error codes get the benefit of the doubt. */
function isFolderError(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return code !== 'EACCES' && code !== 'EPERM' && code !== 'NoPermissions';
}

/** The .gitignore files between `root` and the top of its repository; none when they ignore the root itself, because the user asked for it. */
async function ignoresAbove(host: Host, root: string): Promise<IgnoreFile[]> {
  const files: IgnoreFile[] = [];
  for (let folder = root; ; folder = folderOf(folder)) {
    const entries = await host.list(folder).catch(() => []);
    if (folder !== root && entries.some((entry) => entry.name === '.gitignore')) {
      const file = await readIgnoreFile(host, folder);
      if (file) files.push(file);
    }
    if (entries.some((entry) => entry.name === '.git')) return isIgnored(root, true, files) ? [] : files;
    if (folderOf(folder) === folder || folderOf(folder) === '') return [];
  }
}

async function readIgnoreFile(host: Host, folder: string): Promise<IgnoreFile | undefined> {
  const bytes = await host.read(resolvePath(folder, '.gitignore')).catch(() => undefined);
  return bytes && { base: folder, patterns: ignore({ ignorecase: false }).add(new TextDecoder().decode(bytes)) };
}

/** The nearest .gitignore that has an opinion decides. `ignores` begins with the nearest. */
function isIgnored(path: string, folder: boolean, ignores: readonly IgnoreFile[]): boolean {
  for (const { base, patterns } of ignores) {
    const { ignored, unignored } = patterns.test(below(base, path) + (folder ? '/' : ''));
    if (ignored || unignored) return ignored;
  }
  return false;
}

/** A root that is excluded itself was asked for, so that nothing in it is. */
function excluder({ exclude = [], excludeFrom }: WalkOptions, root: string): (path: string, folder: boolean) => boolean {
  const base = excludeFrom !== undefined && isInside(excludeFrom, root) ? excludeFrom : root;
  const excludes: readonly IgnoreFile[] = [{ base, patterns: ignore().add(exclude) }];
  if (base !== root && isIgnored(root, true, excludes)) return () => false;
  return (path, folder) => isIgnored(path, folder, excludes);
}

function below(base: string, path: string): string {
  return base === '' ? path : base === '/' ? path.slice(1) : path.slice(base.length + 1);
}
