import { describe, expect, test } from 'vitest';
import type { CodeAction, Diagnostic } from 'vscode-languageserver';
import { Editor, pause, until, type Wishes } from './editor.ts';

const first = '/db/migrations/20240102030405_functions.sql';
const uri = `file://${first}`;
const definer = "CREATE FUNCTION app.f(x text) RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';\n";
const second = definer.replace('app.f', 'app.g');
const rule = 'sql/security-definer-search-path';

let editor: Editor;

async function open(files: Record<string, string>, wishes: Wishes = {}, path = first): Promise<Diagnostic[]> {
  editor = await Editor.open({ folders: ['/db'], files, ...wishes });
  await editor.type(`file://${path}`, 'sql', files[path]!);
  return found(path);
}

async function found(path = first): Promise<Diagnostic[]> {
  return (await editor.diagnostics(`file://${path}`)).filter(({ code }) => code === rule);
}

async function actions(path = first): Promise<CodeAction[]> {
  const [diagnostic] = await found(path);
  return (await editor.actions(`file://${path}`, diagnostic!.range, { diagnostics: [diagnostic!] })).filter(({ diagnostics }) => diagnostics?.some(({ code }) => code === rule));
}

const isNew = ({ title }: CodeAction) => title.startsWith('Write a new migration');

