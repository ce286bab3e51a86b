import type { Written } from '../document.ts';
import type { Span } from '../text.ts';

/** What a fingerprint is made of. */
export interface Marked {
  readonly rule: string;
  readonly at: Span;
}

/**
 * One for each finding of a text: the same in two looks as long as the record, setting or statement around it says the same, wherever
 * it stands and however it is laid out. Findings that could not be told apart are counted.
 */
export function fingerprints(text: string, { units }: Pick<Written, 'units'>, findings: readonly Marked[]): string[] {
  const seen = new Map<string, number>();
  const unitOf = units.length === 0 ? () => undefined : finder(units);
  return findings.map(({ rule, at }) => {
    const unit = unitOf(at) ?? lineOf(text, at);
    const print = hash([rule, folded(text.slice(at.start, at.end)), contextOf(text, unit)].join('\n'));
    const count = (seen.get(print) ?? 0) + 1;
    seen.set(print, count);
    return `${print}:${count}`;
  });
}

/** Of a long statement only the beginning counts, so that a change somewhere in a routine's body is no new finding. */
const longest = 200;

function contextOf(text: string, { start, end }: Span): string {
  // White space may go or come, so more than the longest is looked at.
  return folded(text.slice(start, Math.min(end, start + longest * 4))).slice(0, longest);
}

/** Without layout: white space counts only between words. */
function folded(text: string): string {
  return text.trim().replace(/\s+/g, ' ').replace(/ ?([^\w\s"'$]) ?/g, '$1');
}

/** The innermost unit around a place. */
function finder(units: readonly Span[]): (at: Span) => Span | undefined {
  const sorted = [...units].sort((a, b) => a.start - b.start || b.end - a.end);
  return ({ start }) => sorted.findLast((unit) => unit.start <= start && start <= unit.end);
}

function lineOf(text: string, { start }: Span): Span {
  const end = text.indexOf('\n', start);
  return { start: text.lastIndexOf('\n', start - 1) + 1, end: end < 0 ? text.length : end };
}

/** FNV-1a, 64 bits. */
function hash(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, '0');
}
