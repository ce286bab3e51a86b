import type { Edit } from '../../text.ts';
import type { Statement } from '../../syntax/sql/statements.ts';

/**
 * Writes statements on the lines behind `statement`, with the same indentation. Undefined when it ends without a semicolon
 * before the file does, as in `\g`, or inside a quote that nobody closed.
 */
export function append(text: string, statement: Statement, lines: readonly string[]): Edit | undefined {
  if (!statement.terminated && text.slice(statement.end).trim() !== '') return undefined;
  if (statement.written.tokens.at(-1)?.unterminated) return undefined;
  const rest = /^[^\S\r\n]*--[^\r\n]*/.exec(text.slice(statement.end));
  const at = statement.end + (statement.terminated && rest ? rest[0].length : 0);
  const newline = lineEnd(text, statement.span.start) + indentation(text, statement.span.start);
  const semicolon = statement.terminated ? '' : ';';
  return { span: { start: at, end: at }, text: semicolon + lines.map((line) => newline + line).join('') };
}

function lineEnd(text: string, at: number): string {
  const next = text.indexOf('\n', at);
  const end = next >= 0 ? next : text.indexOf('\n');
  return end > 0 && text[end - 1] === '\r' ? '\r\n' : '\n';
}

/** What is in front of a statement that stands first in its line. */
function indentation(text: string, at: number): string {
  return /(?:^|[\r\n])([^\S\r\n]*)$/.exec(text.slice(Math.max(0, at - 200), at))?.[1] ?? '';
}

/** The edit with the user's part of a text that starts at `offset` in the edit's text. */
export function withPlaceholder(edit: Edit, offset: number, placeholder: { readonly start: number; readonly end: number } | undefined): Edit {
  if (!placeholder) return edit;
  return { ...edit, placeholders: [{ start: offset + placeholder.start, end: offset + placeholder.end }] };
}
