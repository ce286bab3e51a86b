import type { Edit, Span } from '../../text.ts';
import type { SqlCommand } from './sql-commands.ts';

/** Replaces `span` of a command; no edit where the text cannot be written. `ask`: the part of `text` that a person has to write. */
export function replaceIn(command: SqlCommand, span: Span, text: string, ask?: string): Edit[] {
  const written = command.quote(text);
  if (written === undefined) return [];
  const at = ask === undefined ? -1 : written.indexOf(ask);
  const edit = { span: command.inFile(span), text: written };
  return [at < 0 ? edit : { ...edit, placeholders: [{ start: at, end: at + ask!.length }] }];
}

/** Takes `span` out of a command, together with the blanks in front of it. */
export function removeFrom(command: SqlCommand, span: Span): Edit[] {
  const { text } = command.written;
  let { start } = span;
  while (start > 0 && /\s/.test(text[start - 1]!)) start--;
  // A line comment would swallow what follows it.
  if (/--[^\r\n]*$/.test(text.slice(0, start))) start = span.start;
  return replaceIn(command, { start, end: span.end }, '');
}

/** Takes one of several things that are separated by commas out of a command. */
export function removeFromList(command: SqlCommand, items: readonly Span[], item: Span): Edit[] {
  const index = items.indexOf(item);
  const next = items[index + 1];
  const before = items[index - 1];
  if (next) return replaceIn(command, { start: item.start, end: next.start }, '');
  return before ? replaceIn(command, { start: before.end, end: item.end }, '') : [];
}

/** Takes a whole statement out of a file, with its semicolon, and with its lines when nothing else stands on them. */
export function removeStatement(text: string, { start, end }: Span): Edit {
  const semicolon = /^\s*;/.exec(text.slice(end))?.[0].length ?? 0;
  const behind = end + semicolon;
  const line = /(^|[\r\n])[^\S\r\n]*$/.exec(text.slice(0, start));
  const rest = /^[^\S\r\n]*(\r\n|\r|\n|$)/.exec(text.slice(behind));
  if (!line || !rest) return { span: { start, end: behind }, text: '' };
  return { span: { start: line.index + line[1]!.length, end: behind + rest[0].length }, text: '' };
}

/**
 * Takes a command out, wherever it stands. No edit where comments inside of it would get lost, and for one that is no statement of
 * its own: the text of an EXECUTE, the last one of a body without a semicolon.
 */
export function removeCommand(file: string, { written, inside, inFile }: SqlCommand): Edit[] {
  if (written.tokens.some(({ kind }) => kind === 'comment')) return [];
  const span = inFile({ start: 0, end: written.text.length });
  if (file.slice(span.start, span.end) !== written.text) return [];
  const ended = /^\s*;/.test(file.slice(span.end)) || (inside === 'file' && file.slice(span.end).trim() === '');
  return ended ? [removeStatement(file, span)] : [];
}
