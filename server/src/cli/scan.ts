import { changeBaseline, usualBaseline } from './baseline.ts';
import { broughtInBy, changeOf } from './changed.ts';
import { colored, exitCodes, FailedError, type Console } from './console.ts';
import { fixFiles, isUtf8, leftAlone, type Fixed, type Fixing } from './fixing.ts';
import type { Change } from './git.ts';
import { scanInMemory } from './memory.ts';
import type { Output, ScanCommand } from './options.ts';
import { lookOptions } from './project-options.ts';
import { UsedProjects } from './projects-used.ts';
import { listFiles, printConfig } from './questions.ts';
import { baselineOf, Baselines } from '../baselines.ts';
import { Collection } from '../report/collect.ts';
import { fileFormats, formatsWithFixes } from '../report/formats.ts';
import { revisionOf } from '../git-head.ts';
import { folderOf, relativePath, resolvePath } from '../paths.ts';
import { projectFiles } from '../projects.ts';
import type { Report } from '../report/report.ts';
import { reportedFile } from '../report/reported.ts';
import { printable, textEnd, textOfFile, textReport, type TextOptions } from '../report/text.ts';
import type { Project } from '../policy/project.ts';
import { severities, type Severity } from '../rules/rule.ts';
import { gathered, languageOfContent, type ScanOptions, type ScanStep } from '../scan.ts';
import { decode } from '../workspace.ts';

/** `pgrampart scan`: fixes where that is asked for, reports what is left, and returns the exit code. */
export async function runScan(command: ScanCommand, console: Console): Promise<number> {
  await console.loadPostgres();
  const job = await prepare(command, console);
  const mistakes = await job.projects.problems();
  if (mistakes.length > 0) return refuse(mistakes, exitCodes.usage, console);
  if (command.ask === 'files') return listFiles(job);
  if (command.ask) return printConfig(command.ask.configOf, job);
  if (command.changeBaseline) return rewriteBaseline(command.changeBaseline, job);
  if (command.baseline !== undefined && await job.baselines.entries(console.resolve(command.baseline)) === undefined) {
    return refuse([`${command.baseline} is no baseline; --update-baseline makes one`], exitCodes.usage, console);
  }
  return command.fix?.preview ? previewFixes(job) : report(job);
}

/** What is looked at, and with what. */
export interface Job {
  readonly command: ScanCommand;
  readonly console: Console;
  readonly roots: readonly string[];
  /** Only what this brings in is of interest. */
  readonly change: Change | undefined;
  readonly projects: UsedProjects;
  /** The project of the first root, which speaks for the whole. */
  readonly first: Project | undefined;
  readonly options: ScanOptions;
  /** Standard input by the path that it is named after. */
  readonly input: Map<string, string> | undefined;
  readonly baselines: Baselines;
}

async function prepare(command: ScanCommand, given: Console): Promise<Job> {
  const input = command.stdin ? await readStdin(command, given) : undefined;
  const roots = input ? [...input.keys()] : command.paths.map(given.resolve);
  const change = command.change && await changeOf(command.change, roots, given);
  const console: Console = change ? { ...given, host: change.after } : given;
  const projects = new UsedProjects(command.projects, console.host, console);
  const [first] = await Promise.all(roots.map((root) => projects.of(resolvePath(root, 'any'))));
  const options: ScanOptions = {
    ...lookOptions(command, projects, console),
    exclude: command.exclude, gitignore: command.gitignore, overlay: input, inside: [...roots, console.cwd],
  };
  return { command, console, roots, change, projects, first, options, input, baselines: new Baselines(console.host) };
}

/** Standard input counts as the content of the file it is named after; without a name its content tells the language. */
async function readStdin({ stdinName, fix }: ScanCommand, console: Console): Promise<Map<string, string>> {
  const bytes = await console.stdin();
  const text = decode(bytes);
  if (text === undefined) throw new FailedError('standard input is not text');
  if (fix && !isUtf8(bytes, text)) throw new FailedError('standard input is not UTF-8, so it was not fixed');
  const usual = { hba: 'pg_hba.conf', conf: 'postgresql.conf', ident: 'pg_ident.conf', sql: 'stdin.sql' }[languageOfContent(text) ?? 'sql'];
  return new Map([[console.resolve(stdinName ?? usual), text]]);
}

