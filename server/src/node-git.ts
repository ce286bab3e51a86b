import { spawn } from 'node:child_process';
import { buffer, text } from 'node:stream/consumers';
import type { Git } from './cli/git.ts';

/** Whatever a repository configures to run stays off: hooks, watchers, transports that fetch what is missing. */
const quiet = [
  '--no-pager', '--no-optional-locks', '--literal-pathspecs', '-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', '-c', 'protocol.allow=never',
];

/** The git of this machine. */
export const nodeGit: Git = async (folder, args, input = '') => {
  const child = spawn('git', [...quiet, '-C', folder, ...args], {
    // A program of that name in the current folder is not the one that is meant.
    env: { ...process.env, LC_ALL: 'C', GIT_NO_LAZY_FETCH: '1', GIT_TERMINAL_PROMPT: '0', NoDefaultCurrentDirectoryInExePath: '1' },
    windowsHide: true,
  });
  child.stdin.on('error', () => undefined);
  const ended = new Promise<number>((resolve, reject) => child.once('error', reject).once('close', (code) => resolve(code ?? 1)));
  child.stdin.end(input);
  const [out, error, code] = await Promise.all([buffer(child.stdout), text(child.stderr), ended]);
  return { code, out, error };
};
