import { grouped } from '../grouped.ts';
import { baseName, folderOf } from '../paths.ts';
import type { Claim, Found } from './found.ts';
import { byNumbers, compareVersions } from './order.ts';

const flywayName = /^([VURB])(\d[\d._]*|)__[^/]*\.sql$/i;

/** Versioned migrations by version, then repeatable ones by description. A baseline stands for all versions up to its own. */
export function* flyway(files: Found): Iterable<Claim> {
  const own = files.free.filter((path) => flywayName.test(baseName(path)) || /^(?:before|after)Migrate(?:__[^/]*)?\.sql$/.test(baseName(path)));
  const folders = [...new Set(own.map(folderOf))];
  for (const inside of together([...grouped(own, (path) => locationOf(folderOf(path), folders))])) {
    const kind = (letter: string) => inside.filter((path) => flywayName.exec(baseName(path))?.[1]!.toUpperCase() === letter);
    const byVersion = (a: string, b: string) => compareVersions(versionIn(a), versionIn(b)) || byNumbers(a, b);
    const baseline = kind('B').sort(byVersion).at(-1);
    const later = kind('V').sort(byVersion).filter((path) => baseline === undefined || compareVersions(versionIn(path), versionIn(baseline)) > 0);
    const hook = (when: string) => inside.filter((path) => baseName(path).startsWith(`${when}Migrate`));
    const repeatable = kind('R').sort((a, b) => (baseName(a) < baseName(b) ? -1 : 1));
    const applied = [...hook('before'), ...(baseline === undefined ? [] : [baseline]), ...later, ...repeatable, ...hook('after')];
    yield { layout: 'flyway', applied, alone: inside.filter((path) => !applied.includes(path)) };
  }
}

/** What is there for PostgreSQL alone runs with the rest of its resources, where no version stands in both. */
function together(locations: readonly (readonly [string, readonly string[]])[]): readonly (readonly string[])[] {
  const versions = (paths: readonly string[]): readonly string[] => paths.map(versionIn).filter((version) => version !== '');
  const rootOf = (folder: string): string | undefined => /^.*\/resources(?=\/)/.exec(folder)?.[0];
  const merged = new Map(locations);
  for (const [folder, paths] of locations) {
    if (!/\/postgres(?:ql)?(?:\/|$)/i.test(folder) || rootOf(folder) === undefined) continue;
    const others = locations.filter(([other, own]) => other !== folder && rootOf(other) === rootOf(folder) && versions(own).length > 0);
    const [general] = others.filter(([other]) => !vendorFolder.test(other));
    if (!general || others.filter(([other]) => !vendorFolder.test(other)).length > 1 || versions(general[1]).some((version) => versions(paths).includes(version))) continue;
    merged.delete(folder);
    merged.set(general[0], [...merged.get(general[0])!, ...paths]);
  }
  return [...merged.values()];
}

const vendorFolder = /\/(?:postgres(?:ql)?|pg|h2|mysql|mariadb|oracle|sqlserver|mssql|sqlite|cockroach(?:db)?|db2|hsqldb)(?=\/|$)/i;

/** Folders below a location belong to it, except when they are named after a database system. */
function locationOf(folder: string, folders: readonly string[]): string {
  const inside = /^(?:.*\/)?db\/migrations?(?=\/|$)/.exec(folder)?.[0];
  const vendor = inside === undefined ? undefined : new RegExp(`^${vendorFolder.source}`, 'i').exec(folder.slice(inside.length))?.[0];
  if (inside !== undefined) return inside + (vendor ?? '');
  return folders.find((other) => folder.startsWith(`${other}/`)) ?? folder;
}

function versionIn(path: string): string {
  return flywayName.exec(baseName(path))?.[2] ?? '';
}