async function report(job: Job): Promise<number> {
  const { command, console, roots, change, baselines } = job;
  const options = accepting(job);
  const fixed = command.fix && await fix(command.fix, options, job);
  if (fixed && fixed.left > 0) console.error(`pgrampart: ${leftAlone(fixed.left)}\n`);
  const fresh = change && await broughtInBy(change, roots, options);
  const outputs = command.outputs ?? usualOutputs(console);
  const atOnce = isPrintedAtOnce(outputs);
  const collection = new Collection(atOnce ? 'counts' : outputs.some(({ format }) => formatsWithFixes.has(format)) ? 'all' : 'findings');
  const trouble: Trouble = { crashes: [], unreadable: [] };
  const text = textOptions(job, fixed);
  for await (const step of watched(job, change ? { ...options, only: (path) => change.paths.has(path) } : options, trouble)) {
    const { document, findings = [], ...rest } = fresh ? fresh(step) : step;
    collection.add({ ...rest, ...document && { document }, findings });
    if (atOnce && document && findings.length > 0) printer(job)(textOfFile(console.cwd, reportedFile(document, findings), text));
  }
  const result = collection.report({ root: console.cwd, version: console.version, today: console.today, crashed: trouble.crashes.length > 0, revision: await revisionOf(console.cwd, console.host) });
  const problems = [
    ...fixed?.failures ?? [], ...trouble.crashes, ...trouble.unreadable,
    ...[...baselines.broken].map((file) => `${shown(console, file)} is no baseline, so nothing in it was accepted`),
    ...atOnce ? [] : await write(job, outputs, result, text),
  ];
  if (atOnce) printer(job)(textEnd(result, text));
  if (result.files === 0 && result.skipped.length === 0 && change === undefined) console.error(`pgrampart: ${nothingFound(job)}\n`);
  if (problems.length > 0) return refuse(problems, exitCodes.failed, console);
  const mistakes = await job.projects.problems();
  return mistakes.length > 0 ? refuse(mistakes, exitCodes.usage, console) : fails(result, job) ? exitCodes.findings : exitCodes.clean;
}

/** Not looking at anything is no mistake, but seldom what somebody wanted. */
function nothingFound({ roots, console }: Job): string {
  return `no postgresql.conf, pg_hba.conf, pg_ident.conf or SQL file to look at in ${printable(roots.map((root) => shown(console, root) || '.').join(', '))}, or all are left out by .gitignore, excludes and folder names such as node_modules`;
}

/** What is read from standard input goes to standard output, fixed or not. */
async function fix(fixing: Fixing, options: ScanOptions, { roots, console, input }: Job): Promise<Fixed> {
  if (input === undefined) return fixFiles(fixing, roots, options, console);
  const fixed = await fixFiles(fixing, roots, options, console, async (path, _, after) => void input.set(path, after));
  for (const text of input.values()) console.out(text);
  return fixed;
}

async function previewFixes(job: Job): Promise<number> {
  const { files, left, failures } = await fixFiles(job.command.fix!, job.roots, accepting(job), job.console);
  if (left > 0) job.console.error(`pgrampart: ${leftAlone(left)}\n`);
  if (failures.length > 0) return refuse(failures, exitCodes.failed, job.console);
  return files > 0 ? exitCodes.findings : exitCodes.clean;
}

/** Accepts every finding that there is, or forgets those that are gone. */
async function rewriteBaseline(change: 'update' | 'prune', job: Job): Promise<number> {
  const { console, options, first, roots, baselines } = job;
  const trouble: Trouble = { crashes: [], unreadable: [] };
  const found = await gathered(watched(job, options, trouble));
  const failures = [...trouble.crashes, ...trouble.unreadable];
  if (failures.length > 0) return refuse(failures, exitCodes.failed, console);
  const named = baselineFor(first, job);
  const file = named ?? usualBaseline(console);
  await changeBaseline(change, file, found, roots, baselines, console);
  if (named === undefined && change === 'update') console.out(`Next: ${namingBaseline(file, first, console)}, so that scans leave them out\n`);
  return exitCodes.clean;
}

