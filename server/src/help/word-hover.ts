import { addressWords, databaseWords, includeWords, methodWords, optionWords, typeWords, userWords, type HbaWord } from '../catalog/hba-words.ts';
import type { Document } from '../document.ts';
import { readHba, readIdent } from '../facts/reading.ts';
import type { HbaLine, HbaToken } from '../syntax/hba.ts';
import { columnOf, type HbaColumn } from './hba-columns.ts';
import type { Note } from './note.ts';

/** The keyword, method, option or network of pg_hba.conf that stands at a place. */
export function hbaNoteAt(document: Document, offset: number): Note | undefined {
  const found = tokenAt(readHba(document).file.lines, offset);
  if (found === undefined || found.token.file !== undefined) return undefined;
  const { token, line, index } = found;
  const column = columnOf(line.fields.slice(0, index));
  if (column === 'option') return optionNote(token, offset, document);
  const word = token.quoted ? undefined : wordsOf[column]?.find((one) => one.word === token.text);
  if (word !== undefined) return { span: token.span, text: textOf(word, document.version) };
  return roleNote(token, column);
}

/** The pattern or keyword of pg_ident.conf that stands at a place. */
export function identNoteAt(document: Document, offset: number): Note | undefined {
  const record = readIdent(document).records.find(({ span }) => span.start <= offset && offset <= span.end);
  if (record === undefined) return undefined;
  const { systemUser, databaseUser } = record;
  if (touches(systemUser, offset) && systemUser.kind === 'regex') return { span: systemUser.span, text: 'Regular expression, from `/` on. Without `^` and `$` it also fits names that only contain it.' };
  if (!touches(databaseUser, offset)) return undefined;
  const text = databaseUser.text.includes('\\1') && systemUser.kind === 'regex' ? '`\\1` is what the first parentheses of the regular expression matched.' : identKinds[databaseUser.kind];
  return text === undefined ? undefined : { span: databaseUser.span, text };
}

const identKinds: Readonly<Record<string, string>> = {
  all: '**all** · Every role.\n\nWhoever has this system user name may be any role, superusers included.',
  member: 'Every direct or indirect member of the role behind `+`.',
  regex: 'Regular expression, from `/` on: every role whose name fits.',
};

const wordsOf: Readonly<Partial<Record<HbaColumn, readonly HbaWord[]>>> = {
  type: [...typeWords, ...includeWords], database: databaseWords, user: userWords, address: addressWords, method: methodWords,
};

interface Found {
  readonly token: HbaToken;
  readonly line: HbaLine;
  /** Of the field that holds the token. */
  readonly index: number;
}

function tokenAt(lines: readonly HbaLine[], offset: number): Found | undefined {
  const line = lineAt(lines, offset);
  const index = line?.fields.findIndex((tokens) => tokens.some((token) => touches(token, offset))) ?? -1;
  return line === undefined || index < 0 ? undefined : { token: line.fields[index]!.find((token) => touches(token, offset))!, line, index };
}

/** The logical line at an offset, in a file of any length. */
export function lineAt(lines: readonly HbaLine[], offset: number): HbaLine | undefined {
  let low = 0;
  let high = lines.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lines[middle]!.line.end < offset) low = middle + 1;
    else high = middle;
  }
  const line = lines[low];
  return line !== undefined && line.line.start <= offset && offset <= line.line.end ? line : undefined;
}

function touches({ span }: HbaToken, offset: number): boolean {
  return span.start <= offset && offset <= span.end;
}

function textOf({ word, meaning, note, since = 0 }: HbaWord, version: number): string {
  const unknown = since > version ? [`PostgreSQL ${version} does not know it yet: it came with PostgreSQL ${since}.`] : [];
  return [`**${word}** · ${meaning}`, ...(note === undefined ? [] : [note]), ...unknown].join('\n\n');
}

function optionNote(token: HbaToken, offset: number, { text, version }: Document): Note | undefined {
  const [name, value] = token.text.split(/=(.*)/s);
  const option = optionWords.find(({ word }) => word === name);
  if (option === undefined) return undefined;
  const equals = text.indexOf('=', token.span.start);
  const meaning = equals >= 0 && offset > equals ? option.values?.find(({ word }) => word === value)?.meaning : undefined;
  return { span: token.span, text: `${meaning === undefined ? '' : `\`${value}\`: ${meaning}\n\n`}${textOf(option, version)}` };
}

function roleNote(token: HbaToken, column: HbaColumn): Note | undefined {
  if (column === 'user' && !token.quoted && /^\+./.test(token.text)) return { span: token.span, text: 'Every direct or indirect member of the role behind `+`.' };
  return undefined;
}
