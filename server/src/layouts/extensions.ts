import { grouped } from '../grouped.ts';
import { baseName, folderOf, resolvePath } from '../paths.ts';
import type { Claim, Found } from './found.ts';
import { compareVersions } from './order.ts';

/** `name--1.0.sql` installs an extension, `name--1.0--1.1.sql` updates it: a set is one script that installs and the way to the newest version. */
export function* extensions(files: Found): Iterable<Claim> {
  const scripts = files.free.filter((path) => extensionName.test(baseName(path)));
  for (const [key, own] of grouped(scripts, (path) => resolvePath(folderOf(path), extensionName.exec(baseName(path))![1]!))) {
    const steps = own.map((path) => { const [, , from, to] = extensionName.exec(baseName(path))!; return { path, from: from!, to }; });
    const wanted = /^\s*default_version\s*=\s*'([^']+)'/m.exec(files.read(`${key}.control`) ?? '')?.[1];
    const ways = steps.filter(({ to }) => to === undefined).map(({ path, from }) => [path, ...wayTo(from, wanted, steps)]);
    const updates = steps.filter(({ to }) => to !== undefined).sort((a, b) => compareVersions(a.from, b.from)).map(({ path }) => path);
    ways.sort((a, b) => b.length - a.length);
    if (ways.length === 0) yield { layout: 'extension', applied: updates };
    for (const applied of ways) yield { layout: 'extension', applied, alone: updates };
  }
}

const extensionName = /^(.+?)--([^-].*?)(?:--(.+?))?\.sql$/;

/** The updates from a version to the wanted one, else to the newest that can be reached, in the longest steps that PostgreSQL would take: the fewest. */
function wayTo(from: string, wanted: string | undefined, steps: readonly { readonly path: string; readonly from: string; readonly to: string | undefined }[]): string[] {
  const ways = new Map<string, readonly string[]>([[from, []]]);
  for (const [version, way] of ways) {
    for (const step of steps) if (step.from === version && step.to !== undefined && !ways.has(step.to)) ways.set(step.to, [...way, step.path]);
  }
  const newest = [...ways.keys()].sort(compareVersions).at(-1)!;
  return [...ways.get(wanted ?? newest) ?? ways.get(newest)!];
}
