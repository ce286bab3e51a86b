import { describe, expect, test, vi } from 'vitest';
import type { RegisteredRule } from '../../server/src/rules/rule.ts';
import { Editor, until } from './editor.ts';

/** A rule that fails when a record names a certain database. */
vi.mock('../../server/src/rules/index.ts', async (original) => {
  const crash = {
    id: 'hba/crash', language: 'hba', severity: 'low', title: 'Fails', why: 'Fails.', cwe: [], references: [], examples: [],
    *check({ document }: { document: { text: string } }) {
      if (document.text.includes('crash_db')) throw new Error('a rule went wrong');
    },
  } as unknown as RegisteredRule;
  const { rules } = await original<{ rules: readonly RegisteredRule[] }>();
  return { rules: [...rules, crash] };
});

const hba = 'file:///cluster/pg_hba.conf';
const trust = 'host all all 0.0.0.0/0 trust\n';
const documentationUri = 'command:show?%5B%22{rule}%22%5D';

describe('pulled', () => {
  test('the server offers what the editor can use', async () => {
    const { initialized: { capabilities } } = await Editor.open();
    expect(capabilities).toMatchObject({
      positionEncoding: 'utf-16', hoverProvider: true,
      diagnosticProvider: { identifier: 'pgrampart', interFileDependencies: true, workspaceDiagnostics: false },
      codeActionProvider: { codeActionKinds: ['quickfix.pgrampart', 'source.fixAll.pgrampart', 'source.pgrampart.newMigration'] },
    });
  });

  test('a finding is one sentence on the smallest range, with rule, link and data', async () => {
    const editor = await Editor.open({ options: { documentationUri } });
    await editor.type(hba, 'pg-hba', trust);
    const [found, ...others] = (await editor.diagnostics(hba)).filter(({ code }) => code === 'hba/trust-any');
    expect(others).toEqual([]);
    expect(editor.marked(hba, found!)).toBe('trust');
    expect(found).toMatchObject({
      source: 'pgrampart', severity: 1, data: { v: 1, rule: 'hba/trust-any', severity: 'critical' },
      codeDescription: { href: 'command:show?%5B%22hba/trust-any%22%5D' },
    });
    expect(found!.message).toMatch(/^[^\n.][^\n]{10,109}$/);
  });

  test('there is no link in an editor that has not said where documentation is', async () => {
    const editor = await Editor.open();
    await editor.type(hba, 'pg-hba', trust);
    expect((await editor.diagnostics(hba))[0]).not.toHaveProperty('codeDescription');
  });

  test('positions count UTF-16 units, behind surrogate pairs and CRLF', async () => {
    const editor = await Editor.open();
    await editor.type(hba, 'pg-hba', '# 😀\r\n\r\nhost "😀" all 0.0.0.0/0 trust\r\n');
    const found = (await editor.diagnostics(hba)).find(({ code }) => code === 'hba/trust-any');
    expect(found?.range).toEqual({ start: { line: 2, character: 24 }, end: { line: 2, character: 29 } });
  });

  test('a state that was already reported is not reported again', async () => {
    const editor = await Editor.open();
    await editor.type(hba, 'pg-hba', trust);
    const first = await editor.report(hba);
    expect(await editor.report(hba, first.resultId)).toEqual({ kind: 'unchanged', resultId: first.resultId });
    await editor.replace(hba, `# more\n${trust}`);
    expect((await editor.report(hba, first.resultId)).kind).toBe('full');
  });

  test('an edit changes the answer', async () => {
    const editor = await Editor.open();
    await editor.type(hba, 'pg-hba', trust);
    expect(await editor.diagnostics(hba)).not.toEqual([]);
    await editor.replace(hba, 'hostssl app app 10.0.0.5/32 scram-sha-256\n');
    expect(await editor.diagnostics(hba)).toEqual([]);
  });

  test('a cancelled request is answered as cancelled', async () => {
    const editor = await Editor.open();
    await editor.type(hba, 'pg-hba', trust);
    const { CancellationTokenSource } = await import('vscode-languageserver/node');
    const source = new CancellationTokenSource();
    const answer = editor.connection.sendRequest('textDocument/diagnostic', { textDocument: { uri: hba } }, source.token);
    source.cancel();
    await expect(answer).rejects.toMatchObject({ code: -32800 });
  });

  test('very many problems end with how many more there are', async () => {
    const editor = await Editor.open();
    await editor.type(hba, 'pg-hba', Array.from({ length: 250 }, (_, i) => `host db${i} all 0.0.0.0/0 trust\n`).join(''));
    const found = await editor.diagnostics(hba);
    expect(found).toHaveLength(200);
    expect(found.at(-1)!.message).toMatch(/^\d+ more problems in this file are not shown$/);
  });

  test('a document that is not saved yet is looked at on its own', async () => {
    const editor = await Editor.open();
    await editor.type('untitled:Untitled-1', 'pg-hba', trust);
    expect((await editor.diagnostics('untitled:Untitled-1')).map(({ code }) => code)).toContain('hba/trust-any');
    await editor.type('vscode-vfs://github/a/b/pg_hba.conf', 'pg-hba', trust);
    expect((await editor.diagnostics('vscode-vfs://github/a/b/pg_hba.conf')).map(({ code }) => code)).toContain('hba/trust-any');
  });

  test('a namesake, an unknown document and a closed one get nothing', async () => {
    const editor = await Editor.open();
    await editor.type('file:///etc/fail2ban/filter.d/postgresql.conf', 'postgresql-conf', '[Definition]\nfailregex = x\n');
    expect(await editor.diagnostics('file:///etc/fail2ban/filter.d/postgresql.conf')).toEqual([]);
    expect(await editor.diagnostics('file:///never/opened.sql')).toEqual([]);
  });
});

