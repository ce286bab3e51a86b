import { presets, severities, type Preset, type Severity } from '../rules/rule.ts';
import { knownIds, knownRules, nearest, type RuleInfo } from './catalog.ts';

/** Severities that differ from the rules' own, by rule id. */
export type Levels = ReadonlyMap<string, Severity | 'off'>;

/** Values of the rules' own options, by rule id. */
export type RuleOptions = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

export interface RuleSettings {
  readonly levels: Levels;
  readonly options: RuleOptions;
  /** What was not understood, each with the nearest valid word. It is left out. */
  readonly problems: readonly string[];
}

/** True when a rule runs: it belongs to a chosen preset, or it was given a severity of its own. */
export function isOn(rule: Pick<RuleInfo, 'id' | 'presets'>, chosen: readonly Preset[], levels?: Levels): boolean {
  const level = levels?.get(rule.id);
  if (level !== undefined) return level !== 'off';
  return rule.presets === undefined || rule.presets.some((preset) => chosen.includes(preset));
}

/** The severity of a rule where neither it nor the user says another for a finding. */
export function severityOf({ severity, strict }: Pick<RuleInfo, 'severity' | 'strict'>, chosen: readonly Preset[] = []): Severity {
  return (chosen.includes('strict') ? strict : undefined) ?? severity;
}

/** Reads `{ "<rule id or family/*>": "<level>" }` or `["<level>", { "<option>": … }]`; later entries win over earlier ones. */
export function readRuleSettings(entries: Iterable<readonly [string, unknown]>): RuleSettings {
  const levels = new Map<string, Severity | 'off'>();
  const options = new Map<string, Readonly<Record<string, unknown>>>();
  const problems: string[] = [];
  for (const [pattern, given] of entries) {
    const [level, more] = Array.isArray(given) ? given as unknown[] : [given];
    if (!isLevel(level)) {
      problems.push(`unknown level '${String(level)}' for ${pattern}${suggest(String(level), [...severities, 'off'])}`);
      continue;
    }
    const ids = pattern.endsWith('/*') ? [...knownIds].filter((id) => id.startsWith(pattern.slice(0, -1))) : [pattern].filter((id) => knownIds.has(id));
    if (ids.length === 0) problems.push(`unknown rule '${pattern}'${suggest(pattern, knownIds)}`);
    for (const id of ids) levels.set(id, level);
    if (more !== undefined && ids.length > 0) readOptions(pattern, more, options, problems);
  }
  return { levels, options, problems };
}

/** Reads names of presets; one that is not known is left out and named in `problems`. */
export function readPresets(given: readonly unknown[]): { presets: readonly Preset[]; problems: readonly string[] } {
  const known = given.filter((name): name is Preset => (presets as readonly unknown[]).includes(name));
  const problems = given.filter((name) => !known.includes(name as Preset)).map((name) => `unknown preset '${String(name)}'${suggest(String(name), presets)}`);
  return { presets: known, problems };
}

function readOptions(id: string, given: unknown, options: Map<string, Readonly<Record<string, unknown>>>, problems: string[]): void {
  const known: Readonly<Record<string, { readonly default: unknown }>> = knownRules.find((rule) => rule.id === id)?.options ?? {};
  if (typeof given !== 'object' || given === null) return void problems.push(`the options of ${id} are not an object`);
  const values: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    const option = Object.hasOwn(known, name) ? known[name] : undefined;
    if (option === undefined) problems.push(`unknown option '${name}' of ${id}${suggest(name, Object.keys(known))}`);
    else if (kindOf(value) !== kindOf(option.default)) problems.push(`option '${name}' of ${id} takes ${kindOf(option.default)}`);
    else values[name] = value;
  }
  options.set(id, values);
}

function kindOf(value: unknown): string {
  if (!Array.isArray(value)) return typeof value === 'boolean' ? 'true or false' : `a ${typeof value}`;
  return value.every((one) => typeof one === 'string') ? 'a list of strings' : 'a list';
}

function isLevel(level: unknown): level is Severity | 'off' {
  return level === 'off' || (severities as readonly unknown[]).includes(level);
}

function suggest(word: string, candidates: Iterable<string>): string {
  const near = nearest(word, candidates);
  return near === undefined ? '' : `, did you mean '${near}'?`;
}
