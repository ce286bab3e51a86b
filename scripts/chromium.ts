import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { SetupError, cache, run, say } from './install.ts';

/** A Chromium to drive: the one that is there, otherwise the one that this machine can install. */
export async function findChromium(): Promise<string> {
  const chosen = process.env['CHROMIUM'];
  if (chosen) {
    if (existsSync(chosen)) return chosen;
    throw new SetupError(`CHROMIUM names ${chosen}, which does not exist`);
  }
  const found = onPath(['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']) ?? applications.find(file => existsSync(file));
  if (found) return found;

  const problems: string[] = [];
  for (const way of [fromDebian, fromPlaywright]) {
    try {
      const file = await way();
      if (file) return file;
    } catch (error) {
      problems.push(lastLine(error));
    }
  }
  throw new SetupError(`No Chromium is here and none could be installed (${problems.join('; ')}); install one or name it in CHROMIUM`);
}

/** The first of these programs that the PATH has. */
export function onPath(programs: readonly string[]): string | undefined {
  const endings = process.platform === 'win32' ? ['.cmd', '.exe'] : [''];
  for (const program of programs) {
    for (const folder of (process.env['PATH'] ?? '').split(path.delimiter)) {
      for (const ending of endings) {
        const file = path.join(folder, program + ending);
        if (folder && isProgram(file)) return file;
      }
    }
  }
  return undefined;
}

const applications = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

async function fromDebian(): Promise<string | undefined> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !isDebian()) return undefined;
  say('Installing Chromium from Debian (apt-get, once)');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const wait = ['-o', 'DPkg::Lock::Timeout=400'];
  await run('apt-get', [...wait, 'update'], { env, label: 'apt-get update' });
  await run('apt-get', [...wait, 'install', '-y', '--no-install-recommends', 'chromium'], { env, label: 'apt-get install chromium' });
  return onPath(['chromium']);
}

// Ubuntu's package of that name is an empty shell around snap, which a container cannot run.
function isDebian(): boolean {
  try {
    return /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}

async function fromPlaywright(): Promise<string | undefined> {
  process.env['PLAYWRIGHT_BROWSERS_PATH'] ??= path.join(cache, 'browsers');
  const { chromium } = await import('playwright-core');
  if (existsSync(chromium.executablePath())) return chromium.executablePath();
  say('Installing the Chromium of Playwright (once, about 500 MB on disk)');
  const program = path.join(path.dirname(fileURLToPath(import.meta.resolve('playwright-core'))), 'cli.js');
  await run(process.execPath, [program, 'install', '--no-shell', 'chromium'], { label: 'Chromium' });
  return chromium.executablePath();
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function lastLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).trim().split('\n').at(-1) ?? '';
}
