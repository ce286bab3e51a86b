import { editDistance } from '../facts/likeness.ts';
import type { RegisteredRule, Severity } from '../rules/rule.ts';
import { rules } from '../rules/index.ts';

/** What a reader may want to know of anything that can be reported. */
export type RuleInfo = Pick<RegisteredRule, 'id' | 'title' | 'why' | 'severity' | 'cwe' | 'references'> & Partial<Pick<RegisteredRule, 'language' | 'examples' | 'fixing' | 'options' | 'since' | 'presets' | 'strict'>>;

const meta = (id: string, severity: Severity, title: string, why: string): RuleInfo =>
  ({ id, severity, title, why, cwe: [], references: [] });

/** Findings about suppression comments themselves. */
export const metaRules: readonly RuleInfo[] = [
  meta('meta/unused-suppression', 'info', 'Suppression comment suppresses nothing',
    'What it once silenced is gone or was never there. Left in place it would silence the next real problem at this spot without anybody noticing.'),
  meta('meta/unknown-suppression', 'low', 'Suppression comment names an unknown rule',
    'A misspelt rule id silences nothing, although a reader believes that the problem was looked at and accepted.'),
  meta('meta/bad-suppression', 'low', 'Suppression comment is not understood',
    'A suppression has to name the rules it silences. One that names none, stands too late for a whole file, or does not pair start and end silences nothing.'),
  meta('meta/expired-suppression', 'medium', 'Suppression comment has expired',
    'Somebody accepted this risk up to a date, and that date has passed. The finding is shown again so that the decision is made again.'),
];

export const knownRules: readonly RuleInfo[] = [...rules, ...metaRules];
export const knownIds: ReadonlySet<string> = new Set(knownRules.map((rule) => rule.id));

/** The candidate that is most likely meant, or undefined when none is close. Of several the one that begins most alike. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.max(2, Math.floor(word.length / 3));
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase(), least + 1);
    if (distance > least || !isSlip(word.toLowerCase(), candidate.toLowerCase(), distance) || (distance === least && best !== undefined && sharedStart(word, best) >= sharedStart(word, candidate))) continue;
    least = distance;
    best = candidate;
  }
  return best;
}

/** A slip leaves most of a word as it was; two letters of three may only have changed places. */
function isSlip(word: string, meant: string, distance: number): boolean {
  return distance * 2 <= Math.min(word.length, meant.length) || word.length > 1 && [...word].sort().join('') === [...meant].sort().join('');
}

function sharedStart(word: string, other: string): number {
  let length = 0;
  while (length < word.length && word[length] === other[length]) length++;
  return length;
}
