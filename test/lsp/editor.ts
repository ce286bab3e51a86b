import { PassThrough } from 'node:stream';
import {
  createConnection, createProtocolConnection, StreamMessageReader, StreamMessageWriter,
  type CodeAction, type CodeActionContext, type CompletionItem, type CompletionList, type Diagnostic, type DocumentDiagnosticReport, type Hover, type InitializeResult,
  type ProtocolConnection, type PublishDiagnosticsParams, type Range, type TextDocumentEdit, type TextEdit, type SnippetTextEdit,
  type Registration, type Unregistration, type WorkspaceEdit,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Host } from '../../server/src/host.ts';
import { serve } from '../../server/src/lsp/server.ts';
import { loadPostgresFromDisk } from '../../server/src/node-wasm.ts';
import type { InitializationOptions, ScannedParams, ScanResult } from '../../server/src/lsp/protocol.ts';

export interface Wishes {
  /** What the client answers when it is asked whether a file is committed; absent: it cannot be asked. */
  readonly committed?: boolean | null;
  /** Files on disk, by absolute path. */
  readonly files?: Record<string, string>;
  /** A file that takes until `opened` to be read. */
  readonly slow?: { readonly path: string; readonly opened: Promise<void> };
  readonly folders?: readonly string[];
  readonly settings?: Record<string, unknown>;
  readonly pull?: boolean;
  readonly snippets?: boolean;
  readonly options?: InitializationOptions;
  /** The editor lets the server say later what it can do; without it everything is declared at the start. */
  readonly registers?: boolean;
  /** Parts of the client capabilities that replace the usual ones. */
  readonly capabilities?: Record<string, unknown>;
}

/** An editor without a window, connected to a server in the same process. */
export class Editor {
  readonly connection: ProtocolConnection;
  readonly files: Map<string, string>;
  readonly logged: string[] = [];
  readonly pushed: PublishDiagnosticsParams[] = [];
  readonly scanned: ScannedParams[] = [];
  readonly progress: any[] = [];
  /** What the server has said later that it can do, by method. */
  readonly registered = new Map<string, Registration>();
  readonly progressTokens: (string | number)[] = [];
  settings: Record<string, unknown>;
  committed: boolean | null | undefined;
  refreshes = 0;
  initialized!: InitializeResult;
  readonly #documents = new Map<string, TextDocument>();

