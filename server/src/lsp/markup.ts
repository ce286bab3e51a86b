import { MarkupKind, type MarkupContent } from 'vscode-languageserver';

/** Our Markdown as an editor can show it. */
export function markup(text: string, markdown: boolean): MarkupContent {
  return markdown ? { kind: MarkupKind.Markdown, value: text } : { kind: MarkupKind.PlainText, value: withoutMarkdown(text) };
}

/** The few marks that we write: bold, code, links, rules between parts, and backslashes before what is none. */
export function withoutMarkdown(text: string): string {
  return text.replace(/\n\n---\n\n/g, '\n\n').replace(/\\([\\`*_{}[\]<>#|!~])|`([^`]*)`|\*\*|\[([^\]]*)\]\(([^)]*)\)/g, (_, escaped?: string, code?: string, label?: string, link?: string) =>
    escaped ?? code ?? (label === undefined ? '' : label === link || link?.startsWith('command:') ? label : `${label}: ${link}`));
}
