import { findParameter, isCustomName, nearest } from '../../catalog/parameters.ts';
import type { Parameter } from '../../catalog/parameters.ts';
import { checkValue, readEnum } from '../../catalog/values.ts';
import type { Document } from '../../document.ts';
import type { ConfSetting, ConfToken, Problem } from '../../syntax/conf.ts';
import { parseConf } from '../../syntax/conf.ts';
import { isPlainValue, quoteString } from '../../syntax/conf-tokens.ts';
import type { Edit, Span } from '../../text.ts';
import { applyEdits } from '../../text.ts';
import { settingHere, type ConfFacts } from './settings.ts';

export interface Repair {
  /** A verb phrase. */
  readonly title: string;
  readonly edits: readonly Edit[];
}

/** Ways to make the server read a line; only those after which it does, and takes the value. */
export function repairs(document: Document, problem: Problem): readonly Repair[] {
  const all = repairsByKind[problem.kind](document.text, problem, document.version);
  return all.filter((repair) => works(document, problem, repair));
}

/** Writes a value in the way the old one is written. */
export function replaceValue({ span, quoted }: ConfToken, value: string): Edit {
  return { span, text: quoted || !isPlainValue(value) ? quoteString(value) : value };
}

/** Inserts a line below the one that `after` stands on. */
export function insertLineBelow({ text }: Document, after: Span, line: string): Edit {
  const newline = text.indexOf('\n', after.end);
  if (newline === -1) return { span: { start: text.length, end: text.length }, text: `${text.includes('\r\n') ? '\r\n' : '\n'}${line}` };
  const ending = text[newline - 1] === '\r' ? '\r\n' : '\n';
  return { span: { start: newline + 1, end: newline + 1 }, text: line + ending };
}

/**
 * Sets a parameter that is not set yet: below its own line that is commented out, as in the file that PostgreSQL ships, else
 * below the last setting.
 */
export function insertSetting({ document, file }: ConfFacts, name: string, value: string): Edit {
  const line = lineFor(name, value);
  const commented = file.comments.find(({ start, end }) => new RegExp(`^#[ \\t]*${name}[ \\t]*=`, 'i').test(document.text.slice(start, end)));
  const after = commented ?? file.settings.at(-1)?.span;
  if (after === undefined) return { span: { start: 0, end: 0 }, text: `${line}\n` };
  return insertLineBelow(document, after, line);
}

/** Sets a parameter in its own line if that is in this document, else in a new one: below that of `neighbour`, or where `insertSetting` puts it. */
export function writeSetting(facts: ConfFacts, name: string, value: string, neighbour?: string): Edit {
  const setting = settingHere(facts, name);
  if (setting !== undefined) return replaceValue(setting.value, value);
  const above = neighbour === undefined ? undefined : settingHere(facts, neighbour);
  return above === undefined ? insertSetting(facts, name, value) : insertLineBelow(facts.document, above.span, lineFor(name, value));
}

/**
 * Adds an entry to a list such as shared_preload_libraries, behind the others and separated as they are; sets the parameter
 * where no file does. Undefined when another file or a template sets it: there is nothing here to add to.
 */
export function appendToList(facts: ConfFacts, name: string, entry: string): Edit | undefined {
  if (facts.settings.get(name) === undefined) return insertSetting(facts, name, entry);
  const value = settingHere(facts, name)?.value;
  if (value === undefined) return undefined;
  if (value.text.trim() === '') return replaceValue(value, entry);

  const separator = /,\s*/.exec(value.text)?.[0] ?? ', ';
  if (!value.quoted) return replaceValue(value, value.text + separator + entry);
  const inside = facts.document.text.slice(value.span.start, value.span.end - 1).trimEnd();
  const end = value.span.start + inside.length;
  return { span: { start: end, end }, text: separator + entry };
}

/** The edit, with the first `word` of what it writes for the user to replace by something of their own. */
export function asPlaceholder(edit: Edit, word: string): Edit {
  const start = edit.text.indexOf(word);
  return { ...edit, placeholders: [{ start, end: start + word.length }] };
}

export function commentOut({ span }: { readonly span: ConfSetting['span'] }): Edit {
  return { span: { start: span.start, end: span.start }, text: '#' };
}

