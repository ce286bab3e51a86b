import type { Console } from './console.ts';
import { Repository, type Change } from './git.ts';
import type { ScanCommand } from './options.ts';
import { writtenOf } from '../lint.ts';
import { Baseline, entriesOf, type BaselineEntry } from '../policy/baseline.ts';
import { scan, type ScanOptions, type ScanStep } from '../scan.ts';

export async function changeOf(change: NonNullable<ScanCommand['change']>, roots: readonly string[], console: Console): Promise<Change> {
  const repository = await Repository.around(roots, console);
  if (change === 'staged') return repository.staged();
  return repository.sinceTree(change === 'changed' ? await repository.head() : await repository.fork(change.since));
}

/** Takes out of a look at the files after a change what was to be found in them before. Of files that are gone, it may have moved anywhere. */
export async function broughtInBy({ before, paths, gone }: Change, roots: readonly string[], options: ScanOptions): Promise<(step: ScanStep) => ScanStep> {
  const old: BaselineEntry[] = [];
  for await (const { path, document, findings } of scan(before, roots, { ...options, only: (file) => paths.has(file) })) {
    if (document) old.push(...entriesOf(path, document.text, writtenOf(document), findings!));
  }
  const known = new Baseline(old, gone);
  return (step) => {
    const { path, document, findings = [] } = step;
    if (document === undefined || findings.length === 0) return step;
    const isOld = known.accepted(path, document.text, writtenOf(document), findings);
    return { ...step, findings: findings.filter((_, i) => !isOld[i]) };
  };
}
