import { beforeEach, describe, expect, test } from 'vitest';
import type { CodeAction, Diagnostic } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { Editor, editsOf, type Wishes } from './editor.ts';

const hba = 'file:///cluster/pg_hba.conf';
const trust = 'host all all 0.0.0.0/0 trust\n';
const options = { showRuleCommand: 'pgrampart.showRule' };

let editor: Editor;

async function open(text: string, wishes: Wishes = {}, uri = hba, language = 'pg-hba'): Promise<Diagnostic[]> {
  editor = await Editor.open({ options, ...wishes });
  await editor.type(uri, language, text);
  return editor.diagnostics(uri);
}

async function actionsOn(found: Diagnostic | undefined, uri = hba): Promise<CodeAction[]> {
  return editor.actions(uri, found!.range, { diagnostics: [found!] });
}

const coded = (found: readonly Diagnostic[], rule: string) => found.find(({ code }) => code === rule);

describe('a rule is switched off for the project', () => {
  const uri = 'file:///repo/db/pg_hba.conf';
  const folders = ['/repo'];
  const turnOff = async (files: Record<string, string>) => {
    const found = await open(trust, { files: { ...files, '/repo/db/pg_hba.conf': trust }, folders }, uri);
    const action = (await actionsOn(coded(found, 'hba/trust-any'), uri)).find(({ title }) => title === "Turn off 'hba/trust-any' in pgrampart.jsonc");
    return action?.edit?.documentChanges as any[] | undefined;
  };

  test('in a new file at the top of the folder', async () => {
    expect(await turnOff({})).toEqual([
      { kind: 'create', uri: 'file:///repo/pgrampart.jsonc', options: { ignoreIfExists: true } },
      expect.objectContaining({ edits: [expect.objectContaining({ newText: '{\n  "rules": {\n    "hba/trust-any": "off"\n  }\n}\n' })] }),
    ]);
  });

  test('in the file that counts, whose comments stay', async () => {
    const text = '{\n  // ours\n  "rules": {\n    "hba/md5-method": "low" // for now\n  }\n}\n';
    const [change] = (await turnOff({ '/repo/db/.pgrampart.jsonc': text }))!;
    expect(change.textDocument.uri).toBe('file:///repo/db/.pgrampart.jsonc');
    expect(TextDocument.applyEdits(TextDocument.create('a', 'jsonc', 1, text), change.edits)).toBe('{\n  // ours\n  "rules": {\n    "hba/md5-method": "low", // for now\n    "hba/trust-any": "off"\n  }\n}\n');
  });

  test('and saved, so that it counts at once, unless the file has changes of the user', async () => {
    const files = { '/repo/db/pg_hba.conf': trust, '/repo/pgrampart.jsonc': '{}\n' };
    const found = await open(trust, { files, folders, options: { saveFileCommand: 'save.it' } }, uri);
    const action = async () => (await actionsOn(coded(found, 'hba/trust-any'), uri)).find(({ title }) => title.startsWith('Turn off'));
    const save = { title: 'Save pgrampart.jsonc', command: 'save.it', arguments: ['file:///repo/pgrampart.jsonc'] };
    expect((await action())?.command).toEqual(save);
    await editor.type('file:///repo/pgrampart.jsonc', 'jsonc', '{}\n');
    expect((await action())?.command).toEqual(save);
    await editor.replace('file:///repo/pgrampart.jsonc', '{ "postgresVersion": 17 }\n');
    expect(await action()).toMatchObject({ edit: expect.anything() });
    expect((await action())?.command).toBeUndefined();
  });

  test('not where no folder is open', async () => {
    const found = await open(trust);
    expect((await actionsOn(coded(found, 'hba/trust-any'))).some(({ title }) => title.startsWith('Turn off'))).toBe(false);
  });
});

