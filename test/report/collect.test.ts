import { beforeAll, expect, test } from 'vitest';
import { lint } from '../../server/src/lint.ts';
import { loadPostgres } from '../../server/src/syntax/sql/postgres.ts';
import { Collection } from '../../server/src/report/collect.ts';
import { noFiles, type Document } from '../../server/src/document.ts';
import { setOf } from '../files.ts';

beforeAll(() => loadPostgres());

test('a report holds nothing of a file but its text, its findings with their fixes, and the files that these name', () => {
  const texts = {
    'migrations/V1__table.sql': 'CREATE TABLE public.notes (id int, owner text);\nALTER TABLE public.notes ENABLE ROW LEVEL SECURITY;\n',
    'migrations/V2__view.sql': 'CREATE VIEW public.all_notes AS SELECT * FROM public.notes;\nGRANT SELECT ON public.all_notes TO PUBLIC;\n',
    'migrations/V3__other.sql': 'CREATE TABLE public.other (id int);\n',
  };
  const path = 'migrations/V2__view.sql';
  const document: Document = { path, text: texts[path], language: 'sql', version: 18, files: noFiles, set: setOf(path, texts)! };
  const { findings } = lint(document);
  const collection = new Collection();
  collection.add({ path, document, findings, done: 1, total: 1 });
  const [kept] = collection.report({ root: '', version: '', today: '', crashed: false }).reported;
  expect(kept!.findings.map(({ rule, fixes }) => [rule, fixes])).toEqual(findings.map(({ rule, fixes }) => [rule, fixes]));
  expect(kept!.findings.some(({ fixes }) => fixes.length > 0)).toBe(true);
  expect(kept!.findings.every((finding) => Object.getOwnPropertyDescriptor(finding, 'fixes')!.get === undefined)).toBe(true);
  expect(kept!.document.set).toBeUndefined();
  const named = new Set(findings.flatMap(({ related }) => related.flatMap((place) => place.path ?? [])));
  for (const [other, text] of Object.entries(texts)) if (other !== path) expect(kept!.document.files.read(other)).toBe(named.has(other) ? text : undefined);
  expect(named.size).toBe(1);
});

test('a report keeps no fixes for formats that name none, and only numbers where nothing else is asked for', () => {
  const document: Document = { path: 'a.sql', text: "CREATE ROLE app LOGIN PASSWORD 'secret';\nGRANT ALL ON ALL TABLES IN SCHEMA public TO PUBLIC;\n", language: 'sql', version: 18, files: noFiles };
  const { findings } = lint(document);
  const [all, without, numbers] = (['all', 'findings', 'counts'] as const).map((kept) => {
    const collection = new Collection(kept);
    collection.add({ path: document.path, document, findings, done: 1, total: 1 });
    return collection.report({ root: '', version: '', today: '', crashed: false });
  });
  expect(all!.reported[0]!.findings.map(({ rule }) => rule)).toEqual(findings.map(({ rule }) => rule));
  expect(without!.reported).toEqual(all!.reported.map((file) => ({ ...file, findings: file.findings.map((finding) => ({ ...finding, fixes: [] })) })));
  expect(numbers!.reported).toEqual([]);
  for (const { counts, files } of [all!, without!, numbers!]) {
    expect([...counts.bySeverity.values()].reduce((sum, count) => sum + count, 0)).toBe(findings.length);
    expect([files, counts.files]).toEqual([1, 1]);
  }
});
