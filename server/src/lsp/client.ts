import type { InitializeParams, TextDocumentClientCapabilities } from 'vscode-languageserver';
import type { InitializationOptions } from './protocol.ts';

/** What the editor at the other end can do, in the words of what we want to do. */
export interface Client extends InitializationOptions {
  readonly pullsDiagnostics: boolean;
  readonly refreshesDiagnostics: boolean;
  readonly relatedInformation: boolean;
  readonly documentationLinks: boolean;
  readonly tags: boolean;
  readonly diagnosticData: boolean;
  readonly versionedEdits: boolean;
  readonly snippetEdits: boolean;
  /** An edit may create a file. */
  readonly createsFiles: boolean;
  readonly actionLiterals: boolean;
  readonly markdownHover: boolean;
  readonly givesConfiguration: boolean;
  readonly registersConfiguration: boolean;
  readonly registersWatchers: boolean;
  readonly createsProgress: boolean;
  readonly workspaceFolders: boolean;
  readonly completion: CompletionClient;
  readonly nestedSymbols: boolean;
  readonly definitionLinks: boolean;
  readonly preparesRename: boolean;
  /** Kinds of editing help, by the name of their capability, that the editor knows and in which way it wants to hear of them. */
  readonly help: ReadonlyMap<string, 'static' | 'dynamic'>;
}

export interface CompletionClient {
  readonly snippets: boolean;
  readonly markdown: boolean;
  readonly tags: boolean;
  readonly labelDetails: boolean;
}

export function readClient({ capabilities, initializationOptions }: InitializeParams): Client {
  const { textDocument, workspace, window } = capabilities;
  const pull = textDocument?.diagnostic;
  const push = textDocument?.publishDiagnostics;
  return {
    ...readOptions(initializationOptions),
    pullsDiagnostics: pull !== undefined,
    refreshesDiagnostics: workspace?.diagnostics?.refreshSupport === true,
    relatedInformation: pull?.relatedInformation === true || push?.relatedInformation === true,
    documentationLinks: pull?.codeDescriptionSupport === true || push?.codeDescriptionSupport === true,
    tags: (pull?.tagSupport ?? push?.tagSupport) !== undefined,
    diagnosticData: pull?.dataSupport === true || push?.dataSupport === true,
    versionedEdits: workspace?.workspaceEdit?.documentChanges === true,
    snippetEdits: workspace?.workspaceEdit?.documentChanges === true && workspace.workspaceEdit.snippetEditSupport === true,
    createsFiles: workspace?.workspaceEdit?.documentChanges === true && workspace.workspaceEdit.resourceOperations?.includes('create') === true,
    actionLiterals: textDocument?.codeAction?.codeActionLiteralSupport !== undefined,
    markdownHover: textDocument?.hover?.contentFormat?.includes('markdown') === true,
    givesConfiguration: workspace?.configuration === true,
    registersConfiguration: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    registersWatchers: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    createsProgress: window?.workDoneProgress === true,
    workspaceFolders: workspace?.workspaceFolders === true,
    completion: readCompletion(textDocument?.completion?.completionItem),
    nestedSymbols: textDocument?.documentSymbol?.hierarchicalDocumentSymbolSupport === true,
    definitionLinks: textDocument?.definition?.linkSupport === true,
    preparesRename: textDocument?.rename?.prepareSupport === true,
    help: new Map(Object.entries(textDocument ?? {}).map(([name, value]: [string, { dynamicRegistration?: boolean }]) => [name, value?.dynamicRegistration === true ? 'dynamic' : 'static'])),
  };
}

function readCompletion(item: NonNullable<TextDocumentClientCapabilities['completion']>['completionItem']): CompletionClient {
  return {
    snippets: item?.snippetSupport === true,
    markdown: item?.documentationFormat?.includes('markdown') === true,
    tags: item?.tagSupport !== undefined,
    labelDetails: item?.labelDetailsSupport === true,
  };
}

function readOptions(given: unknown): InitializationOptions {
  if (typeof given !== 'object' || given === null) return {};
  const { documentationUri, showRuleCommand, showFileCommand, saveFileCommand, knowsCommitted, checksJson, settings } = given as Record<string, unknown>;
  return {
    ...(typeof documentationUri === 'string' && documentationUri.includes('{rule}') ? { documentationUri } : {}),
    ...(typeof showRuleCommand === 'string' ? { showRuleCommand } : {}),
    ...(typeof showFileCommand === 'string' ? { showFileCommand } : {}),
    ...(typeof saveFileCommand === 'string' ? { saveFileCommand } : {}),
    ...(knowsCommitted === true ? { knowsCommitted } : {}),
    ...(checksJson === true ? { checksJson } : {}),
    ...(settings === undefined ? {} : { settings }),
  };
}
