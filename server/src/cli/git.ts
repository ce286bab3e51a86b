import { UsageError, type Console } from './console.ts';
import type { Host } from '../host.ts';
import { folderOf, isInside, relativePath, resolvePath } from '../paths.ts';
import { replaced, type ReadElsewhere } from '../replaced-host.ts';

/** Runs git in a folder. Rejects when it cannot be run at all. */
export type Git = (folder: string, args: readonly string[], input?: string) => Promise<{ readonly code: number; readonly out: Uint8Array; readonly error: string }>;

/** Two states of the files of a repository. */
export interface Change {
  readonly before: Host;
  readonly after: Host;
  /** Files that differ or are in one of them alone; absolute. */
  readonly paths: ReadonlySet<string>;
  /** Of those the ones that are in `before` alone. */
  readonly gone: ReadonlySet<string>;
}

/** One line of `git diff-index --raw`: https://git-scm.com/docs/diff-format#_raw_output_format */
interface RawChange {
  readonly path: string;
  /** Undefined: it is not a file, or not there. */
  readonly old: string | undefined;
  readonly new: string | undefined;
  readonly status: string;
}

/** A repository with a working tree. Nothing that it configures is run: not even filters, which git asks when it cannot tell by the time of a file whether it changed. */
export class Repository {
  readonly #console: Console;
  readonly #top: string;
  readonly #withoutFilters: readonly string[];
  readonly #blobs: Blobs;
  #dirty: Promise<RawChange[]> | undefined;
  #untracked: Promise<string[]> | undefined;

  private constructor(console: Console, top: string, withoutFilters: readonly string[]) {
    this.#console = console;
    this.#top = top;
    this.#withoutFilters = withoutFilters;
    this.#blobs = new Blobs(console.git, top);
  }

  /** The repository of the current folder, or of the first of `roots` when there is none. All of them must lie in it. */
  static async around(roots: readonly string[], console: Console): Promise<Repository> {
    const [first = console.cwd] = roots;
    let folder = console.cwd;
    let answer = await ask(console.git, folder, ['rev-parse', '--show-prefix']);
    if (answer.code !== 0 && !isInside(folder, first)) {
      folder = await console.host.list(first).then(() => first, () => folderOf(first));
      answer = await ask(console.git, folder, ['rev-parse', '--show-prefix']);
    }
    if (answer.code !== 0) throw new UsageError(noRepository(folder === console.cwd ? 'this folder' : relativePath(console.cwd, folder), answer.error));
    const depth = decode(answer.out).split('/').length - 1;
    const top = resolvePath(folder, '../'.repeat(depth));
    const outside = roots.find((root) => root !== top && !isInside(top, root));
    if (outside !== undefined) throw new UsageError(`${relativePath(console.cwd, outside)} lies outside of the repository ${top}`);
    return new Repository(console, top, await filtersOff(console.git, top));
  }

  /** The name of a commit; undefined when there is none of that name. */
  async commit(ref: string): Promise<string | undefined> {
    if (ref.startsWith('-') || ref === '') return undefined;
    const { code, out } = await this.#ask('rev-parse', '--verify', '--quiet', `${ref}^{commit}`);
    return code === 0 ? decode(out).trim() : undefined;
  }

  async known(ref: string): Promise<string> {
    const commit = await this.commit(ref);
    if (commit !== undefined) return commit;
    throw new UsageError(await this.#isShallow()
      ? `git knows no commit '${ref}'; the clone is shallow, so fetch more of the history first: git fetch --unshallow`
      : `git knows no commit '${ref}'`);
  }

