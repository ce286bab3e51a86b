import { readBoolean, readNumber } from '../../catalog/numbers.ts';
import { canonicalName, findParameter } from '../../catalog/parameters.ts';
import type { Document } from '../../document.ts';
import { baseName, folderOf, resolvePath } from '../../paths.ts';
import type { ConfFile, ConfInclude, ConfSetting } from '../../syntax/conf.ts';
import { parseConf } from '../../syntax/conf.ts';
import type { Span } from '../../text.ts';
import { clusterOf, type Cluster } from '../cluster.ts';
import { confFilesIn, deepestInclude } from './includes.ts';
import { isTrial } from '../place.ts';

/** What a postgresql.conf means. */
export interface ConfFacts {
  readonly document: Document;
  readonly file: ConfFile;
  /** The settings in force when the server starts with this file: includes followed, last one wins, then postgresql.auto.conf beside it. */
  readonly settings: Settings;
  /** True for a root postgresql.conf: not an include fragment, not postgresql.auto.conf, at least one connection or logging parameter. */
  readonly root: boolean;
  /** The other files of the same server. A fragment and postgresql.auto.conf have none. */
  readonly cluster: Cluster;
  /** The file is for a container, a test or an example. */
  readonly trial: boolean;
}

export interface Settings {
  /** The setting in force, or undefined when no file sets it. `name` in any case; old names are mapped. */
  get(name: string): SettingInForce | undefined;
  /** The value in force, or the server's default for the version; undefined for an unknown parameter. Unquoted text as the server would show it. */
  value(name: string): string | undefined;
  /** A Boolean parameter's value in force as the server reads it (`tru`, `ON`, `1`), or its default; undefined when it is not a Boolean or a template. */
  flag(name: string): boolean | undefined;
  /** A number in force, or the default, in the unit of a bare number of that parameter; undefined when it is none or a template. */
  number(name: string): number | undefined;
  /** The entries of a list in force, or of the default, as the server splits it; undefined when it is a template. */
  list(name: string): readonly string[] | undefined;
  readonly all: readonly SettingInForce[];
  /** Every setting in the order in which the server reads them, those of included files and of postgresql.auto.conf among them. */
  readonly written: readonly SettingInForce[];
  /** The settings whose values the server looks at: of several with exactly the same spelling of the name only the last one. */
  readonly examined: readonly SettingInForce[];
  /** False when a file could not be read or a template may set anything: what is unset here may be set all the same. */
  readonly complete: boolean;
  /** Every file that was read for it. */
  readonly paths: ReadonlySet<string>;
}

export interface SettingInForce {
  readonly setting: ConfSetting;
  /** The file that holds it. */
  readonly path: string;
}

export function confFacts(document: Document): ConfFacts {
  const file = parseConf(document.text);
  const settings = readSettings(document, file);
  return { document, file, settings, root: isRoot(document, file), cluster: clusterOf(document), trial: isTrial(document) };
}

/** The setting in force if it is written in this very document: only there a finding about it can be shown and mended. */
export function settingHere({ settings, document }: ConfFacts, name: string): ConfSetting | undefined {
  const found = settings.get(name);
  return found !== undefined && found.path === document.path && !found.setting.template ? found.setting : undefined;
}

/** A Boolean parameter that is set here to `value`, in whatever spelling. */
export function flagHere(facts: ConfFacts, name: string, value: boolean): ConfSetting | undefined {
  const setting = settingHere(facts, name);
  return setting !== undefined && facts.settings.flag(name) === value ? setting : undefined;
}

/** An enumeration or a keyword that is set here to one of `words`, given in lower case. */
export function wordHere(facts: ConfFacts, name: string, words: readonly string[]): ConfSetting | undefined {
  const setting = settingHere(facts, name);
  return setting !== undefined && words.includes(setting.value.text.toLowerCase()) ? setting : undefined;
}

/** A number that is set here, in the unit of a bare number of that parameter; undefined when the server would refuse it. */
export function numberHere(facts: ConfFacts, name: string): { readonly setting: ConfSetting; readonly number: number } | undefined {
  const setting = settingHere(facts, name);
  const number = setting && facts.settings.number(name);
  return number === undefined ? undefined : { setting: setting!, number };
}

/** The value in force is known: written in plain text, or left to the default by a root postgresql.conf all of whose files are at hand. */
export function isKnown({ root, settings }: ConfFacts, name: string): boolean {
  const written = settings.get(name);
  return written === undefined ? root && settings.complete : !written.setting.template;
}

/** Where a finding about a parameter belongs. */
export interface Place {
  readonly at: Span;
  /** No file sets it; `at` is line 1. */
  readonly unset: boolean;
}

/** The value of a parameter that is set here, or line 1 of a root postgresql.conf when no file sets it. */
export function placeOf(facts: ConfFacts, name: string): Place | undefined {
  const setting = settingHere(facts, name);
  if (setting !== undefined) return { at: setting.value.span, unset: false };
  const at = unset(facts, name);
  return at && { at, unset: true };
}

/** The place of a Boolean that is off, because it is written here or by default. */
export function switchedOff(facts: ConfFacts, name: string): Place | undefined {
  return facts.settings.flag(name) === false ? placeOf(facts, name) : undefined;
}

