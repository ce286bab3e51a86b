import { changedBaseline, type Baselines } from '../baselines.ts';
import type { Looked } from '../lint.ts';
import { baselineName, writeBaseline } from '../policy/baseline.ts';
import { relativePath, resolvePath } from '../paths.ts';
import { plural } from '../report/text.ts';
import { FailedError, writeText, type Console } from './console.ts';

/** Where a baseline is written when nobody has said. */
export function usualBaseline(console: Console): string {
  return resolvePath(console.cwd, baselineName);
}

export async function changeBaseline(change: 'update' | 'prune', file: string, found: readonly Looked[], roots: readonly string[], baselines: Baselines, console: Console): Promise<void> {
  const name = relativePath(console.cwd, file);
  const old = await baselines.entries(file) ?? [];
  if (baselines.broken.has(file)) throw new FailedError(`${name} is no baseline; nothing was changed`);
  const { entries, removed } = changedBaseline(change, file, found, old, await baselines.gone(file, old, roots));
  await writeText(console, file, writeBaseline(entries));
  console.out(change === 'update' ? `${name} accepts ${plural(entries.length, 'problem')}\n` : `${plural(removed, 'problem')} taken out of ${name}, ${entries.length} left\n`);
}
