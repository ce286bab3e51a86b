import { beforeAll, expect, test } from 'vitest';
import { lint } from '../../server/src/lint.ts';
import { loadPostgres } from '../../server/src/syntax/sql/postgres.ts';
import { Collection } from '../../server/src/report/collect.ts';
import { reportedFile } from '../../server/src/report/reported.ts';
import { noFiles, type Document } from '../../server/src/document.ts';
import { setOf } from '../files.ts';

beforeAll(() => loadPostgres());

test('a report holds nothing of a file but what it says of its findings and their fixes, as one text', () => {
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
  expect(kept).toEqual(reportedFile(document, findings));
  expect(kept!.findings.some(({ fixes }) => fixes.length > 0)).toBe(true);
  expect(kept!.findings.flatMap(({ related }) => related)).toContainEqual(expect.objectContaining({ path: 'migrations/V1__table.sql', start: { line: 2, column: 26, offset: 73 } }));
  expect(Object.entries(Object.getOwnPropertyDescriptors(kept)).filter(([, { value }]) => typeof value === 'object')).toEqual([]);
  expect(kept!.findings[0]).not.toBe(kept!.findings[0]);
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
