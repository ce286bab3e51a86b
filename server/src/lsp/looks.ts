import ignore from 'ignore';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { newestVersion, type Document, type FileSet } from '../document.ts';
import type { Host } from '../host.ts';
import { detectLanguage } from '../languages.ts';
import { lint, optionsOf, type LintFinding, type LintOptions } from '../lint.ts';
import { baseName, folderOf } from '../paths.ts';
import type { Language } from '../rules/rule.ts';
import { baselineOf, Baselines } from '../baselines.ts';
import { combined, type Policy, type Project } from '../policy/project.ts';
import type { ConfiguredSet } from '../migrations.ts';
import { databasesOf, Projects } from '../projects.ts';
import type { VersionOrigin } from '../version-origin.ts';
import { Versions, type VersionChoice } from '../versions.ts';
import { Lines } from '../text.ts';
import { Sets } from '../sets.ts';
import { prepare } from '../scan.ts';
import { decode, openDocument } from '../workspace.ts';
import { forgetReplaced } from '../syntax/sql/statements.ts';
import { differenceOf } from './edits.ts';
import { KeptHost } from './kept-host.ts';
import { anyPath, filePath, fileUri, Places } from './places.ts';
import type { Settings } from './settings.ts';

/** One look at one state of a document: everything that is answered about that state comes from it. */
export interface Look {
  /** Never the same for two looks. */
  readonly id: string;
  readonly uri: string;
  /** The editor's version; null when the text comes from disk. */
  readonly version: number | null;
  readonly document: Document;
  /** Why the document is looked at for the version that it is. */
  readonly versionOrigin: VersionOrigin;
  readonly places: Places;
  /** Worked out when they are first asked for: editing help does not wait for them. */
  readonly findings: readonly LintFinding[];
  /** Completion and the like are wanted for this document. */
  readonly help: boolean;
  readonly options: LintOptions;
}

/** What looking needs to know of the session around it. */
export interface Surroundings {
  readonly host: Host;
  openDocuments(): readonly TextDocument[];
  settingsFor(uri: string): Promise<Settings>;
  /** Paths of the workspace folders. */
  folders(): readonly string[];
  /** Has to have resolved before SQL is looked at. */
  loadPostgres(): Promise<void>;
  /** Version of pgrampart. */
  readonly version: string;
  /** A set of SQL files has been read that a look did not wait for. */
  setRead(): void;
  /** Tells each message once. */
  log(message: string): void;
}

/** Looks at open documents; each state is looked at once. */
export class Looks {
  readonly #around: Surroundings;
  readonly #disk: KeptHost;
  readonly #kept = new Map<string, Kept>();
  readonly sets: Sets;
  /** Files whose sets are being read. */
  readonly #reading = new Set<string>();
  #settingsAge = 0;
  #filesAge = 0;
  #diskAge = 0;
  #count = 0;
  #versions: Versions | undefined;
  #projects: Projects | undefined;
  #baselines: Baselines | undefined;
  readonly #good = new Map<string, Project>();

  constructor(around: Surroundings) {
    this.#around = around;
    this.#disk = new KeptHost(around.host);
    this.sets = new Sets(around.host, {
      roots: () => around.folders(),
      open: () => new Map(around.openDocuments().flatMap((document) => (isSql(document) ? [[filePath(document.uri) ?? '', document.getText()]] : []))),
      configured: (root, projectFiles) => this.databases(root, projectFiles),
      most: setsAtOnce, followsChanges: true,
    });
  }

