import type { Written } from '../document.ts';
import type { Span } from '../text.ts';
import { includeOf, lineOf, type HbaError, type HbaLine } from './hba.ts';
import { isKeyword, tokenize, type HbaToken, type TokenLine } from './hba-tokens.ts';
import { shown } from './hba-words.ts';
import { regexError } from './regex.ts';

/** A pg_ident.conf as written. Every input gives one. */
export interface IdentFile extends Written {
  /** Every logical line that is not blank or a comment, in order. */
  readonly lines: readonly IdentLine[];
  /** The lines that are map entries a server would accept, in order. */
  readonly records: readonly IdentRecord[];
}

export type IdentLine = HbaLine;

/** One entry of a map: who may come in as whom. */
export interface IdentRecord extends IdentLine {
  readonly map: HbaToken;
  readonly systemUser: IdentName;
  readonly databaseUser: IdentName;
  /** Fields behind the third, which the server ignores. */
  readonly ignored: readonly HbaToken[];
}

export interface IdentName extends HbaToken {
  /** How the server reads it. Only `all`, `+role` and `/regex` of a database user depend on the version. */
  readonly kind: 'name' | 'all' | 'member' | 'regex';
}

export function parseIdent(text: string, version: number): IdentFile {
  const lines: IdentLine[] = [];
  const records: IdentRecord[] = [];
  const comments: Span[] = [];
  for (const tokenLine of tokenize(text, version)) {
    if (tokenLine.comment) comments.push(tokenLine.comment);
    if (tokenLine.fields.length === 0) continue;
    const line = readLine(tokenLine, version);
    lines.push(line);
    if (isRecord(line)) records.push(line);
  }
  return { lines, records, comments, units: lines.map((line) => line.span) };
}

function isRecord(line: IdentLine): line is IdentRecord {
  return 'map' in line;
}

function readLine(tokenLine: TokenLine, version: number): IdentLine {
  const line = lineOf(tokenLine);
  if (line.template) return line;
  if (tokenLine.error) return { ...line, error: tokenLine.error };
  const include = includeOf(line, version);
  if (include?.target.file !== undefined) return { ...line, template: true };
  if (include) return { ...line, include };
  const fields = line.fields.slice(0, 3);
  if (fields.flat().some((token) => token.file !== undefined)) return { ...line, template: true };
  const error = severalIn(fields) ?? (fields.length < 3 ? { at: line.span, message: 'a map entry has three columns, here are fewer' } : undefined);
  if (error) return { ...line, error };
  const [map, systemUser, databaseUser] = fields.map((tokens) => tokens[0]!) as [HbaToken, HbaToken, HbaToken];
  const record: IdentRecord = {
    ...line, map,
    systemUser: { ...systemUser, kind: systemUser.text.startsWith('/') ? 'regex' : 'name' },
    databaseUser: { ...databaseUser, kind: databaseUserKind(databaseUser, version) },
    ignored: line.fields.slice(3).flat(),
  };
  const wrong = brokenRegex(record.systemUser, version) ?? brokenRegex(record.databaseUser, version);
  return wrong ? { ...line, error: wrong } : record;
}

function severalIn(fields: readonly (readonly HbaToken[])[]): HbaError | undefined {
  for (const tokens of fields) {
    if (tokens.length > 1) return { at: { start: tokens[0]!.span.start, end: tokens.at(-1)!.span.end }, message: 'a column of a map entry holds one name' };
  }
  return undefined;
}

function databaseUserKind(token: HbaToken, version: number): IdentName['kind'] {
  if (version < 16) return 'name';
  if (isKeyword(token, 'all')) return 'all';
  if (token.text.startsWith('/')) return 'regex';
  return !token.quoted && token.text.startsWith('+') ? 'member' : 'name';
}

function brokenRegex(name: IdentName, version: number): HbaError | undefined {
  const wrong = name.kind === 'regex' ? regexError(name.text.slice(1), version) : undefined;
  return wrong === undefined ? undefined : { at: name.span, message: `the regular expression ${shown(name.text)} has ${wrong}` };
}
