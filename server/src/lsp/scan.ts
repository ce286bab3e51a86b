import type { CancellationToken } from 'vscode-languageserver';
import { lookAtBoth } from '../compare-scan.ts';
import { compare, type SecurityDiff } from '../diff/compare.ts';
import type { Host } from '../host.ts';
import { revisionOf } from '../git-head.ts';
import { detectLanguage } from '../languages.ts';
import type { Looked } from '../lint.ts';
import { gathered, scan, type ScanOptions, type ScanStep } from '../scan.ts';
import { Lines } from '../text.ts';
import { baseName, commonFolder, folderOf, isInside, relativePath } from '../paths.ts';
import { replaced } from '../replaced-host.ts';
import { Collection } from '../report/collect.ts';
import type { Report } from '../report/report.ts';
import { plural } from '../report/text.ts';
import { walk } from '../walk.ts';
import type { Client } from './client.ts';
import { diagnosticsOf } from './diagnostics.ts';
import { policyOf, stackOf, today, type Look, type Looks, type Surroundings } from './looks.ts';
import { filePath, fileUri, Places } from './places.ts';
import type { ScannedParams, ScanResult } from './protocol.ts';
import type { Settings } from './settings.ts';

/** Where a scan tells how far it is. */
export interface Progress {
  report(percentage: number, message: string): void;
  /** With `{0}` in place of a number of problems. */
  readonly found: string;
}

/** Scans folders and, once that was done, keeps what it said about their files true. */
export class Scanner {
  readonly #around: Surroundings;
  readonly #looks: Looks;
  readonly #client: Client;
  readonly #send: (params: ScannedParams) => void;
  /** How many problems each file has that was looked at, by path. Absent before the first scan. */
  #known: Map<string, number> | undefined;
  /** A scan that was stopped, or is still under way, promises nothing about files that it has not come to. */
  #complete = false;
  #roots: readonly string[] = [];
  #running: AbortController | undefined;
  #renewing: AbortController | undefined;

  constructor(around: Surroundings, looks: Looks, client: Client, send: (params: ScannedParams) => void) {
    this.#around = around;
    this.#looks = looks;
    this.#client = client;
    this.#send = send;
  }

