import { parseArgs } from 'node:util';
import { isCommand, refuseForeign, unknownCommand, type CommandName } from './commands.ts';
import { UsageError } from './console.ts';
import type { Fixing } from './fixing.ts';
import type { ProjectSource } from './projects-used.ts';
import type { HbaClient } from '../facts/hba/matching.ts';
import { parseIp } from '../syntax/address.ts';
import { newestVersion, supportedVersions } from '../document.ts';
import { nearest } from '../policy/catalog.ts';
import { readPresets, readRuleSettings, type Levels } from '../policy/levels.ts';
import { fileFormatNames, type FileFormat } from '../report/formats.ts';
import { diffFormats, type DiffFormat } from '../report/diff.ts';
import { severities, type Preset, type Severity } from '../rules/rule.ts';

export type Format = 'pretty' | FileFormat;

/** A report and the file it goes to; absent: standard output. */
export interface Output {
  readonly format: Format;
  readonly file?: string;
}

export type Command =
  | { readonly kind: 'version' | 'rules' }
  | { readonly kind: 'help'; readonly about: CommandName | undefined }
  | { readonly kind: 'explain'; readonly rule: string }
  | { readonly kind: 'init'; readonly folder: string }
  | { readonly kind: 'scan'; readonly scan: ScanCommand }
  | { readonly kind: 'diff'; readonly diff: DiffCommand }
  | { readonly kind: 'who'; readonly who: WhoCommand };

export interface DiffCommand {
  /** Commits and paths; git knows which is which. */
  readonly words: readonly string[];
  /** Behind `--`: paths alone. */
  readonly paths: readonly string[];
  readonly format: DiffFormat;
  readonly version: number | 'auto';
  readonly migrations: readonly string[];
  readonly color: boolean;
}

export interface WhoCommand {
  readonly path: string;
  readonly client: HbaClient;
  readonly version: number | 'auto';
  readonly json: boolean;
}

export interface ScanCommand {
  readonly paths: readonly string[];
  /** At most one of them without a file. Absent: the usual ones. */
  readonly outputs: readonly Output[] | undefined;
  readonly version: number | 'auto';
  /** Absent: the project decides, else `medium`. `none`: findings never fail the command. */
  readonly failOn: Severity | 'none' | undefined;
  /** More findings than these make the command fail, whatever their severity. */
  readonly most: number | undefined;
  readonly fix: Fixing | undefined;
  /** Patterns of the SQL files that make up a database, in the order in which they are applied. */
  readonly migrations: readonly string[];
  readonly stdin: boolean;
  readonly stdinName: string | undefined;
  readonly levels: Levels;
  /** Absent: the project decides, else `recommended`. */
  readonly presets: readonly Preset[] | undefined;
  readonly projects: ProjectSource;
  /** File with accepted problems; absent: the project says. */
  readonly baseline: string | undefined;
  /** Instead of reporting: accept all problems, or take out of the baseline what is gone. */
  readonly changeBaseline: 'update' | 'prune' | undefined;
  /** Instead of looking at the files: say which they are, or what counts for one of them. */
  readonly ask: 'files' | { readonly configOf: string } | undefined;
  readonly exclude: readonly string[];
  readonly gitignore: boolean;
  /** Only what a change brings in: on disk since the last commit, in git's index, or since another branch parted. */
  readonly change: 'changed' | 'staged' | { readonly since: string } | undefined;
  readonly quiet: boolean;
  readonly color: boolean;
}

/** Reads the arguments behind `pgrampart`. */
export function readCommand(args: readonly string[]): Command {
  const { values, words, behind } = split(args);
  const [command, ...rest] = words;
  if (values.help) return { kind: 'help', about: isCommand(command) ? command : undefined };
  if (values.version) return { kind: 'version' };
  if (command === undefined) throw new UsageError('no command given, try: pgrampart scan');
  if (!isCommand(command)) throw unknownCommand(command);
  refuseForeign(command, Object.keys(values));
  switch (command) {
    case 'scan': return { kind: 'scan', scan: readScan(values, rest) };
    case 'diff': return { kind: 'diff', diff: readDiff(values, rest, behind) };
    case 'who': return { kind: 'who', who: readWho(values, rest) };
    case 'explain': return { kind: 'explain', rule: explained(rest) };
    case 'init': return { kind: 'init', folder: folderToStart(rest) };
    case 'help': return { kind: 'help', about: explainedCommand(rest) };
    case 'rules': case 'version':
      if (rest.length > 0) throw new UsageError(`'${command}' takes no arguments`);
      return { kind: command };
  }
}

