import { describeParameter } from '../catalog/descriptions.ts';
import { roundNumber, unitsFor, writeNumber } from '../catalog/numbers.ts';
import { findParameter, findRemoval, firstVersion, type Parameter } from '../catalog/parameters.ts';
import { findValueWord } from '../catalog/value-words.ts';
import { newestVersion, supportedVersions } from '../document.ts';
import { escapeMarkdown } from './note.ts';

/** `integer · 4MB · kB`: type, default and unit. */
export function summaryOf(parameter: Parameter): string {
  const written = defaultOf(parameter);
  return [typeNames[parameter.type], ...(written ? [written] : []), ...(parameter.unit === undefined ? [] : [parameter.unit])].join(' · ');
}

/** The default as a person writes it; undefined when the server works it out by itself. */
export function defaultOf({ type, unit, default: written }: Parameter): string | undefined {
  if (written === undefined || (type !== 'integer' && type !== 'real') || isOctal(written)) return written;
  return writeNumber(Number(written), unit);
}

/** Everything that is known about a parameter of a server of this version, in Markdown; undefined for an unknown name. */
export function parameterText(name: string, version: number): string | undefined {
  const parameter = findParameter(name, version);
  const plain = describeParameter(name);
  const description = plain === undefined ? undefined : escapeMarkdown(plain);
  if (parameter === undefined) return elsewhere(name, version, description);
  return paragraphs([`**${parameter.name}** · ${typeNames[parameter.type]}`, description, facts(parameter), links(parameter)]);
}

/** What a value means: the word's meaning, or a bare number with its unit. */
export function valueText(parameter: Parameter, value: string): string | undefined {
  const word = findValueWord(parameter.name, value);
  if (word !== undefined) return `\`${word.value}\`: ${word.meaning}`;
  if (parameter.unit === undefined || !/^[1-9]\d*$/.test(value)) return undefined;
  return `\`${value}\` without a unit is ${writeNumber(Number(value), parameter.unit)}`;
}

const typeNames: Readonly<Record<Parameter['type'], string>> = { bool: 'on or off', integer: 'integer', real: 'number', string: 'text', enum: 'choice' };

function facts(parameter: Parameter): string {
  const written = defaultOf(parameter);
  return list([
    ['Default', written === undefined ? 'worked out by the server' : written === '' ? 'empty' : code(written)],
    ['Values', parameter.type === 'enum' ? (parameter.members ?? parameter.values ?? []).map(code).join(', ') : undefined],
    ['Range', rangeOf(parameter)],
    ['Units', parameter.unit === undefined ? undefined : `${unitsFor(parameter.unit).map(code).join(', ')}; a bare number counts ${parameter.unit}`],
    ['Takes effect', effects[parameter.context]],
    ['Versions', versionsOf(parameter.name)],
  ]);
}

function rangeOf({ type, unit, min, max, default: written = '' }: Parameter): string | undefined {
  if ((type !== 'integer' && type !== 'real') || min === undefined || max === undefined) return undefined;
  if (isOctal(written)) return `${code(min.toString(8).padStart(4, '0'))} to ${code(max.toString(8).padStart(4, '0'))} (octal)`;
  if (max > 1e300) return `from ${code(writeNumber(min, unit))} on`;
  const most = writeNumber(max, unit);
  return `${code(writeNumber(min, unit))} to ${unit !== undefined && /^\d{7}/.test(most) ? `about ${code(roundNumber(max, unit))}` : code(most)}`;
}

const effects: Readonly<Record<string, string>> = {
  postmaster: 'after a restart of the server',
  sighup: 'after a reload',
  'superuser-backend': 'after a reload, for new connections; superusers can choose when they connect',
  backend: 'after a reload, for new connections; clients can choose when they connect',
  superuser: 'after a reload; superusers can also set it per role, database or session',
  user: 'after a reload; every role can also set it for its own sessions',
  internal: 'never: it only tells how the server was built or started',
};

/** Undefined for what every supported version has. */
function versionsOf(name: string): string | undefined {
  const since = firstVersion(name, supportedVersions[0]);
  const removal = findRemoval(name, newestVersion);
  if (since === undefined && removal === undefined) return undefined;
  return [...(since === undefined ? [] : [`since PostgreSQL ${since}`]), ...(removal === undefined ? [] : [`gone since PostgreSQL ${removal.version}`])].join(', ');
}

/** A name that other versions know. */
function elsewhere(name: string, version: number, description: string | undefined): string | undefined {
  const removal = findRemoval(name, version);
  const since = firstVersion(name, version);
  if (removal === undefined && since === undefined) {
    return description === undefined ? undefined : paragraphs([`**${name}**${name.includes('.') ? ' · extension' : ''}`, description]);
  }
  const missing = removal === undefined
    ? `PostgreSQL ${version} does not know it yet: it came with PostgreSQL ${since}.`
    : `PostgreSQL ${version} does not know it any more: it went with PostgreSQL ${removal.version}${removal.successor === undefined ? '' : `, use ${code(removal.successor)}`}.`;
  return paragraphs([`**${name}**`, missing, description]);
}

function links({ name, category, versions }: Parameter): string | undefined {
  const page = Object.entries(pages).find(([start]) => category.startsWith(start))?.[1];
  const newest = Math.max(...versions);
  if (page === undefined) return undefined;
  const manual = newest === newestVersion ? 'current' : newest;
  return `[PostgreSQL manual](https://www.postgresql.org/docs/${manual}/runtime-config-${page}.html#GUC-${name.toUpperCase().replaceAll('_', '-')})`;
}

/** Pages of the manual by the beginning of a category. */
const pages: Readonly<Record<string, string>> = {
  'File Locations': 'file-locations', 'Connections and Authentication': 'connection', 'Resource Usage': 'resource', 'Write-Ahead Log': 'wal',
  Replication: 'replication', 'Query Tuning': 'query', 'Reporting and Logging': 'logging', Statistics: 'statistics', Vacuuming: 'vacuum',
  'Client Connection Defaults': 'client', 'Lock Management': 'locks', 'Version and Platform Compatibility': 'compatible',
  'Error Handling': 'error-handling', 'Preset Options': 'preset', 'Developer Options': 'developer',
};

function isOctal(written: string): boolean {
  return /^0[0-7]+$/.test(written);
}

function code(text: string): string {
  return `\`${text}\``;
}

function paragraphs(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join('\n\n');
}

function list(rows: readonly (readonly [string, string | undefined])[]): string {
  return rows.flatMap(([name, value]) => (value === undefined ? [] : [`- ${name}: ${value}`])).join('\n');
}
