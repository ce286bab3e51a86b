import { changeBaseline, usualBaseline } from './baseline.ts';
import { broughtInBy, changeOf } from './changed.ts';
import { colored, exitCodes, type Console } from './console.ts';
import type { ScanCommand } from './options.ts';
import { migrationsOf, saidBy } from './project-options.ts';
import { baselineOf, Baselines } from '../baselines.ts';
import { fixAll } from '../fix.ts';
import { Collection } from '../report/collect.ts';
import { fileFormats } from '../report/formats.ts';
import type { Looked } from '../lint.ts';
import { relativePath, resolvePath } from '../paths.ts';
import { Places, type Report } from '../report/report.ts';
import { printable, textReport, type TextOptions } from '../report/text.ts';
import { policyFor, type Project } from '../policy/project.ts';
import { Projects } from '../projects.ts';
import { severities, type Severity } from '../rules/rule.ts';
import { gathered, languageOfContent, scan, type ScanOptions, type ScanStep } from '../scan.ts';
import { GitIndex } from '../git-index.ts';
import { isVersioned } from '../new-migration.ts';
import { decode } from '../workspace.ts';

/** `pgrampart scan`: fixes where that is asked for, reports what is left, and returns the exit code. */
export async function runScan(command: ScanCommand, given: Console): Promise<number> {
  await given.loadPostgres();
  const input = command.stdin ? await readStdin(command, given) : { roots: command.paths.map(given.resolve) };
  const change = command.change && await changeOf(command.change, input.roots, given);
  const console: Console = change ? { ...given, host: change.after } : given;
  const projects = new Projects(console.host);
  const said = saidBy(command);
  const used = new Map<string, Project>();
  const projectOf = async (path: string): Promise<Project | undefined> => {
    const project = command.config ? await projects.of(path) : undefined;
    if (project) used.set(project.path, project);
    return project;
  };
  const [first] = await Promise.all(input.roots.map((root) => projectOf(resolvePath(root, 'any'))));
  const broken = await problemsIn(projects, used.keys(), console);
  if (broken.length > 0) return refuse(broken, console);
  const options: ScanOptions = {
    version: command.version, exclude: command.exclude, gitignore: command.gitignore, today: console.today, overlay: input.overlay, inside: [...input.roots, console.cwd],
    policyOf: async (path) => policyFor(await projectOf(path), path, said),
    ...migrationsOf(command.migrations, console),
  };
  const baselines = new Baselines(console.host);
  const baselineFor = (project: Project | undefined) => (command.baseline === undefined ? baselineOf(project) : console.resolve(command.baseline));
  if (command.changeBaseline) {
    const { found, failures } = await findAll(input.roots, options, console);
    if (failures.length > 0) return refuse(failures, console, exitCodes.failed);
    await changeBaseline(command.changeBaseline, baselineFor(first) ?? usualBaseline(console), found, baselines, console);
    return exitCodes.clean;
  }
  if (command.baseline !== undefined && await baselines.entries(console.resolve(command.baseline)) === undefined) {
    return refuse([`${command.baseline} is no baseline; --update-baseline makes one`], console);
  }
  const accepting: ScanOptions = { ...options, baselineOf: async (path) => baselines.of(path, baselineFor(await projectOf(path))) };
  const fixed = command.fix && await fixFiles(command.fix, command.inPlace, input.roots, accepting, console);
  if (fixed && fixed.left > 0) console.error(`pgrampart: ${leftAlone(fixed.left)}\n`);
  const fresh = change && await broughtInBy(change, input.roots, accepting);
  const { report, failures } = await collect(input.roots, change ? { ...accepting, only: (path) => change.paths.has(path) } : accepting, console, fresh);
  for (const file of baselines.broken) failures.push(`${shown(console, file)} is no baseline, so nothing in it was accepted`);
  const unwritten = await write(command, report, { color: colored(command, console), brief: command.quiet, ...(fixed && { fixed }) }, console);
  const problems = [...(fixed?.failures ?? []), ...failures, ...unwritten];
  for (const problem of problems) console.error(`pgrampart: ${printable(problem)}\n`);
  if (problems.length > 0) return exitCodes.failed;
  const late = await problemsIn(projects, used.keys(), console);
  if (late.length > 0) return refuse(late, console);
  const failOn = command.failOn ?? first?.failOn ?? 'medium';
  return fails(report, failOn) ? exitCodes.findings : exitCodes.clean;
}

/** A project file that is wrong may let through what it was meant to stop. */
async function problemsIn(projects: Projects, paths: Iterable<string>, console: Console): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    const text = decode(await console.host.read(path)) ?? '';
    const places = new Places(text);
    for (const { at, message } of await projects.problems(path, text)) {
      const { line, column } = places.at(at.start);
      found.push(`${shown(console, path)}:${line}:${column} ${message}`);
    }
  }
  return found;
}

function refuse(problems: readonly string[], console: Console, code: number = exitCodes.usage): number {
  for (const problem of problems) console.error(`pgrampart: ${printable(problem)}\n`);
  return code;
}

interface Input {
  readonly roots: readonly string[];
  readonly overlay?: ReadonlyMap<string, string> | undefined;
}

