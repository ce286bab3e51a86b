import type { Expression } from '../../syntax/sql/expression.ts';
import type { Judgement } from './judgement.ts';
import { alphabetWithout } from './safe-pattern.ts';
import type { Alphabet } from './safe-pattern.ts';

type Call = Extract<Expression, { kind: 'call' }>;

/** What is known of a text, whatever it was before, when the call has taken signs out of it: `replace(x, '"', '')`, `translate(x, ''';()', '')`, `regexp_replace(x, '[^a-z ]', '', 'g')` */
export function leftBy(call: Call): Partial<Pick<Judgement, 'type' | 'lacks' | 'doubt'>> {
  const kept = alphabetKept(call);
  if (kept === 'words') return { doubt: 'words' };
  if (kept === 'digits') return { type: 'quoteless', doubt: 'digits' };
  if (kept === 'quoteless') return { type: 'quoteless' };
  const isGone = (sign: string): boolean => takesOut(call, sign);
  const lacks = ["'", '"', '$'].find(isGone);
  if (lacks === undefined) return {};
  return { lacks, ...(quotes.every(isGone) && { type: 'quoteless' }), ...(needed.every(isGone) && { doubt: 'signs' }) };
}

/** What end texts, names and bodies, or keep their ends from being read as such. */
const quotes = ["'", '"', '$', '\\'];

/** Without them there are no other statements, no calls, no lists, no comments and no texts. */
const needed = ["'", ';', '(', ')', '-', ',', '='];

/** `regexp_replace(x, '[^a-z]', '', 'g')` */
export function alphabetKept({ name, args: [, pattern, replacement, flags] }: Call): Alphabet | undefined {
  if (name !== 'regexp_replace' || pattern?.kind !== 'literal' || replacement?.kind !== 'literal' || flags?.kind !== 'literal' || !flags.value.includes('g')) return undefined;
  const alphabet = alphabetWithout(pattern.value);
  if (alphabet === 'word' || alphabet === undefined) return /^\w*$/.test(replacement.value) ? alphabet : undefined;
  // With (?n) in the flags, `[^…]` leaves new lines.
  return /^[gi]+$/.test(flags.value) && /^[\w ]*$/.test(replacement.value) ? alphabet : undefined;
}

function takesOut({ name, args: [, searched, replacement, flags] }: Call, sign: string): boolean {
  if (searched?.kind !== 'literal' || replacement?.kind !== 'literal' || replacement.value.includes(sign)) return false;
  if (name === 'replace') return searched.value === sign;
  if (name === 'translate') return searched.value.includes(sign);
  return name === 'regexp_replace' && flags?.kind === 'literal' && flags.value.includes('g') && matches(searched.value, sign);
}

function matches(pattern: string, sign: string): boolean {
  return pattern === sign || (/^\[[^^\]\\-][^\]\\-]*\]\+?$/.test(pattern) && pattern.includes(sign));
}

/** What was taken out of a text before is in it again when the call adds it. */
export function withoutAdded(before: Judgement, { name, args }: Call): Judgement {
  const added = (replacing.has(name) ? args.slice(2) : args.slice(1)).flatMap((one) => (one.kind === 'literal' ? [one.value] : []));
  const { lacks, doubt, ...others } = before;
  const again = lacks !== undefined && added.some((text) => text.includes(lacks));
  const signs = added.some((text) => (doubt === 'digits' ? /[^\d. ]/ : /[^\w. ]/).test(text)) && (doubt === 'words' || doubt === 'digits' || doubt === 'signs');
  return again || signs ? { ...others, ...(lacks !== undefined && !again && { lacks }), ...(doubt !== undefined && !signs && { doubt }) } : before;
}

/** Their second argument is what they look for. */
const replacing = new Set(['replace', 'regexp_replace', 'translate']);