const known = {
  format: { type: 'string', multiple: true },
  'pg-version': { type: 'string' },
  'fail-on': { type: 'string' },
  'max-findings': { type: 'string' },
  fix: { type: 'boolean' },
  'fix-review': { type: 'boolean' },
  diff: { type: 'boolean' },
  'in-place': { type: 'boolean' },
  migrations: { type: 'string', multiple: true },
  stdin: { type: 'boolean' },
  'stdin-filename': { type: 'string' },
  rule: { type: 'string', multiple: true },
  preset: { type: 'string', multiple: true },
  exclude: { type: 'string', multiple: true },
  config: { type: 'string' },
  'no-config': { type: 'boolean' },
  'print-config': { type: 'string' },
  'list-files': { type: 'boolean' },
  baseline: { type: 'string' },
  'update-baseline': { type: 'boolean' },
  'prune-baseline': { type: 'boolean' },
  'no-gitignore': { type: 'boolean' },
  changed: { type: 'boolean' },
  staged: { type: 'boolean' },
  since: { type: 'string' },
  role: { type: 'string' },
  database: { type: 'string' },
  address: { type: 'string' },
  'client-name': { type: 'string' },
  'member-of': { type: 'string' },
  tls: { type: 'boolean' },
  gss: { type: 'boolean' },
  socket: { type: 'boolean' },
  replication: { type: 'boolean' },
  json: { type: 'boolean' },
  quiet: { type: 'boolean', short: 'q' },
  'no-color': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'V' },
} as const;

type Values = { readonly [K in keyof typeof known]?: (typeof known)[K] extends { multiple: true } ? string[] : (typeof known)[K]['type'] extends 'string' ? string : boolean };

