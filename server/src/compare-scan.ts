import type { Looked } from './diff/compare.ts';
import type { Host } from './host.ts';
import { detectLanguage } from './languages.ts';
import { folderOf } from './paths.ts';
import { scan, type ScanOptions } from './scan.ts';

/**
 * What a comparison needs of one state: the files that changed, the configuration files, which may include them, and the SQL files
 * beside those that came or went, which tell of which set they are.
 */
export async function lookForComparison(host: Host, roots: readonly string[], changed: ReadonlySet<string>, options: ScanOptions): Promise<Looked[]> {
  const folders = new Set([...changed].filter((path) => detectLanguage(path) === 'sql').map(folderOf));
  const only = (path: string) => changed.has(path) || (/\.conf/i.test(path) && changed.size > 0) || folders.has(folderOf(path));
  const looked: Looked[] = [];
  for await (const { document, findings } of scan(host, roots, { ...options, only })) {
    if (document) looked.push({ document, findings: findings! });
  }
  return looked;
}