  private constructor(connection: ProtocolConnection, files: Map<string, string>, settings: Record<string, unknown>) {
    this.connection = connection;
    this.files = files;
    this.settings = settings;
    connection.onNotification('window/logMessage', ({ message }: { message: string }) => void this.logged.push(message));
    connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => void this.pushed.push(params));
    connection.onNotification('pgrampart/scanned', (params: ScannedParams) => void this.scanned.push(params));
    connection.onRequest('workspace/configuration', ({ items }: { items: unknown[] }) => items.map(() => this.settings));
    connection.onRequest('workspace/diagnostic/refresh', () => { this.refreshes++; return null; });
    connection.onRequest('pgrampart/committed', () => this.committed ?? null);
    connection.onRequest('client/registerCapability', ({ registrations }: { registrations: Registration[] }) => {
      for (const one of registrations) this.registered.set(one.method, one);
      return null;
    });
    connection.onRequest('client/unregisterCapability', ({ unregisterations }: { unregisterations: Unregistration[] }) => {
      for (const { method } of unregisterations) this.registered.delete(method);
      return null;
    });
    connection.onRequest('window/workDoneProgress/create', ({ token }: { token: string | number }) => { this.progressTokens.push(token); return null; });
    connection.onNotification('$/progress', ({ value }: { value: unknown }) => void this.progress.push(value));
    connection.listen();
  }

  static async open(wishes: Wishes = {}): Promise<Editor> {
    const files = new Map(Object.entries(wishes.files ?? {}));
    const [toServer, toClient] = [new PassThrough(), new PassThrough()];
    serve(createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient)), { host: memoryHost(files, wishes.slow), loadPostgres: loadPostgresFromDisk, version: '0.0.0' });
    const connection = createProtocolConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer));
    const editor = new Editor(connection, files, wishes.settings ?? {});
    editor.committed = wishes.committed;
    editor.initialized = await connection.sendRequest<InitializeResult>('initialize', {
      processId: null, rootUri: null,
      workspaceFolders: (wishes.folders ?? []).map((path) => ({ uri: `file://${path}`, name: path })),
      initializationOptions: { ...wishes.options, ...wishes.committed !== undefined && { knowsCommitted: true } },
      capabilities: capabilitiesOf(wishes),
    });
    await connection.sendNotification('initialized', {});
    return editor;
  }

  async type(uri: string, languageId: string, text: string): Promise<void> {
    this.#documents.set(uri, TextDocument.create(uri, languageId, 1, text));
    await this.connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId, version: 1, text } });
  }

  async replace(uri: string, text: string): Promise<void> {
    const old = this.#documents.get(uri)!;
    const next = TextDocument.create(uri, old.languageId, old.version + 1, text);
    this.#documents.set(uri, next);
    await this.connection.sendNotification('textDocument/didChange', { textDocument: { uri, version: next.version }, contentChanges: [{ text }] });
  }

  async close(uri: string): Promise<void> {
    this.#documents.delete(uri);
    await this.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
  }

  async changeSettings(settings: Record<string, unknown>): Promise<void> {
    this.settings = settings;
    await this.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
  }

  /** Changes a file on disk; without a text it is deleted. */
  async save(path: string, text: string | undefined): Promise<void> {
    const type = text === undefined ? 3 : this.files.has(path) ? 2 : 1;
    if (text === undefined) this.files.delete(path);
    else this.files.set(path, text);
    await this.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: `file://${path}`, type }] });
  }

  /** Tells of a folder as editors do, which say nothing of the files in it. */
  async folder(path: string, happened: 'created' | 'deleted'): Promise<void> {
    await this.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: `file://${path}`, type: happened === 'created' ? 1 : 3 }] });
  }

  report(uri: string, previousResultId?: string): Promise<DocumentDiagnosticReport> {
    return this.connection.sendRequest('textDocument/diagnostic', { textDocument: { uri }, ...(previousResultId ? { previousResultId } : {}) });
  }

  async diagnostics(uri: string): Promise<Diagnostic[]> {
    const report = await this.report(uri);
    return report.kind === 'full' ? report.items : [];
  }

  actions(uri: string, range: Range, context: Partial<CodeActionContext> = {}): Promise<CodeAction[]> {
    return this.connection.sendRequest('textDocument/codeAction', { textDocument: { uri }, range, context: { diagnostics: [], ...context } });
  }

  hover(uri: string, line: number, character: number): Promise<Hover | null> {
    return this.connection.sendRequest('textDocument/hover', { textDocument: { uri }, position: { line, character } });
  }

  /** What is offered at a place; `typed` is the character that made the editor ask. */
  async complete(uri: string, line: number, character: number, typed?: string): Promise<CompletionItem[]> {
    const context = typed === undefined ? { triggerKind: 1 } : { triggerKind: 2, triggerCharacter: typed };
    return (await this.ask<CompletionList | null>('completion', uri, { position: { line, character }, context }))?.items ?? [];
  }

  resolve(item: CompletionItem): Promise<CompletionItem> {
    return this.connection.sendRequest('completionItem/resolve', item);
  }

  /** Any other request about a document. */
  ask<R>(method: string, uri: string, params: object = {}): Promise<R> {
    return this.connection.sendRequest<R>(`textDocument/${method}`, { textDocument: { uri }, ...params });
  }

  text(uri: string): string {
    return this.#documents.get(uri)!.getText();
  }

  /** Makes plain edits of one file as an editor does, and gives the text. */
  async change(uri: string, edits: readonly TextEdit[]): Promise<string> {
    const text = TextDocument.applyEdits(this.#documents.get(uri)!, [...edits]);
    await this.replace(uri, text);
    return text;
  }

  scan(folders?: readonly string[]): Promise<ScanResult> {
    return this.connection.sendRequest('pgrampart/scan', { folders: folders?.map((path) => `file://${path}`) });
  }

  /** The text that a diagnostic marks. */
  marked(uri: string, { range }: { range: Range }): string {
    return this.#documents.get(uri)!.getText(range);
  }

  /** Creates the files of an action as an editor does: empty on disk first, then opened and written. */
  async create(action: CodeAction): Promise<Record<string, string>> {
    const texts: Record<string, string> = {};
    for (const change of action.edit!.documentChanges!) {
      if ('kind' in change) {
        await this.save(change.kind === 'create' ? change.uri.slice('file://'.length) : '', '');
        continue;
      }
      const { textDocument: { uri }, edits } = change;
      if (!this.#documents.has(uri)) await this.type(uri, 'sql', this.files.get(uri.slice('file://'.length)) ?? '');
      texts[uri.slice('file://'.length)] = await this.change(uri, edits as TextEdit[]);
    }
    return texts;
  }

  /** Makes an action's edits as an editor does, placeholders kept as written. */
  async apply(uri: string, action: CodeAction): Promise<string> {
    const document = this.#documents.get(uri)!;
    const text = TextDocument.applyEdits(document, editsOf(action, uri).map((edit) =>
      'newText' in edit ? edit : { range: edit.range, newText: edit.snippet.value.replace(/\$\{\d+:((?:\\.|[^}\\])*)\}/g, '$1').replace(/\\([\\$}])/g, '$1') }));
    await this.replace(uri, text);
    return text;
  }
}