/** `behind`: the words behind `--`, which are among `words` as well. */
function split(args: readonly string[]): { values: Values; words: string[]; behind: string[] } {
  const { values, positionals, tokens } = parseArgs({ args: [...args], options: known, allowPositionals: true, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const { rawName } = token;
    if (!Object.hasOwn(known, token.name)) {
      throw new UsageError(`unknown option '${rawName}'${suggest(token.name, Object.keys(known), '--')}`);
    }
    const takesValue = known[token.name as keyof typeof known].type === 'string';
    if (takesValue && (token.value === undefined || (!token.inlineValue && token.value.startsWith('-')))) throw new UsageError(`option '${rawName}' needs a value`);
    if (!takesValue && token.value !== undefined) throw new UsageError(`option '${rawName}' takes no value`);
  }
  const end = tokens.find((token) => token.kind === 'option-terminator')?.index ?? args.length;
  return { values: values as Values, words: positionals, behind: tokens.flatMap((token) => (token.kind === 'positional' && token.index > end ? [token.value] : [])) };
}

function readScan(values: Values, words: readonly string[]): ScanCommand {
  const stdin = values.stdin ?? false;
  if (stdin && words.length > 0) throw new UsageError('--stdin cannot be combined with paths');
  if (!stdin && values['stdin-filename'] !== undefined) throw new UsageError('--stdin-filename needs --stdin');
  if (words.includes('')) throw new UsageError('a path is empty');
  if (words.includes('-')) throw new UsageError("'-' is no path; --stdin reads standard input");
  return {
    paths: words.length > 0 ? words : ['.'],
    outputs: values.format && readOutputs(values.format),
    version: readVersion(values['pg-version'] ?? 'auto'),
    failOn: values['fail-on'] === undefined ? undefined : oneOf('--fail-on', values['fail-on'], [...severities, 'none'] as const),
    most: values['max-findings'] === undefined ? undefined : readNumber('--max-findings', values['max-findings']),
    fix: readFixing(values),
    migrations: values.migrations ?? [],
    stdin, stdinName: values['stdin-filename'],
    levels: readRuleLevels(values.rule ?? []),
    presets: values.preset && readPresetNames(values.preset),
    projects: readProjectSource(values),
    baseline: values.baseline,
    changeBaseline: readBaselineChange(values),
    ask: readQuestion(values, words),
    exclude: values.exclude ?? [],
    gitignore: !values['no-gitignore'],
    change: readChange(values),
    quiet: values.quiet ?? false,
    color: !values['no-color'],
  };
}

function readFixing(values: Values): Fixing | undefined {
  const safety = values['fix-review'] ? 'review' : values.fix ? 'safe' : undefined;
  if (safety !== undefined) return { safety, inPlace: values['in-place'] ?? false, preview: values.diff ?? false };
  if (values.diff) throw new UsageError('--diff needs --fix or --fix-review');
  return undefined;
}

function readProjectSource({ config, 'no-config': none }: Values): ProjectSource {
  if (config !== undefined && none) throw new UsageError('--config cannot be combined with --no-config');
  return config !== undefined ? { file: config } : none ? 'none' : 'nearest';
}

function readBaselineChange(values: Values): ScanCommand['changeBaseline'] {
  const { 'update-baseline': update, 'prune-baseline': prune } = values;
  if (update && prune) throw new UsageError('--update-baseline cannot be combined with --prune-baseline');
  if ((update || prune) && (values.stdin || values.fix || values['fix-review'])) throw new UsageError('changing the baseline cannot be combined with --stdin and --fix');
  return update ? 'update' : prune ? 'prune' : undefined;
}

function readQuestion({ 'list-files': files, 'print-config': configOf }: Values, words: readonly string[]): ScanCommand['ask'] {
  if (files && configOf !== undefined) throw new UsageError('--list-files cannot be combined with --print-config');
  if (configOf !== undefined && words.length > 0) throw new UsageError('--print-config takes one file and no paths');
  return files ? 'files' : configOf !== undefined ? { configOf } : undefined;
}

function readDiff(values: Values, words: readonly string[], behind: readonly string[]): DiffCommand {
  const { format = ['pretty'] } = values;
  if (format.length > 1) throw new UsageError("'diff' takes one --format");
  return {
    words: words.slice(0, words.length - behind.length), paths: behind,
    format: oneOf('--format', format[0]!, Object.keys(diffFormats) as DiffFormat[]),
    version: readVersion(values['pg-version'] ?? 'auto'),
    migrations: values.migrations ?? [],
    color: !values['no-color'],
  };
}

function readChange(values: Values): ScanCommand['change'] {
  const { changed, staged, since } = values;
  if (!changed && !staged && since === undefined) return undefined;
  if ([changed, staged, since !== undefined].filter(Boolean).length > 1) throw new UsageError('only one of --changed, --staged and --since can be given');
  const name = staged ? '--staged' : changed ? '--changed' : '--since';
  if (values.stdin) throw new UsageError(`${name} cannot be combined with --stdin`);
  if (values.fix || values['fix-review']) throw new UsageError(`${name} cannot be combined with --fix; name the files to fix instead`);
  if (values['update-baseline'] || values['prune-baseline']) throw new UsageError(`${name} cannot be combined with changing the baseline`);
  return staged ? 'staged' : changed ? 'changed' : { since: since! };
}

/** `sarif`, `sarif=out.sarif` */
function readOutputs(words: readonly string[]): Output[] {
  const outputs = words.map((word): Output => {
    const [name = '', ...rest] = word.split('=');
    const format = oneOf('--format', name, ['pretty', ...fileFormatNames] as const);
    if (rest.length === 0) return { format };
    const file = rest.join('=');
    if (file === '') throw new UsageError(`--format ${name}= needs a file, such as ${name}=report.${name}`);
    return { format, file };
  });
  if (outputs.filter(({ file }) => file === undefined).length > 1) throw new UsageError('only one --format can go to standard output; give the others a file, such as sarif=report.sarif');
  return outputs;
}

function readWho(values: Values, words: readonly string[]): WhoCommand {
  const [path] = words;
  if (path === undefined || path === '' || words.length > 1) throw new UsageError("'who' takes one file, such as pg_hba.conf");
  const { role, database, replication } = values;
  if (role === undefined || role === '') throw new UsageError("'who' needs --role");
  if (replication && database !== undefined) throw new UsageError('--replication cannot be combined with --database, because physical replication names none');
  const memberOf = values['member-of']?.split(',').filter((name) => name !== '');
  return {
    path,
    client: { role, ...(!replication && { database: database ?? role }), ...(memberOf && { memberOf }), transport: readTransport(values) },
    version: readVersion(values['pg-version'] ?? 'auto'),
    json: values.json ?? false,
  };
}

function readTransport({ address, socket, tls, gss, 'client-name': name }: Values): HbaClient['transport'] {
  if (socket) {
    if (address !== undefined || name !== undefined || tls || gss) throw new UsageError('--socket cannot be combined with --address, --client-name, --tls and --gss');
    return 'socket';
  }
  if (address === undefined) throw new UsageError("'who' needs --address or --socket");
  if (tls && gss) throw new UsageError('--tls cannot be combined with --gss');
  const bytes = parseIp(address);
  if (bytes === undefined) throw new UsageError(`'${address}' is no IP address${address.includes('/') ? '; a client has one address, not a network' : ''}`);
  return { address: bytes, encryption: tls ? 'tls' : gss ? 'gss' : 'none', ...(name !== undefined && { name }) };
}

function readNumber(option: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`${option} needs a number, not '${text}'`);
  return Number(text);
}

