import { chmod, open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Writes a file as a whole, or not at all: what a crash leaves is the old text or the new one. Links, modes and owners stay. Rejects with a reason for people. */
export async function writeAtomically(path: string, bytes: Uint8Array | Iterable<Uint8Array>): Promise<void> {
  try {
    await write(path, bytes);
  } catch (error) {
    throw new Error(reasonOf(error as NodeJS.ErrnoException), { cause: error });
  }
}

/** What the system says names the call that failed, and the temporary file. */
function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case 'EACCES': case 'EPERM': return 'you have no right to write there';
    case 'EROFS': return 'the file system is read-only';
    case 'ENOSPC': case 'EDQUOT': return 'there is no space left';
    case 'ENOTDIR': return 'part of the path is a file';
    case 'EISDIR': return 'it is a folder';
    case 'ENOENT': return 'there is no such folder';
    default: return message;
  }
}

async function write(path: string, bytes: Uint8Array | Iterable<Uint8Array>): Promise<void> {
  const target = await realpath(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return path;
    throw error;
  });
  const old = await stat(target).catch(() => undefined);
  // A pipe or a terminal, such as /dev/stdout.
  if (old && !old.isFile()) return writeFile(target, bytes);
  const temporary = join(dirname(target), `.${basename(target)}.pgrampart-${process.pid}`);
  try {
    const file = await open(temporary, 'wx', old ? 0o600 : 0o666);
    try {
      for (const piece of bytes instanceof Uint8Array ? [bytes] : bytes) await file.writeFile(piece);
      if (old) await file.chown(old.uid, old.gid).catch(() => undefined);
      await file.sync();
    } finally {
      await file.close();
    }
    if (old) await chmod(temporary, old.mode & 0o7777);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
