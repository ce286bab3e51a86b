import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const version = '2.66.0';

/** The program itself, not its launcher in JavaScript, which would count as squawk's time. Undefined where it cannot be had. */
export async function installSquawk(root: string): Promise<string | undefined> {
  const folder = path.join(root, '.cache/squawk', version);
  const program = path.join(folder, 'node_modules/@squawk-cli', `${process.platform}-${process.arch}`, 'bin', process.platform === 'win32' ? 'squawk.exe' : 'squawk');
  if (existsSync(program)) return program;
  console.log(`  installing squawk-cli ${version} into ${path.relative(root, folder)}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
  const npm = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--save-exact', `squawk-cli@${version}`], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' });
  if (npm.status === 0 && existsSync(program)) return program;
  console.log(`  squawk-cli ${version} cannot be installed here (offline, or no build for ${process.platform} ${process.arch}): nothing to compare with`);
  return undefined;
}
