// The editor suite on a desktop: a local VS Code, otherwise one that @vscode/test-electron downloads.
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { SetupError, cache, main, repository, run } from '../../scripts/install.ts';
import { resultsVariable } from './names.ts';
import { bundleSuite, freshResults, readResults, workspace } from './suites.ts';

await main(async () => {
  const vscodeExecutablePath = await desktop();
  await run(process.execPath, ['scripts/build.mjs'], { cwd: repository });
  const tests = await bundleSuite();
  const results = freshResults('desktop');
  const folder = mkdtempSync(path.join(os.tmpdir(), 'pgrampart-desktop-'));
  cpSync(workspace, path.join(folder, 'workspace'), { recursive: true });
  let problem: string | undefined;
  try {
    await runTests({
      vscodeExecutablePath, extensionDevelopmentPath: repository, extensionTestsPath: tests, extensionTestsEnv: { [resultsVariable]: results },
      launchArgs: [
        path.join(folder, 'workspace'), '--disable-extensions', '--disable-workspace-trust', `--user-data-dir=${path.join(folder, 'user')}`,
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ],
    });
  } catch (error) {
    problem = String(error);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  const { passed, failed, skipped } = readResults(results, problem);
  console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  return failed > 0 || passed === 0 ? 1 : 0;
});

// VSCODE names the executable itself (not the `code` script, which hands over to a running window).
async function desktop(): Promise<string> {
  if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) {
    throw new SetupError('The desktop suite was not run and counts as nothing: there is no display here (try xvfb-run -a npm run test:desktop)');
  }
  const local = process.env['VSCODE'];
  if (local) {
    if (existsSync(local)) return local;
    throw new SetupError(`The desktop suite was not run and counts as nothing: VSCODE names ${local}, which does not exist`);
  }
  const installed = [
    '/usr/share/code/code', '/usr/share/codium/codium', '/opt/visual-studio-code/code',
    '/Applications/Visual Studio Code.app/Contents/MacOS/Electron', '/Applications/VSCodium.app/Contents/MacOS/Electron',
    path.join(process.env['LOCALAPPDATA'] ?? '', 'Programs', 'Microsoft VS Code', 'Code.exe'),
  ].find(file => path.isAbsolute(file) && existsSync(file));
  if (installed) return installed;
  try {
    return await downloadAndUnzipVSCode({ version: 'stable', cachePath: path.join(cache, 'vscode-desktop') });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SetupError(`The desktop suite was not run and counts as nothing: no VS Code is here and none can be downloaded (${reason.split('\n')[0]})`);
  }
}
