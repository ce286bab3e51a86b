import { modify } from 'jsonc-parser';
import type { Edit } from '../text.ts';

/** Sets a field in the text of a project file; comments and layout stay. Undefined where the text is too broken to change. */
export function setField(text: string, field: readonly string[], value: unknown): readonly Edit[] | undefined {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const tabs = /^\t/m.test(text);
  try {
    const edits = modify(text, [...field], value, { formattingOptions: { insertSpaces: !tabs, tabSize: 2, eol } });
    return edits.length === 0 ? undefined : edits.flatMap(({ offset, length, content }) => behindComment(text, { span: { start: offset, end: offset + length }, text: content }));
  } catch {
    return undefined;
  }
}

/** A comment behind the last value speaks of that value: what is added comes after it, the comma does not. */
function behindComment(text: string, edit: Edit): Edit[] {
  const { start, end } = edit.span;
  const [comment] = /^[ \t]*\/\/[^\r\n]*/.exec(text.slice(end)) ?? [];
  if (comment === undefined || start !== end || !edit.text.startsWith(',')) return [edit];
  const after = end + comment.length;
  return [{ span: edit.span, text: ',' }, { span: { start: after, end: after }, text: edit.text.slice(1) }];
}

/** Switches a rule off. */
export function turnOff(text: string, rule: string): readonly Edit[] | undefined {
  return setField(text, ['rules', rule], 'off');
}

/** A project file that says nothing else. */
export function newProject(content: Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify(content, null, 2)}\n`;
}
