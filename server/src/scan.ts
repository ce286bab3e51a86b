import { findParameter } from './catalog/parameters.ts';
import { newestVersion, type Document, type FileSet } from './document.ts';
import { prepareSet, release } from './facts/replay/read-schema.ts';
import { codeOf, failureReason, memoryCode, type Host } from './host.ts';
import { createsRoutines, detectLanguage, mayHoldRoutines } from './languages.ts';
import { lint, optionsOf, type LintFinding, type LintOptions, type Looked } from './lint.ts';
import { baseName, isInside } from './paths.ts';
import type { Levels, RuleOptions } from './policy/levels.ts';
import type { Policy } from './policy/project.ts';
import type { Language, Preset } from './rules/rule.ts';
import { forgetStatements } from './syntax/sql/statements.ts';
import { Sets, type SetsOptions } from './sets.ts';
import { Projects } from './projects.ts';
import { Versions } from './versions.ts';
import { walk, type Candidate, type WalkOptions } from './walk.ts';
import { decode, openDocument } from './workspace.ts';

export interface ScanOptions extends WalkOptions {
  /** PostgreSQL major version; `auto` finds out what the files are for. */
  readonly version?: number | 'auto' | undefined;
  readonly levels?: Levels | undefined;
  readonly ruleOptions?: RuleOptions | undefined;
  /** `recommended` when nothing is given. */
  readonly presets?: readonly Preset[] | undefined;
  /** What is said about one file; where it is silent, the other options count. */
  readonly policyOf?: ((path: string) => Promise<Policy | undefined>) | undefined;
  /** The accepted problems that concern a file. */
  readonly baselineOf?: ((path: string) => Promise<LintOptions['baseline']>) | undefined;
  /** Looks at SQL that does not seem to be PostgreSQL's as well. */
  readonly anyDialect?: boolean | undefined;
  /** Folders whose files may be read to understand others; a document outside of them is only told by its own folder. */
  readonly inside?: readonly string[] | undefined;
  /** The sets of SQL files, where they are known already; what is `inside` is read otherwise. */
  readonly sets?: Sets | undefined;
  /** What the user says about the SQL files that make up databases. */
  readonly configured?: SetsOptions['configured'];
  /** Larger files are skipped; no limit by default. */
  readonly maxBytes?: number | undefined;
  /** Of what lies below the roots only these files are looked at. */
  readonly only?: ((path: string) => boolean) | undefined;
  /** Texts that count instead of what is on disk: unsaved editors, standard input. */
  readonly overlay?: ReadonlyMap<string, string> | undefined;
  /** `YYYY-MM-DD`, for suppressions that expire. */
  readonly today?: string | undefined;
  readonly onCrash?: ((path: string, rule: string, error: unknown) => void) | undefined;
}

/** One file is done. Neither a document nor a reason means that the file turned out not to be PostgreSQL's. */
export interface ScanStep {
  readonly path: string;
  readonly document?: Document;
  /** With which the document was looked at. */
  readonly lintOptions?: LintOptions;
  readonly findings?: readonly LintFinding[];
  readonly suppressed?: readonly LintFinding[];
  readonly accepted?: readonly LintFinding[];
  /** Why the file was not looked at. */
  readonly skipped?: string;
  /** The user named this path and it could not be read, or there was no memory for it, so the result is not what was asked for. */
  readonly unreadable?: boolean;
  readonly done: number;
  readonly total: number;
}

/** The documents of a scan with what was found in each. */
export async function gathered(steps: AsyncIterable<ScanStep>): Promise<Looked[]> {
  const looked: Looked[] = [];
  for await (const { document, findings = [] } of steps) if (document) looked.push({ document, findings });
  return looked;
}

/** After so many files the statements of the last ones are let go of. */
const filesBetween = 200;

/** How many milliseconds long work may hold the event loop; a frame of a display. */
export const longestTurn = 16;

/** Looks at every file below `roots` in the order of their paths. For SQL the parser must have been loaded. */
export async function* scan(host: Host, roots: readonly string[], options: ScanOptions = {}): AsyncGenerator<ScanStep> {
  const view = options.overlay ? overlaid(host, options.overlay) : host;
  const { only = () => true } = options;
  const candidates = (await walk(view, roots, options)).filter(({ path, failure }) => failure !== undefined || only(path));
  const context: Context = { versions: new Versions(view, options.inside ?? [], options.policyOf ? undefined : new Projects(view)), sets: options.sets ?? setsOf(view, options), prepared: new WeakSet() };
  let turnEnds = performance.now() + longestTurn;
  for (const [index, candidate] of candidates.entries()) {
    if (options.signal?.aborted) return;
    const outcome = await look(view, candidate, context, options);
    if (outcome === undefined) return;
    yield { path: candidate.path, ...outcome, done: index + 1, total: candidates.length };
    if (outcome.document) release(outcome.document);
    if (index % filesBetween === 0) forgetStatements();
    if (performance.now() < turnEnds) continue;
    await new Promise((resolve) => setTimeout(resolve, 0));
    turnEnds = performance.now() + longestTurn;
  }
}

