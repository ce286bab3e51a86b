import { CompletionItemKind, CompletionItemTag, InsertTextFormat, type CompletionContext, type CompletionItem, type CompletionList, type Position, type Range } from 'vscode-languageserver';
import { suggestConf } from '../help/conf-completion.ts';
import { suggestHba } from '../help/hba-completion.ts';
import { suggestIdent } from '../help/ident-completion.ts';
import { parameterText } from '../help/parameter-text.ts';
import type { Snippet, Suggestion, Suggestions } from '../help/suggestion.ts';
import type { Client } from './client.ts';
import { escapeSnippet } from './edits.ts';
import type { Look } from './looks.ts';
import { markup } from './markup.ts';

/** Characters behind which something particular can be written. */
export const triggerCharacters = [' ', '=', ',', "'"];

/** What can be written at a place. Made from the text alone: findings are not waited for. */
export function completionAt(look: Look, position: Position, context: CompletionContext | undefined, client: Client): CompletionList {
  const { start } = look.places.span({ start: position, end: position });
  const { span, items } = suggest(look, start, context?.triggerCharacter);
  const range = look.places.range(span);
  const offered = items.length > most ? fitting(items, look.document.text.slice(span.start, start)) : items;
  return { isIncomplete: offered !== items, items: offered.map((item, order) => itemOf(item, order, range, look.document.version, client)) };
}

/** Editors get slow with longer lists than this. */
const most = 600;

function fitting(items: readonly Suggestion[], typed: string): Suggestion[] {
  const wanted = typed.toLowerCase();
  return items.filter(({ label, filter = label }) => filter.toLowerCase().includes(wanted)).slice(0, most);
}

/** The documentation of a parameter, asked for when its suggestion is shown. */
export function completeItem(item: CompletionItem, client: Client): CompletionItem {
  const { parameter, version } = (item.data ?? {}) as { parameter?: unknown; version?: unknown };
  const text = typeof parameter === 'string' && typeof version === 'number' ? parameterText(parameter, version) : undefined;
  return text === undefined ? item : { ...item, documentation: markup(text, client.completion.markdown) };
}

function suggest({ document }: Look, offset: number, asked: string | undefined): Suggestions {
  switch (document.language) {
    case 'conf': return suggestConf(document, offset, asked);
    case 'hba': return suggestHba(document, offset, asked);
    case 'ident': return suggestIdent(document, offset, asked);
    case 'sql': return { span: { start: offset, end: offset }, items: [] };
  }
}

function itemOf(item: Suggestion, order: number, range: Range, version: number, client: Client): CompletionItem {
  const { snippets, markdown, tags, labelDetails } = client.completion;
  const snippet = snippets ? item.snippet : undefined;
  return {
    label: item.label,
    kind: kinds[item.kind],
    sortText: `${order}`.padStart(4, '0'),
    textEdit: { range, newText: snippet === undefined ? item.text : snippetText(snippet) },
    ...(snippet === undefined ? {} : { insertTextFormat: InsertTextFormat.Snippet }),
    ...(item.filter === undefined ? {} : { filterText: item.filter }),
    ...(item.detail === undefined ? {} : labelDetails ? { labelDetails: { description: item.detail } } : { detail: item.detail }),
    ...(item.documentation === undefined ? {} : { documentation: markup(item.documentation, markdown) }),
    ...(item.deprecated && tags ? { tags: [CompletionItemTag.Deprecated] } : {}),
    ...(item.parameter === undefined || item.documentation !== undefined ? {} : { data: { parameter: item.parameter, version } }),
  };
}

const kinds: Readonly<Record<Suggestion['kind'], CompletionItemKind>> = {
  parameter: CompletionItemKind.Property, value: CompletionItemKind.EnumMember, keyword: CompletionItemKind.Keyword,
  name: CompletionItemKind.Reference, option: CompletionItemKind.Field, network: CompletionItemKind.Value,
};

function snippetText({ before, choices, after }: Snippet): string {
  const stop = choices.length > 1 ? `\${1|${choices.map(escapeChoice).join(',')}|}` : choices[0] === '' || choices.length === 0 ? '$1' : `\${1:${escapeSnippet(choices[0]!)}}`;
  return `${escapeSnippet(before)}${stop}${escapeSnippet(after)}`;
}

function escapeChoice(text: string): string {
  return text.replace(/[\\$},|]/g, '\\$&');
}
