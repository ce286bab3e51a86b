import {
  BulkRegistration, CompletionRequest, DefinitionRequest, DocumentFormattingRequest, DocumentLinkRequest, DocumentRangeFormattingRequest, DocumentSymbolRequest,
  FoldingRangeRequest, RenameRequest, SelectionRangeRequest, type BulkUnregistration, type Connection, type ServerCapabilities,
} from 'vscode-languageserver';
import { triggerCharacters } from './completion.ts';
import type { Client } from './client.ts';

/** What the server says of itself from the start: editing help for clients that cannot be told later. */
export function helpCapabilities(client: Client): ServerCapabilities {
  return Object.fromEntries(featuresFor(client, 'static').map(({ provider, options }) => [provider, options ?? true]));
}

/** Editing help comes and goes with its setting, and is asked for in configuration files alone. */
export class Help {
  readonly #connection: Connection;
  readonly #client: Client;
  #registered: Promise<BulkUnregistration> | undefined;

  constructor(connection: Connection, client: Client) {
    this.#connection = connection;
    this.#client = client;
  }

  async switch(on: boolean): Promise<void> {
    if (on === (this.#registered !== undefined)) return;
    const registered = this.#registered;
    this.#registered = on ? this.#register() : undefined;
    (await registered)?.dispose();
    await this.#registered;
  }

  #register(): Promise<BulkUnregistration> {
    const bulk = BulkRegistration.create();
    for (const { type, options, languages } of featuresFor(this.#client, 'dynamic')) {
      bulk.add(type, { ...options, documentSelector: selectorFor(languages ?? configurationFiles) });
    }
    return this.#connection.client.register(bulk);
  }
}

const configurationFiles = ['postgresql-conf', 'pg-hba', 'pg-ident'];
const tables = ['pg-hba', 'pg-ident'];

/** One kind of help: the client's capability, and the one that the server declares. */
interface Feature {
  readonly name: string;
  readonly provider: keyof ServerCapabilities;
  readonly type: Parameters<BulkRegistration['add']>[0] & { readonly method: string };
  readonly options?: object;
  /** All configuration files when absent. */
  readonly languages?: readonly string[];
}

const features: readonly Feature[] = [
  { name: 'completion', provider: 'completionProvider', type: CompletionRequest.type, options: { triggerCharacters, resolveProvider: true } },
  { name: 'definition', provider: 'definitionProvider', type: DefinitionRequest.type },
  { name: 'documentLink', provider: 'documentLinkProvider', type: DocumentLinkRequest.type, options: {} },
  { name: 'documentSymbol', provider: 'documentSymbolProvider', type: DocumentSymbolRequest.type },
  { name: 'foldingRange', provider: 'foldingRangeProvider', type: FoldingRangeRequest.type },
  { name: 'selectionRange', provider: 'selectionRangeProvider', type: SelectionRangeRequest.type },
  { name: 'rename', provider: 'renameProvider', type: RenameRequest.type, options: { prepareProvider: true } },
  { name: 'formatting', provider: 'documentFormattingProvider', type: DocumentFormattingRequest.type, languages: tables },
  { name: 'rangeFormatting', provider: 'documentRangeFormattingProvider', type: DocumentRangeFormattingRequest.type, languages: tables },
];

function featuresFor({ help, preparesRename }: Client, way: 'static' | 'dynamic'): Feature[] {
  const asked = features.filter(({ name }) => help.get(name) === way);
  return asked.map((feature) => (feature.type === RenameRequest.type && !preparesRename ? { ...feature, options: undefined } : feature));
}

function selectorFor(languages: readonly string[]): { scheme: string; language: string }[] {
  return ['file', 'untitled', 'vscode-vfs'].flatMap((scheme) => languages.map((language) => ({ scheme, language })));
}