  /** Undefined when the document is not ours to look at. */
  at(open: TextDocument): Promise<Look | undefined> {
    const path = isSql(open) ? filePath(open.uri) : undefined;
    const key = `${open.version}/${this.#settingsAge}/${isSql(open) ? this.#diskAge : this.#filesAge}`;
    const set = path === undefined ? undefined : this.#knownSet(path);
    const kept = this.#kept.get(open.uri);
    if (kept?.key === key && kept.set === set) return kept.look;
    const keeping: Kept = { key, set, text: open.getText(), look: this.#look(open, kept?.text, (read) => (keeping.set = read)) };
    this.#kept.set(open.uri, keeping);
    keeping.look.catch(() => this.#kept.delete(open.uri));
    return keeping.look;
  }

  forget(uri: string): void {
    this.#kept.delete(uri);
  }

  /** Settings, or a project file on disk, are not what they were. */
  settingsChanged(): void {
    this.#settingsAge++;
    this.sets.forget();
    this.#readAnew();
  }

  /** A configuration file, open or on disk, is not what it was: its neighbours have to be looked at again. */
  filesChanged(): void {
    this.#filesAge++;
    this.#readAnew();
  }

  /** Something on disk that is no SQL is not what it was: a neighbour, or what tells the version. */
  diskChanged(): void {
    this.#disk.forget();
    this.#diskAge++;
    this.filesChanged();
  }

  #readAnew(): void {
    this.#versions = undefined;
    this.#projects = undefined;
    this.#baselines = undefined;
  }

  /** The host as the user sees it: what is open in the editor counts, not what is on disk. */
  get host(): Host {
    const host = this.#disk;
    const open = new Map(this.#around.openDocuments().map((document) => [filePath(document.uri), document]));
    return {
      read: async (path) => {
        const text = open.get(path)?.getText();
        return text === undefined ? host.read(path) : new TextEncoder().encode(text);
      },
      list: (folder) => host.list(folder),
    };
  }

  /** A file of the workspace, or beside an open document. */
  async exists(path: string): Promise<boolean> {
    const folders = [...this.#around.folders(), ...this.#around.openDocuments().flatMap(({ uri }) => filePath(uri) ?? []).map(folderOf)];
    if (!folders.some((folder) => path.startsWith(`${folder}/`))) return false;
    const entries = await this.#around.host.list(folderOf(path)).catch(() => []);
    return entries.some(({ name, folder }) => !folder && name === baseName(path));
  }

  /** The version that the editor has of a file, null when it is not open. */
  versionOf(path: string): number | null {
    return this.#around.openDocuments().find((document) => filePath(document.uri) === path)?.version ?? null;
  }

  /** The file is open with changes that are not on disk. */
  async isUnsaved(path: string): Promise<boolean> {
    const open = this.#around.openDocuments().find((document) => filePath(document.uri) === path);
    return open !== undefined && open.getText() !== await this.#disk.read(path).then(decode, () => undefined);
  }

  /** The editor's own name for a file, so that links lead to the open document. */
  uriOf(path: string): string {
    return this.#around.openDocuments().find((document) => filePath(document.uri) === path)?.uri ?? fileUri(path);
  }

  /** `before`: what the text was when it was last looked at. */
  async #look(open: TextDocument, before: string | undefined, setRead: (set: FileSet | undefined) => void): Promise<Look | undefined> {
    const { uri, version } = open;
    const text = open.getText();
    if (isSql(open)) void this.#around.loadPostgres();
    const settings = await this.#around.settingsFor(uri);
    const language = languageOf(open.languageId, uri, text, settings);
    if (!settings.enable || language === undefined || this.#excluded(uri, settings)) return undefined;
    if (text.length > settings.maxFileSize) {
      this.#around.log(`${anyPath(uri)} is larger than pgrampart.maxFileSize, so it is skipped`);
      return undefined;
    }
    const onDisk = filePath(uri);
    const policy = policyOf(await this.#projectOf(onDisk), onDisk ?? anyPath(uri), settings);
    if (!policy.wanted) return undefined;
    if (language === 'sql') await this.#around.loadPostgres();
    const host = onDisk === undefined ? nowhere : this.host;
    const { version: postgres, origin } = await this.#versionOf(onDisk, settings);
    const set = language === 'sql' && onDisk !== undefined ? await this.#setOf(onDisk, postgres) : undefined;
    setRead(set);
    const opened = await openDocument(host, anyPath(uri), text, language, postgres, this.#around.folders(), set);
    const document: Document = { ...opened, ...(language === 'sql' && isPostgresId(open.languageId) && { surelyPostgres: true }), ...(policy.environment && { environment: policy.environment }) };
    const options: LintOptions = {
      ...optionsOf(policy), today: today(), ...(isForced(open, settings) && { anyDialect: true }),
      onCrash: (rule, error) => this.#around.log(`Rule ${rule} failed on ${document.path}: ${stackOf(error)}`),
    };
    const baseline = onDisk === undefined ? undefined : await this.baselineOf(onDisk);
    let findings: readonly LintFinding[] | undefined;
    return {
      id: `${++this.#count}`, uri, version, document, versionOrigin: origin, places: new Places(new Lines(text), false),
      help: settings.languageFeatures && language !== 'sql', options,
      get findings() {
        if (findings === undefined) {
          findings = lint(document, { ...options, ...(baseline && { baseline }) }).findings;
          if (language === 'sql' && before !== undefined && before !== text) forgetReplaced(before, differenceOf(before, text).span);
        }
        return findings;
      },
    };
  }

  #knownSet(path: string): FileSet | undefined {
    return this.#reading.has(path) ? undefined : this.sets.known(path);
  }

  /** A long set is not waited for: the file is looked at alone first, and again when the set has been read. */
  async #setOf(path: string, version: number): Promise<FileSet | undefined> {
    const known = this.#knownSet(path);
    if (known !== undefined || this.#reading.has(path)) return known;
    this.#reading.add(path);
    let late = false;
    const read = this.sets.of(path).then(async (set) => {
      if (set) await prepare(set, version);
      return set;
    }).finally(() => this.#reading.delete(path));
    const patience = new Promise<undefined>((resolve) => setTimeout(() => {
      late = true;
      resolve(undefined);
    }, longestWait));
    void read.then((set) => late && set !== undefined && this.#around.setRead(), () => undefined);
    return Promise.race([read, patience]);
  }

  async #versionOf(path: string | undefined, settings: Settings): Promise<VersionChoice> {
    if (settings.version !== 'auto') return { version: settings.version, origin: { from: 'setting', name: 'pgrampart.postgresVersion' } };
    if (path === undefined) return { version: newestVersion, origin: { from: 'untitled' } };
    this.#versions ??= new Versions(this.host, this.#around.folders(), this.projects);
    return this.#versions.of(path);
  }

  /** Newly read after files have changed; what was understood of a file that is broken now goes on counting. */
  get projects(): Projects {
    return (this.#projects ??= new Projects(this.#around.host, this.#good));
  }

  /** What settings and project files say about the databases that the files below a folder make up. */
  async databases(root: string, projectFiles: readonly string[]): Promise<ConfiguredSet[]> {
    return [...(await this.#around.settingsFor(fileUri(root))).migrations, ...await databasesOf(this.projects, root, projectFiles)];
  }

  /** The accepted problems that concern a file. */
  async baselineOf(path: string): Promise<LintOptions['baseline']> {
    const file = baselineOf(await this.projects.of(path));
    return file === undefined ? undefined : (this.#baselines ??= new Baselines(this.#around.host)).of(path, file);
  }

  async #projectOf(path: string | undefined): Promise<Project | undefined> {
    return path === undefined ? undefined : this.projects.of(path);
  }

  #excluded(uri: string, { exclude }: Settings): boolean {
    const path = filePath(uri);
    const folder = path === undefined ? undefined : this.#around.folders().find((root) => path.startsWith(`${root}/`));
    if (path === undefined || folder === undefined) return false;
    return ignore().add(exclude).ignores(path.slice(folder.length + 1));
  }
}

/** A scan of the workspace comes to all of its sets, of which those that are open or were open lately will be asked for again. */
const setsAtOnce = 8;

/** In milliseconds: what a person does not notice when a file opens. */
const longestWait = 400;

interface Kept {
  readonly key: string;
  readonly text: string;
  /** What the look was made with; it may get there while the look is under way. */
  set: FileSet | undefined;
  readonly look: Promise<Look | undefined>;
}

function isSql({ languageId, uri }: TextDocument): boolean {
  return (languageOfId(languageId) ?? detectLanguage(uri)) === 'sql';
}

/** What the project says counts above the settings, except for a version that was chosen. */
export function policyOf(project: Project | undefined, path: string, settings: Settings): Policy {
  const { levels, ruleOptions: options, presets, version } = settings;
  const own: Policy = { wanted: true, levels, options, presets };
  const both = project === undefined ? own : combined(own, project.policyOf(path));
  return version === 'auto' ? both : { ...both, version };
}

/** For suppressions that expire. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

export function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

const languageIds = new Map<string, Language>([
  ['postgresql-conf', 'conf'], ['pg-hba', 'hba'], ['pg-ident', 'ident'],
  ['sql', 'sql'], ['postgres', 'sql'], ['pgsql', 'sql'], ['plpgsql', 'sql'],
]);

/** Our language for the editor's, undefined when the editor's name says nothing to us. */
export function languageOfId(id: string): Language | undefined {
  return languageIds.get(id);
}

/** The editor's word counts, except for files that another program reads under the same name. */
function languageOf(languageId: string, uri: string, text: string, settings: Settings): Language | undefined {
  const path = anyPath(uri);
  const byText = detectLanguage(path, text);
  const namesake = byText === undefined && detectLanguage(baseName(path)) !== undefined;
  const language = namesake ? undefined : (languageOfId(languageId) ?? byText);
  return language === 'sql' && settings.detectSql === 'never' ? undefined : language;
}

function isForced(open: TextDocument, settings: Settings): boolean {
  return settings.detectSql === 'always' || isPostgresId(open.languageId);
}

function isPostgresId(languageId: string): boolean {
  return ['postgres', 'pgsql', 'plpgsql'].includes(languageId);
}

const nowhere: Host = {
  read: () => Promise.reject(new Error('not on disk')),
  list: () => Promise.reject(new Error('not on disk')),
};
