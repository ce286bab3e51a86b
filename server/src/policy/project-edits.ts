import { modify } from 'jsonc-parser';
import type { Edit } from '../text.ts';

/** Switches a rule off in the text of a project file; comments and layout stay. Undefined where the text is too broken to change. */
export function turnOff(text: string, rule: string): readonly Edit[] | undefined {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const tabs = /^\t/m.test(text);
  try {
    const edits = modify(text, ['rules', rule], 'off', { formattingOptions: { insertSpaces: !tabs, tabSize: 2, eol } });
    return edits.length === 0 ? undefined : edits.map(({ offset, length, content }) => ({ span: { start: offset, end: offset + length }, text: content }));
  } catch {
    return undefined;
  }
}

/** A project file that says nothing else. */
export function newProject(rule: string): string {
  return `${JSON.stringify({ rules: { [rule]: 'off' } }, null, 2)}\n`;
}