export function editsOf(action: CodeAction, uri: string): (TextEdit | SnippetTextEdit)[] {
  const change = action.edit?.documentChanges?.[0] as TextDocumentEdit | undefined;
  return change?.edits ?? action.edit?.changes?.[uri] ?? [];
}

/** The files that an edit changes, with the version that each is bound to. */
export function changedFiles({ documentChanges }: WorkspaceEdit): [string, number | null, TextEdit[]][] {
  return (documentChanges as TextDocumentEdit[]).map(({ textDocument: { uri, version }, edits }) => [uri, version, edits as TextEdit[]]);
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Waits until `met` holds; a test that waits in vain fails by its own assertion. */
export async function until(met: () => boolean, milliseconds = 5000): Promise<void> {
  for (const end = Date.now() + milliseconds; !met() && Date.now() < end;) await pause(10);
}

export function memoryHost(files: ReadonlyMap<string, string>, slow?: Wishes['slow']): Host {
  return {
    read: async (path) => {
      if (path === slow?.path) await slow.opened;
      const text = files.get(path);
      if (text === undefined) throw Object.assign(new Error(path), { code: 'ENOENT' });
      return new TextEncoder().encode(text);
    },
    list: async (folder) => {
      const below = folder === '/' ? '/' : `${folder}/`;
      const names = new Map<string, boolean>();
      for (const path of files.keys()) {
        if (!path.startsWith(below)) continue;
        const [name, ...rest] = path.slice(below.length).split('/');
        names.set(name!, rest.length > 0);
      }
      if (names.size === 0) throw Object.assign(new Error(folder), { code: files.has(folder) ? 'ENOTDIR' : 'ENOENT' });
      return [...names].map(([name, folder]) => ({ name, folder }));
    },
  };
}

function capabilitiesOf({ pull = true, snippets = true, registers = true, capabilities = {} }: Wishes): Record<string, unknown> {
  return {
    workspace: {
      configuration: true, workspaceFolders: true,
      didChangeConfiguration: { dynamicRegistration: true }, didChangeWatchedFiles: { dynamicRegistration: true },
      workspaceEdit: { documentChanges: true, snippetEditSupport: snippets, resourceOperations: ['create'] },
      diagnostics: { refreshSupport: true },
    },
    textDocument: {
      publishDiagnostics: { relatedInformation: true, codeDescriptionSupport: true, dataSupport: true, tagSupport: { valueSet: [1, 2] } },
      ...(pull ? { diagnostic: { dynamicRegistration: true } } : {}),
      codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: [] } }, isPreferredSupport: true, dataSupport: true },
      hover: { contentFormat: ['markdown', 'plaintext'] },
      completion: { dynamicRegistration: registers, completionItem: { snippetSupport: snippets, documentationFormat: ['markdown'], tagSupport: { valueSet: [1] }, labelDetailsSupport: true } },
      definition: { dynamicRegistration: registers, linkSupport: true },
      documentSymbol: { dynamicRegistration: registers, hierarchicalDocumentSymbolSupport: true },
      rename: { dynamicRegistration: registers, prepareSupport: true },
      ...Object.fromEntries(['documentLink', 'foldingRange', 'selectionRange', 'formatting', 'rangeFormatting'].map((name) => [name, { dynamicRegistration: registers }])),
    },
    window: { workDoneProgress: true },
    ...capabilities,
  };
}
