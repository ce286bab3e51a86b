import type { Files, FileSet } from '../server/src/document.ts';
import { fileSet, planSets } from '../server/src/migrations.ts';
import { folderOf } from '../server/src/paths.ts';

/** The files around a document, by path. Whatever is not named does not exist. */
export function filesOf(texts: Readonly<Record<string, string>>): Files {
  const names = Object.keys(texts);
  return {
    read: (path) => texts[path],
    list: (folder) => names.filter((path) => folderOf(path) === folder).map((path) => path.slice(folder === '' ? 0 : folder.length + 1)).sort(),
    missing: (path) => texts[path] === undefined && !/^(\/|\.\.)/.test(path),
  };
}

/** The set that a SQL file belongs to among others, as their names tell. */
export function setOf(path: string, texts: Readonly<Record<string, string>>): FileSet | undefined {
  const plan = planSets('', Object.keys(texts), (file) => texts[file]).of(path);
  return plan && fileSet(plan, (file) => ({ path: file, text: texts[file]! }));
}
