import { grouped } from '../grouped.ts';
import { baseName, folderOf, resolvePath } from '../paths.ts';
import type { Claim, Found } from './found.ts';
import { byNumbers, compareVersions } from './order.ts';
import { isMigrationFolder, isWayBack } from './way-back.ts';

/** The container images of PostgreSQL run these in the order of their names when the database is empty. */
export function* initScripts(files: Found): Iterable<Claim> {
  for (const [folder, own] of files.folders()) {
    if (/^docker-entrypoint-initdb(?:\.d)?$|^initdb(?:\.d)?$/.test(baseName(folder))) yield { layout: 'scripts', applied: own };
  }
}

/** Drizzle's own list says which files it applies. */
export function* drizzle(files: Found): Iterable<Claim> {
  for (const journal of files.named(/(?:^|\/)meta\/_journal\.json$/)) {
    const home = folderOf(folderOf(journal));
    const own = files.free.filter((path) => folderOf(path) === home);
    const text = files.read(journal) ?? '';
    const tags = [...text.matchAll(/"tag"\s*:\s*"([^"]+)"/g)].map(([, tag]) => resolvePath(home, `${tag}.sql`));
    yield { layout: 'drizzle', applied: tags.length > 0 ? tags.filter((path) => own.includes(path)) : own.sort(byNumbers), list: { path: journal, text } };
  }
}

/** `000001_name.up.sql` and `000001_name.down.sql`. Folders with nothing but a number as their name follow one another. */
export function* pairs(files: Found): Iterable<Claim> {
  const all = files.free.filter((path) => isWayThere(path) || isWayBack(path));
  for (const [, own] of grouped(all, (path) => homeOf(folderOf(path)))) {
    const up = own.filter(isWayThere);
    const applied = forPostgres(up).sort(byNumbers);
    yield { layout: 'pairs', applied, alone: up.length > 0 ? own.filter((path) => !applied.includes(path)) : [] };
  }
}

function isWayThere(path: string): boolean {
  return /[._-]up\.sql$/i.test(path);
}

function homeOf(folder: string): string {
  return /^\d+$/.test(baseName(folder)) ? folderOf(folder) : folder;
}

/** Of `1_name.mysql.up.sql`, `1_name.postgres.up.sql` and `1_name.up.sql` the tool takes the one for the system, else the one for all. */
function forPostgres(paths: readonly string[]): string[] {
  const systemOf = (path: string): string | undefined => systemName.exec(baseName(path))?.[1]!.toLowerCase();
  const own = new Set(paths.filter((path) => systemOf(path)?.startsWith('postgres')).map((path) => path.replace(systemName, '.')));
  return paths.filter((path) => (systemOf(path) === undefined ? !own.has(path) : systemOf(path)!.startsWith('postgres')));
}

const systemName = /\.(postgres(?:ql)?|cockroach(?:db)?|mysql|mariadb|sqlite3?|mssql|sqlserver|oracle)\.(?=[^/]*up\.sql$)/i;

export const numberedName = /^[vV]?\d+(?:[._]\d+)*(?:[_\-. ][^/]*)?\.\w+$/;

/** Numbers or timestamps in front of the names of one folder. A single such file is no order, except in a folder of migrations. */
export function* numbered(files: Found): Iterable<Claim> {
  for (const [folder, all] of files.folders()) {
    const own = all.filter((path) => numberedName.test(baseName(path)));
    const applied = own.filter((path) => !isWayBack(path)).sort((a, b) => compareVersions(numberOf(a), numberOf(b)) || byNumbers(a, b));
    const migrates = isMigrationFolder(folder) || (own.length > 1 && own.every((path) => /^\d{8}/.test(baseName(path))));
    if (applied.length > 1 || migrates) yield { layout: migrates ? 'numbered' : 'scripts', applied, alone: own.filter(isWayBack) };
  }
}

/** `migrations/v1.1.9/01_a.sql`, `migrations/v1.1.10/01_b.sql`: a folder of each version, with numbers in front of the names in it. */
export function* versionFolders(files: Found): Iterable<Claim> {
  const all = files.free.filter((path) => numberedName.test(baseName(path)) && /^v?\d+(?:\.\d+)+$/i.test(baseName(folderOf(path))) && isMigrationFolder(folderOf(folderOf(path))));
  for (const [, own] of grouped(all, (path) => folderOf(folderOf(path)))) {
    if (new Set(own.map(folderOf)).size < 2) continue;
    const applied = own.filter((path) => !isWayBack(path)).sort((a, b) => compareVersions(baseName(folderOf(a)), baseName(folderOf(b))) || compareVersions(numberOf(a), numberOf(b)) || byNumbers(a, b));
    yield { layout: 'numbered', applied, alone: own.filter(isWayBack) };
  }
}

function numberOf(path: string): string {
  return /^[vV]?(\d+(?:\.\d+)*)/.exec(baseName(path))?.[1] ?? '';
}