describe('a new migration', () => {
  test('mends what an applied one did, and the finding goes away', async () => {
    expect(await open({ [first]: definer, '/db/migrations/20240203040506_b.sql': 'SELECT 1;\n' })).toHaveLength(1);
    const [action] = await actions();
    expect(action).toMatchObject({ title: 'Write a new migration: set search_path = pg_catalog, pg_temp (review)', isPreferred: true, kind: 'quickfix.pgrampart.fix' });
    const created = await editor.create(action!);
    const [[path, text] = ['', '']] = Object.entries(created);
    expect(path).toMatch(/^\/db\/migrations\/20\d{12}_fix_security_definer_search_path\.sql$/);
    expect(text).toBe('ALTER FUNCTION app.f(text) SET search_path = pg_catalog, pg_temp;\n');
    expect(await found()).toEqual([]);
  });

  test('is recommended when the file is committed, and not when it is not', async () => {
    const recommended = async (committed: boolean | null) => {
      await open({ [first]: definer }, { committed });
      const all = await actions();
      expect(all.some(isNew)).toBe(true);
      expect(all.filter(({ isPreferred }) => isPreferred)).toEqual([all[0]]);
      return isNew(all[0]!);
    };
    expect(await recommended(true)).toBe(true);
    expect(await recommended(false)).toBe(false);
    expect(await recommended(null)).toBe(true);
  });

  test('the menu stays short', async () => {
    await open({ [first]: definer + second }, { options: { showRuleCommand: 'pgrampart.showRule' } });
    expect((await actions()).length).toBeLessThanOrEqual(7);
  });

  test('all findings of a rule in one, and of the file', async () => {
    await open({ [first]: definer + second });
    const all = (await actions()).find(({ title }) => title === `Fix all '${rule}' problems in a new migration (review)`)!;
    await editor.create(all);
    expect(await found()).toEqual([]);
    expect(await editor.diagnostics(uri)).not.toEqual([]);
    const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
    const [everything, ...more] = await editor.actions(uri, range, { only: ['source.pgrampart.newMigration'] });
    expect(more).toEqual([]);
    expect(Object.values(await editor.create(everything!))).toEqual(['REVOKE ALL ON FUNCTION app.f(text) FROM PUBLIC;\nREVOKE ALL ON FUNCTION app.g(text) FROM PUBLIC;\n']);
    expect(await editor.diagnostics(uri)).toEqual([]);
  });

  test('all findings of one routine, and of one policy, are mended in one version of it', async () => {
    const routine = "CREATE FUNCTION app.f(a text, b text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN\n  EXECUTE 'SELECT ''' || a || '''';\n  EXECUTE 'SELECT ''' || b || '''';\nEND $$;\n";
    const policy = "CREATE TABLE app.t (id int);\nALTER TABLE app.t ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON app.t TO app USING (id = current_setting('app.id')::int) WITH CHECK (true);\n";
    editor = await Editor.open({ folders: ['/db'], files: { [first]: routine + policy } });
    await editor.type(uri, 'sql', routine + policy);
    const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
    const [everything] = await editor.actions(uri, range, { only: ['source.pgrampart.newMigration'] });
    const [text] = Object.values(await editor.create(everything!));
    expect(text!.match(/^CREATE|^ALTER POLICY/gm)).toEqual(['CREATE', 'ALTER POLICY']);
    expect(text).toContain("EXECUTE format('SELECT %L', a);\n  EXECUTE format('SELECT %L', b);");
    expect(text).toContain("USING (id = NULLIF(current_setting('app.id', true), '')::int) WITH CHECK (id = NULLIF(current_setting('app.id', true), '')::int);");
    expect((await editor.diagnostics(uri)).map(({ code }) => code).filter((code) => code !== 'sql/rls-user-settable-setting')).toEqual([]);
  });

  test('leaves a word to fill in, which is selected and never written at a keystroke', async () => {
    const policy = 'CREATE POLICY p ON app.t FOR UPDATE USING (owner = current_user);\n';
    editor = await Editor.open({ folders: ['/db'], files: { [first]: policy }, committed: true, settings: { presets: ['strict'] }, options: { showFileCommand: 'open.it' } });
    await editor.type(uri, 'sql', policy);
    const diagnostic = (await editor.diagnostics(uri)).find(({ code }) => code === 'sql/rls-policy-to-public')!;
    const all = (await editor.actions(uri, diagnostic.range, { diagnostics: [diagnostic] })).filter(({ diagnostics }) => diagnostics?.length);
    expect(all[0]).toMatchObject({ title: 'Write a new migration: name the role that it is for (fill in role_name)', command: { arguments: [expect.any(String), 'role_name'] } });
    expect(all.filter(({ isPreferred }) => isPreferred)).toEqual([]);
    expect(Object.values(await editor.create(all[0]!))).toEqual(['ALTER POLICY p ON app.t TO role_name;\n']);
  });

  test('where nothing can mend what has run, the fix says whom it helps, and nothing is recommended', async () => {
    const copy = "COPY app.rates FROM PROGRAM 'curl -s https://rates.example/today' WITH (FORMAT csv);\n";
    const titles = async (committed: boolean) => {
      editor = await Editor.open({ folders: ['/db'], files: { [first]: copy }, committed });
      await editor.type(uri, 'sql', copy);
      const diagnostic = (await editor.diagnostics(uri)).find(({ code }) => code === 'sql/copy-program')!;
      const [one] = await editor.actions(uri, diagnostic.range, { diagnostics: [diagnostic] });
      return [one!.title, one!.isPreferred ?? false];
    };
    expect(await titles(true)).toEqual(["Read and write on the client with psql's \\copy (review; only for databases made from now on)", false]);
    expect(await titles(false)).toEqual(["Read and write on the client with psql's \\copy (review)", true]);
  });

  test('Drizzle: with an entry in its journal, where the last one ends', async () => {
    const journal = '{"entries":[{"idx":0,"version":"7","when":1700000000000,"tag":"0000_a","breakpoints":true}]}';
    await open({ '/db/drizzle/0000_a.sql': definer, '/db/drizzle/meta/_journal.json': journal }, {}, '/db/drizzle/0000_a.sql');
    const [action] = (await actions('/db/drizzle/0000_a.sql')).filter(isNew);
    const changes = action!.edit!.documentChanges!;
    expect(changes).toHaveLength(3);
    expect(changes[2]).toMatchObject({ textDocument: { uri: 'file:///db/drizzle/meta/_journal.json' }, edits: [{ range: { start: { line: 0, character: journal.length - 2 } }, newText: expect.stringMatching(/^,\{"idx":1,.*"tag":"0001_fix_/) }] });
  });

  test('never when a file is saved', async () => {
    await open({ [first]: definer });
    const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
    expect((await editor.actions(uri, range, { only: ['source.fixAll'] })).filter(({ title }) => /migration/.test(title))).toEqual([]);
  });

  test('opens, where the editor says how', async () => {
    await open({ [first]: definer }, { options: { showFileCommand: 'open.it' } });
    const [action] = await actions();
    expect(action!.command).toMatchObject({ command: 'open.it', arguments: [expect.stringMatching(/^file:\/\/\/db\/migrations\/\d{14}_fix_/)] });
  });

  test.each<[string, string, Wishes]>([
    ['the file is no migration', '/db/functions.sql', {}],
    ['it is repeatable', '/db/sql/R__functions.sql', {}],
    ['the editor cannot create files', first, { capabilities: { workspace: { configuration: true, workspaceFolders: true, workspaceEdit: { documentChanges: true } } } }],
    ['it lies outside of the workspace', first, { folders: ['/other'] }],
  ])('is not offered when %s', async (_name, path, wishes) => {
    await open({ [path]: definer, '/db/sql/V1__a.sql': 'SELECT 1;' }, wishes, path);
    expect((await actions(path)).filter(isNew)).toEqual([]);
  });
});

describe('the set of a file', () => {
  const mended = '/db/migrations/20250102030405_mend.sql';
  const mend = 'ALTER FUNCTION app.f(text) SET search_path = pg_catalog, pg_temp;\n';

  test('a later migration on disk counts, an earlier one does not', async () => {
    expect(await open({ [first]: definer, [mended]: mend })).toEqual([]);
    expect(await open({ [first]: definer, '/db/migrations/20230102030405_early.sql': mend })).toHaveLength(1);
  });

  test('files that appear, change and go are noticed', async () => {
    expect(await open({ [first]: definer })).toHaveLength(1);
    const refreshed = async (change: () => Promise<void>) => {
      const before = editor.refreshes;
      await change();
      await until(() => editor.refreshes > before);
      return found();
    };
    expect(await refreshed(() => editor.save(mended, mend))).toEqual([]);
    expect(await refreshed(() => editor.save(mended, 'SELECT 1;\n'))).toHaveLength(1);
    expect(await refreshed(() => editor.save(mended, mend))).toEqual([]);
    expect(await refreshed(() => editor.save(mended, undefined))).toHaveLength(1);
  });

  test('what is typed into another migration counts before it is saved, and no longer when it is closed', async () => {
    expect(await open({ [first]: definer, [mended]: 'SELECT 1;\n' })).toHaveLength(1);
    await editor.type(`file://${mended}`, 'sql', 'SELECT 1;\n');
    await editor.report(`file://${mended}`);
    const before = editor.refreshes;
    await editor.replace(`file://${mended}`, mend);
    await until(() => editor.refreshes > before);
    expect(await found()).toEqual([]);
    await editor.close(`file://${mended}`);
    await until(() => editor.refreshes > before + 1);
    expect(await found()).toHaveLength(1);
  });

  test('an edit elsewhere makes no new look', async () => {
    await open({ [first]: definer, '/db/other/1.sql': 'SELECT 1;\n', '/db/other/2.sql': 'SELECT 2;\n' });
    await editor.type('file:///db/other/1.sql', 'sql', 'SELECT 1;\n');
    await editor.report('file:///db/other/1.sql');
    const { resultId } = await editor.report(uri);
    await editor.replace('file:///db/other/1.sql', 'SELECT 3;\n');
    expect(await editor.report(uri, resultId)).toMatchObject({ kind: 'unchanged' });
  });

  test('the user says which files make up a database', async () => {
    const files = { '/db/b/functions.sql': definer, '/db/a/later.sql': mend, '/db/c/unrelated.sql': mend };
    expect(await open(files, {}, '/db/b/functions.sql')).toEqual([]);
    expect(await open(files, { settings: { sql: { migrations: ['a/*.sql', 'b/*.sql'] } } }, '/db/b/functions.sql')).toHaveLength(1);
    expect(await open(files, { settings: { 'sql.migrations': [{ files: ['b/*.sql', 'a/*.sql'], database: 'main' }] } }, '/db/b/functions.sql')).toEqual([]);
  });

  test('a project file says the same, of the files below it', async () => {
    const files = { '/db/b/functions.sql': definer, '/db/a/later.sql': mend };
    expect(await open({ ...files, '/db/pgrampart.jsonc': '{ "migrations": ["a/*.sql", "b/*.sql"] }' }, {}, '/db/b/functions.sql')).toHaveLength(1);
    await editor.save('/db/pgrampart.jsonc', '{ "migrations": ["b/*.sql", "a/*.sql"] }');
    await until(() => editor.refreshes > 0);
    expect(await found()).toEqual([]);
  });

  test('a set that takes long to read is not waited for', async () => {
    let finish = () => {};
    const opened = new Promise<void>((resolve) => { finish = resolve; });
    expect(await open({ [first]: definer, [mended]: mend }, { slow: { path: mended, opened } })).toHaveLength(1);
    finish();
    await until(() => editor.refreshes > 0);
    expect(await found()).toEqual([]);
    await pause(0);
  });

  test('a scan sees it as well', async () => {
    editor = await Editor.open({ folders: ['/db'], files: { [first]: definer, [mended]: mend, '/db/migrations/20260102030405_c.sql': second } });
    await editor.scan();
    expect(editor.scanned.flatMap(({ diagnostics }) => diagnostics).filter(({ code }) => code === rule)).toHaveLength(1);
  });
});
