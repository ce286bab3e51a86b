import { beforeAll, describe, expect, it } from 'vitest';
import type { TextEdit } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Document } from '../../server/src/document.ts';
import { newestVersion, noFiles } from '../../server/src/document.ts';
import { fixAll } from '../../server/src/fix.ts';
import { lint } from '../../server/src/lint.ts';
import { loadPostgresFromDisk } from '../../server/src/node-wasm.ts';
import { parseExpression } from '../../server/src/syntax/sql/expression.ts';
import { splitStatements } from '../../server/src/syntax/sql/statements.ts';
import { applyEdits } from '../../server/src/text.ts';
import { built } from '../oracle/dynamic-sql/built.ts';
import type { Case } from '../oracle/dynamic-sql/lab.ts';
import { routineOf } from '../oracle/dynamic-sql/lab.ts';
import { matrix } from '../oracle/dynamic-sql/matrix.ts';
import { named } from '../oracle/dynamic-sql/named.ts';
import { unusual } from '../oracle/dynamic-sql/unusual.ts';
import { Editor, editsOf } from './editor.ts';

const uri = 'file:///repo/f.sql';
const every = (step: number, cases: readonly Case[]): Case[] => cases.filter((one, index) => index % step === 0 && !one.body.includes('\r'));
const cases = [...every(11, named), ...every(17, unusual), ...every(9, built), ...every(199, matrix())];

/** The file of a routine with characters of several units and a tab before everything that is marked. */
function textOf(one: Case): string {
  return `-- 😀\t𝒳é\n${routineOf({ ...one, body: `/* 😀\t𝒳 */\t${one.body}` })}\n`;
}

const layouts: readonly (readonly [name: string, write: (text: string) => string])[] = [
  ['lines of Unix', (text) => text],
  ['lines of Windows', (text) => text.replaceAll('\n', '\r\n')],
];

beforeAll(loadPostgresFromDisk);

describe.each(layouts)('%s', (_, write) => {
  it('lets the editor make the edits that the linter means', async () => {
    const editor = await Editor.open();
    let offers = 0;
    for (const text of cases.map((one) => write(textOf(one)))) {
      const offered = fixesOf(text);
      await editor.type(uri, 'sql', text);
      const document = TextDocument.create(uri, 'sql', 1, text);
      const found = (await editor.diagnostics(uri)).filter(({ code }) => String(code).startsWith('sql/dynamic-sql'));
      const made = new Set<string>();
      for (const one of found) {
        for (const action of await editor.actions(uri, one.range, { diagnostics: [one] })) {
          if (action.kind === 'quickfix.pgrampart.fix') made.add(TextDocument.applyEdits(document, editsOf(action, uri) as TextEdit[]));
        }
      }
      expect([...made]).toEqual(expect.arrayContaining(offered));
      offers += offered.length;
      await editor.close(uri);
    }
    expect(offers).toBeGreaterThan(cases.length / 2);
  });

  it('mends everything at once, so that both parsers read it and nothing is left to mend', () => {
    for (const text of cases.map((one) => write(textOf(one)))) {
      const { text: after } = fixAll(documentOf(text), 'review');
      expect(fixAll(documentOf(after), 'review')).toEqual({ text: after, applied: 0 });
      expect(fixesOf(after)).toEqual([]);
      expect(unread(after)).toEqual(unread(text));
      expect(after.replaceAll('\r\n', '\n')).toBe(fixAll(documentOf(text.replaceAll('\r\n', '\n')), 'review').text);
    }
  });
});

function documentOf(text: string): Document {
  return { path: '/repo/f.sql', text, language: 'sql', version: newestVersion, files: noFiles };
}

/** The text after each fix of dynamic SQL. */
function fixesOf(text: string): string[] {
  const findings = lint(documentOf(text)).findings.filter(({ rule }) => rule.startsWith('sql/dynamic-sql'));
  return [...new Set(findings.flatMap(({ fixes }) => fixes.map(({ edits }) => applyEdits(text, edits))))];
}

/** How many expressions of EXECUTE only one parser understands. */
function unread(text: string): number {
  return splitStatements(text).statements.flatMap(({ written: { body } }) => {
    return (body?.plpgsql?.executes ?? []).filter(({ expression: { start, end } }) => parseExpression(body!.text.slice(start, end))?.agreed !== true);
  }).length;
}
