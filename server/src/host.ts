/** The outside world in a few verbs. Paths use `/`. Every verb rejects when it cannot do what it says. */
export interface Host {
  read(path: string): Promise<Uint8Array>;
  /** What is in a folder, in any order. Links to folders are left out, so that a walk ends. */
  list(folder: string): Promise<{ name: string; folder: boolean }[]>;
  /** Bytes in a file, where the host can tell without reading it. */
  size?(path: string): Promise<number>;
}

/** The code of an error about a file that there is no memory for. */
export const memoryCode = 'EMEMORY';

/** Why a verb was rejected, in words for a user. */
export function failureReason(error: unknown, path: string): string {
  const code = codeOf(error);
  // Whoever listed the folder has put this in place of what was there.
  if (code === 'ENOENT' && path.includes('\ufffd')) return 'has a name that is not UTF-8 and cannot be opened by it';
  return reasons[code] ?? (code === '' ? 'cannot be read' : `cannot be read (${code})`);
}

export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  FileNotFound: 'no such file or folder',
  ENOTDIR: 'no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  NoPermissions: 'permission denied',
  EISDIR: 'is a folder that cannot be listed',
  ELOOP: 'is a link to itself',
  ENOTFILE: 'is a pipe or a device, whose text may never end',
  EIO: 'the disk cannot read it',
  ENAMETOOLONG: 'its path is too long',
  [memoryCode]: 'needs more memory than Node.js allows: split it, leave it out with --exclude, or set NODE_OPTIONS=--max-old-space-size to more megabytes',
  ERR_FS_FILE_TOO_LARGE: 'larger than 512 MB, which no text can be',
};
