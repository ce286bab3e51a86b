import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';

/** For the process of the server: a young generation of 8 MB instead of 16 costs no time that can be measured, and keeps 24 MB of memory free. */
export const serverOptions = ['--max-semi-space-size=8'];

let ahead: ChildProcess | undefined;

/** Starts the process that takeProcess() gives: it loads its code while the editor is still busy with the extension and the document. */
export function startAhead(): void {
  ahead = start();
}

export function takeProcess(): ChildProcess {
  const child = ahead?.connected ? ahead : start();
  ahead = undefined;
  return child;
}

export function stopAhead(): void {
  ahead?.kill();
  ahead = undefined;
}

function start(): ChildProcess {
  const debugged = process.execArgv.some((argument) => argument.startsWith('--inspect'));
  const child = fork(path.join(__dirname, 'server.cjs'), ['--node-ipc', `--clientProcessId=${process.pid}`], {
    silent: true,
    execArgv: debugged ? [...serverOptions, '--nolazy', '--inspect=6029'] : serverOptions,
    env: {
      ...process.env, ELECTRON_RUN_AS_NODE: '1', ELECTRON_NO_ASAR: '1',
      // Node.js 22 and newer keep what they compiled there, so that the next start takes two thirds of the time. Who can write there can write the code itself.
      NODE_COMPILE_CACHE: path.join(__dirname, 'compiled'),
    },
  });
  // Whoever takes the process hears of it when it speaks to it; without a listener it would end the host of all extensions.
  child.on('error', () => undefined);
  return child;
}
