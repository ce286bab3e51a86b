import type { SnippetTextEdit, TextEdit, WorkspaceEdit } from 'vscode-languageserver';
import type { NewMigration } from '../new-migration.ts';
import { Lines, type Edit, type Span } from '../text.ts';
import type { Client } from './client.ts';
import type { Look } from './looks.ts';
import { Places } from './places.ts';

/** Our edits as the editor applies them: bound to the version that they were made for, placeholders as snippets where possible. */
export function workspaceEdit(look: Look, edits: readonly Edit[], client: Client): WorkspaceEdit {
  if (!client.versionedEdits) return { changes: { [look.uri]: edits.map((edit) => textEdit(look, edit)) } };
  return {
    documentChanges: [{
      textDocument: { uri: look.uri, version: look.version },
      edits: edits.map((edit) => (client.snippetEdits && edit.placeholders?.length ? snippetEdit(look, edit) : textEdit(look, edit))),
    }],
  };
}

/** The files of a new migration, or its statements at the end of the file where they belong. */
export function migrationEdit(look: Look, { created, appended }: NewMigration, others: Others): WorkspaceEdit | undefined {
  const start = { line: 0, character: 0 };
  const creations = created.flatMap(({ path, text }) => {
    const uri = others.uriOf(path);
    return [
      { kind: 'create' as const, uri, options: { overwrite: false, ignoreIfExists: false } },
      { textDocument: { uri, version: null }, edits: [{ range: { start, end: start }, newText: text }] },
    ];
  });
  if (appended === undefined) return { documentChanges: creations };
  const { set } = look.document;
  const text = (set?.list?.path === appended.path ? set.list : set?.files.find(({ path }) => path === appended.path))?.text;
  if (text === undefined) return undefined;
  const end = new Places(new Lines(text), false).position(appended.at ?? text.length);
  const here = appended.path === look.document.path;
  const textDocument = { uri: here ? look.uri : others.uriOf(appended.path), version: here ? look.version : others.versionOf(appended.path) };
  return { documentChanges: [...creations, { textDocument, edits: [{ range: { start: end, end }, newText: appended.text }] }] };
}

/** Edits of several files, each bound to the version that the editor has of it. */
export function workspaceEdits(look: Look, edits: ReadonlyMap<string, readonly Edit[]>, client: Client, others: Others): WorkspaceEdit {
  const files = [...edits].flatMap(([path, all]) => {
    const places = placesIn(look, path);
    const here = path === look.document.path;
    return places === undefined ? [] : [{
      uri: here ? look.uri : others.uriOf(path), version: here ? look.version : others.versionOf(path),
      edits: all.map((edit): TextEdit => ({ range: places.range(edit.span), newText: edit.text })),
    }];
  });
  if (!client.versionedEdits) return { changes: Object.fromEntries(files.map(({ uri, edits }) => [uri, edits])) };
  return { documentChanges: files.map(({ uri, version, edits }) => ({ textDocument: { uri, version }, edits })) };
}

/** What the editor knows of other files. */
export interface Others {
  uriOf(path: string): string;
  versionOf(path: string): number | null;
}

/** The places of a file that the look knows. */
export function placesIn({ document, places }: Look, path: string): Places | undefined {
  if (path === document.path) return places;
  const text = document.files.read(path);
  return text === undefined ? undefined : new Places(new Lines(text), text.startsWith('\ufeff'));
}

/** The smallest single edit that turns `before` into `after`; it never starts or ends inside a line break or a surrogate pair. */
export function differenceOf(before: string, after: string): Edit {
  let start = 0;
  const most = Math.min(before.length, after.length);
  while (start < most && before[start] === after[start]) start++;
  while (start > 0 && (isInside(before, start) || isInside(after, start))) start--;
  let tail = 0;
  while (tail < most - start && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  while (tail > 0 && (isInside(before, before.length - tail) || isInside(after, after.length - tail))) tail--;
  return { span: { start, end: before.length - tail }, text: after.slice(start, after.length - tail) };
}

function isInside(text: string, offset: number): boolean {
  const pair = text.slice(offset - 1, offset + 1);
  return pair === '\r\n' || /^[\ud800-\udbff][\udc00-\udfff]$/.test(pair);
}

function textEdit(look: Look, edit: Edit): TextEdit {
  return { range: look.places.range(edit.span), newText: edit.text };
}

function snippetEdit(look: Look, edit: Edit): SnippetTextEdit {
  return { range: look.places.range(edit.span), snippet: { kind: 'snippet', value: snippetOf(edit.text, edit.placeholders ?? []) } };
}

function snippetOf(text: string, placeholders: readonly Span[]): string {
  let snippet = '';
  let done = 0;
  placeholders.forEach(({ start, end }, index) => {
    snippet += `${escapeSnippet(text.slice(done, start))}\${${index + 1}:${escapeSnippet(text.slice(start, end))}}`;
    done = end;
  });
  return snippet + escapeSnippet(text.slice(done));
}

export function escapeSnippet(text: string): string {
  return text.replace(/[\\$}]/g, '\\$&');
}