/** Reads the files of a set in small turns, so that others are answered meanwhile; what is left when the signal comes, is read by who asks. */
export async function prepare(set: FileSet, version: number, signal?: AbortSignal): Promise<void> {
  let turnEnds = performance.now() + longestTurn;
  for (const _ of prepareSet(set, version)) {
    if (performance.now() < turnEnds) continue;
    await new Promise((resolve) => setImmediate(resolve));
    if (signal?.aborted) return;
    turnEnds = performance.now() + longestTurn;
  }
}

type Outcome = Omit<ScanStep, 'path' | 'done' | 'total'>;

/** What is found out once for all files. */
interface Context {
  readonly versions: Versions;
  readonly sets: Sets;
  /** The sets whose files have been read. */
  readonly prepared: WeakSet<FileSet>;
}

/** Files are looked at in the order of their paths, which mostly leads from one set to the next. */
const setsAtOnce = 4;

function setsOf(host: Host, { inside = [], configured, overlay }: ScanOptions): Sets {
  // Patterns may speak of files beside the ones that are scanned.
  const roots = configured ? inside.filter((root) => !inside.some((other) => isInside(other, root))) : inside;
  return new Sets(host, { roots: () => roots, most: setsAtOnce, ...overlay && { open: () => overlay }, ...configured && { configured } });
}

/** Undefined when it was stopped. */
async function look(host: Host, candidate: Candidate, { versions, sets, prepared }: Context, options: ScanOptions): Promise<Outcome | undefined> {
  const { path } = candidate;
  const read = await readCandidate(host, candidate, options);
  if (!('language' in read)) return read;
  const { text, language, policy } = read;
  const version = policy?.version ?? (options.version === undefined || options.version === 'auto' ? (await versions.of(path)).version : options.version);
  const set = language === 'sql' ? await sets.of(path) : undefined;
  if (set && !prepared.has(set)) {
    await prepare(set, version, options.signal);
    if (options.signal?.aborted) return undefined;
    prepared.add(set);
  }
  const document = { ...await openDocument(host, path, text, language, version, options.inside, set), ...(policy?.environment && { environment: policy.environment }) };
  const baseline = await options.baselineOf?.(path);
  return lintDocument(document, { ...lintOptionsOf(path, policy, options), ...(baseline && { baseline }) }, options);
}

/** A file that is to be looked at, or why not. */
async function readCandidate(host: Host, candidate: Candidate, options: ScanOptions): Promise<Outcome | { text: string; language: Language; policy: Policy | undefined }> {
  const { path, named } = candidate;
  if (candidate.failure !== undefined) return { skipped: candidate.failure, unreadable: named };
  const policy = await options.policyOf?.(path);
  if (policy?.wanted === false && !named) return {};
  const text = await readText(host, candidate, options);
  if (typeof text !== 'string') return text;
  const language = detectLanguage(path, text) ?? (named ? languageOfNamed(path, text) : languageOfFound(path, text));
  if (language === undefined) return named ? { skipped: 'not a file of PostgreSQL by its name and content' } : {};
  return { text, language, policy };
}

/** The files that a scan looks at, in their order, without looking at them. */
export async function* listed(host: Host, roots: readonly string[], options: ScanOptions = {}): AsyncGenerator<{ path: string; language: Language }> {
  for (const candidate of await walk(host, roots, options)) {
    const read = await readCandidate(host, candidate, options);
    if ('language' in read) yield { path: candidate.path, language: read.language };
  }
}

/** What the policy says counts above what the options say for all files. */
function lintOptionsOf(path: string, policy: Policy | undefined, { levels, ruleOptions, presets, anyDialect, today, onCrash }: ScanOptions): LintOptions {
  return {
    ...(levels && { levels }), ...(ruleOptions && { ruleOptions }), ...(presets && { presets }), ...(policy && optionsOf(policy)),
    ...(anyDialect && { anyDialect }), ...(today && { today }),
    onCrash: (rule, error) => onCrash?.(path, rule, error),
  };
}

