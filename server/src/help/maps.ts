import type { Document } from '../document.ts';
import { readHba, readIdent } from '../facts/reading.ts';
import { confFilesIn } from '../facts/conf/includes.ts';
import { resolvePath, folderOf } from '../paths.ts';
import { parseHba, type HbaLine, type HbaToken } from '../syntax/hba.ts';
import { readOptions } from '../syntax/hba-options.ts';
import { parseIdent } from '../syntax/ident.ts';
import type { Span } from '../text.ts';

/** One mention of a map, in pg_ident.conf where it is defined or behind `map=` in pg_hba.conf where it is used. */
export interface MapMention {
  readonly path: string;
  readonly name: string;
  /** The name alone, without quotes. Undefined when quotes stand inside it. */
  readonly span: Span | undefined;
  readonly defines: boolean;
  /** The whole entry or record. */
  readonly line: Span;
}

/** Every mention in the files of the cluster that are known, those of this document first. */
export function mentions(document: Document): MapMention[] {
  if (document.language !== 'hba' && document.language !== 'ident') return [];
  const other = document.language === 'hba' ? readHba(document).cluster.ident : readIdent(document).cluster.hba;
  return [...mentionsIn(document, new Set()), ...(other === undefined ? [] : mentionsIn(other.document, new Set()))];
}

/** The names of the maps, defined or used, in order of appearance; those of pg_ident.conf first. */
export function mapNames(document: Document): string[] {
  const all = mentions(document);
  return [...new Set([...all.filter(({ defines }) => defines), ...all].map(({ name }) => name))].filter((name) => name !== '');
}

/** The mentions in a file and in those that it includes. */
function mentionsIn(document: Document, seen: Set<string>): MapMention[] {
  const { path, text, version, language } = document;
  if (seen.has(path)) return [];
  seen.add(path);
  const { lines } = language === 'hba' ? parseHba(text, version) : parseIdent(text, version);
  return lines.flatMap((line) => (line.include === undefined
    ? language === 'hba' ? usesIn(document, line) : definitionsIn(document, line)
    : includedFiles(document, line).flatMap((file) => mentionsIn({ ...document, path: file, text: document.files.read(file)! }, seen))));
}

function includedFiles({ path, files }: Document, { include }: HbaLine): string[] {
  const target = resolvePath(folderOf(path), include!.target.text);
  const paths = include!.kind === 'include_dir'
    ? confFilesIn(files, target)
    : [target];
  return paths.filter((file) => files.read(file) !== undefined);
}

/** Broken and half written records count too, so that a new name reaches all of them. */
function usesIn({ path, text }: Document, { fields, span }: HbaLine): MapMention[] {
  return readOptions(text, fields.slice(4).flat()).flatMap(({ name, value, valueSpan }) => (name === 'map' && value !== undefined
    ? { path, name: value, span: isExact(text, valueSpan, value) ? valueSpan : undefined, defines: false, line: span }
    : []));
}

function definitionsIn({ path, text }: Document, { fields, span }: HbaLine): MapMention[] {
  const token = fields[0]?.length === 1 ? fields[0][0] : undefined;
  if (token === undefined || token.file !== undefined) return [];
  return [{ path, name: token.text, span: nameSpan(text, token), defines: true, line: span }];
}

function nameSpan(text: string, { span, text: name }: HbaToken): Span | undefined {
  if (isExact(text, span, name)) return span;
  const inside = { start: span.start + 1, end: span.end - 1 };
  return text[span.start] === '"' && isExact(text, inside, name) ? inside : undefined;
}

function isExact(text: string, span: Span, name: string): boolean {
  return text.slice(span.start, span.end) === name;
}
