import type { Fix } from '../../rules/rule.ts';
import { parsePostgres } from '../../syntax/sql/postgres.ts';
import type { Span } from '../../text.ts';
import type { DynamicSql, Risk } from '../flow.ts';
import { failingStatements } from './failing-statements.ts';
import type { Context } from './judgement.ts';
import type { SinkSite } from './sinks.ts';

/** One place where text runs; spans are offsets in the statement. */
export interface Site extends Omit<DynamicSql, 'definer' | 'madeInside' | 'risks'> {
  /** How the text begins that runs. */
  readonly beginning: string;
  /** All of it, when no value is a part of it. */
  readonly text: string | undefined;
  readonly risks: readonly SiteRisk[];
  /** A query that the caller gives and that runs whole. */
  readonly query: Span | undefined;
}

/** Proving a fix means reading the routine again, so it waits until somebody asks for it. */
export interface SiteRisk extends Omit<Risk, 'fixes'> {
  readonly fixes: () => readonly Fix[];
  /** A caller gives it, whatever a check leaves of it. */
  readonly given: boolean;
}

/** Who gives a routine a whole query to run, with no more rights than their own, gains nothing by what else they give it. */
export function asTrusted(sites: readonly Site[], hasMore: () => boolean): readonly Site[] {
  const query = sites.find((site) => site.query !== undefined)?.query;
  const gains = (risk: SiteRisk) => risk.origin === 'param' && risk.problem !== 'wrong' && isWarning(risk);
  if (query === undefined || !sites.some(({ risks }) => risks.some(gains)) || hasMore()) return sites;
  const low = (risk: SiteRisk): SiteRisk => ({
    ...lowered(risk, 'the routine runs a whole query of its caller anyway'),
    related: [...risk.related, { at: query, message: 'This is a whole query of the caller' }],
  });
  return sites.map((site) => ({ ...site, risks: site.risks.map((risk) => (gains(risk) ? low(risk) : risk)) }));
}

/** What only a script can call is given what the script gives it. */
export function asPassing(sites: readonly Site[], whyOnly: () => string | undefined): readonly Site[] {
  const counts = (risk: SiteRisk) => (risk.origin === 'param' || risk.given) && risk.problem !== 'wrong' && isWarning(risk);
  const why = sites.some(({ risks }) => risks.some(counts)) ? whyOnly() : undefined;
  if (why === undefined) return sites;
  return sites.map((site) => ({ ...site, risks: site.risks.map((risk) => (counts(risk) ? lowered(risk, why) : risk)) }));
}

/** What cannot be created does nothing. */
export function asRefused(sites: readonly Site[], refusal: () => string | undefined): readonly Site[] {
  const why = sites.some(({ risks }) => risks.some(isWarning)) ? refusal() : undefined;
  if (why === undefined) return sites;
  return sites.map((site) => ({ ...site, risks: site.risks.map((risk) => (isWarning(risk) ? lowered(risk, `but PostgreSQL does not compile this code (${why})`) : risk)) }));
}

/** Nothing runs behind a statement that always fails, also because PostgreSQL knows no such statement; in SQL the column is meant where PL/pgSQL cannot choose. */
export function asUnreached(sites: readonly Site[], found: readonly SinkSite[], { scope }: Context): readonly Site[] {
  if (!sites.some(({ risks }) => risks.some(isWarning))) return sites;
  const unknown = sites.flatMap(({ kind, text, beginning }, index) => {
    if (ofGreenplum.test(beginning)) return [{ end: found[index]!.span.end, why: 'syntax error at or near "EXTERNAL"' }];
    const parsed = kind === 'execute' && text !== undefined && !text.includes(';') ? parsePostgres(text) : undefined;
    return parsed?.kind === 'error' ? [{ end: found[index]!.span.end, why: parsed.message }] : [];
  });
  const failing = [...failingStatements(scope), ...unknown];
  if (failing.length === 0) return sites;
  return sites.map((site, index) => {
    if (ofGreenplum.test(site.beginning)) return { ...site, risks: site.risks.map((risk) => (isWarning(risk) ? lowered(risk, 'but PostgreSQL knows no such statement') : risk)) };
    const before = failing.find(({ end }) => scope.dominates(end, found[index]!.span.start));
    return before === undefined ? site : { ...site, risks: site.risks.map((risk) => (isWarning(risk) ? lowered(risk, `but a statement before it always fails (${before.why})`) : risk)) };
  });
}

const ofGreenplum = /^\s*(?:drop|create|alter)\s+(?:(?:readable|writable)\s+)?external\s+(?:web\s+)?table\b/i;

export function isWarning({ severity }: SiteRisk): boolean {
  return severity !== 'low' && severity !== 'info';
}

export function lowered(risk: SiteRisk, why: string): SiteRisk {
  return { ...risk, severity: 'low', message: `${risk.message}; ${why}` };
}
