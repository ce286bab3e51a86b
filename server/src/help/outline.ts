import type { Document } from '../document.ts';
import { readConf, readHba, readIdent } from '../facts/reading.ts';
import type { HbaLine, HbaRecord } from '../syntax/hba.ts';
import type { IdentRecord } from '../syntax/ident.ts';
import type { Span } from '../text.ts';
import { sectionsOf, type Section } from './sections.ts';

/** An entry of the outline: a section with what stands in it, or one setting or record. */
export interface Entry {
  readonly name: string;
  readonly detail: string;
  readonly kind: 'section' | 'setting' | 'include' | 'record' | 'broken';
  readonly span: Span;
  readonly nameSpan: Span;
  readonly children: readonly Entry[];
}

/** What a configuration file holds, in order, under the headings of its sections. */
export function outlineOf(document: Document): Entry[] {
  switch (document.language) {
    case 'conf': return nest(document, readConf(document).file.comments, settingsOf(document));
    case 'hba': return nest(document, readHba(document).file.comments, readHba(document).file.lines.map((line) => recordEntry(document, line)));
    case 'ident': return nest(document, readIdent(document).file.comments, readIdent(document).file.lines.map((line) => mapEntry(document, line)));
    case 'sql': return [];
  }
}

/** `hostssl app → app_rw from 10.0.0.0/8: scram-sha-256` */
export function recordName({ text }: Document, { type, databases, users, address, method }: HbaRecord): string {
  const from = address === undefined ? '' : ` from ${address.tokens.flatMap((token) => (token === undefined ? [] : [written(text, token.span)])).join(' ')}`;
  return `${type.text} ${several(text, databases)} → ${several(text, users)}${from}: ${method.text}`;
}

interface Draft extends Entry {
  readonly children: Entry[];
}

/** Both lists are in the order of the text. */
function nest({ text }: Document, comments: readonly Span[], items: readonly Entry[]): Entry[] {
  const top: Entry[] = [];
  const open: { section: Section; draft: Draft }[] = [];
  const all = [...sectionsOf(text, comments), ...items].sort((a, b) => a.span.start - b.span.start);
  for (const item of all) {
    while (open.length > 0 && (open.at(-1)!.section.span.end <= item.span.start || ('level' in item && open.at(-1)!.section.level >= item.level))) open.pop();
    const into = open.at(-1)?.draft.children ?? top;
    if (!('level' in item)) {
      into.push(item);
      continue;
    }
    const draft: Draft = { name: item.title, detail: '', kind: 'section', span: item.span, nameSpan: item.titleSpan, children: [] };
    into.push(draft);
    open.push({ section: item, draft });
  }
  return top;
}

function settingsOf(document: Document): Entry[] {
  const { settings, includes } = readConf(document).file;
  const entries = [
    ...settings.map(({ span, name, value }): Entry => ({ name: name.text, detail: short(value.text), kind: 'setting', span, nameSpan: name.span, children: [] })),
    ...includes.map(({ span, kind, target }): Entry => ({ name: kind, detail: short(target.text), kind: 'include', span, nameSpan: span, children: [] })),
  ];
  return entries.sort((a, b) => a.span.start - b.span.start);
}

function recordEntry(document: Document, line: HbaLine): Entry {
  if ('method' in line) return entry(line, 'record', recordName(document, line as HbaRecord), (line as HbaRecord).options.map(({ name }) => name).join(' '));
  return otherEntry(document, line);
}

function mapEntry(document: Document, line: HbaLine): Entry {
  if (!('map' in line)) return otherEntry(document, line);
  const { map, systemUser, databaseUser } = line as IdentRecord;
  return entry(line, 'record', `${map.text}: ${systemUser.text} → ${databaseUser.text}`, '');
}

function otherEntry({ text }: Document, line: HbaLine): Entry {
  if (line.include) return entry(line, 'include', line.include.kind, line.include.target.text);
  return entry(line, line.template ? 'record' : 'broken', short(text.slice(line.span.start, line.span.end).replace(/\s+/g, ' ')), line.template ? '' : 'not understood');
}

function entry({ span }: HbaLine, kind: Entry['kind'], name: string, detail: string): Entry {
  return { name, detail, kind, span, nameSpan: span, children: [] };
}

function several(text: string, tokens: readonly { readonly span: Span }[]): string {
  return short(tokens.map(({ span }) => written(text, span)).join(', '));
}

function written(text: string, { start, end }: Span): string {
  return text.slice(start, end);
}

function short(text: string): string {
  const plain = text.replace(/[\r\n\t]+/g, ' ');
  return plain.length > 60 ? `${[...plain].slice(0, 59).join('')}…` : plain;
}