  /** What was found before a cancellation stays. */
  async scan(roots: readonly string[], progress: Progress, token: CancellationToken): Promise<ScanResult> {
    await this.#around.loadPostgres();
    this.forget();
    const known = (this.#known = new Map<string, number>());
    this.#roots = roots;
    const tally = new Tally();
    const { signal } = (this.#running = abortedBy(token));
    for (const [index, root] of roots.entries()) {
      if (signal.aborted) break;
      const settings = await this.#around.settingsFor(fileUri(root));
      for await (const step of scan(this.#around.host, [root], this.#options(root, settings, signal))) {
        if (signal.aborted) break;
        if (known.has(step.path) || isUnwanted(step, settings)) continue;
        tally.add(step);
        this.#tell(step, known);
        const part = (index + step.done / step.total) / roots.length;
        progress.report(Math.floor(part * 100), `${step.done}/${step.total} · ${relativePath(step.path === root ? folderOf(root) : root, step.path)} · ${progress.found.replace('{0}', String(tally.problems))}`);
      }
    }
    if (known === this.#known) this.#complete = !signal.aborted;
    return tally.result(signal.aborted);
  }

  /** Looks at everything anew, for a report; undefined when it was cancelled. */
  async collect(roots: readonly string[], token: CancellationToken): Promise<Report | undefined> {
    await this.#around.loadPostgres();
    const collection = new Collection();
    const { signal } = abortedBy(token);
    let crashed = false;
    for (const root of roots) {
      const settings = await this.#around.settingsFor(fileUri(root));
      const options = this.#options(root, settings, signal);
      const onCrash: ScanOptions['onCrash'] = (...given) => { crashed = true; options.onCrash?.(...given); };
      for await (const step of scan(this.#around.host, [root], { ...options, onCrash })) {
        if (!isUnwanted(step, settings)) collection.add(step);
      }
    }
    if (signal.aborted) return undefined;
    const root = roots.length === 1 ? roots[0]! : commonFolder(roots);
    return collection.report({ root, version: this.#around.version, today: today(), crashed, revision: await revisionOf(root, this.#around.host) });
  }

  /** What the difference between an earlier state of a folder and the present one means; undefined when it was cancelled. */
  async compare(root: string, earlier: ReadonlyMap<string, string | null>, token: CancellationToken): Promise<SecurityDiff | undefined> {
    await this.#around.loadPostgres();
    const { signal } = abortedBy(token);
    const options = this.#options(root, await this.#around.settingsFor(fileUri(root)), signal);
    const { sets: _sets, overlay: open, ...past } = options;
    const texts = new Map([...earlier].map(([path, text]) => [path, text === null ? undefined : async () => new TextEncoder().encode(text)] as const));
    const changed = new Set(texts.keys());
    // An open document that did not change is still not what is on disk.
    const others = new Map([...open ?? []].filter(([path]) => !changed.has(path)));
    const before = { host: replaced(this.#around.host, texts), options: { ...past, overlay: others } };
    const looked = await lookAtBoth(before, { host: this.#around.host, options }, [root], changed);
    return signal.aborted ? undefined : compare(...looked);
  }

  /** Every file of a folder with all that is found in it, whatever the baseline accepts; undefined when it was cancelled. */
  async findAll(root: string, token: CancellationToken): Promise<readonly Looked[] | undefined> {
    await this.#around.loadPostgres();
    const { signal } = abortedBy(token);
    const settings = await this.#around.settingsFor(fileUri(root));
    const found = await gathered(scan(this.#around.host, [root], { ...this.#options(root, settings, signal), baselineOf: undefined }));
    return signal.aborted ? undefined : found.filter(({ document }) => !isUnwanted({ document }, settings));
  }

  /** Stops a scan that is under way and takes back everything that was said about files. */
  forget(): void {
    this.#running?.abort();
    this.#renewing?.abort();
    this.#complete = false;
    for (const [path, problems] of this.#known ?? []) {
      if (problems > 0) this.#send({ uri: fileUri(path), diagnostics: [] });
    }
    this.#known = undefined;
  }

  /** The files in a folder that something was said about. */
  below(folder: string): string[] {
    return [...this.#known?.keys() ?? []].filter((path) => isInside(folder, path));
  }

  /** Files have changed, appeared or gone: says anew what is wrong in them and in those that may depend on them. */
  async filesChanged(paths: readonly string[]): Promise<void> {
    const known = this.#known;
    if (known === undefined) return;
    if (paths.some((path) => baseName(path) === '.gitignore')) return this.settingsChanged();
    const changed = new Set(paths);
    if (paths.some(isConfiguration)) [...known.keys()].filter(isConfiguration).forEach((path) => changed.add(path));
    for (const path of known.keys()) if (!isConfiguration(path) && this.#looks.sets.together(path, paths)) changed.add(path);
    for (const path of changed) await this.#again(path, known);
  }

  /** What is looked at may be more, less or others than before, so the folders are walked anew. */
  async settingsChanged(): Promise<void> {
    this.#renewing?.abort();
    const known = this.#known;
    if (known === undefined) return;
    const { signal } = (this.#renewing = new AbortController());
    if (!this.#complete) for (const path of known.keys()) await this.#again(path, known);
    else await this.#renew(known, signal);
  }

  async #renew(known: Map<string, number>, signal: AbortSignal): Promise<void> {
    const met = new Set<string>();
    for (const root of this.#roots) {
      const settings = await this.#around.settingsFor(fileUri(root));
      for await (const step of scan(this.#around.host, [root], this.#options(root, settings, signal))) {
        if (signal.aborted || known !== this.#known) return;
        if (met.has(step.path) || isUnwanted(step, settings)) continue;
        met.add(step.path);
        this.#tell(step, known);
      }
    }
    if (signal.aborted || known !== this.#known) return;
    for (const path of [...known.keys()].filter((path) => !met.has(path))) this.#takeBack(path, known);
  }

  async #again(path: string, known: Map<string, number>): Promise<void> {
    const root = this.#roots.find((one) => path === one || isInside(one, path));
    if (root === undefined || known !== this.#known || !(this.#complete || known.has(path))) return;
    const settings = await this.#around.settingsFor(fileUri(root));
    const step = await this.#lookAt(path, root, settings);
    if (known !== this.#known) return;
    if (step !== undefined && !isUnwanted(step, settings)) return this.#tell(step, known);
    this.#takeBack(path, known);
  }

  #takeBack(path: string, known: Map<string, number>): void {
    if (known.get(path)) this.#send({ uri: fileUri(path), diagnostics: [] });
    known.delete(path);
  }

  /** Undefined when a scan of the folder would not come to this file. */
  async #lookAt(path: string, root: string, settings: Settings): Promise<ScanStep | undefined> {
    const options = this.#options(root, settings);
    const candidates = await walk(towards(path, this.#around.host), [root], options);
    if (!candidates.some((candidate) => candidate.path === path)) return undefined;
    for await (const step of scan(this.#around.host, [path], options)) return step;
    return undefined;
  }

  #tell(step: ScanStep, known: Map<string, number>): void {
    const { path, document, findings = [] } = step;
    const before = known.get(path) ?? 0;
    known.set(path, findings.length);
    if (findings.length === 0 && before === 0) return;
    const uri = fileUri(path);
    if (document === undefined) return this.#send({ uri, diagnostics: [] });
    const places = new Places(new Lines(document.text), document.text.startsWith('\ufeff'));
    const look: Look = { id: '', uri, version: null, document, versionOrigin: { from: 'nothing' }, places, findings, help: false, options: {} };
    this.#send({ uri, diagnostics: diagnosticsOf(look, this.#client, fileUri) });
  }

  #options(root: string, settings: Settings, signal?: AbortSignal): ScanOptions {
    return {
      excludeFrom: this.#around.folders().find((folder) => isInside(folder, root)),
      version: settings.version, policyOf: async (path) => policyOf(await this.#looks.projects.of(path), path, settings), baselineOf: (path) => this.#looks.baselineOf(path), maxBytes: settings.maxFileSize, exclude: settings.exclude,
      overlay: new Map(this.#around.openDocuments().map((document) => [filePath(document.uri) ?? document.uri, document.getText()])),
      today: today(), signal, inside: this.#around.folders(), sets: this.#looks.sets, configured: (root, projectFiles) => this.#looks.databases(root, projectFiles),
      onCrash: (path, rule, error) => this.#around.log(`Rule ${rule} failed on ${path}: ${stackOf(error)}`),
    };
  }
}

function isConfiguration(path: string): boolean {
  return detectLanguage(path) !== 'sql';
}

function abortedBy(token: CancellationToken): AbortController {
  const abort = new AbortController();
  token.onCancellationRequested(() => abort.abort());
  if (token.isCancellationRequested) abort.abort();
  return abort;
}

/** Neither ours by content nor wanted by the settings. */
function isUnwanted(step: Pick<ScanStep, 'document' | 'skipped'>, settings: Settings): boolean {
  if (step.document === undefined) return step.skipped === undefined;
  return settings.detectSql === 'never' && step.document.language === 'sql';
}

/** A host in which a walk meets nothing but `path` and the ignore files on the way there. */
function towards(path: string, host: Host): Host {
  return {
    ...host,
    list: async (folder) => {
      const entries = await host.list(folder);
      return entries.filter(({ name, folder: isFolder }) =>
        name === '.git' || name === '.gitignore' || (isFolder ? path.startsWith(`${folder}/${name}/`) : path === `${folder}/${name}`));
    },
  };
}

class Tally {
  readonly #skipped: { path: string; reason: string }[] = [];
  #files = 0;
  #filesWithProblems = 0;
  #critical = 0;
  problems = 0;

  add({ path, findings = [], skipped }: ScanStep): void {
    if (skipped !== undefined) {
      this.#skipped.push({ path, reason: skipped });
      return;
    }
    this.#files++;
    this.problems += findings.length;
    if (findings.length > 0) this.#filesWithProblems++;
    this.#critical += findings.filter((finding) => finding.severity === 'critical').length;
  }

  result(cancelled: boolean): ScanResult {
    return {
      files: this.#files, problems: this.problems, filesWithProblems: this.#filesWithProblems,
      critical: this.#critical, skipped: this.#skipped, cancelled, message: this.#message(cancelled),
    };
  }

  #message(cancelled: boolean): string {
    const critical = this.#critical > 0 ? ` (${this.#critical} critical)` : '';
    const found = this.problems === 0 ? `No problems in ${plural(this.#files, 'file')}` : `${plural(this.problems, 'problem')} in ${plural(this.#filesWithProblems, 'file')}${critical}`;
    const skipped = this.#skipped.length > 0 ? `, ${this.#skipped.length} skipped` : '';
    return cancelled ? `Scan stopped: ${found} so far${skipped}` : `${found}${skipped}`;
  }
}
