import { beforeAll, describe, expect, test } from 'vitest';
import type { Document } from '../server/src/document.ts';
import { fixAll } from '../server/src/fix.ts';
import { lint, writtenOf } from '../server/src/lint.ts';
import { loadPostgresFromDisk } from '../server/src/node-wasm.ts';
import { folderOf, resolvePath } from '../server/src/paths.ts';
import { rules } from '../server/src/rules/index.ts';
import type { Example, Language, RegisteredRule } from '../server/src/rules/rule.ts';
import { splitStatements } from '../server/src/syntax/sql/statements.ts';
import { applyEdits, type Span } from '../server/src/text.ts';
import { filesOf, setOf } from './files.ts';

beforeAll(loadPostgresFromDisk);

describe.each(rules.map((rule) => [rule.id, rule] as const))('%s', (_, rule) => {
  test('has a bad example, a near miss and a reason', () => {
    expect(rule.examples.some((example) => example.bad !== undefined)).toBe(true);
    expect(rule.examples.some((example) => example.bad === undefined && example.good !== undefined)).toBe(true);
    expect(rule.why.length).toBeGreaterThan(60);
    expect(rule.title).not.toMatch(/\.$/);
  });

  test.each(rule.examples.map((example, index) => [index + 1, example] as const))('example %i', (_number, example) => {
    if (example.bad !== undefined) bad(rule, example, example.bad);
    if (example.good !== undefined) expect(reported(rule, example, example.good)).toEqual([]);
  });
});

function bad(rule: RegisteredRule, example: Example, marked: string): void {
  const { text, marks } = unmark(marked);
  const findings = run(rule, example, text);
  expect(findings.map(({ at }) => text.slice(at.start, at.end))).toEqual(marks.map(({ start, end }) => text.slice(start, end)));
  expect(findings.map(({ at }) => at)).toEqual(marks);
  for (const { message, fixes } of findings) {
    expect(message).toMatch(/^[^\n]{10,160}$/);
    expect(message).not.toMatch(/\.$/);
    expect(new Set(fixes.map((fix) => fix.title)).size).toBe(fixes.length);
    for (const fix of fixes) {
      const after = applyEdits(text, fix.edits);
      expect(after, fix.title).not.toBe(text);
      for (const { span, text: inserted, placeholders } of fix.edits) {
        expect(span.end).toBeLessThanOrEqual(text.length);
        for (const placeholder of placeholders ?? []) expect(placeholder.end).toBeLessThanOrEqual(inserted.length);
      }
      if (fix.statements !== undefined && fix.statements.length > 0) mends(rule, example, text, findings.length, fix.statements);
    }
  }
  if (example.fixed === undefined) return;
  const first = findings.map(({ fixes }) => fixes[0]);
  const same = first.every((fix) => JSON.stringify(fix) === JSON.stringify(first[0]));
  const fixed = same ? applyEdits(text, first[0]!.edits) : fixAll(documentOf(rule, example, text), 'review', { only: rule.id }).text;
  expect(fixed).toBe(example.fixed);
  expect(run(rule, example, fixed)).toEqual([]);
  expect(fixAll(documentOf(rule, example, fixed), 'review', { only: rule.id }).text).toBe(fixed);
  const comments = (of: string) => writtenOf(documentOf(rule, example, of)).comments.map(({ start, end }) => of.slice(start, end));
  expect(comments(fixed)).toEqual(expect.arrayContaining(comments(text)));
}

/** What a new migration would hold is complete, is read as that many statements, and silences what it is for. */
function mends(rule: RegisteredRule, example: Example, text: string, found: number, statements: readonly string[]): void {
  const later = statements.join('\n');
  expect(later).toMatch(/;$/);
  for (const { written } of splitStatements(later).statements) expect(written.parsed.kind, written.text).toBe('tree');
  expect(splitStatements(later).statements).toHaveLength(statements.length);
  expect(run(rule, example, `${text}\n;\n${later}`).length, later).toBeLessThan(found);
}

function reported(rule: RegisteredRule, example: Example, text: string): string[] {
  return run(rule, example, text).map(({ at }) => text.slice(at.start, at.end));
}

function run(rule: RegisteredRule, example: Example, text: string) {
  const options = { only: rule.id, onCrash: (_id: string, error: unknown) => { throw error; }, ...(example.options ? { ruleOptions: new Map([[rule.id, example.options]]) } : {}) };
  return lint(documentOf(rule, example, text), options).findings;
}

const usualName: Record<Language, string> = { conf: 'postgresql.conf', hba: 'pg_hba.conf', ident: 'pg_ident.conf', sql: 'schema.sql' };

function documentOf(rule: RegisteredRule, example: Example, text: string): Document {
  const path = example.path ?? usualName[rule.language];
  const neighbours = new Map(Object.entries(example.files ?? {}).map(([name, content]) => [resolvePath(folderOf(path), name), content]));
  const texts: Record<string, string> = { ...Object.fromEntries(neighbours), [path]: text };
  const set = rule.language === 'sql' && example.files ? setOf(path, texts) : undefined;
  return { path, text, language: rule.language, version: example.version ?? 18, files: filesOf(texts), ...set && { set } };
}

/** Takes the marks out of an example and tells where they were. */
export function unmark(marked: string): { text: string; marks: Span[] } {
  const marks: Span[] = [];
  let text = '';
  let start = 0;
  for (const part of marked.split(/([«»])/)) {
    if (part === '«') start = text.length;
    else if (part === '»') marks.push({ start, end: text.length });
    else text += part;
  }
  return { text, marks };
}
