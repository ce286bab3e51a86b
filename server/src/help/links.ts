import type { Document } from '../document.ts';
import { readConf, readHba, readIdent } from '../facts/reading.ts';
import { confFilesIn } from '../facts/conf/includes.ts';
import { baseName, folderOf, resolvePath } from '../paths.ts';
import type { HbaLine, HbaToken } from '../syntax/hba.ts';
import type { Span } from '../text.ts';
import { settingsAround } from './conf-hover.ts';
import { mentions } from './maps.ts';

/** A name of another file. */
export interface FileName {
  readonly span: Span;
  /** Where it may lie, the likeliest first; the first one that is there is meant. */
  readonly paths: readonly string[];
}

/** A place to go to. */
export interface Target {
  readonly path: string;
  readonly span: Span;
}

export interface Definition {
  /** What was asked about. */
  readonly span: Span;
  readonly targets: readonly Target[];
}

/** The names of files in a configuration file. */
export function fileNamesOf(document: Document): FileName[] {
  const folder = folderOf(document.path);
  switch (document.language) {
    case 'conf': return confNames(document, folder);
    case 'hba': return readHba(document).file.lines.flatMap((line) => lineNames(folder, line));
    case 'ident': return readIdent(document).file.lines.flatMap((line) => lineNames(folder, line));
    case 'sql': return [];
  }
}

/** What is behind the word at a place: another file, the entries of a map, the setting that is in force. */
export function definitionAt(document: Document, offset: number): Definition | undefined {
  const file = fileNamesOf(document).find(({ span }) => touches(span, offset));
  if (file !== undefined) return { span: file.span, targets: filesOf(document, file).map((path) => ({ path, span: { start: 0, end: 0 } })) };
  return document.language === 'conf' ? settingInForce(document, offset) : mapEntries(document, offset);
}

/** Of a folder that is included, the files in it. */
function filesOf({ files }: Document, { paths }: FileName): string[] {
  for (const path of paths) {
    if (files.read(path) !== undefined) return [path];
    const inside = confFilesIn(files, path);
    if (inside.length > 0) return inside;
  }
  return [];
}

const fileParameters = /^(hba_file|ident_file|ssl_(cert|key|ca|crl|dh_params)_file|krb_server_keyfile)$/i;

function confNames(document: Document, folder: string): FileName[] {
  const { settings, includes } = readConf(document).file;
  const names = [...includes.map(({ target }) => target), ...settings.filter(({ name, template }) => !template && fileParameters.test(name.text)).map(({ value }) => value)]
    .filter(({ text }) => text !== '').map((value): FileName => ({ span: unquoted(value), paths: likely(folder, value.text) }));
  // A folder cannot be opened; what ALTER SYSTEM writes into it can.
  const data = settings.filter(({ name, value, template }) => !template && name.text.toLowerCase() === 'data_directory' && value.text !== '')
    .map(({ value }): FileName => ({ span: unquoted(value), paths: [resolvePath(folder, `${value.text}/postgresql.auto.conf`)] }));
  return [...names, ...data].sort((a, b) => a.span.start - b.span.start);
}

/** A path of the server may be nowhere here, but the file beside this one. */
function likely(folder: string, name: string): string[] {
  return [...new Set([resolvePath(folder, name), ...(name.startsWith('/') ? [resolvePath(folder, baseName(name))] : [])])];
}

function unquoted({ span, quoted }: { readonly span: Span; readonly quoted: boolean }): Span {
  return quoted ? { start: span.start + 1, end: span.end - 1 } : span;
}

function lineNames(folder: string, { include, fields }: HbaLine): FileName[] {
  if (include !== undefined) return [{ span: include.target.span, paths: likely(folder, include.target.text) }];
  return fields.flat().filter(isAtFile).map(({ span, file }) => ({ span, paths: likely(folder, file!) }));
}

function isAtFile({ file }: HbaToken): boolean {
  return file !== undefined;
}

function mapEntries(document: Document, offset: number): Definition | undefined {
  const all = mentions(document);
  const here = all.find(({ path, span, defines }) => !defines && path === document.path && span !== undefined && touches(span, offset));
  if (here === undefined) return undefined;
  return { span: here.span!, targets: all.filter(({ defines, name }) => defines && name === here.name).map(({ path, span, line }) => ({ path, span: span ?? line })) };
}

function settingInForce(document: Document, offset: number): Definition | undefined {
  const here = readConf(document).file.settings.find(({ name }) => touches(name.span, offset));
  const winner = here && settingsAround(document).get(here.name.text);
  return here && winner && { span: here.name.span, targets: [{ path: winner.path, span: winner.setting.name.span }] };
}

function touches({ start, end }: Span, offset: number): boolean {
  return start <= offset && offset <= end;
}