describe('actions on a finding', () => {
  let actions: CodeAction[];
  let found: Diagnostic | undefined;
  beforeEach(async () => {
    found = coded(await open(trust), 'hba/trust-any');
    actions = (await actionsOn(found)).filter(({ diagnostics }) => diagnostics?.some(({ code }) => code === 'hba/trust-any'));
  });

  test('fixes first, then ignoring, then documentation; at most seven, one preferred', () => {
    const kinds = actions.map(({ kind }) => kind!.replace('quickfix.pgrampart.', ''));
    expect(kinds[0]).toBe('fix');
    expect(kinds.slice(-3)).toEqual(['suppress', 'suppress', 'documentation']);
    expect(actions.length).toBeLessThanOrEqual(7);
    expect(actions.filter(({ isPreferred }) => isPreferred)).toEqual([actions[0]]);
    expect(actions.slice(-3).map(({ title }) => title)).toEqual([
      "Ignore 'hba/trust-any' for this record", "Ignore 'hba/trust-any' in this file", "Show documentation for 'hba/trust-any'",
    ]);
    expect(actions.at(-1)!.command).toMatchObject({ command: 'pgrampart.showRule', arguments: ['hba/trust-any'] });
  });

  test('a fix that changes who can connect says so, and its edit is bound to the version', async () => {
    expect(actions[0]!.title).toMatch(/\(review\)$/);
    expect(actions[0]!.edit!.documentChanges).toMatchObject([{ textDocument: { uri: hba, version: 1 } }]);
    await editor.apply(hba, actions[0]!);
    expect(coded(await editor.diagnostics(hba), 'hba/trust-any')).toBeUndefined();
  });

  test.each([2, 3])('ignoring silences the finding and asks for a reason (action %d from the end)', async (fromEnd) => {
    const action = actions.at(-fromEnd)!;
    const [edit] = editsOf(action, hba);
    expect(edit).toMatchObject({ snippet: { kind: 'snippet', value: expect.stringContaining('${1:reason}') } });
    const text = await editor.apply(hba, action);
    expect(text).toContain('pgrampart-ignore');
    expect(text.endsWith(trust)).toBe(true);
    expect((await editor.diagnostics(hba)).filter(({ code }) => code === 'hba/trust-any' || String(code).startsWith('meta/'))).toEqual([]);
  });

  test('what the editor remembers of an older version leads nobody astray', async () => {
    await editor.replace(hba, `# a new first line\n${trust}`);
    expect(await actionsOn(found)).toEqual([]);
    const fresh = coded(await editor.diagnostics(hba), 'hba/trust-any')!;
    const moved = await editor.actions(hba, fresh.range, { diagnostics: [found!] });
    expect(moved[0]!.diagnostics).toEqual([]);
    expect(moved[0]!.edit!.documentChanges).toMatchObject([{ textDocument: { version: 2 } }]);
    expect(await editor.apply(hba, moved[0]!)).not.toContain('trust');
  });

  test('only what was asked for', async () => {
    const only = async (kind: string) => new Set((await editor.actions(hba, found!.range, { only: [kind] })).map((action) => action.kind));
    expect(await only('quickfix.pgrampart.suppress')).toEqual(new Set(['quickfix.pgrampart.suppress']));
    expect(await only('refactor')).toEqual(new Set());
    expect((await only('quickfix')).size).toBe(3);
  });
});

test('an editor without snippets gets plain text, one without versions gets plain changes', async () => {
  const found = coded(await open(trust, { snippets: false }), 'hba/trust-any');
  const ignored = (await actionsOn(found)).find(({ title }) => title.startsWith('Ignore'))!;
  expect(editsOf(ignored, hba)[0]).toHaveProperty('newText', expect.stringContaining('reason'));

  const other = coded(await open(trust, { capabilities: { workspace: { configuration: true } } }), 'hba/trust-any');
  const [fix] = await actionsOn(other);
  expect(fix!.edit).toHaveProperty('changes');
  expect(fix!.edit).not.toHaveProperty('documentChanges');
});

