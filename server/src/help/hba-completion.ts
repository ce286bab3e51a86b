import {
  addressWords, databaseWords, includeWords, methodWords, networkWords, optionWords, typeWords, userWords, type HbaOptionWord, type HbaWord,
} from '../catalog/hba-words.ts';
import type { Document } from '../document.ts';
import { readHba } from '../facts/reading.ts';
import { connectionTypes, methods, type ConnectionType, type HbaToken, type Method } from '../syntax/hba.ts';
import { optionsFor } from '../syntax/hba-options.ts';
import { fieldAt, type FieldPlace } from './fields.ts';
import { columnOf } from './hba-columns.ts';
import { mapNames } from './maps.ts';
import { distinct, nothing, type Suggestion, type Suggestions } from './suggestion.ts';

/** What can be written at a place of a pg_hba.conf. `asked`: the character that made the editor ask, if it was one. */
export function suggestHba(document: Document, offset: number, asked?: string): Suggestions {
  const place = fieldAt(document.text, offset, document.version);
  if (place === undefined) return nothing;
  const column = columnOf(place.before);
  // A blank in front of a line is no question.
  if (column === 'type' && asked !== undefined) return nothing;
  const found = suggestIn(document, place, column, offset);
  const given = new Set(place.beside.map((token) => document.text.slice(token.span.start, token.span.end)));
  return { span: found.span, items: distinct(found.items).filter(({ label }) => !given.has(label)) };
}

function suggestIn(document: Document, place: FieldPlace, column: ReturnType<typeof columnOf>, offset: number): Suggestions {
  const { word } = place;
  const type = typeOf(place.before);
  switch (column) {
    case 'type': return { span: word, items: types(document, place) };
    case 'database': return { span: word, items: [...keywords(databaseWords, place), ...names(document, place, 'databases')] };
    case 'user': return { span: word, items: [...keywords(userWords, place), ...names(document, place, 'users'), ...members(place)] };
    case 'address': return { span: word, items: [...addresses(document, place), ...keywords(addressWords, place)] };
    case 'method': return { span: word, items: methodsFor(type, document.version) };
    case 'option': return options(document, place, type, offset);
    default: return nothing;
  }
}

function typeOf(before: FieldPlace['before']): ConnectionType {
  return connectionTypes.find((type) => type === before[0]?.[0]?.text) ?? 'host';
}

function types({ version }: Document, { behind }: FieldPlace): Suggestion[] {
  const included = behind.length > 1 ? [] : includeWords.filter(({ since = 0 }) => since <= version);
  return [...typeWords, ...included].map((word) => keyword(word));
}

function keyword({ word, brief, meaning, note, weak }: HbaWord, kind: Suggestion['kind'] = 'keyword'): Suggestion {
  const documentation = [meaning, ...(note === undefined ? [] : [note])].join('\n\n');
  return { label: word, kind, text: word, detail: brief ?? firstSentence(meaning), documentation, ...(weak ? { deprecated: true } : {}) };
}

function firstSentence(text: string): string {
  return text.replace(/\..*$/, '').replace(/, .*$/, '');
}

/** In quotes a keyword would be a name. */
function keywords(words: readonly HbaWord[], { quoted }: FieldPlace): Suggestion[] {
  return quoted ? [] : words.map((word) => keyword(word));
}

/** The names that other records use, as they are written there. */
function names(document: Document, { word, quoted }: FieldPlace, column: 'databases' | 'users'): Suggestion[] {
  const tokens = readHba(document).file.records.flatMap((record) => record[column]).filter((token) => token.span.start !== word.start);
  return tokens.filter((token) => token.file === undefined && !token.text.startsWith('/'))
    .map((token) => name(document.text.slice(token.span.start, token.span.end), token, quoted)).filter(({ label }) => !reserved.has(label));
}

const reserved: ReadonlySet<string> = new Set([...databaseWords, ...userWords].map(({ word }) => word));

