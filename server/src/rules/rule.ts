import type { Edit, Span } from '../text.ts';
import type { ConfFacts } from '../facts/conf/settings.ts';
import type { HbaFacts } from '../facts/access.ts';
import type { IdentFacts } from '../facts/hba/maps.ts';
import type { SqlFacts } from '../facts/sql.ts';

/** From what gets people hacked down to what everybody does. */
export const severities = ['critical', 'high', 'medium', 'low', 'info'] as const;
export type Severity = (typeof severities)[number];

/**
 * Sets of rules to choose from. `recommended` is in force when nothing is chosen; `strict` adds what most people do not want
 * to hear of, `cloud` what managed services ask for, `extension` what matters in the scripts of an extension, `supabase` what
 * matters where clients reach the database through PostgREST.
 */
export const presets = ['recommended', 'strict', 'cloud', 'extension', 'supabase'] as const;
export type Preset = (typeof presets)[number];

/** What a rule reads, by the language it belongs to. */
export interface FactsOf {
  readonly conf: ConfFacts;
  readonly hba: HbaFacts;
  readonly ident: IdentFacts;
  readonly sql: SqlFacts;
}
export type Language = keyof FactsOf;

/** Something that a rule saw: the smallest span that is wrong, and one plain sentence that says what happens to the reader. */
export interface Finding {
  readonly at: Span;
  readonly message: string;
  /** Only where it differs from the rule's own severity. */
  readonly severity?: Severity;
  /** Alternatives, the recommended one first; each is made against the same text. */
  readonly fixes?: readonly Fix[];
  readonly related?: readonly Related[];
  readonly tags?: readonly ('unnecessary' | 'deprecated')[];
}

/** Another place that explains the finding. */
export interface Related {
  /** Absent: the same document. */
  readonly path?: string;
  readonly at: Span;
  readonly message: string;
}

export interface Fix {
  /** A verb phrase: `Require scram-sha-256`. */
  readonly title: string;
  /** `safe`: nobody loses access and nothing runs differently. Everything else is `review`. */
  readonly safety: 'safe' | 'review';
  readonly edits: readonly Edit[];
  /** SQL that reaches the same after the file has run, each with its semicolon: for a new migration, when this one must not change any more. Empty: none does. */
  readonly statements?: readonly string[] | undefined;
  /** Words of the statements, in their order, that a person has to replace by words of their own: such statements are never written unattended. */
  readonly blanks?: readonly string[];
  /** The routine or policy that the statements make anew as a whole: what else is wrong with it must be mended in the same ones. */
  readonly remakes?: string;
}

/**
 * One example is documentation, test and settings at once. `«…»` marks exactly what must be reported.
 * `{bad, fixed}`: the first fix makes exactly `fixed`. `{bad, good}`: a person decides, `good` is one way out.
 * `{bad}` with neither: there is nothing to edit here. `{good}`: the near miss that must stay silent.
 */
export interface Example {
  readonly bad?: string;
  readonly fixed?: string;
  readonly good?: string;
  /** Why it is as it is, one sentence. */
  readonly because?: string;
  /** Name of the example's own document; by default the usual name of its language. */
  readonly path?: string;
  /** The documents beside it, by name. */
  readonly files?: Readonly<Record<string, string>>;
  readonly version?: number;
  readonly options?: Readonly<Record<string, unknown>>;
}

/** An option of a rule. Its default gives its type. */
export interface Option<T> {
  readonly default: T;
  readonly description: string;
}
export type Options = Readonly<Record<string, Option<boolean | number | string | readonly string[]>>>;
export type OptionValues<O extends Options> = { readonly [K in keyof O]: O[K]['default'] };

export function flag(value: boolean, description: string): Option<boolean> {
  return { default: value, description };
}
export function names(value: readonly string[], description: string): Option<readonly string[]> {
  return { default: value, description };
}

export interface Rule<L extends Language = Language, O extends Options = Options> {
  readonly language: L;
  readonly severity: Severity;
  /** What is wrong, as a headline without a full stop. */
  readonly title: string;
  /** The attack, in two or three sentences. */
  readonly why: string;
  /** What the first fix does and what to check before and after applying it; absent when there is no fix. */
  readonly fixing?: string;
  readonly cwe: readonly number[];
  readonly references: readonly string[];
  /** First PostgreSQL major version it applies to. */
  readonly since?: number;
  /** In which presets it is on; absent: in every one. Giving it a severity of its own switches it on as well. */
  readonly presets?: readonly Preset[];
  /** Its severity in the preset `strict`, where that differs. */
  readonly strict?: Severity;
  readonly options?: O;
  readonly examples: readonly Example[];
  check(facts: FactsOf[L], options: OptionValues<O>): Iterable<Finding>;
}

/** A rule with the id that its place in the folder gives it: `rules/hba/trust-any.ts` is `hba/trust-any`. */
export type RegisteredRule = { [L in Language]: Rule<L, any> & { readonly id: string } }[Language];

/** Gives a rule its types; the value is returned as it is. */
export function defineRule<L extends Language, const O extends Options = {}>(rule: Rule<L, O>): Rule<L, O> {
  return rule;
}