test('no documentation action where nothing would open', async () => {
  const found = coded(await open(trust, { options: {} }), 'hba/trust-any');
  expect((await actionsOn(found)).filter(({ title }) => title.startsWith('Show documentation'))).toEqual([]);
});

describe('suppressions', () => {
  const unused = '# pgrampart-ignore hba/trust-any: was once needed\nlocal all all peer\n# pgrampart-ignore hba/md5-method: also gone\nhostssl app app 10.0.0.5/32 scram-sha-256\n';

  test('unused ones are faded and can be removed, all at once', async () => {
    const found = await open(unused);
    const meta = found.filter(({ code }) => code === 'meta/unused-suppression');
    expect(meta).toHaveLength(2);
    expect(meta[0]).toMatchObject({ tags: [1], severity: 3 });
    const actions = await actionsOn(meta[0]);
    expect(actions.map(({ title }) => title)).toContain("Fix all 'meta/unused-suppression' problems in this file");
    expect(actions.filter(({ kind }) => kind === 'quickfix.pgrampart.suppress')).toEqual([]);
    const all = actions.find(({ title }) => title.startsWith('Fix all'))!;
    expect(await editor.apply(hba, all)).toBe('local all all peer\nhostssl app app 10.0.0.5/32 scram-sha-256\n');
  });

  test('source.fixAll makes every safe fix and leaves the others', async () => {
    await open(`${unused}${trust}`);
    const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
    const [action, ...more] = await editor.actions(hba, range, { only: ['source.fixAll.pgrampart'] });
    expect(more).toEqual([]);
    expect(action!.kind).toBe('source.fixAll.pgrampart');
    expect(await editor.apply(hba, action!)).toBe(`local all all peer\nhostssl app app 10.0.0.5/32 scram-sha-256\n${trust}`);
    expect(await editor.actions(hba, range, { only: ['source.fixAll.pgrampart'] })).toEqual([]);
    expect(await editor.actions(hba, range)).toEqual([]);
  });

  test('in a file with CRLF', async () => {
    const found = coded(await open(`local all all peer\r\n${trust.trim()}\r\n`), 'hba/trust-any');
    const ignored = (await actionsOn(found)).find(({ title }) => title.endsWith('for this record'))!;
    expect(await editor.apply(hba, ignored)).toMatch(/^local all all peer\r\n# pgrampart-ignore hba\/trust-any: reason\r\nhost all all 0\.0\.0\.0\/0 trust\r\n$/);
  });
});

test('a fix with a placeholder is no Auto Fix, and neither are its alternatives', async () => {
  const sql = 'file:///migrations/1.sql';
  const found = await open('CREATE FUNCTION app.f() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT count(*)::int FROM elsewhere $$;\n', {}, sql, 'sql');
  const actions = await actionsOn(coded(found, 'sql/security-definer-search-path'), sql);
  const [fix] = actions;
  expect(editsOf(fix!, sql)[0]).toMatchObject({ snippet: { value: expect.stringMatching(/SET search_path = .*\$\{1:/) } });
  expect(actions.filter(({ isPreferred }) => isPreferred)).toEqual([]);
});

test('a SQL finding has actions too', async () => {
  const sql = 'file:///migrations/1.sql';
  const found = await open("-- 😀\nCREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';\n", {}, sql, 'sql');
  const definer = coded(found, 'sql/security-definer-search-path');
  expect(definer).toBeDefined();
  const ignored = (await actionsOn(definer, sql)).find(({ title }) => title === "Ignore 'sql/security-definer-search-path' for this statement")!;
  expect(await editor.apply(sql, ignored)).toContain('\n-- pgrampart-ignore sql/security-definer-search-path: reason\nCREATE FUNCTION');
  expect(coded(await editor.diagnostics(sql), 'sql/security-definer-search-path')).toBeUndefined();
});
