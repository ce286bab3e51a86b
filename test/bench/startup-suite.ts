// Runs inside of VS Code: how long two extensions take from nothing to the first problem, and what they do when nothing happens.
import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import Module from 'node:module';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Startup, StartupOf } from './startup.ts';

const idleSeconds = 5;
const subjects = {
  ours: { id: 'pgrampart.pgrampart', file: 'pg_hba.conf', server: 'pgrampart.pgrampart' },
  minimal: { id: 'pgrampart-bench.minimal', file: 'one.minimal', server: 'pgrampart-bench.minimal' },
};

export async function run(): Promise<void> {
  const { results, first, ahead } = JSON.parse(process.env['PGRAMPART_STARTUP']!) as { results: string; first: keyof Startup; ahead: boolean };
  const second = first === 'ours' ? 'minimal' : 'ours';
  // The host is busy with itself for a while after it has started.
  await pause(3000);
  watchActivate();
  const earlier = existsSync(results) ? readFileSync(results, 'utf8').trim().split('\n').length : 0;
  if (earlier >= 2) await openOther();
  const one = await measure(first, ahead);
  const other = await measure(second, ahead);
  await pause(3000);
  const before = { ours: processorOf('ours'), minimal: processorOf('minimal') };
  await pause(idleSeconds * 1000);
  const rest = (name: keyof Startup) => ({ itself: activated.get(name)!, idle: (processorOf(name) - before[name]) / idleSeconds });
  const startup = { [first]: { ...one, ...rest(first) }, [second]: { ...other, ...rest(second) } };
  appendFileSync(results, `${JSON.stringify(startup)}\n`);
}

/** Milliseconds that each `activate()` has taken. */
const activated = new Map<keyof Startup, number>();

/** The editor says how long an extension was awaited, most of which is its own; so `activate()` is wrapped when the editor loads it. */
function watchActivate(): void {
  const loader = Module as unknown as { _load(request: string, ...others: unknown[]): unknown };
  const load = loader._load;
  const mains = new Map((Object.keys(subjects) as (keyof Startup)[]).map((name) => {
    const { extensionPath, packageJSON } = vscode.extensions.getExtension(subjects[name].id)!;
    return [path.join(extensionPath, packageJSON.main), name];
  }));
  loader._load = function (request, ...others) {
    const loaded = load.call(this, request, ...others);
    const name = mains.get(request);
    return name === undefined ? loaded : timed(name, loaded as ExtensionModule);
  };
}

interface ExtensionModule {
  activate(context: vscode.ExtensionContext): unknown;
  deactivate?(): unknown;
}

function timed(name: keyof Startup, { activate, deactivate }: ExtensionModule): ExtensionModule {
  return {
    activate(context) {
      const start = performance.now();
      const returned = activate(context);
      activated.set(name, performance.now() - start);
      return returned;
    },
    ...(deactivate && { deactivate }),
  };
}

/** From then on the editor has what it needs for any file: the widget that shows text, and what reads grammars. */
async function openOther(): Promise<void> {
  await vscode.commands.executeCommand('vscode.open', vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, 'other.sh'), { preview: false });
  await pause(3000);
}

/** `ahead`: the extension is active before the file is opened, as where a project file is; else opening the file activates it. */
async function measure(name: keyof Startup, ahead: boolean): Promise<Omit<StartupOf, 'idle' | 'itself'>> {
  const { id, file } = subjects[name];
  const extension = vscode.extensions.getExtension(id)!;
  if (extension.isActive) throw new Error(`${id} is active although nothing has asked for it`);
  const start = performance.now();
  if (ahead) await extension.activate();
  const activate = performance.now() - start;
  const uri = vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, file);
  const found = new Promise<void>((resolve) => {
    const listening = vscode.languages.onDidChangeDiagnostics(() => {
      if (vscode.languages.getDiagnostics(uri).length === 0) return;
      listening.dispose();
      resolve();
    });
  });
  const opening = performance.now();
  // As the Explorer opens it: showTextDocument() would bring the document first and its tab much later, which nobody does by hand.
  await vscode.commands.executeCommand('vscode.open', uri, { preview: false });
  await found;
  const problem = performance.now() - opening;
  return ahead ? { activate, active: problem } : { opened: problem };
}

/** Milliseconds of processor that the language server of an extension has used so far; NaN where the system does not tell. */
function processorOf(name: keyof Startup): number {
  const { server } = subjects[name];
  try {
    const found = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid)).find((pid) => isServer(pid, server));
    if (found === undefined) return Number.NaN;
    const fields = readFileSync(`/proc/${found}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
    // User and system time, in hundredths of a second.
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return Number.NaN;
  }
}

function isServer(pid: string, folder: string): boolean {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return words.some((word) => word.endsWith(`${path.sep}server.cjs`) && word.includes(folder) && word.includes(path.dirname(vscode.workspace.workspaceFolders![0]!.uri.fsPath)));
  } catch {
    return false;
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
