import { constants, type Dirent, type Stats } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from './host.ts';
import { longestText } from './text.ts';

/** The disk. */
export const nodeHost: Host = disk();

/** `mustFit` rejects for a file of so many bytes that is better not read. */
export function disk(mustFit?: (path: string, bytes: number) => Promise<void>): Host {
  return {
    async read(path) {
      // Who opens a pipe is made to wait for somebody who writes.
      const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
      try {
        const about = await file.stat();
        mustEnd(about);
        if (about.size > longestText) throw Object.assign(new Error('too large'), { code: 'ERR_FS_FILE_TOO_LARGE' });
        await mustFit?.(path, about.size);
        return await file.readFile();
      } finally {
        await file.close();
      }
    },
    async size(path) {
      const about = await stat(path);
      mustEnd(about);
      return about.size;
    },
    async list(folder) {
      const entries = await readdir(folder, { withFileTypes: true });
      const kinds = await Promise.all(entries.map((entry) => kindOf(folder, entry)));
      return entries.flatMap((entry, i) => (kinds[i] === 'other' ? [] : [{ name: entry.name, folder: kinds[i] === 'folder' }]));
    },
  };
}

/** Reading a pipe or a device may never end, whatever link leads there. */
function mustEnd(about: Stats): void {
  if (!about.isFile() && !about.isDirectory()) throw Object.assign(new Error('neither a file nor a folder'), { code: 'ENOTFILE' });
}

/** Sockets and pipes are `other`, because reading one may never end; so are links to folders. A dangling link counts as a file. */
async function kindOf(folder: string, entry: Dirent): Promise<'file' | 'folder' | 'other'> {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  if (!entry.isSymbolicLink()) return 'other';
  const target = await stat(join(folder, entry.name)).catch(() => undefined);
  return target === undefined || target.isFile() ? 'file' : 'other';
}
