import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { finding, findings, open, until } from '../support.ts';

const [file, rule] = ['cluster/pg_hba.conf', 'hba/trust-any'] as const;

suite('The language server', () => {
  test('is one process, and is started anew when somebody has ended it', async function () {
    if (process.platform !== 'linux') this.skip();
    await open(file);
    await finding(file, rule);
    const [first, ...others] = servers();
    assert.deepEqual(others, [], 'the process that was started ahead is the one that answers');
    process.kill(first!, 'SIGKILL');
    await until(() => servers().some((pid) => pid !== first), 'another process');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await open(file);
    await finding(file, rule);
    assert.equal(servers().length, 1);
  });

  test('is one process after it was restarted, and finds what it found', async () => {
    await open(file);
    await vscode.commands.executeCommand('pgrampart.restartServer');
    await until(() => findings(file, rule).length > 0, 'the problem');
    if (process.platform === 'linux') await until(() => servers().length === 1, 'the old process to end');
  });
});

/** Process ids of the servers that this host of extensions has started. */
function servers(): number[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => {
    try {
      const [state, parent] = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
      return state !== 'Z' && Number(parent) === process.pid && /pgrampart[^\0]*server\.cjs/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
    } catch {
      return false;
    }
  });
}
