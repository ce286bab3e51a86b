import { grouped } from '../grouped.ts';
import { baseName, folderOf, resolvePath } from '../paths.ts';
import type { Claim, Found } from './found.ts';
import { below } from './globs.ts';

/** `committed/000001.sql`, then what is being worked on. */
export function* graphile(files: Found): Iterable<Claim> {
  for (const [folder, committed] of files.folders()) {
    if (baseName(folder) !== 'committed' || !committed.some((path) => /^\d{6}(?:-[^/]*)?\.sql$/.test(baseName(path)))) continue;
    const home = folderOf(folder);
    const current = files.free.filter((path) => /^current(?:\.sql$|\/[^/]+\.sql$)/.test(below(home, path)));
    yield { layout: 'graphile-migrate', applied: [...committed, ...current], alone: files.free.filter((path) => /^fixtures\//.test(below(home, path))) };
  }
}

/** One folder for each migration: `20240102030405_name/migration.sql` (Prisma), `…/up.sql` and `…/down.sql` (Diesel, Hasura). */
export function* migrationFolders(files: Found): Iterable<Claim> {
  const inDated = files.free.filter((path) => /(?:^|\/)\d[^/]*\/(?:migration|up|down)\.sql$/.test(path));
  for (const [home, own] of grouped(inDated, (path) => folderOf(folderOf(path)))) {
    const provider = /^\s*provider\s*=\s*"(\w+)"/m.exec(files.read(resolvePath(home, 'migration_lock.toml')) ?? '')?.[1];
    const down = own.filter((path) => baseName(path) === 'down.sql');
    const there = own.filter((path) => baseName(path) !== 'down.sql');
    const prisma = there.some((path) => baseName(path) === 'migration.sql');
    const up = there.sort(prisma ? byFolder : byFolderVersion);
    if (provider !== undefined && !/^(?:postgresql|cockroachdb)$/.test(provider)) yield { layout: 'scripts', applied: up, alone: down };
    else yield { layout: prisma ? 'prisma' : 'up-folders', applied: up, alone: down };
  }
}

/** Prisma compares the whole names of the folders, as text. */
function byFolder(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Diesel compares what stands in front of the first underscore, without its hyphens, as text. */
function byFolderVersion(a: string, b: string): number {
  const version = (path: string): string => baseName(folderOf(path)).split('_')[0]!.replaceAll('-', '');
  return byFolder(version(a), version(b)) || byFolder(a, b);
}
