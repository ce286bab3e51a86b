import { supportedVersions } from '../document.ts';
import { readConfiguredSets, type ConfiguredSet } from '../migrations.ts';
import { nearest } from '../policy/catalog.ts';
import { readPresets, readRuleSettings, type Levels, type RuleOptions } from '../policy/levels.ts';
import type { Preset } from '../rules/rule.ts';

/** The settings `pgrampart.*`, read and checked. */
export interface Settings {
  readonly enable: boolean;
  readonly levels: Levels;
  readonly ruleOptions: RuleOptions;
  readonly presets: readonly Preset[];
  /** PostgreSQL major version; `auto` takes the PG_VERSION beside a file, or the newest. */
  readonly version: number | 'auto';
  readonly exclude: readonly string[];
  readonly detectSql: 'auto' | 'always' | 'never';
  /** The SQL files of each database, where the user says so. */
  readonly migrations: readonly ConfiguredSet[];
  /** Completion, hover texts about words, outline and the like in configuration files. */
  readonly languageFeatures: boolean;
  /** In bytes. */
  readonly maxFileSize: number;
}

export const defaultSettings: Settings = {
  enable: true, levels: new Map(), ruleOptions: new Map(), presets: ['recommended'], version: 'auto', exclude: [], detectSql: 'auto', migrations: [], languageFeatures: true, maxFileSize: 2 * 1024 * 1024,
};

/** Reads what the editor holds below `pgrampart`. What is not understood keeps its default and is named in `problems`. */
export function readSettings(given: unknown): { settings: Settings; problems: string[] } {
  if (!isRecord(given)) return { settings: defaultSettings, problems: [] };
  const problems: string[] = [];
  const { levels, options, problems: unknownRules } = readRuleSettings(idsLast(isRecord(given.rules) ? given.rules : {}));
  problems.push(...unknownRules.map((problem) => `Setting pgrampart.rules: ${problem}`));
  const { presets, problems: unknownPresets } = readPresets(Array.isArray(given.presets) ? given.presets : defaultSettings.presets);
  problems.push(...unknownPresets.map((problem) => `Setting pgrampart.presets: ${problem}`));
  problems.push(...unknownNames(given));
  const sql = isRecord(given.sql) ? given.sql : { detect: given['sql.detect'], migrations: given['sql.migrations'] };
  return {
    settings: {
      enable: given.enable !== false,
      levels,
      ruleOptions: options,
      presets,
      version: choose('postgresVersion', given.postgresVersion, versions, problems, defaultSettings.version),
      exclude: Array.isArray(given.exclude) ? given.exclude.filter((glob): glob is string => typeof glob === 'string') : [],
      detectSql: choose('sql.detect', sql.detect, detections, problems, defaultSettings.detectSql),
      migrations: readMigrations(sql.migrations, problems),
      languageFeatures: given.languageFeatures !== false,
      maxFileSize: typeof given.maxFileSize === 'number' && given.maxFileSize > 0 ? given.maxFileSize : defaultSettings.maxFileSize,
    },
    problems,
  };
}

const versions = new Map<string, number | 'auto'>([['auto', 'auto'], ...supportedVersions.map((version) => [`${version}`, version] as const)]);
const detections = new Map([['auto', 'auto'], ['always', 'always'], ['never', 'never']] as const);
const settingNames = ['enable', 'presets', 'rules', 'postgresVersion', 'exclude', 'sql', 'sql.detect', 'sql.migrations', 'languageFeatures', 'maxFileSize', 'trace', 'trace.server'];

/** Patterns come before ids, short patterns before long ones, so that the more particular one wins. */
function idsLast(rules: Record<string, unknown>): [string, unknown][] {
  const rank = (id: string) => (id.endsWith('*') ? id.length : Number.MAX_SAFE_INTEGER);
  return Object.entries(rules).sort(([a], [b]) => rank(a) - rank(b));
}

function readMigrations(given: unknown, problems: string[]): readonly ConfiguredSet[] {
  if (given === undefined || given === null) return [];
  const { sets, wrong } = readConfiguredSets(given);
  if (wrong.length > 0) problems.push('Setting pgrampart.sql.migrations: each entry is a pattern, or has files with one');
  return sets;
}

function unknownNames(given: Record<string, unknown>): string[] {
  return Object.keys(given).filter((name) => !settingNames.includes(name)).map((name) => `Unknown setting pgrampart.${name}${meant(name, settingNames)}`);
}

function choose<T>(name: string, given: unknown, choices: ReadonlyMap<string, T>, problems: string[], otherwise: T): T {
  if (given === undefined || given === null) return otherwise;
  const chosen = choices.get(String(given));
  if (chosen !== undefined) return chosen;
  problems.push(`Setting pgrampart.${name}: unknown value '${String(given)}'${meant(String(given), choices.keys())}`);
  return otherwise;
}

function meant(word: string, candidates: Iterable<string>): string {
  const near = nearest(word, candidates);
  return near === undefined ? '' : `, did you mean '${near}'?`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