function readVersion(text: string): number | 'auto' {
  if (text === 'auto') return text;
  const version = /^\d+(\.\d+)*$/.test(text) ? Number.parseInt(text, 10) : undefined;
  if (supportedVersions.some((supported) => supported === version)) return version!;
  const near = version === undefined ? 'auto' : version < supportedVersions[0] ? supportedVersions[0] : newestVersion;
  throw new UsageError(`unknown PostgreSQL version '${text}' for --pg-version, did you mean '${near}'? Valid are auto and ${supportedVersions.join(', ')}`);
}

function readRuleLevels(words: readonly string[]): Levels {
  const entries = words.map((word) => {
    const equals = word.lastIndexOf('=');
    if (equals <= 0) throw new UsageError(`--rule needs ID=LEVEL, such as hba/trust-any=low, not '${word}'`);
    return [word.slice(0, equals), word.slice(equals + 1)] as const;
  });
  const { levels, problems } = readRuleSettings(entries);
  if (problems.length > 0) throw new UsageError(`--rule: ${problems.join('; ')}`);
  return levels;
}

function readPresetNames(words: readonly string[]): readonly Preset[] {
  const { presets, problems } = readPresets(words);
  if (problems.length > 0) throw new UsageError(`--preset: ${problems.join('; ')}`);
  return presets;
}

function explained(words: readonly string[]): string {
  const [rule] = words;
  if (rule === undefined || words.length > 1) throw new UsageError("'explain' takes one rule id, such as hba/trust-any");
  return rule;
}

function folderToStart(words: readonly string[]): string {
  const [folder = '.'] = words;
  if (folder === '' || words.length > 1) throw new UsageError("'init' takes one folder");
  return folder;
}

function oneOf<T extends string>(option: string, text: string, valid: readonly T[]): T {
  const found = valid.find((word) => word === text);
  if (found !== undefined) return found;
  throw new UsageError(`unknown value '${text}' for ${option}${suggest(text, valid)} Valid are ${valid.join(', ')}`);
}

function explainedCommand(words: readonly string[]): CommandName | undefined {
  const [command] = words;
  if (words.length > 1) throw new UsageError("'help' takes one command");
  if (command !== undefined && !isCommand(command)) throw unknownCommand(command);
  return command;
}

export function suggest(word: string, candidates: Iterable<string>, prefix = ''): string {
  const near = nearest(word, candidates);
  return near === undefined ? '.' : `, did you mean '${prefix}${near}'?`;
}
