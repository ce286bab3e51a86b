import type { Document } from '../../document.ts';
import { folderOf, resolvePath } from '../../paths.ts';
import { parseHba, type HbaFile, type HbaLine, type HbaRecord, type HbaToken } from '../../syntax/hba.ts';
import { tokenize } from '../../syntax/hba-tokens.ts';
import { shown } from '../../syntax/hba-words.ts';
import type { Span } from '../../text.ts';
import { confFilesIn, deepestInclude } from '../conf/includes.ts';
import type { Entry } from './order.ts';

/** What the server reads in one pg_hba.conf and in the files it includes, in that order. */
export type Loaded = LoadedRecord | LoadedProblem;

/** A record with the tokens of its `@file`s in place. A file that cannot be seen stays as its token. */
export interface LoadedRecord extends Entry {
  readonly path: string;
}

/** A line that makes the server refuse everything (`refused`), or one of which it is not known what the server reads there. */
export interface LoadedProblem {
  readonly path: string;
  readonly line: HbaLine;
  readonly at: Span;
  readonly refused: boolean;
  /** A clause such as `"hots" is not a connection type`. */
  readonly why: string;
}

/** Folders that include each other multiply. */
const mostFiles = 1000;

interface Reading {
  readonly document: Document;
  files: number;
}

export function* loadedLines(document: Document, file: HbaFile): Iterable<Loaded> {
  yield* readFile({ document, files: 0 }, document.path, file, 0);
}

export function isLoadedRecord(loaded: Loaded): loaded is LoadedRecord {
  return 'record' in loaded;
}

function* readFile(reading: Reading, path: string, file: HbaFile, depth: number): Iterable<Loaded> {
  for (const line of file.lines) {
    if (line.error) yield { path, line, at: line.error.at, refused: true, why: line.error.message };
    else if (line.include) yield* readInclude(reading, path, line, depth);
    else if ('method' in line) yield* readRecord(reading, path, line as HbaRecord, depth);
    else yield { path, line, at: line.span, refused: false, why: 'what stands here once the placeholders are filled in is not known' };
  }
}

function* readInclude(reading: Reading, path: string, line: HbaLine, depth: number): Iterable<Loaded> {
  const { kind, target } = line.include!;
  const problem = (refused: boolean, why: string): LoadedProblem => ({ path, line, at: target.span, refused, why });
  const { files, version } = reading.document;
  const named = resolvePath(folderOf(path), target.text);
  if (kind === 'include_dir' && files.list(named).length === 0) {
    return yield files.missing(named) ? problem(true, `the folder ${shown(target.text)} does not exist`) : problem(false, `what lies in the folder ${shown(target.text)} is not known`);
  }
  const found = kind === 'include_dir' ? confFilesIn(files, named) : [named];
  for (const included of found) {
    const text = depth < deepestInclude && reading.files++ < mostFiles ? files.read(included) : undefined;
    if (text !== undefined) yield* readFile(reading, included, parseHba(text, version), depth + 1);
    else if (depth >= deepestInclude) yield problem(true, `includes nest deeper than ${deepestInclude}`);
    else if (!files.missing(included)) yield problem(false, `the file ${shown(target.text)} cannot be seen`);
    else if (kind !== 'include_if_exists') yield problem(true, `the file ${shown(target.text)} does not exist`);
  }
}

function* readRecord(reading: Reading, path: string, record: HbaRecord, depth: number): Iterable<Loaded> {
  const broken: HbaToken[] = [];
  const names = (tokens: readonly HbaToken[]) => expanded(reading.document, path, tokens, depth, broken);
  const entry = { path, record, databases: names(record.databases), users: names(record.users) };
  const empty = entry.databases.length === 0 ? record.databases[0] : entry.users.length === 0 ? record.users[0] : undefined;
  const refusal = (token: HbaToken, what: string): LoadedProblem => ({ path, line: record, at: token.span, refused: true, why: `the file ${shown(token.file!)} ${what}` });
  if (broken[0]) yield refusal(broken[0], 'does not exist');
  // The server forgets a column of no words, and takes the next one for it.
  else if (empty) yield refusal(empty, 'holds no name');
  else yield entry;
}

/** A token `@file` becomes the tokens of that file; it stays where the file cannot be seen. */
function expanded(document: Document, path: string, tokens: readonly HbaToken[], depth: number, broken: HbaToken[]): readonly HbaToken[] {
  if (tokens.every((token) => token.file === undefined)) return tokens;
  return tokens.flatMap((token) => {
    if (token.file === undefined) return [token];
    const target = resolvePath(folderOf(path), token.file);
    const text = depth < deepestInclude ? document.files.read(target) : undefined;
    if (text !== undefined) return expanded(document, target, tokenize(text, document.version).flatMap((line) => line.fields.flat()), depth + 1, broken);
    if (depth >= deepestInclude || document.files.missing(target)) broken.push(token);
    return [token];
  });
}
