import { buffer } from 'node:stream/consumers';
import { resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { version } from '../../package.json';
import { run } from './cli/run.ts';
import { careful } from './node-careful.ts';
import { nodeGit } from './node-git.ts';
import { watchMemory } from './node-memory.ts';
import { loadPostgresFromDisk } from './node-wasm.ts';
import { writeAtomically } from './node-write.ts';

// V8 lets the heap grow to four times of what is in use before it looks for garbage, of which a scan of many files leaves much.
setFlagsFromString('--heap-growing-percent=100');

const slashed = (path: string) => (process.platform === 'win32' ? path.replaceAll('\\', '/') : path);

// A reader that has seen enough (`| head`) closes the pipe; what is left to say has nobody to hear it.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

process.exitCode = await run(process.argv.slice(2), {
  host: careful(process.argv[1]!),
  git: nodeGit,
  cwd: slashed(process.cwd()),
  version,
  env: process.env,
  terminal: process.stdout.isTTY ?? false,
  today: new Date().toISOString().slice(0, 10),
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
  stdin: () => buffer(process.stdin),
  resolve: (path) => slashed(resolve(path)),
  write: writeAtomically,
  loadPostgres: loadPostgresFromDisk,
  watchMemory,
});
