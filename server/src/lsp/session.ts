import {
  DidChangeConfigurationNotification, DidChangeWatchedFilesNotification, DocumentDiagnosticReportKind, LSPErrorCodes, ResponseError, TextDocuments,
  type CancellationToken, type CodeAction, type CodeActionParams, type CompletionItem, type CompletionParams, type Connection, type DidChangeWatchedFilesParams,
  type DocumentDiagnosticParams, type DocumentDiagnosticReport, type Hover, type HoverParams, type InitializeParams, type TextDocumentIdentifier,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Host } from '../host.ts';
import { detectLanguage } from '../languages.ts';
import { actionsAt } from './actions.ts';
import { answerBaseline } from './baseline.ts';
import { completeItem, completionAt } from './completion.ts';
import type { Client } from './client.ts';
import { Configuration } from './configuration.ts';
import { diagnosticsOf } from './diagnostics.ts';
import { Help } from './help.ts';
import { hoverAt } from './hover.ts';
import { Later } from './later.ts';
import { Looks, languageOfId, stackOf, type Look, type Surroundings } from './looks.ts';
import { definitionsAt, formattingOf, linksOf, renameAt, renameRange } from './navigation.ts';
import { foldingRangesOf, selectionRangesAt, symbolsOf } from './outline.ts';
import { filePath } from './places.ts';
import { projectDiagnostics, projectOf, type ProjectOf } from './project.ts';
import { isProjectFile } from '../projects.ts';
import { decode } from '../workspace.ts';
import {
  committedMethod, compareMethod, forgetScanMethod, baselineMethod, reportMethod, scanMethod, scannedMethod, statusMethod, whoMethod,
  type CommittedParams, type CompareParams, type CompareResult, type BaselineParams, type BaselineResult, type ReportParams, type ReportResult, type ScanParams, type ScanResult, type StatusParams, type StatusResult, type WhoParams, type WhoResult,
} from './protocol.ts';
import { diffFormats } from '../report/diff.ts';
import { fileFormats, whole } from '../report/formats.ts';
import { htmlReport } from '../report/html.ts';
import { answerScan } from './scan-request.ts';
import { Scanner } from './scan.ts';
import { changedFiles, watchers } from './watched.ts';
import { answerWho } from './who.ts';

/** What the process gives to every session. */
export interface World {
  readonly host: Host;
  readonly loadPostgres: () => Promise<void>;
  /** Version of pgrampart. */
  readonly version: string;
}

/** What one editor and the server know of each other, and who answers what. */
export class Session {
  readonly #connection: Connection;
  readonly #client: Client;
  readonly #host: Host;
  readonly #documents = new TextDocuments(TextDocument);
  readonly #configuration: Configuration;
  readonly #looks: Looks;
  readonly #scanner: Scanner;
  readonly #later: Later;
  readonly #help: Help;
  #parser: Promise<void> | undefined;
  /** Are the settings what they were? */
  #comparing = Promise.resolve();
  readonly #logged = new Set<string>();
  readonly #changedPaths = new Set<string>();
  #folders: string[];

