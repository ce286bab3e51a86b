import type { Baselines } from '../baselines.ts';
import { nameIn } from '../baselines.ts';
import { writtenOf, type LintFinding } from '../lint.ts';
import { baselineName, entriesOf, writeBaseline, type BaselineEntry } from '../policy/baseline.ts';
import { relativePath, resolvePath } from '../paths.ts';
import type { Document } from '../document.ts';
import type { Console } from './console.ts';

/** Everything that was found in one file, accepted or not. */
export interface FoundIn {
  readonly document: Document;
  readonly findings: readonly LintFinding[];
}

/** Where a baseline is written when nobody has said. */
export function usualBaseline(console: Console): string {
  return resolvePath(console.cwd, baselineName);
}

/**
 * `update`: what was found in the files that were looked at takes the place of what the baseline said about them. `prune`: of what it
 * said only what was found again stays. What it says about other files stays as it is.
 */
export async function changeBaseline(change: 'update' | 'prune', file: string, found: readonly FoundIn[], baselines: Baselines, console: Console): Promise<void> {
  const old = await baselines.entries(file) ?? [];
  if (baselines.broken.has(file)) throw new Error(`${relativePath(console.cwd, file)} is no baseline; nothing was changed`);
  const now = found.flatMap(({ document, findings }) => entriesOf(nameIn(file, document.path), document.text, writtenOf(document), findings));
  const looked = new Set(found.map(({ document }) => nameIn(file, document.path)));
  const keys = new Set(now.map(keyOf));
  const elsewhere = old.filter(({ path }) => !looked.has(path));
  const entries = change === 'update' ? [...elsewhere, ...now] : [...elsewhere, ...old.filter((entry) => looked.has(entry.path) && keys.has(keyOf(entry)))];
  await console.write(file, new TextEncoder().encode(writeBaseline(entries)));
  const removed = old.length - entries.filter((entry) => old.some((before) => keyOf(before) === keyOf(entry))).length;
  const name = relativePath(console.cwd, file);
  console.out(change === 'update' ? `${name} accepts ${count(entries.length)}\n` : `${count(removed)} taken out of ${name}, ${entries.length} left\n`);
}

function keyOf({ path, rule, fingerprint }: BaselineEntry): string {
  return `${path}\n${rule}\n${fingerprint}`;
}

function count(number: number): string {
  return `${number} problem${number === 1 ? '' : 's'}`;
}
