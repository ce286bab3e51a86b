import type { Host } from './host.ts';
import { baseName, folderOf } from './paths.ts';

/** Reads a file as it is elsewhere. */
export type ReadElsewhere = () => Promise<Uint8Array>;

/** A host on which some files read differently, or are not there: those that are undefined. */
export function replaced(host: Host, files: ReadonlyMap<string, ReadElsewhere | undefined>): Host {
  const children = childrenOf(files);
  const read = (path: string) => {
    if (!files.has(path)) return host.read(path);
    return files.get(path)?.() ?? Promise.reject(Object.assign(new Error(`${path} is not there`), { code: 'ENOENT' }));
  };
  return {
    read,
    async list(folder) {
      const own = children.get(folder);
      if (own === undefined) return host.list(folder);
      const made = [...own].filter(([, kind]) => kind !== 'gone');
      const known = await host.list(folder).catch((error: unknown) => {
        if (made.length === 0) throw error;
        return [];
      });
      const names = new Set(known.map(({ name }) => name));
      return [...known.filter(({ name }) => own.get(name) !== 'gone'), ...made.flatMap(([name, kind]) => (names.has(name) ? [] : [{ name, folder: kind === 'folder' }]))];
    },
    ...host.size && { size: async (path: string) => (files.has(path) ? (await read(path)).length : host.size!(path)) },
  };
}

type Kind = 'file' | 'folder' | 'gone';

/** What is in the folders that lead to the files, by name. */
function childrenOf(files: ReadonlyMap<string, ReadElsewhere | undefined>): ReadonlyMap<string, ReadonlyMap<string, Kind>> {
  const children = new Map<string, Map<string, Kind>>();
  const add = (path: string, kind: Kind) => {
    const folder = folderOf(path);
    const own = children.get(folder) ?? new Map<string, Kind>();
    children.set(folder, own.set(baseName(path), kind));
  };
  for (const [path, content] of files) {
    add(path, content ? 'file' : 'gone');
    if (!content) continue;
    for (let folder = folderOf(path); folder !== '' && folderOf(folder) !== folder; folder = folderOf(folder)) add(folder, 'folder');
  }
  return children;
}
