import { LSPErrorCodes, ResponseError, type DefinitionLink, type DocumentLink, type Location, type Position, type Range, type TextEdit, type WorkspaceEdit } from 'vscode-languageserver';
import { formatEdits } from '../help/format.ts';
import { definitionAt, fileNamesOf } from '../help/links.ts';
import { Refusal, renameable, renameMap } from '../help/rename.ts';
import { baseName } from '../paths.ts';
import type { Client } from './client.ts';
import { placesIn, workspaceEdits, type Others } from './edits.ts';
import type { Look } from './looks.ts';

/** What the answers need to know of files that the look is not at. */
export interface Surrounding extends Others {
  /** A file of the workspace that can be opened. */
  exists(path: string): Promise<boolean>;
}

/** Names of files that can be opened with a click: only those that are there. */
export async function linksOf(look: Look, around: Surrounding): Promise<DocumentLink[]> {
  const links = await Promise.all(fileNamesOf(look.document).map(async ({ span, paths }): Promise<DocumentLink | undefined> => {
    const path = await firstExisting(look, paths, around);
    return path === undefined ? undefined : { range: look.places.range(span), target: around.uriOf(path), tooltip: `Open ${baseName(path)}` };
  }));
  return links.filter((link) => link !== undefined);
}

async function firstExisting({ document }: Look, paths: readonly string[], around: Surrounding): Promise<string | undefined> {
  for (const path of paths) if (document.files.read(path) !== undefined || await around.exists(path)) return path;
  return undefined;
}

export function definitionsAt(look: Look, position: Position, client: Client, around: Surrounding): DefinitionLink[] | Location[] {
  const found = definitionAt(look.document, offsetOf(look, position));
  if (found === undefined) return [];
  const targets = found.targets.flatMap(({ path, span }) => {
    const range = placesIn(look, path)?.range(span);
    return range === undefined ? [] : [{ uri: path === look.document.path ? look.uri : around.uriOf(path), range }];
  });
  if (!client.definitionLinks) return targets;
  const originSelectionRange = look.places.range(found.span);
  return targets.map(({ uri, range }) => ({ originSelectionRange, targetUri: uri, targetRange: range, targetSelectionRange: range }));
}

/** The exact range of the name of a map. Throws one plain sentence, which the editor shows, where there is none. */
export function renameRange(look: Look, position: Position): { range: Range; placeholder: string } {
  const found = renameable(look.document, offsetOf(look, position));
  if (found instanceof Refusal) throw refused(found);
  return { range: look.places.range(found.span), placeholder: found.name };
}

/** Throws like `renameRange`. */
export function renameAt(look: Look, position: Position, newName: string, client: Client, around: Surrounding): WorkspaceEdit {
  const edits = renameMap(look.document, offsetOf(look, position), newName);
  if (edits instanceof Refusal) throw refused(edits);
  return workspaceEdits(look, edits, client, around);
}

export function formattingOf(look: Look, within?: Range): TextEdit[] {
  return formatEdits(look.document, within && look.places.span(within)).map(({ span, text }) => ({ range: look.places.range(span), newText: text }));
}

function offsetOf({ places }: Look, position: Position): number {
  return places.span({ start: position, end: position }).start;
}

function refused({ reason }: Refusal): ResponseError<never> {
  return new ResponseError(LSPErrorCodes.RequestFailed, reason);
}
