import type { Document, Files, FileSet } from './document.ts';
import { noFiles, withText } from './document.ts';
import { isTelling } from './facts/place.ts';
import { isVersioned } from './facts/sql/extension-script.ts';
import type { Host } from './host.ts';
import { baseName, folderOf, isInside, resolvePath } from './paths.ts';
import type { Language } from './rules/rule.ts';
import { longestText } from './text.ts';

/** Includes nest ten deep at most on a server; far more files than that are somebody's mistake. */
const mostFiles = 64;
/** A file of the size of a dictionary may name one file per word. */
const mostAttempts = 512;

/**
 * Makes a document out of a text: for configuration files the includes and the neighbours of the same cluster are read first.
 * Nothing outside of `roots` is read; for a document that lies in none of them, nothing outside of its own folder.
 * `set` is what SQL is looked at with.
 */
export async function openDocument(
  host: Host, path: string, text: string, language: Language, version: number, roots: readonly string[] = [], set?: FileSet,
): Promise<Document> {
  const top = isTelling(path) ? await topOf(host, path, roots) : undefined;
  const about = { path, ...top !== undefined && { top }, text, language, version };
  if (language !== 'sql') return { ...about, files: await readNeighbours(host, path, text, roots) };
  const document: Document = { ...about, files: await listAround(host, path, roots), ...set && { set } };
  return set === undefined || set.files.some((file) => file.path === path && file.text === text) ? document : withText(document, text);
}

/** The folder that a project is in: the top of the repository or the outermost root, whichever reaches further. Undefined when the file lies in neither. */
async function topOf(host: Host, path: string, roots: readonly string[]): Promise<string | undefined> {
  const around = roots.filter((root) => isInside(root, path));
  const repository = await repositoryOf(host, folderOf(path));
  return [...around, ...repository === undefined ? [] : [repository]].sort((a, b) => a.length - b.length)[0];
}

const repositories = new WeakMap<Host, Map<string, Promise<string | undefined>>>();

/** Folders are asked once: there are many files in one. */
function repositoryOf(host: Host, folder: string): Promise<string | undefined> {
  const known = repositories.get(host) ?? new Map<string, Promise<string | undefined>>();
  repositories.set(host, known);
  let found = known.get(folder);
  if (found === undefined) known.set(folder, (found = findRepository(host, folder)));
  return found;
}

async function findRepository(host: Host, folder: string): Promise<string | undefined> {
  // Worktrees and submodules have a file of that name.
  for (const name of ['.git/HEAD', '.git']) if (await host.read(resolvePath(folder, name)).then(() => true, () => false)) return folder;
  const above = folderOf(folder);
  return above === folder || above === '' ? undefined : repositoryOf(host, above);
}

/** Of SQL the names are known that tell what a script is for: versions of an extension beside it, the results that pg_regress expects. */
async function listAround(host: Host, path: string, roots: readonly string[]): Promise<Files> {
  const folder = folderOf(path);
  const expected = resolvePath(folder, '../expected');
  const wanted = isVersioned(path) ? folder : baseName(folder) === 'sql' && roots.some((root) => isInside(root, expected)) ? expected : undefined;
  const entries = wanted === undefined ? undefined : await host.list(wanted).catch(() => undefined);
  if (entries === undefined) return noFiles;
  const names = entries.filter((entry) => !entry.folder).map((entry) => entry.name).sort();
  return { ...noFiles, list: (name) => (name === wanted ? names : []) };
}

/** The text of a file, or undefined when its bytes are not text, or too many. A byte order mark stays as U+FEFF at offset 0. */
export function decode(bytes: Uint8Array): string | undefined {
  if (bytes.length > longestText) return undefined;
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le', { ignoreBOM: true }).decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be', { ignoreBOM: true }).decode(bytes);
  if (bytes.subarray(0, 8192).includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return new TextDecoder('latin1', { ignoreBOM: true }).decode(bytes);
  }
}

const clusterNames = ['postgresql.conf', 'postgresql.auto.conf', 'pg_hba.conf', 'pg_ident.conf', 'PG_VERSION', '../postgresql.conf'];

async function readNeighbours(host: Host, path: string, text: string, roots: readonly string[]): Promise<Files> {
  const texts = new Map<string, string>();
  const folders = new Map<string, readonly string[]>();
  const missing = new Set<string>();
  const folder = folderOf(path);
  const around = roots.filter((root) => isInside(root, path));
  const allowed = around.length > 0 ? roots : [folder];
  const waiting = [...referencesIn(folder, text), ...clusterNames.map((name) => resolvePath(folder, name))];
  const seen = new Set([path]);
  for (let next = waiting.shift(); next !== undefined && texts.size < mostFiles && seen.size < mostAttempts; next = waiting.shift()) {
    const target = next;
    if (seen.has(target) || !allowed.some((root) => isInside(root, target))) continue;
    seen.add(target);
    const found = await host.read(target).then(decode, () => undefined);
    if (found !== undefined) {
      texts.set(target, found);
      waiting.push(...referencesIn(folderOf(target), found));
      continue;
    }
    const entries = await host.list(target).catch(() => undefined);
    if (entries === undefined) {
      missing.add(target);
      continue;
    }
    const names = entries.filter((entry) => !entry.folder).map((entry) => entry.name).sort();
    folders.set(target, names);
    waiting.push(...names.filter((name) => name.endsWith('.conf')).map((name) => resolvePath(target, name)));
  }
  return {
    read: (file) => (file === path ? text : texts.get(file)),
    list: (name) => folders.get(name) ?? [],
    missing: (file) => missing.has(file),
  };
}

const anyKeyword = /include|hba_file|ident_file|data_directory|ssl_key_file/i;
const includePattern = /^[ \t]*(include(?:_if_exists|_dir)?|hba_file|ident_file|data_directory|ssl_key_file)[ \t]*=?[ \t]*(?:'([^'\n]+)'|"([^"\n]+)"|([^\s'"#]+))/gim;
const atPattern = /(?:^|[\s,])@(?:"([^"\n]+)"|([^\s,"#]+))/g;

/** Every file that a configuration text may refer to. One too many costs a failed read, no more. */
function referencesIn(folder: string, text: string): string[] {
  const names: string[] = [];
  for (const [, keyword, a, b, c] of anyKeyword.test(text) ? text.matchAll(includePattern) : []) {
    const name = a ?? b ?? c ?? '';
    // Of a data directory only what ALTER SYSTEM writes is of interest.
    names.push(keyword!.toLowerCase() === 'data_directory' && name !== '' ? `${name}/postgresql.auto.conf` : name);
    if (keyword!.toLowerCase() === 'ssl_key_file') names.push(baseName(name));
  }
  for (const [, a, b] of text.includes('@') ? text.matchAll(atPattern) : []) names.push(a ?? b ?? '');
  return names.filter((name) => name !== '').map((name) => resolvePath(folder, name));
}
