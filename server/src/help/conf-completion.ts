import { hiddenParameters } from '../catalog/additions.ts';
import { extensionParameters } from '../catalog/extension-parameters.ts';
import { unitsFor } from '../catalog/numbers.ts';
import { canonicalName, findParameter, settableParameters, type Parameter } from '../catalog/parameters.ts';
import { findValueWord, isList, valueWords } from '../catalog/value-words.ts';
import { listWords } from '../catalog/strings.ts';
import type { Document } from '../document.ts';
import { readConf } from '../facts/reading.ts';
import { isPlainValue, quoteString } from '../syntax/conf-tokens.ts';
import { Lines, type Span } from '../text.ts';
import { confPlaceAt, type NamePlace, type ValuePlace } from './conf-place.ts';
import { defaultOf, summaryOf } from './parameter-text.ts';
import { distinct, nothing, type Snippet, type Suggestion, type Suggestions } from './suggestion.ts';

/** What can be written at a place of a postgresql.conf. `asked`: the character that made the editor ask, if it was one. */
export function suggestConf(document: Document, offset: number, asked?: string): Suggestions {
  const place = confPlaceAt(document.text, offset);
  if (place === undefined) return nothing;
  if (place.kind === 'name') return asked === undefined ? { span: place.word, items: names(document, place) } : nothing;
  return { span: place.word, items: values(document, place, asked) };
}

function names(document: Document, { word, alone }: NamePlace): Suggestion[] {
  const set = linesOfSettings(document, word);
  const known = settableParameters(document.version).filter(({ name }) => !hidden.has(name)).map((parameter) => nameOf(parameter, alone));
  const all = [...known, ...extensionParameters.map((name) => extensionName(name, alone)), ...includes(alone)];
  const [fresh, already]: [Suggestion[], Suggestion[]] = [[], []];
  for (const item of all) {
    const line = set.get(canonicalName(item.label, document.version));
    if (line === undefined || item.kind === 'keyword') fresh.push(item);
    else already.push({ ...item, detail: `already set in line ${line}` });
  }
  return [...fresh, ...already];
}

const hidden: ReadonlySet<string> = new Set(hiddenParameters.map(({ name }) => name));

/** The line, from 1, of the last setting of every parameter, except of the one that is being written. */
function linesOfSettings(document: Document, word: Span): ReadonlyMap<string, number> {
  const lines = new Lines(document.text);
  return new Map(readConf(document).file.settings.filter(({ name }) => name.span.start !== word.start)
    .map(({ name }) => [canonicalName(name.text, document.version), lines.position(name.span.start).line + 1]));
}

function nameOf(parameter: Parameter, alone: boolean): Suggestion {
  const { name } = parameter;
  const base = { label: name, kind: 'parameter', detail: summaryOf(parameter), parameter: name } as const;
  return alone ? { ...base, text: `${name} = `, snippet: snippetOf(`${name} = `, parameter) } : { ...base, text: name };
}

function snippetOf(before: string, parameter: Parameter): Snippet {
  const { name, type } = parameter;
  if (type === 'bool') return { before, choices: ['on', 'off'], after: '' };
  if (type === 'enum') return { before, choices: strongFirst(parameter).map(written), after: '' };
  const usual = defaultOf(parameter) ?? '';
  if (type === 'string') return { before: `${before}'`, choices: [quoteString(usual || (findFirst(name) ?? '')).slice(1, -1)], after: "'" };
  return { before, choices: [usual], after: '' };
}

function findFirst(name: string): string | undefined {
  return valueWords[name.toLowerCase()]?.[0]?.value;
}

function extensionName(name: string, alone: boolean): Suggestion {
  const base = { label: name, kind: 'parameter', detail: 'extension', parameter: name } as const;
  return alone ? { ...base, text: `${name} = `, snippet: { before: `${name} = '`, choices: [''], after: "'" } } : { ...base, text: name };
}

function includes(alone: boolean): Suggestion[] {
  return Object.entries(directives).map(([name, meaning]) => ({
    label: name, kind: 'keyword', detail: meaning, text: alone ? `${name} ` : name,
    ...(alone ? { snippet: { before: `${name} '`, choices: [name === 'include_dir' ? 'conf.d' : 'extra.conf'], after: "'" } } : {}),
  }));
}

const directives: Readonly<Record<string, string>> = {
  include: 'reads another file here',
  include_if_exists: 'reads another file here when there is one',
  include_dir: 'reads the .conf files of a folder here',
};

