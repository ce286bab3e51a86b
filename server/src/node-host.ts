import type { Dirent } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from './host.ts';

/** The disk. */
export const nodeHost: Host = {
  read: (path) => readFile(path),
  size: async (path) => (await stat(path)).size,
  async list(folder) {
    const entries = await readdir(folder, { withFileTypes: true });
    const kinds = await Promise.all(entries.map((entry) => kindOf(folder, entry)));
    return entries.flatMap((entry, i) => (kinds[i] === 'other' ? [] : [{ name: entry.name, folder: kinds[i] === 'folder' }]));
  },
};

/** Sockets and pipes are `other`, because reading one may never end; so are links to folders. A dangling link counts as a file. */
async function kindOf(folder: string, entry: Dirent): Promise<'file' | 'folder' | 'other'> {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  if (!entry.isSymbolicLink()) return 'other';
  const target = await stat(join(folder, entry.name)).catch(() => undefined);
  return target === undefined || target.isFile() ? 'file' : 'other';
}
