// `npm start [-- FOLDER]`: builds, scans the folder, and opens it in an editor with the extension loaded.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { onPath } from './chromium.ts';
import { packageExtension, startServer } from './host.ts';
import { SetupError, cache, installHost, main, repository, run, say } from './install.ts';

await main(async () => {
  const { folder, editor } = readArguments(process.argv.slice(2));
  say('Building …');
  await run(process.execPath, ['scripts/build.mjs'], { cwd: repository });
  await scan(folder);
  if (!editor) return;
  const desktop = onPath(['code', 'codium']);
  if (desktop) return openDesktop(desktop, folder);
  await openEmbedded(folder);
});

function readArguments(words: readonly string[]): { folder: string; editor: boolean } {
  const unknown = words.find(word => word.startsWith('-') && word !== '--no-editor');
  if (unknown) throw new SetupError(`${unknown} is not an option; use: npm start -- [--no-editor] [FOLDER]`);
  const folders = words.filter(word => !word.startsWith('-'));
  if (folders.length > 1) throw new SetupError('One folder at a time; use: npm start -- [--no-editor] [FOLDER]');
  // npm runs scripts in the folder of the package; INIT_CWD is where the person is.
  const folder = folders[0] === undefined ? path.join(repository, 'examples') : path.resolve(process.env['INIT_CWD'] ?? process.cwd(), folders[0]);
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new SetupError(`${folder} is not a folder`);
  return { folder, editor: !words.includes('--no-editor') };
}

// Findings are what a scan is for, so its exit codes 0 and 1 are both a success here.
async function scan(folder: string): Promise<void> {
  const shown = path.relative(process.cwd(), folder) || '.';
  console.log(`\npgrampart scan ${shown}\n`);
  const code = await spawned(process.execPath, [path.join(repository, 'dist', 'cli.js'), 'scan', shown.startsWith('..') ? folder : shown]);
  if (code !== 0 && code !== 1) throw new SetupError(`The scan ended with ${code}, so no editor is opened`);
}

async function openDesktop(program: string, folder: string): Promise<void> {
  say(`\nOpening ${folder} in ${path.basename(program)} with the extension loaded`);
  const code = await spawned(program, [`--extensionDevelopmentPath=${repository}`, '--new-window', folder]);
  if (code !== 0) throw new SetupError(`${program} ended with ${code}`);
}

async function openEmbedded(folder: string): Promise<void> {
  const host = await installHost('newest');
  const vsix = await packageExtension();
  // Other accounts of this machine reach the loopback interface too: the token keeps the editor, and with it a terminal, to its owner.
  const token = randomBytes(16).toString('hex');
  const server = await startServer(host, { folder: path.join(cache, 'start'), vsix: [vsix], token });
  console.log(`\nVS Code ${host.version} with the extension is open at\n\n  ${server.origin}/?tkn=${token}&folder=${encodeURIComponent(folder)}\n\nCtrl+C ends it.`);

  let asked = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      asked = true;
      void server.stop();
    });
  }
  await server.gone;
  if (!asked) throw new Error(`VS Code went away\n${server.log().slice(-2000)}`);
}

function spawned(command: string, args: readonly string[]): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], shell: command.endsWith('.cmd') });
    child.once('error', reject);
    child.once('close', resolve);
  });
}
