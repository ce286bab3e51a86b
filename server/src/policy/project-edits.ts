import { modify } from 'jsonc-parser';
import type { Edit } from '../text.ts';

/** Sets a field in the text of a project file; comments and layout stay. Undefined where the text is too broken to change. */
export function setField(text: string, field: readonly string[], value: unknown): readonly Edit[] | undefined {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const tabs = /^\t/m.test(text);
  try {
    const edits = modify(text, [...field], value, { formattingOptions: { insertSpaces: !tabs, tabSize: 2, eol } });
    return edits.length === 0 ? undefined : edits.map(({ offset, length, content }) => ({ span: { start: offset, end: offset + length }, text: behindComment(text.slice(offset, offset + length), content) }));
  } catch {
    return undefined;
  }
}

/** A comment behind the last value speaks of that value: what is added comes after it, the comma does not. */
function behindComment(before: string, after: string): string {
  const [, value = '', comment = ''] = /^([^]*?)([ \t]*\/\/[^\r\n]*)$/.exec(before) ?? [];
  const added = after.slice(value.length + 1, after.length - comment.length);
  return comment !== '' && after === `${value},${added}${comment}` ? `${value},${comment}${added}` : after;
}

/** Switches a rule off. */
export function turnOff(text: string, rule: string): readonly Edit[] | undefined {
  return setField(text, ['rules', rule], 'off');
}

/** A project file that says nothing else. */
export function newProject(content: Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify(content, null, 2)}\n`;
}
