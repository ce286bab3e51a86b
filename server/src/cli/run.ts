import { exitCodes, FailedError, UsageError, type Console } from './console.ts';
import { runDiff } from './diff.ts';
import { help, helpOf } from './help.ts';
import { runInit } from './init.ts';
import { readCommand, suggest } from './options.ts';
import { runScan } from './scan.ts';
import { runWho } from './who.ts';
import { rulePage } from '../manual.ts';
import { knownIds, knownRules } from '../policy/catalog.ts';

/** The whole program: arguments in, exit code out. */
export async function run(args: readonly string[], console: Console): Promise<number> {
  try {
    return await runCommand(args, console);
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(`pgrampart: ${error.message}\nRun 'pgrampart --help' for what there is.\n`);
      return exitCodes.usage;
    }
    if (error instanceof FailedError) {
      console.error(`pgrampart: ${error.message}\n`);
      return exitCodes.failed;
    }
    if (isOutOfMemory(error)) {
      console.error(`pgrampart: there is not enough memory (${error.message}). Where ulimit -v is set, it has to allow 12 GB of addresses, most of which stay unused\n`);
      return exitCodes.failed;
    }
    console.error(`pgrampart: internal error: ${error instanceof Error ? error.stack ?? error.message : String(error)}\n`);
    return exitCodes.failed;
  }
}

/** What WebAssembly and long lists throw; V8's own heap ends the program instead. */
function isOutOfMemory(error: unknown): error is RangeError {
  return error instanceof RangeError && /out of memory|allocation failed/i.test(error.message);
}

async function runCommand(args: readonly string[], console: Console): Promise<number> {
  const command = readCommand(args);
  switch (command.kind) {
    case 'help': console.out(command.about === undefined ? help : helpOf(command.about)); return exitCodes.clean;
    case 'version': console.out(`${console.version}\n`); return exitCodes.clean;
    case 'rules': console.out(ruleTable()); return exitCodes.clean;
    case 'explain': console.out(explain(command.rule)); return exitCodes.clean;
    case 'init': return runInit(command.folder, console);
    case 'scan': return runScan(command.scan, console);
    case 'diff': return runDiff(command.diff, console);
    case 'who': return runWho(command.who, console);
  }
}

function ruleTable(): string {
  const widest = Math.max(...knownRules.map((rule) => rule.id.length));
  return knownRules.map((rule) => `${rule.id.padEnd(widest)}  ${rule.severity.padEnd(8)}  ${rule.title}\n`).join('');
}

function explain(id: string): string {
  const rule = knownRules.find((known) => known.id === id);
  if (rule === undefined) throw new UsageError(`unknown rule '${id}'${suggest(id, knownIds)} All of them are listed by 'pgrampart rules'`);
  return rulePage(rule);
}