function lineFor(name: string, value: string): string {
  return `${name} = ${isPlainValue(value) ? value : quoteString(value)}`;
}

/** The value that was most likely meant; undefined when that is a guess. */
export function mendedValue(parameter: Parameter, text: string, version: number): string | undefined {
  const mended = mend(parameter, text.trim());
  return mended !== undefined && checkValue(parameter, mended, version) === undefined ? mended : undefined;
}

type Repairer = (text: string, problem: Problem, version: number) => readonly Repair[];

const repairsByKind: Readonly<Record<Problem['kind'], Repairer>> = {
  mark: (_, { at }) => [{ title: 'Remove the byte order mark', edits: [remove(at)] }],
  name: repairName,
  missing: (_, { line }) => [{ title: 'Turn the line into a comment', edits: [commentOut({ span: line })] }],
  value: repairValue,
  unclosed: (_, { at }) => [{ title: 'Close the quote', edits: [insert(at.end, "'")] }],
  rest: repairRest,
};

function repairName(text: string, { line, at }: Problem): readonly Repair[] {
  const written = text.slice(line.start, line.end);
  if (/^(\/\/|--|;|\*|\/\*|%|!|rem\b)/i.test(written)) return [{ title: 'Turn the line into a comment', edits: [insert(line.start, '# ')] }];

  const colon = /^([A-Za-z_][\w.]*)(\s*:)=?(?!=)/.exec(written);
  if (colon !== null) {
    const start = line.start + colon[1]!.length;
    return [{ title: 'Write = instead of :', edits: [{ span: { start, end: line.start + colon[0].length }, text: ' =' }] }];
  }
  const name = text.slice(at.start, at.end);
  return name.includes('-') ? [{ title: 'Write _ instead of -', edits: [{ span: at, text: name.replaceAll('-', '_') }] }] : [];
}

function repairValue(text: string, { at }: Problem): readonly Repair[] {
  const written = text.slice(at.start, at.end);
  const sign = /^(:=|==|=|:|=>)\s*(?=[^\s=])/.exec(written);
  if (sign !== null) {
    const before = text.slice(0, at.start).trimEnd();
    const edit = before.endsWith('=') ? remove({ start: at.start, end: at.start + sign[0].length }) : { span: { start: at.start, end: at.start + sign[1]!.length }, text: '=' };
    return [{ title: 'Write a single =', edits: [edit] }];
  }
  const inner = /^"([^"]*)"$/.exec(written)?.[1] ?? (/["']/.test(written) ? undefined : written);
  if (inner === undefined) return [];
  const title = written.startsWith('"') ? 'Use single quotes' : 'Put the value in single quotes';
  return [{ title, edits: [{ span: at, text: quoteString(inner) }] }];
}

