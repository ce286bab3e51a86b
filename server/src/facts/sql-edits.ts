import type { Edit, Span } from '../text.ts';
import type { SqlCommand } from './sql-commands.ts';

/** Writes `text` at a place of the command; undefined where it cannot be written, as in a body whose quotes it would end. */
export function replaceIn(command: SqlCommand, span: Span, text: string, placeholder?: string): Edit | undefined {
  const written = command.quote(text);
  if (written === undefined) return undefined;
  const edit = { span: command.inFile(span), text: written };
  if (placeholder === undefined) return edit;
  const start = written.indexOf(placeholder);
  return { ...edit, placeholders: [{ start, end: start + placeholder.length }] };
}

/** Takes words out of the command together with the blanks in front of them. */
export function removeFrom(command: SqlCommand, { start, end }: Span): Edit {
  const before = command.written.text.slice(0, start).trimEnd().length;
  return { span: command.inFile({ start: before, end }), text: '' };
}

/** Takes one of several things out of a list together with its comma. */
export function removeFromList(command: SqlCommand, items: readonly Span[], item: Span): Edit {
  const index = items.indexOf(item);
  if (index > 0) return { span: command.inFile({ start: items[index - 1]!.end, end: item.end }), text: '' };
  return { span: command.inFile({ start: item.start, end: items[1]!.start }), text: '' };
}

/**
 * Takes the whole command out of the file, with the line or lines that it alone stands on. Undefined where comments inside of it would
 * get lost, and for one that is no statement of its own: the text of an EXECUTE, the end of a file without a semicolon inside a body.
 */
export function removeCommand(file: string, command: SqlCommand): Edit | undefined {
  const { written, inside, statement } = command;
  if (written.tokens.some(({ kind }) => kind === 'comment')) return undefined;
  const { start, end } = command.inFile({ start: 0, end: written.text.length });
  if (file.slice(start, end) !== written.text) return undefined;
  const semicolon = inside === 'file' ? statement.end : end + (/^\s*;/.exec(file.slice(end))?.[0].length ?? 0);
  if (semicolon === end && (inside !== 'file' || file.slice(end).trim() !== '')) return undefined;
  return { span: wholeLines(file, { start, end: semicolon }), text: '' };
}

/** The span with the line breaks behind it, when nothing else stands on its lines. */
function wholeLines(text: string, { start, end }: Span): Span {
  const first = text.lastIndexOf('\n', start - 1) + 1;
  const rest = /^[^\S\r\n]*(\r?\n|$)/.exec(text.slice(end, end + 1000));
  if (text.slice(first, start).trim() !== '' || rest === null) return { start, end };
  return { start: first, end: end + rest[0].length };
}