function name(written: string, token: HbaToken, quoted: boolean): Suggestion {
  const text = quoted && !written.startsWith('"') ? `"${token.text}"` : written;
  return { label: written, kind: 'name', text, detail: 'in this file', ...(quoted ? { filter: text } : {}) };
}

function members({ quoted }: FieldPlace): Suggestion[] {
  return quoted ? [] : [{ label: '+role', kind: 'keyword', text: '+', snippet: { before: '+', choices: ['role'], after: '' }, detail: 'Members of a role', documentation: 'Every direct or indirect member of the role behind `+`.' }];
}

function addresses(document: Document, { word, quoted }: FieldPlace): Suggestion[] {
  if (quoted) return [];
  const used = readHba(document).file.records.flatMap(({ address }) => (address?.kind === 'ip' && address.tokens.length === 1 ? address.tokens[0] : []));
  const here = used.filter((token) => !token.quoted && token.span.start !== word.start && !open.test(token.text)).map((token) => token.text);
  return [...networkWords.map((one) => keyword(one, 'network')), ...here.map((text): Suggestion => ({ label: text, kind: 'network', text, detail: 'in this file' }))];
}

/** Networks that are the whole internet are not offered for being used elsewhere. */
const open = /\/0+$/;

function methodsFor(type: ConnectionType, version: number): Suggestion[] {
  const fitting = methodWords.filter(({ word, since = 0 }) => since <= version && fits(word as Method, type));
  const local = type === 'local' ? [...fitting].sort((a, b) => Number(b.word === 'peer') - Number(a.word === 'peer')) : fitting;
  return local.map((word) => keyword(word));
}

function fits(method: Method, type: ConnectionType): boolean {
  if (method === 'peer') return type === 'local';
  if (method === 'cert') return type === 'hostssl';
  return type !== 'local' || (method !== 'gss' && method !== 'sspi' && method !== 'ident');
}

/** Behind `name=` its values, otherwise the names that are not yet given. */
function options(document: Document, { before, beside, behind, word, quoted }: FieldPlace, type: ConnectionType, offset: number): Suggestions {
  const method = methodOf(before);
  if (method === undefined) return nothing;
  const allowed = optionsFor(type, method, document.version);
  const written = document.text.slice(word.start, word.end);
  const equals = written.indexOf('=');
  if (equals >= 0 && word.start + equals < offset) {
    const option = optionWords.find((one) => one.word === written.slice(0, equals).replace('"', ''));
    const end = quoted && written.endsWith('"') ? word.end - 1 : word.end;
    return option && allowed.includes(option.word) ? { span: { start: word.start + equals + 1, end }, items: valuesOf(document, option) } : nothing;
  }
  const given = new Set([...before, beside, ...behind].flat().map((token) => token.text.split('=', 1)[0]));
  return { span: word, items: quoted ? [] : optionWords.filter((option) => allowed.includes(option.word) && !given.has(option.word)).map((option) => optionName(document, option)) };
}

function methodOf(before: FieldPlace['before']): Method | undefined {
  const index = [...before.keys()].find((at) => columnOf(before.slice(0, at)) === 'method');
  return index === undefined ? undefined : methods.find((method) => method === before[index]![0]?.text);
}

function optionName(document: Document, option: HbaOptionWord): Suggestion {
  const choices = valuesOf(document, option).map(({ label }) => label);
  const text = `${option.word}=`;
  const example = option.example ?? '';
  const quote = /[\s,"#]/.test(example) ? '"' : '';
  return {
    ...keyword(option, 'option'), text,
    snippet: choices.length > 0 ? { before: text, choices, after: '' } : { before: `${quote}${text}`, choices: [example], after: quote },
  };
}

function valuesOf(document: Document, option: HbaOptionWord): Suggestion[] {
  if (option.word === 'map') return mapNames(document).map((map) => ({ label: map, kind: 'name', text: map, detail: 'in pg_ident.conf' }));
  return (option.values ?? []).map((value) => keyword(value, 'value'));
}
