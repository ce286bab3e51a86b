import { beforeAll, describe, expect, test } from 'vitest';
import { noFiles, type Document } from '../../server/src/document.ts';
import { fixAll } from '../../server/src/fix.ts';
import { lint, writtenOf, type LintFinding, type LintOptions } from '../../server/src/lint.ts';
import { loadPostgresFromDisk } from '../../server/src/node-wasm.ts';
import { readRuleSettings } from '../../server/src/policy/levels.ts';
import { suppressionEdit } from '../../server/src/policy/suppressions.ts';
import { applyEdits } from '../../server/src/text.ts';

beforeAll(loadPostgresFromDisk);

const trust = 'host all all 0.0.0.0/0 trust';
const hba = (text: string): Document => ({ path: 'pg_hba.conf', text, language: 'hba', version: 18, files: noFiles });
const sql = (text: string): Document => ({ path: 'a.sql', text, language: 'sql', version: 18, files: noFiles });
const ids = (document: Document, options: LintOptions = {}) => lint(document, options).findings.map((finding) => finding.rule);

describe('what a comment silences', () => {
  test.each([
    ['the next record', `# pgrampart-ignore hba/trust-any: lab\n${trust}\n`],
    ['its own line', `${trust} # pgrampart-ignore hba/trust-any\n`],
    ['the next record behind blank lines and comments', `# pgrampart-ignore hba/trust-any: x\n\n# note\n${trust}\n`],
    ['a family', `# pgrampart-ignore hba/*: lab\n${trust}\n`],
    ['the file', `# pgrampart-ignore-file hba/trust-any: generated\nlocal all all peer\n${trust}\nhost all all ::/0 trust\n`],
    ['a region', `# pgrampart-ignore-start hba/trust-any: x\n${trust}\nhost all all ::/0 trust\n# pgrampart-ignore-end hba/trust-any\n`],
    ['with CRLF', `# pgrampart-ignore hba/trust-any: lab\r\n${trust}\r\n`],
  ])('%s', (_, text) => expect(ids(hba(text))).toEqual([]));

  test('not the record after the next', () => {
    expect(ids(hba(`# pgrampart-ignore hba/trust-any: x\n${trust}\nhost all bob ::/0 trust\n`))).toEqual(['hba/trust-any']);
  });

  test('a statement inside a routine body', () => {
    const text = 'CREATE FUNCTION f(t text) RETURNS void LANGUAGE plpgsql AS $$\nBEGIN\n  -- pgrampart-ignore sql/dynamic-sql-concatenation: reviewed\n  EXECUTE \'DROP TABLE \' || t;\n  EXECUTE \'TRUNCATE \' || t;\nEND $$;\n';
    expect(ids(sql(text))).toEqual(['sql/dynamic-sql-concatenation']);
  });
});

