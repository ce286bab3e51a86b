import * as vscode from 'vscode';

const languages = ['postgresql-conf', 'pg-hba', 'pg-ident', 'sql', 'postgres', 'pgsql', 'plpgsql'];

/** Files on disk, new ones that are not saved yet, and those of virtual workspaces, whatever provides them; not the old versions that a diff shows. */
const schemes = [...new Set(['file', 'untitled', 'vscode-vfs', ...(vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.scheme)])];

export const documentSelector = schemes.flatMap((scheme) => languages.map((language) => ({ scheme, language })));

/** The server also says what is wrong with the project's own file. */
export const projectSelector = schemes.map((scheme) => ({ scheme, pattern: '**/{pgrampart,.pgrampart}.jsonc' }));

export function isOurs(document: vscode.TextDocument): boolean {
  return vscode.languages.match(documentSelector, document) > 0;
}

/** Something that the server has to be running for. */
export function isLookedAt(document: vscode.TextDocument): boolean {
  return isOurs(document) || vscode.languages.match(projectSelector, document) > 0;
}
