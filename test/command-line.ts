import path from 'node:path';
import type { Console } from '../server/src/cli/console.ts';
import { run } from '../server/src/cli/run.ts';
import { nodeGit } from '../server/src/node-git.ts';
import { nodeHost } from '../server/src/node-host.ts';
import { loadPostgresFromDisk } from '../server/src/node-wasm.ts';
import { writeAtomically } from '../server/src/node-write.ts';

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

/** Runs `pgrampart` with words between spaces in a folder of this machine's disk. */
export async function commandLine(folder: string, args: string, more: Partial<Console> & { readonly input?: string } = {}): Promise<Ended> {
  const cwd = more.cwd ?? folder;
  let out = '';
  let error = '';
  const code = await run(args.split(' ').filter((word) => word !== ''), {
    host: nodeHost, git: nodeGit, cwd, version: '0.0.0', env: {}, terminal: false, today: '2026-01-01',
    out: (text) => { out += text; }, error: (text) => { error += text; },
    stdin: async () => new TextEncoder().encode(more.input ?? ''),
    resolve: (name) => path.resolve(cwd, name),
    write: writeAtomically, loadPostgres: loadPostgresFromDisk, ...more,
  });
  return { code, out, error };
}
