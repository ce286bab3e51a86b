import { CodeActionKind } from 'vscode-languageserver';

export const fixKind = 'quickfix.pgrampart.fix';
export const suppressKind = 'quickfix.pgrampart.suppress';
export const documentationKind = 'quickfix.pgrampart.documentation';
export const fixAllKind = `${CodeActionKind.SourceFixAll}.pgrampart`;
/** Not below `source.fixAll`, so that saving a file never creates another. */
export const newMigrationKind = `${CodeActionKind.Source}.pgrampart.newMigration`;
export const actionKinds = ['quickfix.pgrampart', fixAllKind, newMigrationKind];