describe('neighbours', () => {
  const conf = 'file:///cluster/postgresql.conf';
  const exposed = "listen_addresses = '*'\n";

  test('a finding names the other place, and an open document counts before the disk', async () => {
    const editor = await Editor.open({ files: { '/cluster/postgresql.conf': "listen_addresses = 'localhost'\n" } });
    await editor.type(hba, 'pg-hba', trust);
    expect((await editor.diagnostics(hba)).map(({ code }) => code)).not.toContain('cluster/exposed-passwordless');
    await editor.type(conf, 'postgresql-conf', exposed);
    const found = (await editor.diagnostics(hba)).find(({ code }) => code === 'cluster/exposed-passwordless');
    const [related] = found?.relatedInformation ?? [];
    expect(related?.location.uri).toBe(conf);
    expect(editor.marked(conf, related!.location)).toContain("'*'");
  });

  test('an edit of postgresql.conf asks the editor to pull pg_hba.conf again', async () => {
    const editor = await Editor.open();
    await editor.type(hba, 'pg-hba', trust);
    await editor.type(conf, 'postgresql-conf', "listen_addresses = 'localhost'\n");
    await until(() => editor.refreshes > 0);
    const before = editor.refreshes;
    const { resultId } = await editor.report(hba);
    await editor.replace(conf, exposed);
    await until(() => editor.refreshes > before);
    expect(editor.refreshes).toBe(before + 1);
    expect((await editor.report(hba, resultId)).kind).toBe('full');
  });

  test('so does a change on disk', async () => {
    const editor = await Editor.open();
    await editor.type(hba, 'pg-hba', trust);
    await editor.save('/cluster/postgresql.conf', exposed);
    await until(() => editor.refreshes > 0);
    expect(editor.refreshes).toBe(1);
  });
});

describe('pushed', () => {
  test('an editor that cannot pull gets diagnostics with their version, and none after closing', async () => {
    const editor = await Editor.open({ pull: false });
    expect(editor.initialized.capabilities.diagnosticProvider).toBeUndefined();
    await editor.type(hba, 'pg-hba', trust);
    await until(() => editor.pushed.length > 0);
    expect(editor.pushed[0]).toMatchObject({ uri: hba, version: 1 });
    expect(editor.pushed[0]!.diagnostics.map(({ code }) => code)).toContain('hba/trust-any');
    await editor.close(hba);
    await until(() => editor.pushed.length > 1);
    expect(editor.pushed.at(-1)).toEqual({ uri: hba, diagnostics: [] });
  });

  test('an edit of postgresql.conf pushes pg_hba.conf again', async () => {
    const editor = await Editor.open({ pull: false });
    await editor.type(hba, 'pg-hba', trust);
    await until(() => editor.pushed.some(({ uri }) => uri === hba));
    editor.pushed.length = 0;
    await editor.type('file:///cluster/postgresql.conf', 'postgresql-conf', "listen_addresses = '*'\n");
    await until(() => editor.pushed.some(({ uri }) => uri === hba));
    expect(editor.pushed.some(({ uri }) => uri === hba)).toBe(true);
  });
});

