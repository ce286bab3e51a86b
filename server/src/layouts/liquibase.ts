import { folderOf, resolvePath } from '../paths.ts';
import type { Claim, Found } from './found.ts';
import { byNumbers } from './order.ts';

/** What the changelogs include, in that order. Without one, formatted SQL runs in the order of its names. */
export function* liquibase(files: Found): Iterable<Claim> {
  const logs = files.named(/changelog[^/]*\.(?:xml|ya?ml|json|sql)$/i);
  const included = new Map(logs.map((log) => [log, includes(log, files)]));
  const inner = new Set([...included.values()].flat());
  for (const log of logs.filter((path) => !inner.has(path))) {
    const free = new Set(files.free);
    const applied = unfold(log, included, new Set()).filter((path) => free.has(path));
    if (applied.length > 1 || (applied.length > 0 && applied[0] !== log)) yield { layout: 'liquibase', applied };
  }
  for (const [, own] of files.folders()) {
    const formatted = own.filter((path) => logs.includes(path) && formattedSql.test(files.read(path) ?? '')).sort(byNumbers);
    if (formatted.length > 0) yield { layout: 'liquibase', applied: formatted };
  }
}

const formattedSql = /^\s*--\s*liquibase\s+formatted\s+sql\b/im;

/** The files that a changelog names. A name is meant from the changelog's folder, or from some folder above it that the tool searches. */
function includes(log: string, files: Found): string[] {
  const text = files.read(log) ?? '';
  if (/\.sql$/i.test(log)) return [];
  const names = [...text.matchAll(/\b(file|path)["']?\s*[:=]\s*["']?([^"'\s>,}]+)/g)].map(([, , name]) => name!.replace(/^classpath:\/?/, ''));
  return names.flatMap((name) => {
    for (let folder = folderOf(log); ; folder = folderOf(folder)) {
      const found = files.at(resolvePath(folder, name));
      if (found.length > 0) return found.filter((path) => path !== log);
      if (folder === '' || folder === folderOf(folder)) return [];
    }
  });
}

function unfold(path: string, included: ReadonlyMap<string, readonly string[]>, seen: Set<string>): string[] {
  if (seen.has(path)) return [];
  seen.add(path);
  const inner = included.get(path) ?? [];
  return [...(/\.sql$/i.test(path) ? [path] : []), ...inner.flatMap((next) => unfold(next, included, seen))];
}
