import type { LintFinding } from '../lint.ts';
import { Lines } from '../text.ts';

/** One for each finding of a text: the same in two runs as long as rule and line say the same, wherever the line stands. Twins are counted. */
export function fingerprints(text: string, findings: readonly LintFinding[]): string[] {
  const lines = new Lines(text);
  const seen = new Map<string, number>();
  return findings.map(({ rule, at }) => {
    const { line } = lines.position(at.start);
    const print = hash(`${rule}\n${text.slice(lines.start(line), lines.start(line + 1)).replace(/\s+/g, ' ').trim()}`);
    const count = (seen.get(print) ?? 0) + 1;
    seen.set(print, count);
    return `${print}:${count}`;
  });
}

/** FNV-1a, 64 bits. */
function hash(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, '0');
}