function lintDocument(document: Document, lintOptions: LintOptions, { onCrash }: ScanOptions): Outcome {
  try {
    return { document, lintOptions, ...lint(document, lintOptions) };
  } catch (error) {
    onCrash?.(document.path, 'lint', error);
    return { skipped: 'an internal error' };
  }
}

async function readText(host: Host, { path, named }: Candidate, { overlay, maxBytes }: ScanOptions): Promise<string | Outcome> {
  const open = overlay?.get(path);
  if (open !== undefined) return open;
  try {
    if (maxBytes !== undefined && host.size && await host.size(path) > maxBytes) return tooLarge(maxBytes);
    const bytes = await host.read(path);
    if (maxBytes !== undefined && bytes.length > maxBytes) return tooLarge(maxBytes);
    return decode(bytes) ?? { skipped: 'not a text file' };
  } catch (error) {
    return { skipped: failureReason(error, path), unreadable: named || codeOf(error) === memoryCode };
  }
}

function tooLarge(maxBytes: number): Outcome {
  const [amount, unit] = maxBytes < 1024 * 1024 ? [maxBytes / 1024, 'KB'] : [maxBytes / 1024 / 1024, 'MB'];
  return { skipped: `larger than ${Number(amount.toFixed(1))} ${unit}` };
}

/** What the user names is looked at although its name alone says little: a `.conf` by what it holds. */
function languageOfNamed(path: string, text: string): Language | undefined {
  const byName = detectLanguage(path);
  if (byName !== undefined) return byName === 'sql' ? 'sql' : undefined;
  if (/\.(sql|ddl)\b/i.test(baseName(path)) || mayHoldRoutines(path)) return 'sql';
  if (!/\.conf\b/i.test(baseName(path))) return undefined;
  return languageOfContent(text);
}

/** A `.conf` that the walk met under some other name is ours only when its content leaves no doubt: other programs have a `port` too. So it is with endings such as `.fun`. */
function languageOfFound(path: string, text: string): Language | undefined {
  if (mayHoldRoutines(path)) return createsRoutines(text) ? 'sql' : undefined;
  if (!/\.conf$/i.test(path) || detectLanguage(path) !== undefined || detectLanguage('postgresql.conf', text) === undefined) return undefined;
  const language = languageOfContent(text);
  if (language === 'hba') return /^[^#\n]*\s(trust|reject|md5|password|scram-sha-256|peer|ident|cert|gss|ldap|pam)\b/m.test(text) ? 'hba' : undefined;
  if (language !== 'conf') return undefined;
  const names = text.split('\n').map((line) => settingShape.exec(line.replace(/#.*/, '').trim())?.[1]).filter((name) => name !== undefined);
  return names.length >= 5 && names.every((name) => name.includes('.') || findParameter(name, newestVersion)) ? 'conf' : undefined;
}

/** The configuration language whose shape every line has, and no other; undefined when lines differ or there is none. */
export function languageOfContent(text: string): Language | undefined {
  const lines = text.replace(/^\ufeff/, '').split(/\r\n?|\n/).map((line) => line.replace(/#.*/, '').trim()).filter((line) => line !== '');
  if (lines.length === 0) return undefined;
  const every = (shape: RegExp) => lines.every((line) => shape.test(line));
  if (every(/^(local|host|hostssl|hostnossl|hostgssenc|hostnogssenc|include|include_if_exists|include_dir)\s+\S/)) return 'hba';
  if (every(settingShape) && lines.some((line) => findParameter(settingShape.exec(line)![1]!, newestVersion))) return 'conf';
  if (every(/^("[^"]*"|[^\s="]+)(\s+("[^"]*"|[^\s="]+)){2}$/)) return 'ident';
  return undefined;
}

const settingShape = /^([A-Za-z_][\w.$]*)(?:\s*=\s*|\s+)(?:'.*'|[^\s'=]+)$/;

function overlaid(host: Host, overlay: ReadonlyMap<string, string>): Host {
  const bytesOf = (path: string) => {
    const text = overlay.get(path);
    return text === undefined ? undefined : new TextEncoder().encode(text);
  };
  return {
    read: async (path) => bytesOf(path) ?? host.read(path),
    list: (folder) => (overlay.has(folder) ? Promise.reject(new Error('is a file')) : host.list(folder)),
    ...(host.size && { size: async (path: string) => bytesOf(path)?.length ?? host.size!(path) }),
  };
}
