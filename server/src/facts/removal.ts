import type { Statement } from '../syntax/sql/statements.ts';
import type { Edit } from '../text.ts';

/** Takes a statement out, with its semicolon and, where it stands alone on its lines, with their end. */
export function deleteStatement(text: string, { span, end }: Statement): Edit {
  const before = /(^|[\r\n])[^\S\r\n]*$/.exec(text.slice(0, span.start));
  const after = /^[^\S\r\n]*(\r\n|\r|\n|$)/.exec(text.slice(end));
  if (!before || !after) return { span: { start: span.start, end }, text: '' };
  return { span: { start: before.index + before[1]!.length, end: end + after[0].length }, text: '' };
}
