import type { Host } from './host.ts';
import type { Looked } from './lint.ts';
import { gathered, scan, type ScanOptions } from './scan.ts';

/** One state of the files, and how it is looked at. */
export interface State {
  readonly host: Host;
  readonly options: ScanOptions;
}

/**
 * What a comparison needs of two states: the files that changed, the configuration files, which may include them, and one SQL file
 * of each set that has changed files in the other state alone.
 */
export async function lookAtBoth(before: State, after: State, roots: readonly string[], changed: ReadonlySet<string>): Promise<[before: Looked[], after: Looked[]]> {
  if (changed.size === 0) return [[], []];
  const wanted = (path: string) => changed.has(path) || /\.conf/i.test(path);
  const old = await look(before, roots, wanted);
  const now = await look(after, roots, wanted);
  return [[...old, ...await mates(before, now, old, changed)], [...now, ...await mates(after, old, now, changed)]];
}

function look({ host, options }: State, roots: readonly string[], only: (path: string) => boolean): Promise<Looked[]> {
  return gathered(scan(host, roots, { ...options, only }));
}

/** Of each set in `there` that none in `here` is of, a file that is the same in both states. What is found in it is not of interest. */
async function mates(state: State, there: readonly Looked[], here: readonly Looked[], changed: ReadonlySet<string>): Promise<Looked[]> {
  const known = new Set(here.flatMap(({ document }) => document.set?.files.map(({ path }) => path) ?? [document.path]));
  const missing = new Set(there.flatMap(({ document: { set } }) => (set && !set.files.some(({ path }) => known.has(path)) ? [set] : [])));
  const paths = [...missing].flatMap(({ files }) => files.find(({ path }) => !changed.has(path))?.path ?? []);
  if (paths.length === 0) return [];
  return (await look(state, paths, () => true)).map(({ document }) => ({ document, findings: [] }));
}
