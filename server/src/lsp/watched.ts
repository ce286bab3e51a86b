import ignore from 'ignore';
import { FileChangeType, WatchKind, type FileEvent, type FileSystemWatcher } from 'vscode-languageserver';
import type { Host } from '../host.ts';
import { isBuiltInExclude, walk } from '../walk.ts';
import { filePath } from './places.ts';

const patterns = [
  '**/*.conf', '**/{postgresql,pg_hba,pg_ident}.conf.*', '**/*.{sql,psql,pgsql,plpgsql,control}', '**/{sqitch.plan,migration_lock.toml,_journal.json}',
  '**/supabase/config.toml', '**/*changelog*.{xml,yml,yaml,json}', '**/PG_VERSION', '**/{pgrampart,.pgrampart}.jsonc', '**/*baseline*.json',
  '**/*compose*.{yml,yaml}', '**/*{Dockerfile,dockerfile,Containerfile}*', '**/.gitignore',
];

/** An editor tells of a folder that was moved, or was made with all that is in it, but not of its files; and no pattern tells a folder from a file. */
export const watchers: FileSystemWatcher[] = [
  ...patterns.map((globPattern) => ({ globPattern })),
  { globPattern: '**/*', kind: WatchKind.Create | WatchKind.Delete },
];

/** Paths of the files that are not what they were. `below`: the known files in a folder that is gone. */
export async function changedFiles(changes: readonly FileEvent[], host: Host, below: (folder: string) => readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const { uri, type } of changes) {
    const path = filePath(uri);
    if (path === undefined) continue;
    if (isWatched(path)) files.push(path);
    else if (type === FileChangeType.Deleted) files.push(...below(path));
    else if (type === FileChangeType.Created) files.push(...await filesIn(path, host));
  }
  return files;
}

async function filesIn(path: string, host: Host): Promise<string[]> {
  if (path.split('/').some(isBuiltInExclude)) return [];
  const found = await walk(host, [path], { also: isWatched });
  return found.filter(({ failure, named }) => !named && failure === undefined).map((file) => file.path);
}

function isWatched(path: string): boolean {
  return matcher.ignores(path.replace(/^([a-z]:)?\/+/i, ''));
}

const matcher = ignore().add(patterns.flatMap(alternatives));

/** `*.{yml,yaml}` as `*.yml` and `*.yaml`: the language of .gitignore has no braces. */
function alternatives(pattern: string): string[] {
  const [whole, before, words, behind] = /^(.*?)\{([^}]*)\}(.*)$/.exec(pattern) ?? [];
  return whole === undefined ? [pattern] : words!.split(',').flatMap((word) => alternatives(`${before}${word}${behind}`));
}