function values(document: Document, place: ValuePlace, asked: string | undefined): Suggestion[] {
  const directive = place.name.toLowerCase();
  if (Object.hasOwn(directives, directive)) return [];
  const parameter = findParameter(place.name, document.version);
  if (parameter === undefined || parameter.context === 'internal') return [];
  const isNumber = parameter.type === 'integer' || parameter.type === 'real';
  // Who is about to type a number is not helped by another one that the next Enter would take.
  if (isNumber && asked !== undefined) return [];
  const typed = document.text.slice(place.word.start, place.word.end);
  const offered = isNumber ? numbers(parameter, typed) : words(document, parameter, place, typed);
  return distinct(offered.map((item) => ({ ...item, text: inPlace(item.text, parameter, place) })));
}

/** A value as the place wants it: quotes are written where they are missing. */
function inPlace(value: string, { type }: Parameter, { quotes }: ValuePlace): string {
  if (quotes === 'none') return type === 'string' ? quoteString(value) : written(value);
  const escaped = quoteString(value).slice(1, -1);
  return quotes === 'open' ? `${escaped}'` : escaped;
}

function written(value: string): string {
  return isPlainValue(value) ? value : quoteString(value);
}

function words(document: Document, parameter: Parameter, place: ValuePlace, typed: string): Suggestion[] {
  const { name, type } = parameter;
  const usual = defaultOf(parameter);
  const list = isList(name);
  const others = list ? new Set(place.value.split(',').map((entry) => entry.trim()).filter((entry) => entry !== typed)) : new Set<string>();
  const offered = type === 'bool' ? ['on', 'off'] : type === 'enum' ? strongFirst(parameter) : textsFor(parameter, document.version, list);
  return offered.filter((value) => !others.has(value)).map((value) => valueOf(parameter, value, value === usual));
}

/** Texts have no fixed set of values: the known words, and the default. */
function textsFor(parameter: Parameter, version: number, list: boolean): string[] {
  const usual = defaultOf(parameter);
  const known = (valueWords[parameter.name.toLowerCase()] ?? []).map(({ value }) => value);
  const fixed = listWords(parameter.name, version);
  const all = fixed === undefined ? known : [...known.filter((word) => fixed.includes(word) || !list), ...fixed];
  return [...new Set([...all, ...(usual ? [usual] : [])])];
}

/** Members with the default in front and what nobody should choose at the end. */
function strongFirst(parameter: Parameter): string[] {
  const members = [...(parameter.members ?? parameter.values ?? [])];
  const rank = (value: string) => (findValueWord(parameter.name, value)?.weak ? 2 : value === parameter.default ? 0 : 1);
  return members.sort((a, b) => rank(a) - rank(b));
}

function valueOf(parameter: Parameter, value: string, usual: boolean): Suggestion {
  const word = findValueWord(parameter.name, value);
  const detail = [...(usual ? ['default'] : []), ...(word?.weak ? ['weak'] : [])].join(', ');
  return {
    label: value === '' ? "''" : value, kind: 'value', text: value, parameter: parameter.name,
    ...(detail === '' ? {} : { detail }),
    ...(word === undefined ? {} : { documentation: word.meaning }),
    ...(word?.weak ? { deprecated: true } : {}),
  };
}

/** Behind digits the units that fit, otherwise the default. */
function numbers(parameter: Parameter, typed: string): Suggestion[] {
  const usual = defaultOf(parameter);
  const byDefault = usual === undefined ? [] : [valueOf(parameter, usual, true)];
  const digits = /^(\d+(?:\.\d+)?\s*)[a-zA-Z]*$/.exec(typed)?.[1];
  if (digits === undefined || parameter.unit === undefined) return byDefault;
  return usualFirst(unitsFor(parameter.unit), parameter).map((unit) => ({ ...valueOf(parameter, `${digits}${unit}`, false), detail: unitNames[unit]! }));
}

/** The unit of the default in front. */
function usualFirst(units: readonly string[], parameter: Parameter): string[] {
  const usual = /[a-zA-Z]+$/.exec(defaultOf(parameter) ?? '')?.[0] ?? parameter.unit?.replace(/^\d+/, '');
  return [...units].sort((a, b) => Number(b === usual) - Number(a === usual));
}

const unitNames: Readonly<Record<string, string>> = {
  TB: 'terabytes', GB: 'gigabytes', MB: 'megabytes', kB: 'kilobytes', B: 'bytes',
  d: 'days', h: 'hours', min: 'minutes', s: 'seconds', ms: 'milliseconds', us: 'microseconds',
};
