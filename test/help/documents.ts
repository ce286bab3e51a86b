import type { Document, Files } from '../../server/src/document.ts';
import type { Language } from '../../server/src/rules/rule.ts';
import { applyEdits } from '../../server/src/text.ts';
import type { Suggestion, Suggestions } from '../../server/src/help/suggestion.ts';

const names = { conf: 'postgresql.conf', hba: 'pg_hba.conf', ident: 'pg_ident.conf', sql: 'x.sql' } as const;

/** A document with its neighbours, which are given by their names beside it. */
export function documentOf(language: Language, text: string, { version = 18, files = {}, name = names[language] }: Wishes = {}): Document {
  const texts = new Map(Object.entries(files).map(([file, content]) => [`/cluster/${file}`, content]));
  const path = `/cluster/${name}`;
  texts.set(path, text);
  const known: Files = {
    read: (file) => texts.get(file),
    list: (folder) => [...texts.keys()].filter((file) => file.startsWith(`${folder}/`)).map((file) => file.slice(folder.length + 1)).filter((file) => !file.includes('/')).sort(),
    missing: () => false,
  };
  return { path, text, language, version, files: known };
}

export interface Wishes {
  readonly version?: number;
  readonly files?: Readonly<Record<string, string>>;
  readonly name?: string;
}

/** The text without its `|`, and where that stood. */
export function cursor(marked: string): { text: string; offset: number } {
  const offset = marked.indexOf('|');
  if (offset < 0) throw new Error(`no cursor in ${marked}`);
  return { text: marked.slice(0, offset) + marked.slice(offset + 1), offset };
}

export function labels({ items }: Suggestions): string[] {
  return items.map(({ label }) => label);
}

/** What the text becomes when the suggestion is taken, with the first choice of a snippet. */
export function take(text: string, { span, items }: Suggestions, label: string, how: 'plain' | 'snippet' = 'plain'): string {
  const item = items.find((one) => one.label === label);
  if (item === undefined) throw new Error(`${label} is not offered, but ${items.map((one) => one.label).join(' ')}`);
  return applyEdits(text, [{ span, text: how === 'snippet' ? written(item) : item.text }]);
}

function written({ text, snippet }: Suggestion): string {
  return snippet === undefined ? text : `${snippet.before}${snippet.choices[0] ?? ''}${snippet.after}`;
}