describe('nothing goes down', () => {
  test('a rule that fails costs its own findings and is logged', async () => {
    const editor = await Editor.open();
    await editor.type(hba, 'pg-hba', 'host crash_db all 0.0.0.0/0 trust\n');
    expect((await editor.diagnostics(hba)).map(({ code }) => code)).toContain('hba/trust-any');
    await until(() => editor.logged.length > 0);
    expect(editor.logged.join('\n')).toMatch(/hba\/crash failed on \/cluster\/pg_hba\.conf: Error: a rule went wrong/);
  });

  test('a request that fails is logged and answered with nothing', async () => {
    const editor = await Editor.open();
    await editor.type(hba, 'pg-hba', trust);
    expect(await editor.actions(hba, null as never)).toEqual([]);
    await until(() => editor.logged.length > 0);
    expect(editor.logged.join('\n')).toContain('textDocument/codeAction failed');
    expect(await editor.diagnostics(hba)).not.toEqual([]);
  });
});

describe('settings', () => {
  test('levels by id and pattern; the id wins', async () => {
    const editor = await Editor.open({ settings: { rules: { 'hba/trust-any': 'low', 'hba/*': 'off' } } });
    await editor.type(hba, 'pg-hba', trust);
    expect((await editor.diagnostics(hba)).filter(({ code }) => String(code).startsWith('hba/'))).toMatchObject([{ code: 'hba/trust-any', severity: 3 }]);
  });

  test('an unknown rule is named with the nearest one, once', async () => {
    const editor = await Editor.open({ settings: { rules: { 'hba/trust-ani': 'off' } } });
    await editor.type(hba, 'pg-hba', trust);
    await editor.diagnostics(hba);
    await editor.type('file:///other/pg_hba.conf', 'pg-hba', trust);
    await editor.diagnostics('file:///other/pg_hba.conf');
    expect(editor.logged).toEqual(["Setting pgrampart.rules: unknown rule 'hba/trust-ani', did you mean 'hba/trust-any'?"]);
  });

  test('enable, exclude, maxFileSize and sql.detect leave documents alone', async () => {
    const editor = await Editor.open({ folders: ['/cluster'], settings: { enable: false } });
    await editor.type(hba, 'pg-hba', trust);
    expect(await editor.diagnostics(hba)).toEqual([]);
    for (const settings of [{ exclude: ['pg_hba.conf'] }, { exclude: ['*.conf'] }, { maxFileSize: 10 }]) {
      await editor.changeSettings(settings);
      expect(await editor.diagnostics(hba)).toEqual([]);
    }
    await editor.changeSettings({ exclude: ['other/'] });
    expect(await editor.diagnostics(hba)).not.toEqual([]);
  });

  test('sql.detect never leaves SQL alone, and SQL of another database has no findings', async () => {
    const definer = "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';\n";
    const editor = await Editor.open();
    await editor.type('file:///a/1.sql', 'sql', definer);
    expect(await editor.diagnostics('file:///a/1.sql')).not.toEqual([]);
    await editor.type('file:///a/2.sql', 'sql', 'CREATE TABLE [dbo].[t] ([id] INT IDENTITY(1,1));\nGO\nEXEC sp_executesql @q;\nGO\n');
    expect(await editor.diagnostics('file:///a/2.sql')).toEqual([]);
    await editor.changeSettings({ sql: { detect: 'never' } });
    expect(await editor.diagnostics('file:///a/1.sql')).toEqual([]);
  });

  test('a file that is too large is named once', async () => {
    const editor = await Editor.open({ settings: { maxFileSize: 10 } });
    await editor.type(hba, 'pg-hba', trust);
    await editor.diagnostics(hba);
    await editor.replace(hba, trust + trust);
    await editor.diagnostics(hba);
    expect(editor.logged).toEqual(['/cluster/pg_hba.conf is larger than pgrampart.maxFileSize, so it is skipped']);
  });

  test('a change asks the editor to pull again', async () => {
    const editor = await Editor.open();
    await editor.type(hba, 'pg-hba', trust);
    await editor.diagnostics(hba);
    await editor.changeSettings({ rules: { 'hba/*': 'off' } });
    await until(() => editor.refreshes > 0);
    expect(editor.refreshes).toBe(1);
  });

  test('an editor that speaks of settings that are what they were costs no second look', async () => {
    const editor = await Editor.open({ settings: { rules: { 'hba/trust-local': 'off' } } });
    await editor.type(hba, 'pg-hba', trust);
    const first = await editor.report(hba);
    await editor.changeSettings({ rules: { 'hba/trust-local': 'off' } });
    expect(await editor.report(hba)).toMatchObject({ resultId: first.resultId });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(editor.refreshes).toBe(0);
  });

  test('the PostgreSQL version may come from the setting or from PG_VERSION', async () => {
    const editor = await Editor.open({ files: { '/cluster/PG_VERSION': '13\n' } });
    await editor.type('file:///cluster/postgresql.conf', 'postgresql-conf', 'log_startup_progress_interval = 10s\n');
    expect((await editor.diagnostics('file:///cluster/postgresql.conf')).map(({ code }) => code)).toContain('conf/unknown-parameter');
    await editor.changeSettings({ postgresVersion: '17' });
    expect((await editor.diagnostics('file:///cluster/postgresql.conf')).map(({ code }) => code)).not.toContain('conf/unknown-parameter');
  });

  test('SQL is looked at again when the file that tells the version has changed', async () => {
    const editor = await Editor.open({ files: { '/db/PG_VERSION': '13\n' } });
    await editor.type('file:///db/a.sql', 'sql', 'SELECT 1;\n');
    const status = async () => (await editor.connection.sendRequest<{ version: number }>('pgrampart/status', { uri: 'file:///db/a.sql' })).version;
    expect(await status()).toBe(13);
    await editor.save('/db/PG_VERSION', '17\n');
    await until(() => editor.refreshes > 0);
    expect(await status()).toBe(17);
  });
});