function repairRest(text: string, { at, line, name, value }: Problem, version: number): readonly Repair[] {
  if (name === undefined || value === undefined) return [];
  const rest = text.slice(at.start, at.end);
  if (/^;+$/.test(rest)) return [{ title: 'Remove the semicolon', edits: [remove(at)] }];
  if (rest === "'" && !value.quoted) return [{ title: 'Open the quote', edits: [insert(value.span.start, "'")] }];
  if (/^set$/i.test(name.text)) return repairStatement(text, value, at);
  if (/^(--|\/\/|;|\/\*|\()/.test(rest)) return [{ title: 'Turn the rest into a comment', edits: [insert(at.start, '# ')] }];

  const whole = { start: value.span.start, end: line.end };
  const written = text.slice(whole.start, whole.end);
  if (/^'[^'\\]*'(\s*,\s*'[^'\\]*')+$/.test(written)) {
    return [{ title: 'Put the list in one pair of quotes', edits: [{ span: whole, text: quoteString(written.replaceAll("'", '')) }] }];
  }
  const curly = /^[\u2018\u2019\u201c\u201d](.*)[\u2018\u2019\u201c\u201d]$/.exec(written)?.[1];
  if (value.quoted || /['"]/.test(curly ?? written)) return [];
  const quote = { title: 'Put the value in single quotes', edits: [{ span: whole, text: quoteString(curly ?? written) }] };
  const comment = { title: 'Turn the rest into a comment', edits: [insert(at.start, '# ')] };
  const parameter = findParameter(name.text, version);
  // Several words behind something that is no parameter are most likely prose.
  if (parameter === undefined && !isCustomName(name.text)) return [];
  return parameter === undefined || parameter.type === 'string' || !/\s$/.test(text.slice(0, at.start)) ? [quote] : [quote, comment];
}

/** `SET name = value;` is SQL: the word before the name and the semicolon go. */
function repairStatement(text: string, name: ConfToken, at: Span): readonly Repair[] {
  const start = text.slice(0, name.span.start).search(/\S+\s*$/);
  const semicolon = /\s*;$/.exec(text.slice(at.start, at.end));
  const edits = [remove({ start, end: name.span.start })];
  if (semicolon !== null) edits.push(remove({ start: at.end - semicolon[0].length, end: at.end }));
  return [{ title: 'Write it as a setting', edits }];
}

function works({ text, version }: Document, problem: Problem, { edits }: Repair): boolean {
  if (problem.kind === 'mark') return true;
  const start = text.lastIndexOf('\n', problem.line.start - 1) + 1;
  const moved = edits.map((edit) => ({ ...edit, span: { start: edit.span.start - start, end: edit.span.end - start } }));
  const { problems, settings } = parseConf(applyEdits(text.slice(start, problem.line.end), moved));
  return problems.length === 0 && settings.every(({ name, value }) => {
    const parameter = findParameter(name.text, version);
    return parameter === undefined || checkValue(parameter, value.text, version) === undefined;
  });
}

const yes = /^(enabled?|active|activated|y|t|ein|an|oui)$/i;
const no = /^(disabled?|inactive|n|f|none|aus|non)$/i;

function mend(parameter: Parameter, text: string): string | undefined {
  switch (parameter.type) {
    case 'bool': return yes.test(text) ? 'on' : no.test(text) ? 'off' : /^(on|off|true|false|yes|no|0|1)$/i.test(text) ? text : nearest(text, ['true', 'false']);
    case 'enum': return mendEnum(parameter, text);
    case 'integer':
    case 'real': return mendNumber(parameter, text);
    case 'string': return undefined;
  }
}

function mendEnum(parameter: Parameter, text: string): string | undefined {
  // What `on` once meant for passwords is no longer accepted, and md5 is not worth going back to.
  if (parameter.name === 'password_encryption' && /^(on|true|yes|1)$/i.test(text)) return 'scram-sha-256';
  return readEnum(parameter, text) ?? nearest(text, (parameter.values ?? []).filter((value) => value !== ''));
}

const memoryUnits: Readonly<Record<string, string>> = { b: 'B', byte: 'B', bytes: 'B', k: 'kB', kb: 'kB', kib: 'kB', m: 'MB', mb: 'MB', mib: 'MB', g: 'GB', gb: 'GB', gib: 'GB', t: 'TB', tb: 'TB', tib: 'TB' };
const timeUnits: Readonly<Record<string, string>> = {
  us: 'us', usec: 'us', ms: 'ms', msec: 'ms', millis: 'ms', milliseconds: 'ms', s: 's', sec: 's', secs: 's', second: 's', seconds: 's',
  m: 'min', min: 'min', mins: 'min', minute: 'min', minutes: 'min', h: 'h', hr: 'h', hour: 'h', hours: 'h', d: 'd', day: 'd', days: 'd',
};

function mendNumber({ unit, max, name }: Parameter, text: string): string | undefined {
  // File modes are octal only with a leading zero.
  if (/^[1-7][0-7]{2}$/.test(text) && max === 511 && /mode|permissions/.test(name)) return `0${text}`;
  const match = /^([-+]?[0-9.]+)\s*([A-Za-z]+)$/.exec(text);
  if (match === null || unit === undefined) return undefined;
  const known = unit.endsWith('B') ? memoryUnits : timeUnits;
  const meant = Object.hasOwn(known, match[2]!.toLowerCase()) ? known[match[2]!.toLowerCase()] : undefined;
  return meant === undefined ? undefined : match[1]! + meant;
}

function remove(span: Span): Edit {
  return { span, text: '' };
}

function insert(at: number, text: string): Edit {
  return { span: { start: at, end: at }, text };
}
