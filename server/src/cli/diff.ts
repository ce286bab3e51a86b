import { colored, exitCodes, UsageError, type Console } from './console.ts';
import { Repository, type Change } from './git.ts';
import type { DiffCommand } from './options.ts';
import { lookOptions } from './project-options.ts';
import { UsedProjects } from './projects-used.ts';
import { lookAtBoth, type State } from '../compare-scan.ts';
import { compare } from '../diff/compare.ts';
import type { Host } from '../host.ts';
import { diffFormats, diffText } from '../report/diff.ts';
import { printable } from '../report/text.ts';

/** `pgrampart diff`: says in words what a change does to security. */
export async function runDiff(command: DiffCommand, console: Console): Promise<number> {
  await console.loadPostgres();
  const { refs, paths, repository } = await readWords(command, console);
  const { change, from, to } = await changeBetween(refs, repository);
  const [before, after] = [change.before, change.after].map((host) => new UsedProjects('nearest', host, console));
  const stateOf = (host: Host, projects: UsedProjects): State => ({ host, options: { ...lookOptions(command, projects, console), inside: [...paths, console.cwd] } });
  const looked = await lookAtBoth(stateOf(change.before, before!), stateOf(change.after, after!), paths, change.paths);
  // What was wrong before may be what the change mends.
  const mistakes = await after!.problems();
  for (const mistake of mistakes) console.error(`pgrampart: ${printable(mistake)}\n`);
  if (mistakes.length > 0) return exitCodes.usage;
  const report = { root: console.cwd, from, to, diff: compare(...looked) };
  console.out(command.format === 'pretty' ? diffText(report, colored(command, console)) : diffFormats[command.format](report));
  return exitCodes.clean;
}

interface Words {
  readonly repository: Repository;
  readonly refs: readonly string[];
  readonly paths: readonly string[];
}

/** The first words that git knows as commits are those to compare, what follows are paths. */
async function readWords({ words, paths }: DiffCommand, console: Console): Promise<Words> {
  const here = await Repository.around([], console);
  const refs: string[] = [];
  const named: string[] = [];
  for (const word of words) {
    const mayBeRef = named.length === 0 && refs.length < 2;
    const [isRef, isPath] = [mayBeRef && await isKnown(word, here), await isThere(console.resolve(word), console)];
    if (isRef && isPath) throw new UsageError(`'${word}' is a commit and a path; write ./${word} for the path, or what stands before it ends with --`);
    if (isRef) refs.push(word);
    else if (isPath) named.push(word);
    else if (mayBeRef) await here.known(word);
    else throw new UsageError(`there is no file or folder ${word}`);
  }
  const roots = [...named, ...paths].map((path) => console.resolve(path));
  const all = roots.length > 0 ? roots : [console.cwd];
  return { repository: await Repository.around(all, console), refs, paths: all };
}

function isThere(path: string, { host }: Console): Promise<boolean> {
  return host.list(path).then(() => true, () => host.read(path).then(() => true, () => false));
}

async function isKnown(word: string, repository: Repository): Promise<boolean> {
  const range = rangeOf(word);
  return await repository.commit(range ? range.from : word) !== undefined;
}

/** `main..topic`, `main...topic` */
function rangeOf(word: string): { from: string; to: string; fork: boolean } | undefined {
  const [, from, dots, to] = /^(.*?[^.])(\.{2,3})((?!\.).*)$/.exec(word) ?? [];
  return from === undefined || /^[./]/.test(word) ? undefined : { from, to: to === '' ? 'HEAD' : to!, fork: dots === '...' };
}

async function changeBetween([first, second]: readonly string[], repository: Repository): Promise<{ change: Change; from: string; to: string }> {
  const range = first === undefined ? undefined : rangeOf(first);
  if (first === undefined) return { change: await repository.sinceTree(await repository.head()), from: 'HEAD', to: 'working tree' };
  if (range && second !== undefined) throw new UsageError(`'${first}' names two commits already`);
  if (range) {
    const before = range.fork ? await repository.fork(range.from, range.to) : await repository.known(range.from);
    return { change: await repository.between(before, await repository.known(range.to)), from: range.from, to: range.to };
  }
  if (second !== undefined) return { change: await repository.between(await repository.known(first), await repository.known(second)), from: first, to: second };
  return { change: await repository.sinceTree(await repository.fork(first)), from: first, to: 'working tree' };
}