describe('what is wrong with a comment', () => {
  test.each([
    ['meta/unused-suppression', 'local all all peer # pgrampart-ignore hba/trust-any\n'],
    ['meta/unknown-suppression', '# pgrampart-ignore hba/trust-ayn: x\nlocal all all peer\n'],
    ['meta/bad-suppression', '# pgrampart-ignore\nlocal all all peer\n'],
    ['meta/bad-suppression', 'local all all peer\n# pgrampart-ignore-file hba/trust-any: late\n'],
    ['meta/bad-suppression', '# pgrampart-ignore-start hba/trust-any: x\nlocal all all peer\n'],
  ])('%s', (rule, text) => expect(ids(hba(text))).toEqual([rule]));

  test('an expired one brings the finding back', () => {
    const text = `# pgrampart-ignore hba/trust-any: lab (until 2026-01-31)\n${trust}\n`;
    expect(ids(hba(text), { today: '2026-01-31' })).toEqual([]);
    expect(ids(hba(text), { today: '2026-02-01' })).toEqual(['meta/expired-suppression', 'hba/trust-any']);
  });

  test.each([
    ['a line of its own', `# pgrampart-ignore hba/trust-any: lab (until 2026-01-31)\n${trust}\n`, `${trust}\n`],
    ['behind an entry', `${trust} # pgrampart-ignore hba/trust-any (until 2026-01-31): lab\n`, `${trust}\n`],
    ['for the whole file', `# pgrampart-ignore-file hba/*: lab (until 2026-01-31)\n${trust}\n`, `${trust}\n`],
    ['start and end', `# pgrampart-ignore-start hba/*: lab (until 2026-01-31)\n${trust}\n# pgrampart-ignore-end hba/*\n`, `${trust}\n`],
    ['what else the comment says', `# rented; pgrampart-ignore hba/trust-any: lab (until 2026-01-31)\n${trust}\n`, `# rented;\n${trust}\n`],
  ])('an expired one can be removed or extended by who looks at it: %s', (_, text, without) => {
    const today = '2026-02-01';
    expect(ids(hba(text), { today })).toEqual(expect.arrayContaining(['meta/expired-suppression', 'hba/trust-any']));
    expect(fixAll(hba(text), 'safe', { today }).text).toContain('until 2026-01-31');
    const [removal, extension] = lint(hba(text), { today }).findings.find(({ rule }) => rule === 'meta/expired-suppression')!.fixes;
    expect(applyEdits(text, removal!.edits)).toBe(without);
    const extended = applyEdits(text, extension!.edits);
    expect(extended).toBe(text.replace('2026-01-31', '2026-05-02'));
    expect(ids(hba(extended), { today })).toEqual([]);
  });

  test.each([
    ['# pgrampart-ignore\nlocal all all peer\n', 'local all all peer\n'],
    ['local all all peer # pgrampart-ignore-end hba/trust-any\n', 'local all all peer\n'],
  ])('one that silences nothing can be removed by who looks at it', (text, without) => {
    expect(fixAll(hba(text), 'safe').text).toBe(text);
    const [{ fixes }] = lint(hba(text)).findings as [LintFinding];
    expect(applyEdits(text, fixes[0]!.edits)).toBe(without);
  });

  test.each([
    [`${trust} # pgrampart-ignore hba/trust-any\n`, `${trust} # pgrampart-ignore hba/trust-any: reason\n`],
    [`${trust} # pgrampart-ignore hba/trust-any:\n`, `${trust} # pgrampart-ignore hba/trust-any: reason\n`],
    [`${trust} # pgrampart-ignore hba/trust-any (until 2099-01-31)\n`, `${trust} # pgrampart-ignore hba/trust-any: reason (until 2099-01-31)\n`],
  ])('a missing reason is asked for where it belongs', (text, whole) => {
    const options = { requireReason: true };
    const [{ rule, fixes }] = lint(hba(text), options).findings as [LintFinding];
    expect(rule).toBe('meta/bad-suppression');
    expect(applyEdits(text, fixes[0]!.edits)).toBe(whole);
    expect(ids(hba(whole), options)).toEqual([]);
    expect(fixAll(hba(text), 'review', options).text).toBe(text);
  });

  test('of names that are as near, the one that begins alike is meant', () => {
    const [{ message }] = lint(hba('# pgrampart-ignore hba/trust-lop: x\nlocal all all peer\n')).findings as [LintFinding];
    expect(message).toContain('did you mean hba/trust-local?');
  });

  test('removing an unused one leaves the rest of its comment, and no end without a start', () => {
    expect(fixAll(hba('# old driver; pgrampart-ignore hba/trust-any: old\nlocal all all peer\n'), 'safe').text).toBe('# old driver;\nlocal all all peer\n');
    expect(fixAll(hba('# pgrampart-ignore-start hba/trust-any: old\nlocal all all peer\n# pgrampart-ignore-end hba/trust-any\n'), 'safe').text).toBe('local all all peer\n');
  });

  test('removing an unused one is safe and complete', () => {
    expect(fixAll(hba('# pgrampart-ignore hba/trust-any: old\nlocal all all peer\n'), 'safe').text).toBe('local all all peer\n');
    expect(fixAll(hba(`# pgrampart-ignore hba/trust-any, hba/md5-method: old\n${trust}\n`), 'safe').text).toBe(`# pgrampart-ignore hba/trust-any: old\n${trust}\n`);
  });

  test('a rule that is off makes nothing unused', () => {
    const { levels } = readRuleSettings([['hba/trust-any', 'off']]);
    expect(ids(hba('local all all peer # pgrampart-ignore hba/trust-any\n'), { levels })).toEqual([]);
  });
});

describe('writing a suppression', () => {
  test.each([
    ['here', hba(`local all all peer\n${trust}\n`)],
    ['file', hba(`local all all peer\n${trust}\n`)],
    ['here', hba(`\ufeff${trust}\r\n`)],
    ['here', sql('SELECT 1; CREATE FUNCTION f(t text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE \'DROP TABLE \' || t; END $$;')],
    ['here', sql('CREATE FUNCTION f(t text) RETURNS void LANGUAGE plpgsql AS $$\nBEGIN\n  PERFORM 1;\n  EXECUTE \'DROP TABLE \' || t;\nEND $$;')],
    ['file', sql('CREATE FUNCTION f(t text) RETURNS void LANGUAGE plpgsql AS $$\nBEGIN\n  EXECUTE \'DROP TABLE \' || t;\nEND $$;')],
  ] as const)('%s silences the finding and nothing is unused', (scope, document) => {
    const [finding] = lint(document).findings;
    const edit = suppressionEdit(document, writtenOf(document), finding!.at, finding!.rule, scope);
    const text = applyEdits(document.text, [edit]);
    expect(edit.text.slice(edit.placeholders![0]!.start, edit.placeholders![0]!.end)).toBe('reason');
    expect(ids({ ...document, text })).toEqual([]);
  });

  test('extends the comment that is there', () => {
    const document = hba(`# pgrampart-ignore hba/md5-method: x\n${trust}\n`);
    const at = lint(document).findings.find((finding) => finding.rule === 'hba/trust-any')!.at;
    const edit = suppressionEdit(document, writtenOf(document), at, 'hba/trust-any', 'here');
    expect(applyEdits(document.text, [edit])).toBe(`# pgrampart-ignore hba/md5-method, hba/trust-any: x\n${trust}\n`);
  });
});

test('unknown rules and levels are named with the nearest valid one', () => {
  expect(readRuleSettings([['hba/trust-ayn', 'low'], ['hba/trust-any', 'hgih'], ['hba/*', 'low']]).problems).toEqual([
    "unknown rule 'hba/trust-ayn', did you mean 'hba/trust-any'?", "unknown level 'hgih' for hba/trust-any, did you mean 'high'?",
  ]);
});