  /** The last commit, or the empty tree where there is none yet. */
  async head(): Promise<string> {
    return await this.commit('HEAD') ?? decode((await this.#ask('hash-object', '-t', 'tree', '--stdin')).out).trim();
  }

  /** Where the history of `ref` and that of `other` part. */
  async fork(ref: string, other = 'HEAD'): Promise<string> {
    const [from, to] = [await this.known(ref), await this.known(other)];
    const { code, out } = await this.#ask('merge-base', from, to);
    if (code === 0) return decode(out).trim();
    throw new UsageError(await this.#isShallow()
      ? `the clone is shallow and lacks the commit where ${ref} and ${other} part; fetch more of the history first: git fetch --unshallow`
      : `${ref} and ${other} have no commit in common`);
  }

  /** From a commit to what is on disk. */
  async sinceTree(tree: string): Promise<Change> {
    const changes = await this.#fromTree(tree);
    const untracked = await this.#others();
    return changeOf(await this.#viewOf(tree), this.#console.host, [...changes, ...untracked.map((path) => ({ path, old: undefined, new: '', status: 'A' }))]);
  }

  /** From the last commit to what the next one will hold. */
  async staged(): Promise<Change> {
    const head = await this.head();
    const changes = this.#read(await this.#ask('diff-index', '--cached', ...raw, head));
    this.#dirty ??= this.#ask('diff-files', ...raw).then((answer) => this.#read(answer));
    return changeOf(await this.#viewOf(head), await this.#view(await this.#dirty), changes);
  }

  async between(before: string, after: string): Promise<Change> {
    const changes = this.#read(await this.#ask('diff-tree', '-r', ...raw, before, after));
    return changeOf(await this.#viewOf(before), await this.#viewOf(after), changes);
  }

  async #viewOf(tree: string): Promise<Host> {
    return this.#view(await this.#fromTree(tree));
  }

  async #fromTree(tree: string): Promise<RawChange[]> {
    return this.#read(await this.#ask('diff-index', ...raw, tree));
  }

  /** The disk with the old side of the changes in place of what is there. */
  async #view(changes: readonly RawChange[]): Promise<Host> {
    const files = new Map<string, ReadElsewhere | undefined>();
    for (const path of await this.#others()) files.set(path, undefined);
    for (const { path, old } of changes) files.set(path, old === undefined ? undefined : () => this.#blobs.read(old));
    return replaced(this.#console.host, files);
  }

  /** Files that git neither keeps nor ignores. */
  #others(): Promise<string[]> {
    return this.#untracked ??= this.#ask('ls-files', '--others', '--exclude-standard', '-z').then(({ out }) => namesIn(out).map((name) => resolvePath(this.#top, name)));
  }

  #read({ out }: { out: Uint8Array }): RawChange[] {
    const words = namesIn(out);
    const changes: RawChange[] = [];
    for (let i = 0; i + 1 < words.length; i += 2) {
      const [oldMode, newMode, oldName, newName, status] = words[i]!.slice(1).split(' ') as [string, string, string, string, string];
      // While a merge waits for a hand there is no one version; what is on disk counts.
      if (status === 'U') continue;
      changes.push({ path: resolvePath(this.#top, words[i + 1]!), old: isFile(oldMode) ? oldName : undefined, new: isFile(newMode) ? newName : undefined, status });
    }
    return changes;
  }

  async #isShallow(): Promise<boolean> {
    return decode((await this.#ask('rev-parse', '--is-shallow-repository')).out).trim() === 'true';
  }

  async #ask(...args: string[]): ReturnType<Git> {
    const answer = await ask(this.#console.git, this.#top, [...this.#withoutFilters, ...args]);
    if (answer.code > 1) {
      if (args[0] === 'rev-parse') return answer;
      throw new UsageError(`git ${args[0]} failed: ${answer.error.trim().split('\n')[0]}`);
    }
    return answer;
  }
}

const raw = ['--raw', '-z', '--no-renames', '--no-abbrev', '--ignore-submodules=all'] as const;

/** Options that take the programs away from every filter that any configuration names. */
async function filtersOff(git: Git, folder: string): Promise<string[]> {
  const { out } = await ask(git, folder, ['config', '--name-only', '-z', '--get-regexp', '^filter\\.']);
  const names = [...new Set(namesIn(out).map((key) => key.replace(/\.[^.]*$/, '')))];
  const odd = names.find((name) => name.includes('='));
  if (odd !== undefined) throw new UsageError(`git's configuration has the filter '${odd}', which cannot be switched off because of the = in its name`);
  return names.flatMap((name) => ['-c', `${name}.clean=`, '-c', `${name}.process=`, '-c', `${name}.required=false`]);
}

function changeOf(before: Host, after: Host, changes: readonly RawChange[]): Change {
  const files = changes.filter((change) => change.old !== undefined || change.new !== undefined);
  return { before, after, paths: new Set(files.map(({ path }) => path)), gone: new Set(files.flatMap((change) => (change.new === undefined ? [change.path] : []))) };
}

function isFile(mode: string): boolean {
  return mode.startsWith('100');
}

async function ask(git: Git, folder: string, args: readonly string[], input?: string): ReturnType<Git> {
  try {
    return await git(folder, args, input);
  } catch (error) {
    const missing = (error as { code?: unknown } | undefined)?.code === 'ENOENT';
    throw new UsageError(missing ? 'git is needed for this and was not found on this machine' : `git cannot be run: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function noRepository(folder: string, error: string): string {
  if (/dubious ownership/.test(error)) return `git does not trust the repository around ${folder}, because it belongs to another user; git config --global --add safe.directory tells it to`;
  if (/not a git repository/.test(error)) return `${folder} lies in no git repository`;
  return `git finds no repository around ${folder}: ${error.trim().split('\n')[0]}`;
}

/** Contents by their names. What is asked for at the same time is read at once. */
class Blobs {
  readonly #git: Git;
  readonly #folder: string;
  readonly #known = new Map<string, Promise<Uint8Array>>();
  #next: { readonly names: string[]; readonly contents: Promise<ReadonlyMap<string, Uint8Array>> } | undefined;

  constructor(git: Git, folder: string) {
    this.#git = git;
    this.#folder = folder;
  }

  read(name: string): Promise<Uint8Array> {
    let content = this.#known.get(name);
    if (content === undefined) this.#known.set(name, content = this.#soon(name));
    return content;
  }

  async #soon(name: string): Promise<Uint8Array> {
    const names = this.#next?.names ?? [];
    this.#next ??= { names, contents: this.#all(names) };
    names.push(name);
    const content = (await this.#next.contents).get(name);
    if (content === undefined) throw new Error(`git lacks the content ${name}; a partial clone fetches it with git checkout`);
    return content;
  }

  async #all(names: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.#next = undefined;
    return blobsIn((await ask(this.#git, this.#folder, ['cat-file', '--batch'], `${names.join('\n')}\n`)).out);
  }
}

/** The answer of `git cat-file --batch`: `name blob size`, a line break, the content, a line break. */
function blobsIn(bytes: Uint8Array): Map<string, Uint8Array> {
  const found = new Map<string, Uint8Array>();
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(10, at);
    if (end < 0) break;
    const [name = '', kind, size] = decode(bytes.subarray(at, end)).split(' ');
    at = end + 1;
    if (kind === 'missing') continue;
    found.set(name, bytes.subarray(at, at + Number(size)));
    at += Number(size) + 1;
  }
  return found;
}

function namesIn(bytes: Uint8Array): string[] {
  return decode(bytes).split('\0').filter((name) => name !== '');
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
