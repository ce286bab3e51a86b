import type { InitializeParams } from 'vscode-languageserver';
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
  readonly actionLiterals: boolean;
  readonly markdownHover: boolean;
  readonly givesConfiguration: boolean;
  readonly registersConfiguration: boolean;
  readonly registersWatchers: boolean;
  readonly createsProgress: boolean;
  readonly workspaceFolders: boolean;
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
    actionLiterals: textDocument?.codeAction?.codeActionLiteralSupport !== undefined,
    markdownHover: textDocument?.hover?.contentFormat?.includes('markdown') === true,
    givesConfiguration: workspace?.configuration === true,
    registersConfiguration: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    registersWatchers: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    createsProgress: window?.workDoneProgress === true,
    workspaceFolders: workspace?.workspaceFolders === true,
  };
}

function readOptions(given: unknown): InitializationOptions {
  if (typeof given !== 'object' || given === null) return {};
  const { documentationUri, showRuleCommand, settings } = given as Record<string, unknown>;
  return {
    ...(typeof documentationUri === 'string' && documentationUri.includes('{rule}') ? { documentationUri } : {}),
    ...(typeof showRuleCommand === 'string' ? { showRuleCommand } : {}),
    ...(settings === undefined ? {} : { settings }),
  };
}
