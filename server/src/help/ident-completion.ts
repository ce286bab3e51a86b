import type { Document } from '../document.ts';
import { readIdent } from '../facts/reading.ts';
import type { HbaToken } from '../syntax/hba.ts';
import { fieldAt, type FieldPlace } from './fields.ts';
import { mapNames, mentions } from './maps.ts';
import { distinct, nothing, type Suggestion, type Suggestions } from './suggestion.ts';

/** What can be written at a place of a pg_ident.conf. `asked`: the character that made the editor ask, if it was one. */
export function suggestIdent(document: Document, offset: number, asked?: string): Suggestions {
  const place = fieldAt(document.text, offset, document.version);
  if (place === undefined || place.beside.length > 0) return nothing;
  switch (place.before.length) {
    case 0: return asked === undefined ? { span: place.word, items: maps(document, place) } : nothing;
    case 1: return { span: place.word, items: distinct([...patterns(place), ...seen(document, place, 'systemUser')]) };
    case 2: return { span: place.word, items: distinct([...captured(place), ...keywords(document, place), ...seen(document, place, 'databaseUser'), ...roles(document, place)]) };
    default: return nothing;
  }
}

/** Maps that pg_hba.conf asks for and that have no entry yet come first. */
function maps(document: Document, { word, quoted }: FieldPlace): Suggestion[] {
  const others = mentions(document).filter(({ path, line }) => path !== document.path || line.start !== word.start);
  const defined = new Set(others.filter(({ defines }) => defines).map(({ name }) => name));
  const names = mapNames(document).filter((name) => others.some((other) => other.name === name));
  const [old, fresh] = [names.filter((name) => defined.has(name)), names.filter((name) => !defined.has(name))];
  return [...fresh, ...old].map((name) => nameOf(name, defined.has(name) ? 'in this file' : 'asked for, no entry yet', quoted));
}

function nameOf(name: string, detail: string, quoted: boolean): Suggestion {
  const text = quoted || /[\s,"#]/.test(name) || /^[@+/]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
  return { label: name, kind: 'name', text, detail, ...(text === name ? {} : { filter: quoted ? text : name }) };
}

function patterns({ quoted }: FieldPlace): Suggestion[] {
  if (quoted) return [];
  const [before, after] = ['/^(.*)@', '$'];
  return [{
    label: '/^(.*)@example\\.com$', kind: 'keyword', text: '/^(.*)@example\\.com$',
    snippet: { before, choices: ['example\\.com'], after },
    detail: 'Users of a realm or domain',
    documentation: 'A regular expression, from `/` on. Write `^` and `$`, otherwise it also fits names that only contain it. `\\1` in the next column is what the parentheses matched.',
  }];
}

/** The names of the same column in other entries, as they are written there. */
function seen(document: Document, { word, quoted }: FieldPlace, column: 'systemUser' | 'databaseUser'): Suggestion[] {
  const tokens = readIdent(document).file.records.map((record) => record[column]).filter((token) => token.span.start !== word.start);
  return tokens.filter((token) => !token.text.startsWith('/') && !token.text.includes('\\1'))
    .map((token) => (quoted ? nameOf(token.text, 'in this file', true) : { label: writtenOf(document, token), kind: 'name', text: writtenOf(document, token), detail: 'in this file' }));
}

function writtenOf({ text }: Document, { span }: HbaToken): string {
  return text.slice(span.start, span.end);
}

/** Roles that pg_hba.conf lets in. */
function roles(document: Document, { quoted }: FieldPlace): Suggestion[] {
  const records = readIdent(document).cluster.hba?.records ?? [];
  return records.flatMap(({ users }) => users).filter((user) => user.file === undefined && !/^[/+]/.test(user.text) && (user.quoted || user.text !== 'all'))
    .map((user) => nameOf(user.text, 'in pg_hba.conf', quoted));
}

function captured({ before, quoted }: FieldPlace): Suggestion[] {
  const systemUser = before[1]?.[0]?.text ?? '';
  if (quoted || !systemUser.startsWith('/') || !/\((?!\?)/.test(systemUser)) return [];
  return [{ label: '\\1', kind: 'keyword', text: '\\1', detail: 'What the pattern matched', documentation: 'What the first parentheses of the regular expression matched.' }];
}

function keywords({ version }: Document, { quoted }: FieldPlace): Suggestion[] {
  if (quoted || version < 16) return [];
  return [
    { label: '+role', kind: 'keyword', text: '+', snippet: { before: '+', choices: ['role'], after: '' }, detail: 'Members of a role', documentation: 'Every direct or indirect member of the role behind `+`.' },
    { label: 'all', kind: 'keyword', text: 'all', detail: 'Every role', documentation: 'Whoever has this system user name may be any role, superusers included.', deprecated: true },
  ];
}