/** For postgresql.auto.conf: what the postgresql.conf in the same folder sets, before ALTER SYSTEM has the last word. */
export function settingsBelowAuto({ document }: ConfFacts): Settings | undefined {
  if (baseName(document.path) !== 'postgresql.auto.conf') return undefined;
  const path = resolvePath(folderOf(document.path), 'postgresql.conf');
  const text = document.files.read(path);
  return text === undefined ? undefined : readSettings({ ...document, path, text }, parseConf(text), false);
}

/**
 * The place to report a parameter that no file of a root postgresql.conf sets: its first line. Undefined when it is set, and
 * where that is not known: in a fragment, behind a template, behind an include that cannot be read.
 */
export function unset({ document: { text }, root, settings }: ConfFacts, name: string): Span | undefined {
  if (!root || !settings.complete || settings.get(name) !== undefined) return undefined;
  return { start: 0, end: /^[^\r\n]*/.exec(text)![0].length };
}

function readSettings(document: Document, file: ConfFile, auto = true): Settings {
  const reading: Reading = { document, found: new Map(), examined: new Map(), written: [], complete: true, paths: new Set() };
  readFile(reading, document.path, file, 0);
  if (auto) readAutoConf(reading);
  const { found } = reading;
  const get = (name: string) => found.get(canonicalName(name, document.version));
  return {
    get,
    all: [...found.values()],
    examined: [...reading.examined.values()],
    written: reading.written,
    complete: reading.complete,
    paths: reading.paths,
    value: (name) => get(name)?.setting.value.text ?? findParameter(name, document.version)?.default,
    flag(name) {
      const parameter = findParameter(name, document.version);
      const written = get(name)?.setting;
      if (parameter?.type !== 'bool' || written?.template) return undefined;
      return readBoolean(written?.value.text ?? parameter.default ?? '');
    },
    number(name) {
      const parameter = findParameter(name, document.version);
      const written = get(name)?.setting;
      if ((parameter?.type !== 'integer' && parameter?.type !== 'real') || written?.template) return undefined;
      const number = readNumber(written?.value.text ?? parameter.default ?? '', parameter.type, parameter.unit);
      return typeof number === 'number' ? number : undefined;
    },
    list(name) {
      const written = get(name)?.setting;
      if (written?.template) return undefined;
      return splitList(written?.value.text ?? findParameter(name, document.version)?.default ?? '');
    },
  };
}

/** A list of names: commas between them, blanks and double quotes around them. */
export function splitList(text: string): string[] {
  return text.split(',').map((entry) => entry.trim().replace(/^"(.*)"$/, '$1')).filter((entry) => entry !== '');
}

interface Reading {
  readonly document: Document;
  readonly found: Map<string, SettingInForce>;
  readonly examined: Map<string, SettingInForce>;
  readonly written: SettingInForce[];
  complete: boolean;
  readonly paths: Set<string>;
}

/** The depth limit is the server's own and also what ends a file that includes itself. */
function readFile(reading: Reading, path: string, file: ConfFile, depth: number): void {
  reading.paths.add(path);
  if (file.unknown.length > 0 || file.problems.length > 0) reading.complete = false;
  const items = [...file.settings, ...file.includes].sort((a, b) => a.span.start - b.span.start);
  for (const item of items) {
    if ('kind' in item) {
      readInclude(reading, path, item, depth);
      continue;
    }
    const inForce = { setting: item, path };
    reading.found.set(canonicalName(item.name.text, reading.document.version), inForce);
    reading.examined.set(item.name.text, inForce);
    reading.written.push(inForce);
  }
}

function readInclude(reading: Reading, from: string, { kind, target }: ConfInclude, depth: number): void {
  const path = resolvePath(folderOf(from), target.text);
  if (kind !== 'include_dir') return readPath(reading, path, depth, kind === 'include_if_exists');
  for (const file of confFilesIn(reading.document.files, path)) readPath(reading, file, depth, false);
}

function readPath(reading: Reading, path: string, depth: number, optional: boolean): void {
  const text = depth < deepestInclude ? reading.document.files.read(path) : undefined;
  if (text !== undefined) readFile(reading, path, parseConf(text), depth + 1);
  else if (!optional) reading.complete = false;
}

/** ALTER SYSTEM writes into the data directory, which is where postgresql.conf lies unless it says otherwise. */
function readAutoConf(reading: Reading): void {
  const { path, files } = reading.document;
  if (baseName(path) === 'postgresql.auto.conf') return;
  const elsewhere = reading.found.get('data_directory')?.setting;
  const folder = elsewhere === undefined || elsewhere.template ? folderOf(path) : resolvePath(folderOf(path), elsewhere.value.text);
  const auto = resolvePath(folder, 'postgresql.auto.conf');
  const text = files.read(auto);
  if (text !== undefined) readFile(reading, auto, parseConf(text), deepestInclude);
}

function isRoot({ path, version, files }: Document, file: ConfFile): boolean {
  const name = baseName(path);
  const folder = folderOf(path);
  if (/^(postgresql\.auto\.conf|recovery\.(conf|done))$/.test(name) || /\.d$/.test(folder)) return false;
  // A second file beside postgresql.conf is there to be included by it.
  if (name !== 'postgresql.conf' && files.read(resolvePath(folder, 'postgresql.conf')) !== undefined) return false;
  return file.settings.some((setting) => /^(Connections|Reporting)/.test(findParameter(setting.name.text, version)?.category ?? ''));
}
