import type { Console } from './console.ts';
import { Repository, type Change } from './git.ts';
import type { ScanCommand } from './options.ts';
import { KnownFindings } from '../diff/findings.ts';
import { gathered, scan, type ScanOptions, type ScanStep } from '../scan.ts';

export async function changeOf(change: NonNullable<ScanCommand['change']>, roots: readonly string[], console: Console): Promise<Change> {
  const repository = await Repository.around(roots, console);
  if (change === 'staged') return repository.staged();
  return repository.sinceTree(change === 'changed' ? await repository.head() : await repository.fork(change.since));
}

/** Takes out of a look at the files after a change what was to be found in them before. Of files that are gone, it may have moved anywhere. */
export async function broughtInBy({ before, paths, gone }: Change, roots: readonly string[], options: ScanOptions): Promise<(step: ScanStep) => ScanStep> {
  const looked = await gathered(scan(before, roots, { ...options, only: (file) => paths.has(file) }));
  const known = new KnownFindings(looked, gone);
  return (step) => (step.document ? { ...step, findings: known.newIn({ document: step.document, findings: step.findings! }) } : step);
}