  constructor(connection: Connection, world: World, client: Client, params: InitializeParams) {
    this.#connection = connection;
    this.#client = client;
    this.#host = world.host;
    this.#folders = (params.workspaceFolders ?? []).map((folder) => folder.uri);
    this.#configuration = new Configuration(connection, client);
    const around: Surroundings = {
      host: world.host,
      openDocuments: () => this.#documents.all(),
      settingsFor: (uri) => this.#configuration.of(uri),
      folders: () => this.#folders.flatMap((uri) => filePath(uri) ?? []),
      loadPostgres: () => (this.#parser ??= this.#loadParser(world)),
      version: world.version,
      setRead: () => this.#later.run('refresh', 0, () => this.#refresh()),
      log: (message) => this.#logOnce(message),
    };
    this.#later = new Later((error) => connection.console.error(`A background task failed: ${stackOf(error)}`));
    this.#looks = new Looks(around);
    this.#help = new Help(connection, client);
    this.#scanner = new Scanner(around, this.#looks, client, (scanned) => void connection.sendNotification(scannedMethod, scanned));
  }

  listen(): void {
    const connection = this.#connection;
    connection.onInitialized(() => this.#register());
    connection.onShutdown(() => this.#later.stop());
    connection.onDidChangeConfiguration(({ settings }) => void (this.#comparing = this.#compareSettings(settings)));
    connection.onDidChangeWatchedFiles((params) => void this.#watchersSaid(params));
    connection.languages.diagnostics.on(this.#guarded('textDocument/diagnostic', nothing, (params: DocumentDiagnosticParams) => this.#diagnose(params)));
    connection.onCodeAction(this.#guarded('textDocument/codeAction', [], (params: CodeActionParams) => this.#act(params)));
    connection.onHover(this.#guarded('textDocument/hover', null, (params: HoverParams) => this.#hover(params)));
    this.#listenForHelp();
    connection.onRequest(scanMethod, this.#guarded('pgrampart/scan', failedScan, (params: ScanParams, token) => this.#scan(params, token)));
    connection.onRequest(statusMethod, this.#guarded('pgrampart/status', null, (params: StatusParams) => this.#status(params)));
    connection.onRequest(whoMethod, this.#guarded('pgrampart/who', null, (params: WhoParams) => this.#who(params)));
    connection.onRequest(compareMethod, this.#guarded('pgrampart/compare', null, (params: CompareParams, token) => this.#compare(params, token)));
    connection.onRequest(baselineMethod, this.#guarded('pgrampart/baseline', null, (params: BaselineParams, token) => this.#baseline(params, token)));
    connection.onRequest(reportMethod, this.#guarded('pgrampart/report', null, (params: ReportParams, token) => this.#report(params, token)));
    connection.onNotification(forgetScanMethod, () => this.#scanner.forget());
    this.#documents.onDidChangeContent(({ document }) => this.#changed(document));
    this.#documents.onDidClose(({ document }) => this.#closed(document));
    this.#documents.listen(connection);
  }

  /** Every answer is made from the look at the document; where there is none, or help is not wanted, it is empty. */
  #listenForHelp(): void {
    const connection = this.#connection;
    const client = this.#client;
    const looks = this.#looks;
    const help = <P extends { readonly textDocument: TextDocumentIdentifier }, R>(name: string, empty: R, answer: (look: Look, params: P) => R | Promise<R>) =>
      this.#guarded<P, R>(`textDocument/${name}`, empty, async (params) => {
        const look = await this.#lookAt(params.textDocument.uri);
        return look?.help ? answer(look, params) : empty;
      });
    connection.onCompletion(help('completion', null, (look, { position, context }: CompletionParams) => completionAt(look, position, context, client)));
    connection.onCompletionResolve((item: CompletionItem, token) => this.#guarded('completionItem/resolve', item, async () => completeItem(item, client))(item, token));
    connection.onDefinition(help('definition', null, (look, { position }) => definitionsAt(look, position, client, looks)));
    connection.onDocumentLinks(help('documentLink', null, (look) => linksOf(look, looks)));
    connection.onDocumentSymbol(help('documentSymbol', null, (look) => symbolsOf(look, client)));
    connection.onFoldingRanges(help('foldingRange', null, (look) => foldingRangesOf(look)));
    connection.onSelectionRanges(help('selectionRange', null, (look, { positions }) => selectionRangesAt(look, positions)));
    connection.onPrepareRename(help('prepareRename', null, (look, { position }) => renameRange(look, position)));
    connection.onRenameRequest(help('rename', null, (look, { position, newName }) => renameAt(look, position, newName, client, looks)));
    connection.onDocumentFormatting(help('formatting', null, (look) => formattingOf(look)));
    connection.onDocumentRangeFormatting(help('rangeFormatting', null, (look, { range }) => formattingOf(look, range)));
  }

  #register(): void {
    this.#later.run('help', 0, () => this.#switchHelp());
    const { client } = this.#connection;
    if (this.#client.registersConfiguration) void client.register(DidChangeConfigurationNotification.type, { section: 'pgrampart' });
    if (this.#client.registersWatchers) void client.register(DidChangeWatchedFilesNotification.type, { watchers });
    if (!this.#client.workspaceFolders) return;
    this.#connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
      const gone = new Set(removed.map((folder) => folder.uri));
      this.#folders = [...this.#folders.filter((uri) => !gone.has(uri)), ...added.map((folder) => folder.uri)];
      void this.#configuration.changed(undefined);
      this.#settingsChanged();
    });
  }

  async #diagnose({ textDocument, previousResultId }: DocumentDiagnosticParams): Promise<DocumentDiagnosticReport> {
    const open = this.#documents.get(textDocument.uri);
    if (open && isProjectFile(open.uri)) return { kind: DocumentDiagnosticReportKind.Full, items: await projectDiagnostics(open, this.#looks.projects, this.#client) };
    const look = await this.#lookAt(textDocument.uri);
    if (look === undefined) return nothing;
    if (look.id === previousResultId) return { kind: DocumentDiagnosticReportKind.Unchanged, resultId: look.id };
    return { kind: DocumentDiagnosticReportKind.Full, resultId: look.id, items: diagnosticsOf(look, this.#client, (path) => this.#looks.uriOf(path)) };
  }

  async #act({ textDocument, range, context }: CodeActionParams): Promise<CodeAction[]> {
    const look = await this.#lookAt(textDocument.uri);
    if (look === undefined) return [];
    return actionsAt(look, range, context, {
      client: this.#client, others: this.#looks, now: new Date(), committed: () => this.#isCommitted(textDocument.uri), project: () => this.#projectOf(textDocument.uri),
    });
  }

  #projectOf(uri: string): Promise<ProjectOf | undefined> {
    const looks = this.#looks;
    const { host } = looks;
    const folders = this.#folders.flatMap((folder) => filePath(folder) ?? []);
    return projectOf(filePath(uri), folders, looks.projects, { read: (path) => host.read(path).then(decode, () => undefined), isUnsaved: (path) => looks.isUnsaved(path) });
  }

  /** Asked of the client, which may know the repository; who does not know soon does not know. */
  async #isCommitted(uri: string): Promise<boolean | undefined> {
    if (!this.#client.knowsCommitted) return undefined;
    const answer = this.#connection.sendRequest<boolean | null>(committedMethod, { uri } satisfies CommittedParams).catch(() => null);
    const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), 500).unref());
    return await Promise.race([answer, late]) ?? undefined;
  }

  async #hover({ textDocument, position }: HoverParams): Promise<Hover | null> {
    const look = await this.#lookAt(textDocument.uri);
    return look === undefined ? null : hoverAt(look, position, this.#client);
  }

  async #status({ uri }: StatusParams): Promise<StatusResult | null> {
    const look = await this.#lookAt(uri);
    if (look === undefined) return null;
    const project = await this.#projectOf(uri);
    return {
      version: look.document.version, origin: look.versionOrigin, problems: look.findings.length,
      ...(project?.text !== undefined && { project: { uri: this.#looks.uriOf(project.path), problems: (await this.#looks.projects.problems(project.path, project.text)).length } }),
    };
  }

  async #who(params: WhoParams): Promise<WhoResult | null> {
    const look = await this.#lookAt(params.uri);
    return look === undefined ? null : answerWho(look, params, (path) => this.#looks.uriOf(path));
  }

  async #compare({ folder, name, files }: CompareParams, token: CancellationToken): Promise<CompareResult | null> {
    const root = filePath(folder);
    if (root === undefined) return null;
    const earlier = new Map(files.flatMap(({ uri, text }) => {
      const path = filePath(uri);
      return path === undefined ? [] : [[path, text] as const];
    }));
    const diff = await this.#scanner.compare(root, earlier, token);
    return diff === undefined ? null : { markdown: diffFormats.markdown({ root, from: name, to: 'working tree', diff }) };
  }

  async #baseline({ folder, change }: BaselineParams, token: CancellationToken): Promise<BaselineResult | null> {
    const root = filePath(folder);
    const found = root === undefined ? undefined : await this.#scanner.findAll(root, token);
    const { host, projects } = this.#looks;
    return found === undefined ? null : answerBaseline(root!, change, found, host, projects, (path) => this.#looks.uriOf(path));
  }

  async #report({ folders, format, nonce }: ReportParams, token: CancellationToken): Promise<ReportResult | null> {
    const roots = (folders ?? this.#folders).flatMap((uri) => filePath(uri) ?? []);
    const report = await this.#scanner.collect(roots, token);
    if (report === undefined) return null;
    const text = format === 'html' && nonce !== undefined ? htmlReport(report, nonce) : fileFormats[format](report);
    return { text: whole(text) };
  }

  #scan(params: ScanParams, token: CancellationToken): Promise<ScanResult> {
    const roots = (params.folders ?? this.#folders).flatMap((uri) => filePath(uri) ?? []);
    return answerScan(this.#connection, this.#client, this.#scanner, roots, params, token);
  }

  async #lookAt(uri: string) {
    await this.#comparing;
    const open = this.#documents.get(uri);
    return open === undefined ? undefined : this.#looks.at(open);
  }

  #changed(document: TextDocument): void {
    if (!this.#client.pullsDiagnostics) this.#later.run(`push ${document.uri}`, 150, () => this.#push(document.uri));
    if (isNeighbourly(document)) this.#neighboursChanged(document.uri);
    else this.#setChanged(document.uri);
  }

  #closed(document: TextDocument): void {
    this.#looks.forget(document.uri);
    this.#configuration.forget(document.uri);
    if (!this.#client.pullsDiagnostics) void this.#connection.sendDiagnostics({ uri: document.uri, diagnostics: [] });
    if (isNeighbourly(document)) {
      this.#looks.diskChanged();
      this.#neighboursChanged(document.uri);
    }
    const path = filePath(document.uri);
    if (path === undefined) return;
    this.#setsChanged([path]);
    this.#scanAgain([path], 0);
  }

  async #watchersSaid({ changes }: DidChangeWatchedFilesParams): Promise<void> {
    const below = (folder: string) => [...this.#scanner.below(folder), ...this.#looks.sets.below(folder)];
    const paths = await changedFiles(changes, this.#host, below);
    if (paths.length > 0) this.#filesChanged(paths);
  }

  #filesChanged(paths: readonly string[]): void {
    if (paths.some((path) => isProjectFile(path) || /baseline[^/]*\.json$/.test(path))) this.#projectsChanged();
    if (paths.some((path) => detectLanguage(path) !== 'sql')) this.#diskChanged();
    this.#setsChanged(paths);
    this.#scanAgain(paths, 200);
  }

  #scanAgain(paths: readonly string[], milliseconds: number): void {
    for (const path of paths) this.#changedPaths.add(path);
    this.#later.run('changed files', milliseconds, () => {
      const changed = [...this.#changedPaths];
      this.#changedPaths.clear();
      return this.#scanner.filesChanged(changed);
    });
  }

  async #compareSettings(settings: unknown): Promise<void> {
    if (await this.#configuration.changed(settings)) this.#settingsChanged();
  }

  #settingsChanged(): void {
    this.#looks.settingsChanged();
    this.#later.run('help', 50, () => this.#switchHelp());
    this.#later.run('refresh', 50, () => this.#refresh());
    this.#later.run('scan again', 200, () => this.#scanner.settingsChanged());
  }

  #projectsChanged(): void {
    this.#looks.settingsChanged();
    this.#later.run('refresh', 50, () => this.#refresh());
    this.#later.run('scan again', 200, () => this.#scanner.settingsChanged());
  }

  async #switchHelp(): Promise<void> {
    const { languageFeatures } = await this.#configuration.ofWindow();
    await this.#help.switch(languageFeatures);
  }

  /** What was said about configuration files, and the version that SQL was looked at for, may no longer be true. */
  #diskChanged(): void {
    this.#looks.diskChanged();
    this.#later.run('refresh', 250, () => this.#refresh());
  }

  /** What was said about other configuration files may no longer be true; the file itself is asked for anyway. */
  #neighboursChanged(uri: string | undefined): void {
    this.#looks.filesChanged();
    if (this.#documents.all().some((other) => other.uri !== uri && isNeighbourly(other))) this.#later.run('refresh', 250, () => this.#refresh());
  }

  /** An open SQL file changed: what was said about the others of its database may no longer be true. */
  #setChanged(uri: string): void {
    const path = filePath(uri);
    if (path === undefined) return;
    const others = this.#documents.all().flatMap((other) => (other.uri === uri ? [] : filePath(other.uri) ?? []));
    if (this.#looks.sets.together(path, others)) this.#later.run('refresh', 100, () => this.#refresh());
  }

  /** SQL files on disk were created, written or deleted: their sets are read again before anything is said anew. */
  #setsChanged(paths: readonly string[]): void {
    const { sets } = this.#looks;
    if (!sets.changed(paths)) return;
    this.#later.run('sets', 100, async () => {
      const open = this.#documents.all().filter((document) => !isNeighbourly(document)).flatMap(({ uri }) => filePath(uri) ?? []);
      const before = open.map((path) => sets.known(path));
      const after = await Promise.all(open.map((path) => sets.of(path)));
      if (after.some((set, index) => set !== before[index])) await this.#refresh();
    });
  }

  async #refresh(): Promise<void> {
    if (this.#client.pullsDiagnostics) {
      if (this.#client.refreshesDiagnostics) await this.#connection.languages.diagnostics.refresh();
      return;
    }
    for (const document of this.#documents.all()) await this.#push(document.uri);
  }

  async #push(uri: string): Promise<void> {
    const open = this.#documents.get(uri);
    if (open === undefined) return;
    const { version } = open;
    if (isProjectFile(uri)) return void await this.#connection.sendDiagnostics({ uri, version, diagnostics: await projectDiagnostics(open, this.#looks.projects, this.#client) });
    const look = await this.#looks.at(open);
    if (this.#documents.get(uri)?.version !== version) return;
    await this.#connection.sendDiagnostics({ uri, version, diagnostics: look === undefined ? [] : diagnosticsOf(look, this.#client, (path) => this.#looks.uriOf(path)) });
  }

  /** A rule that fails does so at every keystroke. */
  #logOnce(message: string): void {
    if (this.#logged.has(message)) return;
    this.#logged.add(message);
    this.#connection.console.warn(message);
  }

  /** Without its parser SQL is still looked at, as far as tokens go; that is said once. */
  async #loadParser(world: World): Promise<void> {
    try {
      await world.loadPostgres();
    } catch (error) {
      this.#connection.console.error(`The SQL parser cannot be loaded: ${stackOf(error)}`);
    }
  }

  /** Nothing that goes wrong in one request may take the session down: it is logged, and the answer is empty. */
  #guarded<P, R>(name: string, empty: R, handle: (params: P, token: CancellationToken) => Promise<R>) {
    return async (params: P, token: CancellationToken): Promise<R | ResponseError<never>> => {
      await new Promise((resolve) => setImmediate(resolve));
      if (token.isCancellationRequested) return cancelled();
      try {
        const result = await handle(params, token);
        return token.isCancellationRequested && name !== scanMethod ? cancelled() : result;
      } catch (error) {
        // A refusal that the user is meant to read.
        if (error instanceof ResponseError) return error as ResponseError<never>;
        this.#connection.console.error(`${name} failed: ${stackOf(error)}`);
        return empty;
      }
    };
  }
}

const nothing: DocumentDiagnosticReport = { kind: DocumentDiagnosticReportKind.Full, items: [] };

const failedScan: ScanResult = {
  files: 0, problems: 0, filesWithProblems: 0, critical: 0, skipped: [], cancelled: true, failed: true, message: 'The scan failed; the output says why',
};

/** What the findings in one configuration file are may depend on the others. */
function isNeighbourly(document: TextDocument): boolean {
  return (languageOfId(document.languageId) ?? detectLanguage(document.uri)) !== 'sql';
}

function cancelled(): ResponseError<never> {
  return new ResponseError(LSPErrorCodes.RequestCancelled, 'The request was cancelled');
}
