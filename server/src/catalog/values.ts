import type { Parameter } from './parameters.ts';
import { readBoolean, readNumber, unitsFor } from './numbers.ts';

/** The server's reason to refuse the value, as one plain sentence; undefined when it takes it. */
export function checkValue(parameter: Parameter, text: string, version: number): string | undefined {
  const { name } = parameter;
  if (parameter.context === 'internal') return `${name} cannot be set in a file; the server does not start with this line`;
  switch (parameter.type) {
    case 'bool': return readBoolean(text) === undefined ? `${name} takes only on or off; the server does not start with this value` : undefined;
    case 'enum': return checkEnum(parameter, text);
    case 'integer':
    case 'real': return checkNumber(parameter, text);
    case 'string': return checkString(parameter, text, version);
  }
}

/** The member of an enumeration that is meant, in the catalogue's spelling; upper case does not matter. */
export function readEnum(parameter: Parameter, text: string): string | undefined {
  return parameter.values?.find((value) => value.toLowerCase() === text.toLowerCase());
}

/** The words that a list parameter takes; undefined when it takes more than known words. */
export function listWords(name: string, version: number): readonly string[] | undefined {
  const words = lists[name];
  return words && Object.keys(words).filter((word) => words[word]! <= version);
}

function checkEnum(parameter: Parameter, text: string): string | undefined {
  if (readEnum(parameter, text) !== undefined) return undefined;
  const listed = (parameter.values ?? []).filter((value) => value !== '' && !/^(true|false|yes|no|1|0)$/.test(value));
  return takesOnly(parameter.name, listed);
}

function takesOnly(name: string, words: readonly string[]): string {
  const message = `${name} takes only ${words.join(', ')}; the server does not start otherwise`;
  return message.length > 110 ? `${name} does not know this value; the server does not start with it` : message;
}

function checkNumber(parameter: Parameter, text: string): string | undefined {
  const { name, unit, min, max } = parameter;
  const read = readNumber(text, parameter.type === 'integer' ? 'integer' : 'real', unit);
  if (typeof read === 'number') {
    if ((min === undefined || read >= min) && (max === undefined || read <= max)) return undefined;
    return `${name} must be between ${shown(min, unit)} and ${shown(max, unit)}; the server does not start with this value`;
  }
  switch (read) {
    case 'unit': return unit === undefined
      ? `${name} takes a number without a unit; the server does not start with this value`
      : `${name} takes only the units ${unitsFor(unit).join(', ')}; the server does not start with this one`;
    case 'overflow': return `${name} is beyond what an integer holds; the server does not start with this value`;
    case 'number': return `${name} takes a number; the server does not start with this value`;
  }
}

function shown(limit: number | undefined, unit: string | undefined): string {
  return `${limit ?? ''}${unit === undefined ? '' : /^\d/.test(unit) ? ` x ${unit}` : ` ${unit}`}`;
}

/** Lists of keywords, with the first version that knows a word where it is not the first of all. */
const lists: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  log_destination: { stderr: 0, csvlog: 0, jsonlog: 15, syslog: 0, eventlog: 0 },
  log_connections: { receipt: 18, authentication: 18, authorization: 18, setup_durations: 18, all: 18 },
  createrole_self_grant: { set: 16, inherit: 16 },
  restrict_nonsystem_relation_kind: { view: 0, 'foreign-table': 0 },
  debug_io_direct: { data: 16, wal: 16, wal_init: 16 },
};

function checkString(parameter: Parameter, text: string, version: number): string | undefined {
  if (parameter.name === 'recovery_target') {
    return text === '' || text === 'immediate' ? undefined : 'recovery_target takes only immediate; the server does not start otherwise';
  }
  const known = listWords(parameter.name, version);
  if (known === undefined) return undefined;
  if (parameter.name === 'log_connections' && /^(on|off|true|false|yes|no|1|0)$/i.test(text)) return undefined;
  // Quoted and empty elements follow rules of their own; what is not plain is not judged.
  if (/["\\]/.test(text) || text.trim() === '') return undefined;
  const wrong = text.split(',').find((word) => !known.includes(word.trim().toLowerCase()));
  return wrong === undefined ? undefined : takesOnly(parameter.name, known);
}
