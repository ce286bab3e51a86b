import { spawn } from 'node:child_process';
import { getHeapStatistics } from 'node:v8';
import { memoryCode, type Host } from './host.ts';
import { disk, nodeHost } from './node-host.ts';

/** Bytes of memory for each byte of a file: more than was seen of a pg_hba.conf of short records (114) and of SQL (50). */
const perByte = 150;

/** Set for the process that looks at a large file ahead; it needs no other. */
const ahead = 'PGRAMPART_AHEAD';

/** Node.js ends a program whose memory is used up, with all that it has found. What may be too large is therefore looked at by a process of its own first, and not read when that one came to such an end. */
export function careful(script: string): Host {
  if (process.env[ahead] !== undefined) return nodeHost;
  const known = new Map<string, Promise<boolean>>();
  return disk(async (path, bytes) => {
    const left = memoryLeft();
    if (bytes * perByte <= left) return;
    let fits = known.get(path);
    if (fits === undefined) known.set(path, fits = survives(script, path, left));
    if (!await fits) throw Object.assign(new Error('too large for the memory'), { code: memoryCode });
  });
}

function memoryLeft(): number {
  const { heap_size_limit: limit, used_heap_size: used } = getHeapStatistics();
  return limit - used;
}

function survives(script: string, path: string, bytes: number): Promise<boolean> {
  const megabytes = Math.max(16, Math.floor(bytes / 1024 / 1024));
  const child = spawn(process.execPath, [`--max-old-space-size=${megabytes}`, script, 'scan', '--no-config', '--fail-on', 'none', '--', path], { stdio: 'ignore', env: { ...process.env, [ahead]: '1' } });
  return new Promise((resolve) => {
    // Where no process can be started the file is read as any other.
    child.once('error', () => resolve(true));
    child.once('exit', (code) => resolve(code === 0));
  });
}
