import type { Document, Written } from './document.ts';
import { mendableLater } from './facts/sql/again.ts';
import { readConf, readHba, readIdent } from './facts/reading.ts';
import { isSuperseded } from './facts/sql/extension-script.ts';
import { isDiscarded, isTrial, isWayBack } from './facts/place.ts';
import { sqlFacts } from './facts/sql.ts';
import type { Baseline } from './policy/baseline.ts';
import { knownRules } from './policy/catalog.ts';
import { isOn, severityOf, type Levels, type RuleOptions } from './policy/levels.ts';
import type { Policy } from './policy/project.ts';
import { Suppressions } from './policy/suppressions.ts';
import { rules } from './rules/index.ts';
import { severities, type FactsOf, type Finding, type Fix, type Language, type OptionValues, type Preset, type Related, type RegisteredRule, type Rule, type Severity } from './rules/rule.ts';

export interface LintOptions {
  /** Severities that differ from the rules' own; `off` switches a rule off. */
  readonly levels?: Levels;
  /** `recommended` when nothing is given. */
  readonly presets?: readonly Preset[];
  readonly ruleOptions?: RuleOptions;
  /** Runs this rule alone, whatever the presets, and looks at no suppression. */
  readonly only?: string;
  /** Looks at SQL that does not seem to be PostgreSQL's as well. */
  readonly anyDialect?: boolean;
  /** `YYYY-MM-DD`, for suppressions that expire. */
  readonly today?: string;
  /** Problems that were accepted before. */
  readonly baseline?: { readonly baseline: Baseline; /** The document's name in it. */ readonly path: string };
  /** Reports suppressions that do not say why. */
  readonly requireReason?: boolean;
  /** A rule that throws loses its findings in this document and nothing else. */
  readonly onCrash?: (rule: string, error: unknown) => void;
}

export interface LintFinding extends Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly fixes: readonly Fix[];
  readonly related: readonly Related[];
  readonly tags: readonly ('unnecessary' | 'deprecated')[];
  /** Why a comment silences it, in the words of the comment. */
  readonly reason?: string;
}

/** A document and what was found in it. */
export interface Looked {
  readonly document: Document;
  readonly findings: readonly LintFinding[];
}

export interface LintResult {
  /** Sorted by place, then by rule. */
  readonly findings: readonly LintFinding[];
  /** A comment silences them. */
  readonly suppressed: readonly LintFinding[];
  /** The baseline accepts them. */
  readonly accepted: readonly LintFinding[];
}

/** What a project or settings say, as a look takes it. */
export function optionsOf({ levels, options: ruleOptions, presets, requireReason }: Policy): LintOptions {
  return { levels, ruleOptions, ...(presets && { presets }), ...(requireReason && { requireReason }) };
}

/** Looks at one document. Synchronous; for SQL the parser must have been loaded. */
export function lint(document: Document, options: LintOptions = {}): LintResult {
  const facts = readFacts(document, options);
  if (facts === undefined) return { findings: [], suppressed: [], accepted: [] };
  const all = [...runRules(document.language, facts, options)].sort(byPlace);
  if (options.only !== undefined) return { findings: all, suppressed: [], accepted: [] };

  const suppressions = new Suppressions(document.text, facts.file, options.today, options.requireReason);
  const findings: LintFinding[] = [];
  const suppressed: LintFinding[] = [];
  for (const finding of all) {
    const silenced = suppressions.covers(finding.rule, finding.at);
    if (silenced) suppressed.push(Object.assign(finding, silenced));
    else findings.push(finding);
  }
  for (const problem of suppressions.problems((rule) => !switchedOff(rule, options))) {
    const complete = completed(problem.rule, problem, options);
    if (complete) findings.push(complete);
  }
  findings.sort(byPlace);
  return { ...split(document, facts.file, findings, options), suppressed };
}

function split({ text }: Document, written: Written, findings: readonly LintFinding[], { baseline }: LintOptions): Pick<LintResult, 'findings' | 'accepted'> {
  if (baseline === undefined || findings.length === 0) return { findings, accepted: [] };
  const old = baseline.baseline.accepted(baseline.path, text, written, findings);
  return { findings: findings.filter((_, i) => !old[i]), accepted: findings.filter((_, i) => old[i]) };
}

