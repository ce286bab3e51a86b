import { UsageError } from './console.ts';
import { nearest } from '../policy/catalog.ts';

/** Each command with the options that it takes beside those that all take. */
export const commands = {
  scan: [
    'format', 'pg-version', 'fail-on', 'max-findings', 'fix', 'fix-review', 'diff', 'in-place', 'migrations', 'stdin', 'stdin-filename', 'rule', 'preset', 'exclude', 'config',
    'no-config', 'print-config', 'list-files', 'baseline', 'update-baseline', 'prune-baseline', 'no-gitignore', 'changed', 'staged', 'since', 'quiet',
  ],
  who: ['role', 'database', 'replication', 'address', 'socket', 'tls', 'gss', 'member-of', 'client-name', 'pg-version', 'json'],
  diff: ['format', 'migrations', 'pg-version'],
  init: [], rules: [], explain: [], version: [], help: [],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type CommandName = keyof typeof commands;

const ofAll: readonly string[] = ['no-color', 'help', 'version'];

export function isCommand(word: string | undefined): word is CommandName {
  return word !== undefined && Object.hasOwn(commands, word);
}

/** An option that changes nothing would be taken for one that was understood. */
export function refuseForeign(command: CommandName, given: readonly string[]): void {
  const own: readonly string[] = commands[command];
  const foreign = given.find((name) => !own.includes(name) && !ofAll.includes(name));
  if (foreign === undefined) return;
  if (foreign === 'json' && own.includes('format')) throw new UsageError(`'${command}' takes no --json, did you mean '--format json'?`);
  const takers = Object.entries<readonly string[]>(commands).flatMap(([name, options]) => (options.includes(foreign) ? [`'${name}'`] : []));
  throw new UsageError(`'${command}' takes no --${foreign}, which is for ${takers.join(' and ')}`);
}

export function unknownCommand(word: string): UsageError {
  if (/[\\/.]/.test(word)) return new UsageError(`unknown command '${word}', did you mean 'pgrampart scan ${word}'?`);
  const near = nearest(word, Object.keys(commands));
  if (near !== undefined) return new UsageError(`unknown command '${word}', did you mean '${near}'?`);
  return new UsageError(`unknown command '${word}'. Commands are ${Object.keys(commands).join(', ')}; a file or folder of that name is looked at by 'pgrampart scan ${word}'`);
}