describe('hover', () => {
  test('says why the rule exists and where to read more', async () => {
    const editor = await Editor.open({ options: { documentationUri } });
    await editor.type(hba, 'pg-hba', trust);
    const hover = await editor.hover(hba, 0, 25);
    expect(hover?.contents).toMatchObject({ kind: 'markdown', value: expect.stringContaining('[hba/trust-any](command:show?%5B%22hba/trust-any%22%5D)') });
    expect(editor.marked(hba, { range: hover!.range! })).toBe('trust');
    const record = await editor.hover(hba, 0, 15);
    expect(record?.contents).toMatchObject({ value: expect.stringMatching(/Any client in 0\\?\.0\.0\.0\/0 may log in/) });
    await editor.changeSettings({ languageFeatures: false });
    expect(await editor.hover(hba, 0, 1)).toBeNull();
  });

  test.each([[true, ["There is no \"rulez\" here, so it changes nothing; did you mean \"rules\"?"]], [undefined, ["There is no \"rulez\" here, so it changes nothing; did you mean \"rules\"?", 'Comma expected here']]])('an editor that checks JSON (%s) is not told what is no JSON', async (checksJson, messages) => {
    const editor = await Editor.open({ folders: ['/db'], ...(checksJson && { options: { checksJson } }) });
    await editor.type('file:///db/pgrampart.jsonc', 'jsonc', '{ "rulez": {} "failOn": "low" }\n');
    expect((await editor.diagnostics('file:///db/pgrampart.jsonc')).map(({ message }) => message)).toEqual(messages);
  });

  test('the status names the project file and counts its mistakes', async () => {
    const editor = await Editor.open({ files: { '/db/pgrampart.jsonc': '{ "rules": { "hba/no-such-rule": "off" } }\n' }, folders: ['/db', '/alone'] });
    const project = async (uri: string) => {
      await editor.type(uri, 'sql', 'SELECT 1;\n');
      return (await editor.connection.sendRequest<{ project?: unknown }>('pgrampart/status', { uri })).project;
    };
    expect(await project('file:///db/a.sql')).toEqual({ uri: 'file:///db/pgrampart.jsonc', problems: 1 });
    expect(await project('file:///alone/a.sql')).toBeUndefined();
  });
});
