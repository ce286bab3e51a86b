import type { Span } from '../../text.ts';
import type { Severity } from '../../rules/rule.ts';
import type { Misplaced } from './misplaced.ts';
import { isMisplaced } from './misplaced.ts';
import type { Problem } from './threat.ts';
import { worstOf } from './threat.ts';

interface Told {
  readonly at: Span;
  readonly problem: Problem;
  readonly severity: Severity;
  readonly message: string;
}

/** One value that comes to stand at places of several kinds is one mistake: it is told once, with what each of them needs. */
export function toldOnce<Risk extends Told, Site extends { readonly risks: readonly Risk[] }>(sites: readonly Site[]): readonly Site[] {
  const byValue = new Map<string, Risk[]>();
  for (const risk of sites.flatMap(({ risks }) => risks)) {
    if (!isMisplaced(risk.problem) && risk.problem !== 'concatenated' && risk.problem !== 'formatted') continue;
    const value = `${risk.at.start} ${risk.at.end}`;
    const known = byValue.get(value);
    if (known) known.push(risk);
    else byValue.set(value, [risk]);
  }
  const told = new Map([...byValue.values()].filter(({ length }) => length > 1).flatMap((all) => {
    const kept = keptOf(all);
    return all.map((risk) => [risk, risk === kept ? { ...risk, message: withAdvice(kept, all) } : undefined] as const);
  }));
  if (told.size === 0) return sites;
  return sites.map((site) => ({ ...site, risks: site.risks.flatMap((risk) => (told.has(risk) ? told.get(risk) ?? [] : [risk])) }));
}

/** The worst; of several the one that says least of the place. */
function keptOf<Risk extends Told>(all: readonly Risk[]): Risk {
  const worst = worstOf(all.map(({ severity }) => severity));
  const bad = all.filter(({ severity }) => severity === worst);
  return bad.find(({ problem }) => !isMisplaced(problem)) ?? bad[0]!;
}

function withAdvice(kept: Told, all: readonly Told[]): string {
  const others = new Set(all.flatMap(({ problem }) => (problem === kept.problem ? [] : isMisplaced(problem) ? elsewhere[problem] : 'elsewhere quote it')));
  return [kept.message, ...others].join('; ');
}

/** What to do where the same value stands at such a place. */
const elsewhere: Readonly<Record<Misplaced, string>> = {
  escaped: 'between quotes use %L',
  wrong: 'elsewhere it needs the other specifier',
  dollar: 'a body between dollar quotes that it stands in has to be passed as one %L',
  list: 'where it is a list, quote each part of it',
  direction: 'behind ORDER BY allow only ASC and DESC',
  fragment: 'where it is neither a name nor a value, build it from constants',
};