/** What makes a baseline count that no project file names yet. */
function namingBaseline(file: string, project: Project | undefined, console: Console): string {
  const path = project?.path ?? resolvePath(console.cwd, projectFiles[0]);
  return `write "baseline": "${relativePath(folderOf(path), file)}" into ${relativePath(console.cwd, path)}`;
}

/** As the job says, less what the baselines accept. */
function accepting(job: Job): ScanOptions {
  return { ...job.options, baselineOf: async (path) => job.baselines.of(path, baselineFor(await job.projects.of(path), job)) };
}

function baselineFor(project: Project | undefined, { command: { baseline }, console }: Job): string | undefined {
  return baseline === undefined ? baselineOf(project) : console.resolve(baseline);
}

/** What goes wrong in a scan. */
interface Trouble {
  readonly crashes: string[];
  /** Paths that were named and cannot be read. */
  readonly unreadable: string[];
}

async function* watched({ roots, console }: Job, options: ScanOptions, { crashes, unreadable }: Trouble): AsyncGenerator<ScanStep> {
  const onCrash = (path: string, rule: string, error: unknown) => crashes.push(`${rule} failed on ${shown(console, path)}: ${messageOf(error)}`);
  for await (const step of scanInMemory(console, roots, { ...options, onCrash }, (words) => crashes.push(words))) {
    if (step.unreadable) unreadable.push(`${shown(console, step.path)}: ${step.skipped}`);
    yield step;
  }
}

/** Returns what could not be written; the other reports are written all the same. */
async function write(job: Job, outputs: readonly Output[], result: Report, options: TextOptions): Promise<string[]> {
  const { console } = job;
  const failures: string[] = [];
  for (const { format, file } of outputs) {
    try {
      const text = format === 'pretty' ? textReport(result, file === undefined ? options : { ...options, color: false }) : fileFormats[format](result);
      if (file === undefined) for (const piece of batched(text)) printer(job)(piece);
      else await console.write(console.resolve(file), encoded(batched(text)));
    } catch (error) {
      failures.push(`${file ?? `the ${format} report`} was not written: ${messageOf(error)}`);
    }
  }
  return failures;
}

/** In characters: writing a million at once is as fast as it gets. */
const batchSize = 1_000_000;

function* batched(pieces: Iterable<string>): Generator<string> {
  let waiting: string[] = [];
  let size = 0;
  for (const piece of pieces) {
    waiting.push(piece);
    if ((size += piece.length) < batchSize) continue;
    yield waiting.join('');
    waiting = [];
    size = 0;
  }
  yield waiting.join('');
}

function* encoded(texts: Iterable<string>): Generator<Uint8Array> {
  for (const text of texts) yield new TextEncoder().encode(text);
}

/** What only people read can be printed file by file, so that nothing has to be kept of hundreds of thousands of files. */
function isPrintedAtOnce(outputs: readonly Output[]): boolean {
  return outputs.length === 1 && outputs[0]!.format === 'pretty' && outputs[0]!.file === undefined;
}

function textOptions({ command, console }: Job, fixed: Fixed | undefined): TextOptions {
  return { color: colored(command, console), brief: command.quiet, ...(fixed && { fixed }) };
}

/** Where reports without a file of their own go: fixed standard input has standard output for itself. */
function printer({ command, console, input }: Job): (text: string) => void {
  return command.fix && input ? console.error : console.out;
}

/** GitHub makes annotations of what it finds in the log of a step, so there they follow the text. */
function usualOutputs({ env }: Console): readonly Output[] {
  return env.GITHUB_ACTIONS === 'true' ? [{ format: 'pretty' }, { format: 'github' }] : [{ format: 'pretty' }];
}

function fails({ counts: { bySeverity } }: Report, { command, first }: Job): boolean {
  const total = [...bySeverity.values()].reduce((sum, count) => sum + count, 0);
  if (command.most !== undefined && total > command.most) return true;
  const failOn: Severity | 'none' = command.failOn ?? first?.failOn ?? 'medium';
  if (failOn === 'none') return false;
  const limit = severities.indexOf(failOn);
  return [...bySeverity.keys()].some((severity) => severities.indexOf(severity) <= limit);
}

function refuse(problems: readonly string[], code: number, console: Console): number {
  for (const problem of problems) console.error(`pgrampart: ${printable(problem)}\n`);
  return code;
}

function shown(console: Console, path: string): string {
  return relativePath(console.cwd, path);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
