import type { Console } from './console.ts';
import { scanInMemory } from './memory.ts';
import { fixAll } from '../fix.ts';
import { GitIndex } from '../git-index.ts';
import { isVersioned } from '../new-migration.ts';
import { relativePath } from '../paths.ts';
import { patch } from '../report/patch.ts';
import type { ScanOptions, ScanStep } from '../scan.ts';
import { decode } from '../workspace.ts';

/** Which fixes are made, and where. */
export interface Fixing {
  readonly safety: 'safe' | 'review';
  /** Migrations that may have been applied are fixed as well. */
  readonly inPlace: boolean;
  /** Nothing is written: the changes are printed. */
  readonly preview: boolean;
}

export interface Fixed {
  readonly fixes: number;
  readonly files: number;
  /** Migrations that would have been fixed. */
  readonly left: number;
  readonly failures: readonly string[];
}

/** `replace` puts a new text where the old one was read. */
export async function fixFiles({ safety, inPlace, preview }: Fixing, roots: readonly string[], options: ScanOptions, console: Console, replace: Replace = replaceOnDisk): Promise<Fixed> {
  const failures: string[] = [];
  const git = new GitIndex(console.host);
  let [fixes, files, left] = [0, 0, 0];
  for await (const { document, findings, lintOptions } of scanInMemory(console, roots, options, (words) => failures.push(`fixing ${words}`))) {
    if (document === undefined || findings!.length === 0) continue;
    const name = relativePath(console.cwd, document.path);
    try {
      const { text, applied } = fixAll(document, safety, lintOptions);
      if (text === document.text) continue;
      if (!inPlace && await mayBeApplied(document, git)) {
        left++;
        continue;
      }
      if (preview) console.out(patch(name, document.text, text));
      else await replace(document.path, document.text, text, console);
      fixes += applied;
      files++;
    } catch (error) {
      failures.push(`${name} was not fixed: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { fixes, files, left, failures };
}

export type Replace = (path: string, before: string, after: string, console: Console) => Promise<void>;

/** What is said of migrations that were not fixed. */
export function leftAlone(files: number): string {
  const those = files === 1 ? '1 migration was left as it is, because it' : `${files} migrations were left as they are, because they`;
  return `${those} may have been applied already: mend that in a new migration, or fix with --in-place`;
}

async function mayBeApplied({ set, path }: NonNullable<ScanStep['document']>, git: GitIndex): Promise<boolean> {
  return set !== undefined && isVersioned(set, path) && await git.keeps(path) !== false;
}

/** Writes only what it read: a file that changed meanwhile or is not UTF-8 keeps every byte. */
async function replaceOnDisk(path: string, before: string, after: string, console: Console): Promise<void> {
  const bytes = await console.host.read(path);
  if (decode(bytes) !== before) throw new Error('it changed meanwhile');
  if (!isUtf8(bytes, before)) throw new Error('it is not UTF-8');
  await console.write(path, new TextEncoder().encode(after));
}

/** Would the text be written as the bytes that it was read from? */
export function isUtf8(bytes: Uint8Array, text: string): boolean {
  const written = new TextEncoder().encode(text);
  return written.length === bytes.length && written.every((byte, i) => byte === bytes[i]);
}
