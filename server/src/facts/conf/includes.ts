import type { Document, Files } from '../../document.ts';
import { folderOf, resolvePath } from '../../paths.ts';
import { parseConf, type ConfInclude } from '../../syntax/conf.ts';

/** Why the server refuses a file with this include. */
export type IncludeProblem = 'missing' | 'folder' | 'no-folder' | 'itself' | 'deep';

/** The depth at which the server gives up. */
export const deepestInclude = 10;

/** What is wrong with an include of this document, as far as it can be seen in the workspace. */
export function includeProblem(document: Document, { kind, target }: ConfInclude): IncludeProblem | undefined {
  const { path: from, files } = document;
  const path = resolvePath(folderOf(from), target.text);
  const isFile = files.read(path) !== undefined;
  const isFolder = files.list(path).length > 0;
  if (kind === 'include_dir') {
    if (isFile) return 'no-folder';
    // An empty folder is not in a repository, but a data directory is here as a whole.
    return !isFolder && files.missing(path) && isDataDirectory(document) ? 'missing' : undefined;
  }
  if (isFolder) return 'folder';
  if (!isFile) return kind === 'include' && files.missing(path) ? 'missing' : undefined;
  return follow(document, path, 1, new Map());
}

/** The files of a folder that `include_dir` reads, in its order. */
export function confFilesIn(files: Files, folder: string): string[] {
  return files.list(folder).filter((name) => name.endsWith('.conf') && !name.startsWith('.')).map((name) => resolvePath(folder, name));
}

function isDataDirectory({ path, files }: Document): boolean {
  return files.read(resolvePath(folderOf(path), 'PG_VERSION')) !== undefined;
}

/** Follows the includes of the file `path`, which is `depth` includes away from the document. `seen`: the greatest depth of each file so far. */
function follow(document: Document, path: string, depth: number, seen: Map<string, number>): 'itself' | 'deep' | undefined {
  if (path === document.path) return 'itself';
  if (depth > deepestInclude) return 'deep';
  if ((seen.get(path) ?? 0) >= depth) return undefined;
  seen.set(path, depth);
  for (const { kind, target, template } of parseConf(document.files.read(path) ?? '').includes) {
    if (template || target.text === '') continue;
    const next = resolvePath(folderOf(path), target.text);
    const targets = kind === 'include_dir' ? confFilesIn(document.files, next) : [next];
    for (const one of targets) {
      const found = follow(document, one, depth + 1, seen);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}