/** Standard input counts as the content of the file it is named after; without a name its content tells the language. */
async function readStdin({ stdinName }: ScanCommand, console: Console): Promise<Input> {
  const text = decode(await console.stdin());
  if (text === undefined) throw new Error('standard input is not text');
  const usual = { hba: 'pg_hba.conf', conf: 'postgresql.conf', ident: 'pg_ident.conf', sql: 'stdin.sql' }[languageOfContent(text) ?? 'sql'];
  const path = console.resolve(stdinName ?? usual);
  return { roots: [path], overlay: new Map([[path, text]]) };
}

/** `failures`: why the result is not all that was asked for. */
async function collect(
  roots: readonly string[], options: ScanOptions, console: Console, fresh: (step: ScanStep) => ScanStep = (step) => step,
): Promise<{ report: Report; failures: string[] }> {
  const collection = new Collection();
  const trouble: Trouble = { crashes: [], unreadable: [] };
  for await (const step of watched(roots, options, console, trouble)) collection.add(fresh(step));
  const report = collection.report({ root: console.cwd, version: console.version, today: console.today, crashed: trouble.crashes.length > 0 });
  return { report, failures: [...trouble.crashes, ...trouble.unreadable] };
}

/** Every file with all of its findings, whatever the baseline accepts. */
async function findAll(roots: readonly string[], options: ScanOptions, console: Console): Promise<{ found: Looked[]; failures: string[] }> {
  const trouble: Trouble = { crashes: [], unreadable: [] };
  const found = await gathered(watched(roots, options, console, trouble));
  return { found, failures: [...trouble.crashes, ...trouble.unreadable] };
}

interface Trouble {
  readonly crashes: string[];
  readonly unreadable: string[];
}

/** The steps of a scan; what goes wrong in it is added to `trouble`. */
async function* watched(roots: readonly string[], options: ScanOptions, console: Console, { crashes, unreadable }: Trouble): AsyncGenerator<ScanStep> {
  const onCrash = (path: string, rule: string, error: unknown) => crashes.push(`${rule} failed on ${shown(console, path)}: ${messageOf(error)}`);
  for await (const step of scan(console.host, roots, { ...options, onCrash })) {
    if (step.unreadable) unreadable.push(`${shown(console, step.path)}: ${step.skipped}`);
    yield step;
  }
}

interface Fixed {
  readonly fixes: number;
  readonly files: number;
  /** Migrations that would have been fixed. */
  readonly left: number;
  readonly failures: readonly string[];
}

function leftAlone(files: number): string {
  const those = files === 1 ? '1 migration was left as it is, because it' : `${files} migrations were left as they are, because they`;
  return `${those} may have been applied already: mend that in a new migration, or fix with --in-place`;
}

async function fixFiles(safety: 'safe' | 'review', inPlace: boolean, roots: readonly string[], options: ScanOptions, console: Console): Promise<Fixed> {
  const failures: string[] = [];
  const git = new GitIndex(console.host);
  let fixes = 0;
  let files = 0;
  let left = 0;
  for await (const { document, findings, lintOptions } of scan(console.host, roots, options)) {
    if (document === undefined || findings!.length === 0) continue;
    try {
      const { text, applied } = fixAll(document, safety, lintOptions);
      if (text === document.text) continue;
      if (!inPlace && document.set && isVersioned(document.set, document.path) && await git.keeps(document.path) !== false) {
        left++;
        continue;
      }
      await replace(console, document.path, document.text, text);
      fixes += applied;
      files++;
    } catch (error) {
      failures.push(`${shown(console, document.path)} was not fixed: ${messageOf(error)}`);
    }
  }
  return { fixes, files, left, failures };
}

/** Writes only what it read: a file that changed meanwhile or is not UTF-8 keeps every byte. */
async function replace(console: Console, path: string, before: string, after: string): Promise<void> {
  const encoder = new TextEncoder();
  const bytes = await console.host.read(path);
  if (decode(bytes) !== before) throw new Error('it changed meanwhile');
  if (!sameBytes(bytes, encoder.encode(before))) throw new Error('it is not UTF-8');
  await console.write(path, encoder.encode(after));
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** What goes to standard output is returned; a report that cannot be written to its file is a failure, and the others are still written. */
async function write({ outputs }: ScanCommand, report: Report, options: TextOptions, console: Console): Promise<string[]> {
  const failures: string[] = [];
  for (const { format, file } of outputs) {
    const text = format === 'pretty' ? textReport(report, file === undefined ? options : { ...options, color: false }) : fileFormats[format](report);
    if (file === undefined) console.out(text);
    else await console.write(console.resolve(file), new TextEncoder().encode(text)).catch((error: unknown) => failures.push(`${file} was not written: ${messageOf(error)}`));
  }
  return failures;
}

function fails({ reported }: Report, failOn: Severity | 'none'): boolean {
  if (failOn === 'none') return false;
  const limit = severities.indexOf(failOn);
  return reported.some(({ findings }) => findings.some(({ severity }) => severities.indexOf(severity) <= limit));
}

function shown(console: Console, path: string): string {
  return relativePath(console.cwd, path);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
