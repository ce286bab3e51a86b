import type { SnippetTextEdit, TextEdit, WorkspaceEdit } from 'vscode-languageserver';
import type { Edit, Span } from '../text.ts';
import type { Client } from './client.ts';
import type { Look } from './looks.ts';

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

function escapeSnippet(text: string): string {
  return text.replace(/[\\$}]/g, '\\$&');
}