/** The syntax of a document as far as suppression comments need it. */
export function writtenOf(document: Document): Written {
  return readFacts(document, {})?.file ?? { comments: [], units: [] };
}

function readFacts(document: Document, options: LintOptions): FactsOf[Language] | undefined {
  try {
    switch (document.language) {
      case 'conf': return readConf(document);
      case 'hba': return readHba(document);
      case 'ident': return readIdent(document);
      case 'sql': {
        const facts = sqlFacts(document);
        return facts.file.postgres || options.anyDialect ? facts : undefined;
      }
    }
  } catch (error) {
    options.onCrash?.(`facts/${document.language}`, error);
    return undefined;
  }
}

/**
 * Nobody is attacked through statements that try something out, that undo a migration or that were put aside, and what a newer version of a script
 * says is told there. A secret is known to whoever reads it, also where it runs no more.
 */
function worstAside(document: Document): (rule: Pick<RegisteredRule, 'cwe'>) => Severity | undefined {
  if (document.language !== 'sql') return () => undefined;
  if (isTrial(document) || isWayBack(document) || isSuperseded(document)) return () => 'low';
  return isDiscarded(document) ? ({ cwe }) => (cwe.includes(798) ? undefined : 'low') : () => undefined;
}

function* runRules(language: Language, facts: FactsOf[Language], options: LintOptions): Iterable<LintFinding> {
  const worst = worstAside(facts.document);
  for (const rule of rules) {
    if (rule.language !== language) continue;
    if (options.only === undefined ? !isOn(rule, options.presets ?? ['recommended'], options.levels) : options.only !== rule.id) continue;
    if (rule.since !== undefined && facts.document.version < rule.since) continue;
    const found: LintFinding[] = [];
    try {
      for (const finding of (rule as Rule<any>).check(facts, optionValues(rule, options.ruleOptions?.get(rule.id)))) {
        const complete = completed(rule.id, finding, options, worst(rule), rule.language === 'sql' ? facts as FactsOf['sql'] : undefined);
        if (complete) found.push(complete);
      }
    } catch (error) {
      options.onCrash?.(rule.id, error);
      continue;
    }
    yield* found;
  }
}

function optionValues(rule: Rule<any>, given: Readonly<Record<string, unknown>> = {}): OptionValues<any> {
  return Object.fromEntries(Object.entries(rule.options ?? {}).map(([name, option]) => [name, given[name] ?? (option as { default: unknown }).default])) as OptionValues<any>;
}

const ruleById = new Map(knownRules.map((rule) => [rule.id, rule]));

/** A rule that does not run cannot tell whether a comment about it is of use. */
function switchedOff(id: string, { presets = ['recommended'], levels }: LintOptions): boolean {
  const rule = ruleById.get(id);
  return rule !== undefined && !isOn(rule, presets, levels);
}

/** `worst`: no finding is more severe, unless the user says so. `sql`: what a later file has to hold is worked out by it. */
function completed(rule: string, finding: Finding, options: LintOptions, worst?: Severity, sql?: FactsOf['sql']): LintFinding | undefined {
  const level = options.levels?.get(rule);
  if (level === 'off') return undefined;
  return {
    rule, at: finding.at, message: finding.message,
    severity: level ?? atMost(worst, finding.severity ?? severityOf(ruleById.get(rule)!, options.presets)),
    related: finding.related ?? [], tags: finding.tags ?? [],
    /** Some fixes take their time to be found, which only those who look at them should wait for. */
    get fixes() {
      try {
        return sql && finding.fixes ? mendableLater(sql, finding.fixes) : finding.fixes ?? [];
      } catch (error) {
        options.onCrash?.(rule, error);
        return [];
      }
    },
  };
}

function atMost(worst: Severity | undefined, severity: Severity): Severity {
  return worst !== undefined && severities.indexOf(severity) < severities.indexOf(worst) ? worst : severity;
}

function byPlace(a: LintFinding, b: LintFinding): number {
  return a.at.start - b.at.start || a.at.end - b.at.end || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0);
}
