import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import * as vscode from 'vscode';
import type { LanguageClient, MessageTransports } from 'vscode-languageclient/node';
import { committedMethod, forgetScanMethod, scannedMethod, type CommittedParams, type InitializationOptions, type ScannedParams } from '../../server/src/lsp/protocol.ts';
import { Committed } from './committed.ts';
import { documentSelector, projectSelector } from './languages.ts';
import { startAhead, stopAhead, takeProcess } from './server-process.ts';
import type { Results } from './results.ts';

/**
 * Begins with all that takes long before anything can be said about the first document. The editor calls activate() a good while after it has
 * loaded the extension when it is busy with a document, and soon when it is not: the library must not be in the way then.
 */
export function getReady(): void {
  startAhead();
  setTimeout(() => void library(), 25);
}

/** Not at the top of this file: nothing should wait for it. */
function library(): Promise<typeof import('vscode-languageclient/node')> {
  return import('vscode-languageclient/node');
}

/** The language server, spoken to when it is first needed. */
export class Server implements vscode.Disposable {
  readonly #output: vscode.LogOutputChannel;
  readonly #results: Results;
  readonly #committed = new Committed();
  /** Called when the server begins to look at an open document, and when it has looked. */
  onLook: (uri: vscode.Uri, looking: boolean) => void = () => undefined;
  #client: Promise<LanguageClient> | undefined;
  #process: ChildProcess | undefined;

  constructor(output: vscode.LogOutputChannel, results: Results) {
    this.#output = output;
    this.#results = results;
  }

  dispose(): void {
    this.#committed.dispose();
  }

  /** Rejects when the server cannot be started; the next call tries again. */
  start(): Promise<LanguageClient> {
    if (this.#client !== undefined) return this.#client;
    const client = (this.#client = this.#create());
    client.catch((error: unknown) => {
      if (this.#client === client) this.#client = undefined;
      this.#output.error(String(error));
    });
    return client;
  }

  async stop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    stopAhead();
    await (await client?.catch(() => undefined))?.dispose().catch(() => undefined);
    // It ends when it is told to, unless it hangs.
    const process = this.#process;
    if (process?.connected) setTimeout(() => process.kill('SIGKILL'), 2000).unref();
  }

  async restart(): Promise<void> {
    this.#results.clear();
    await this.stop();
    await this.start();
  }

  /** Undefined when the server does not run or cannot answer. */
  async ask<T>(method: string, params: unknown): Promise<T | undefined> {
    const client = await this.#client?.catch(() => undefined);
    return client?.sendRequest<T | null>(method, params).then((answer) => answer ?? undefined, () => undefined);
  }

  /** Takes the results of a scan out of Problems and stops keeping them up to date. */
  async forgetScan(): Promise<void> {
    this.#results.clear();
    await (await this.#client)?.sendNotification(forgetScanMethod);
  }

  async #create(): Promise<LanguageClient> {
    const { LanguageClient, IPCMessageReader, IPCMessageWriter } = await library();
    const connect = async (): Promise<MessageTransports> => {
      const process = (this.#process = takeProcess());
      for (const stream of [process.stdout, process.stderr]) createInterface(stream!).on('line', (line) => this.#output.error(line));
      return { reader: new IPCMessageReader(process), writer: new IPCMessageWriter(process) };
    };
    const initializationOptions: InitializationOptions = {
      documentationUri: 'command:pgrampart.showRule?%5B%22{rule}%22%5D',
      showRuleCommand: 'pgrampart.showRule',
      showFileCommand: 'pgrampart.showFile',
      saveFileCommand: 'pgrampart.saveFile',
      knowsCommitted: true,
      checksJson: true,
    };
    const client = new LanguageClient(
      'pgrampart',
      vscode.l10n.t('PostgreSQL Security'),
      connect,
      {
        documentSelector: [...documentSelector, ...projectSelector],
        initializationOptions,
        outputChannel: this.#output,
        diagnosticPullOptions: { onChange: true, onTabs: true },
        markdown: { isTrusted: { enabledCommands: ['pgrampart.showRule'] } },
        middleware: {
          provideCodeActions: async (document, range, context, token, next) => (await next(document, range, context, token))?.map(withWords),
          provideDiagnostics: async (document, previousResultId, token, next) => {
            const uri = 'uri' in document ? document.uri : document;
            this.onLook(uri, true);
            try {
              const report = await next(document, previousResultId, token);
              // Without an id the server has not looked: the document is switched off, too large or not PostgreSQL's.
              this.#results.live(uri, report?.resultId !== undefined);
              return report;
            } finally {
              this.onLook(uri, false);
            }
          },
        },
      },
    );
    client.onRequest(committedMethod, ({ uri }: CommittedParams) => this.#committed.of(uri));
    client.onNotification(scannedMethod, ({ uri, diagnostics }: ScannedParams) => {
      const { protocol2CodeConverter } = client;
      this.#results.set(protocol2CodeConverter.asUri(uri), diagnostics.map((diagnostic) => protocol2CodeConverter.asDiagnostic(diagnostic)));
    });
    await client.start();
    return client;
  }
}

/** An action that first makes a file and then shows or saves it says so when that is not possible. */
function withWords(action: vscode.CodeAction | vscode.Command): vscode.CodeAction | vscode.Command {
  if (!('edit' in action) || action.edit === undefined || action.command === undefined) return action;
  const { edit, command } = action;
  delete action.edit;
  action.command = { title: command.title, command: 'pgrampart.applyEdit', arguments: [edit, command.arguments![0], command] };
  return action;
}
