import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { noFiles, type Document } from '../../server/src/document.ts';
import { fixAll } from '../../server/src/fix.ts';
import { lint } from '../../server/src/lint.ts';
import { loadPostgresFromDisk } from '../../server/src/node-wasm.ts';
import { rules } from '../../server/src/rules/index.ts';
import type { Language, RegisteredRule } from '../../server/src/rules/rule.ts';
import { applyEdits } from '../../server/src/text.ts';
import { damage, random } from './damage.ts';

beforeAll(loadPostgresFromDisk);

interface Text {
  readonly language: Language;
  readonly text: string;
}

/** So many lints may the prefixes of all examples take together. */
const mostPrefixes = 3000;

const examplesOf = ({ language, examples: all }: RegisteredRule): readonly Text[] => all.flatMap(({ bad, good, fixed }) =>
  [bad, good, fixed].filter((text) => text !== undefined).map((text) => ({ language, text: text.replace(/[«»]/g, '') })));
const examples = rules.flatMap(examplesOf);

/** Looks at a text: nothing throws, nothing hangs, and every span lies in the text. */
function lookAt({ language, text }: Text): Document {
  const document: Document = { path: `robust.${language}`, text, language, version: 18, files: noFiles };
  const { findings, suppressed } = lint(document, { onCrash });
  for (const { at, fixes, related, message } of [...findings, ...suppressed]) {
    expect(message).toMatch(/^[^\n\r]+$/);
    for (const span of [at, ...related.filter((place) => place.path === undefined).map((place) => place.at), ...fixes.flatMap((fix) => fix.edits.map((edit) => edit.span))]) {
      expect(span.start).toBeGreaterThanOrEqual(0);
      expect(span.end).toBeGreaterThanOrEqual(span.start);
      expect(span.end).toBeLessThanOrEqual(text.length);
    }
  }
  return document;
}

/** Every fix can be made and leaves a text that can be looked at; making all of them ends. */
function fixEverything({ language, text }: Text): void {
  const document = lookAt({ language, text });
  const { findings } = lint(document);
  for (const { fixes } of findings) for (const { edits } of fixes) lookAt({ language, text: applyEdits(text, edits) });
  const fixed = fixAll(document, 'review');
  expect(fixAll({ ...document, text: fixed.text }, 'review').text).toBe(fixed.text);
}

function onCrash(rule: string, error: unknown): never {
  throw new Error(`${rule} failed: ${error instanceof Error ? error.stack ?? error.message : String(error)}`);
}

/** Runs a check on a text, and shows the text when it fails. */
function on(what: Text, check: (what: Text) => void): void {
  try {
    check(what);
  } catch (error) {
    throw new Error(`on ${what.language} ${JSON.stringify(what.text.slice(0, 600))}`, { cause: error });
  }
}

test('every prefix of every example', () => {
  const characters = examples.reduce((sum, { text }) => sum + text.length, 0);
  const step = Math.max(1, Math.ceil(characters / mostPrefixes));
  let offset = 0;
  for (const { language, text } of examples) {
    for (; offset < text.length; offset += step) on({ language, text: text.slice(0, offset) }, lookAt);
    offset -= text.length;
  }
});

test.each(rules)('the examples of $id, with all their fixes', (rule) => {
  for (const example of examplesOf(rule)) on(example, fixEverything);
});

test('damaged examples', () => {
  const next = random(1);
  for (let i = 0; i < 600 && examples.length > 0; i++) {
    const { language, text } = examples[next(examples.length)]!;
    on({ language, text: damage(text, examples[next(examples.length)]!.text, next) }, i % 4 === 0 ? fixEverything : lookAt);
  }
});

describe('real files', () => {
  const corpus = path.join(import.meta.dirname, '../../../shared/corpus');
  const folders: readonly (readonly [string, Language])[] = [['pg_hba', 'hba'], ['postgresql_conf', 'conf']];
  const files: readonly Text[] = existsSync(corpus) ? folders.flatMap(([folder, language]) => readFolder(path.join(corpus, folder)).map((text) => ({ language, text }))) : [];

  test.skipIf(files.length === 0)('as they are (needs ../shared/corpus)', () => {
    for (const file of files) on(file, fixEverything);
  });

  test.skipIf(files.length === 0)('cut and spliced (needs ../shared/corpus)', () => {
    const next = random(2);
    for (let i = 0; i < 150; i++) {
      const { language, text } = files[next(files.length)]!;
      on({ language, text: damage(text, files[next(files.length)]!.text, next) }, lookAt);
    }
  });
});

test.each([
  ['sql', `SELECT ${'('.repeat(10_000)}1${')'.repeat(10_000)};`],
  ['sql', '('.repeat(10_000)],
  ['sql', `SELECT ${'a + '.repeat(10_000)}1;`],
  ['sql', `SELECT ${'CASE WHEN a THEN '.repeat(3_000)}1`],
  ['sql', `CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE ${'('.repeat(10_000)}'a' || b${')'.repeat(10_000)}; END $$;`],
  ['sql', `CREATE FUNCTION f(b text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE ${"'a' || b || ".repeat(5_000)}'c'; END $$;`],
  ['sql', `CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ ${'BEGIN '.repeat(5_000)}${'END; '.repeat(5_000)}$$;`],
  ['sql', '/*'.repeat(10_000)],
  ['sql', '$a$'.repeat(10_001)],
  ['sql', "'".repeat(10_001)],
  ['sql', `COPY t FROM stdin;\n${'1\t2\n'.repeat(20_000)}`],
  ['sql', `SELECT ${'x'.repeat(100_000)};`],
  ['sql', ';'.repeat(50_000)],
  ['hba', '('.repeat(10_000)],
  ['hba', `host ${'a,'.repeat(10_000)}b all 0.0.0.0/0 trust`],
  ['hba', `host all /${'('.repeat(10_000)} 0.0.0.0/0 trust`],
  ['hba', `host all all 0.0.0.0/0 trust ${'\\\n'.repeat(10_000)}`],
  ['hba', '"'.repeat(10_001)],
  ['conf', `search_path = '${"''".repeat(10_000)}`],
  ['conf', `listen_addresses = '${'*,'.repeat(10_000)}'`],
  ['conf', "include 'robust.conf'\n".repeat(2_000)],
  ['ident', `m /${'('.repeat(10_000)} x`],
  ['ident', 'm /^(.*)+$ \\1\n'.repeat(500)],
] as const)('extreme %s %#', (language, text) => {
  on({ language, text }, fixEverything);
});

function readFolder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name)).sort().map((file) => readFileSync(file, 'utf8'));
}
