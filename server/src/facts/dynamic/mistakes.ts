import type { Fix, Related } from '../../rules/rule.ts';
import type { Edit, Span } from '../../text.ts';

/** A value in dynamic SQL that somebody has forgotten to quote. */
export interface Mistake {
  readonly at: Span;
  /** The same for every place of a routine where this value is spliced in the same way. */
  readonly mistake: string;
  readonly related: readonly Related[];
  readonly fixes: () => readonly Fix[];
}

interface Site<Risk extends Mistake> {
  readonly risks: readonly Risk[];
}

/** A value that nobody quotes in five statements of a routine is one mistake, shown at the first of them. */
export function onePerMistake<Risk extends Mistake, S extends Site<Risk>>(sites: readonly S[]): S[] {
  const mistakes = new Map<string, Risk[]>();
  for (const risk of sites.flatMap(({ risks }) => risks)) mistakes.set(risk.mistake, [...mistakes.get(risk.mistake) ?? [], risk]);
  return sites.map((site) => ({
    ...site,
    risks: site.risks.flatMap((risk) => {
      const [first, ...others] = mistakes.get(risk.mistake)!;
      return first === risk ? [withOthers(risk, others)] : [];
    }),
  }));
}

function withOthers<Risk extends Mistake>(risk: Risk, others: readonly Risk[]): Risk {
  if (others.length === 0) return risk;
  const places = others.map(({ at }) => ({ at, message: sameValue }));
  return { ...risk, related: [...risk.related, ...places].slice(0, risk.related.length + mostOthers), fixes: () => fixedTogether(risk, others) };
}

export const mostOthers = 20;
export const sameValue = 'The same value stands here too';

/** Where one of the places has no fix, or they are in each other's way, the first one is mended by itself. */
function fixedTogether(risk: Mistake, others: readonly Mistake[]): readonly Fix[] {
  const own = risk.fixes();
  const [first, ...alternatives] = own;
  const fixes = others.map((other) => other.fixes()[0]);
  if (first === undefined || fixes.includes(undefined)) return own;
  const edits = distinct([first, ...fixes as Fix[]].flatMap((fix) => fix.edits));
  if (edits.some((edit, index) => index > 0 && edit.span.start < edits[index - 1]!.span.end)) return own;
  const title = (fixes as Fix[]).reduce((longest, fix) => (fix.title.length > longest.length ? fix.title : longest), first.title);
  return [{ ...first, title, edits }, ...alternatives];
}

function distinct(edits: readonly Edit[]): Edit[] {
  const byPlace = new Map(edits.map((edit) => [`${edit.span.start} ${edit.span.end} ${edit.text}`, edit]));
  return [...byPlace.values()].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}
