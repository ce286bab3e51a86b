import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { finding, findings, gone, open, pause } from '../support.ts';

const kinds = [
  { file: 'cluster/pg_hba.conf', language: 'pg-hba', rule: 'hba/trust-any', text: 'trust' },
  { file: 'cluster/postgresql.conf', language: 'postgresql-conf', rule: 'conf/password-encryption-md5', text: 'md5' },
  { file: 'cluster/pg_ident.conf', language: 'pg-ident', rule: 'meta/unknown-suppression', text: 'ident/no-such-rule' },
  { file: 'migrations/0001_functions.sql', language: 'sql', rule: 'sql/security-definer-search-path', text: 'SECURITY DEFINER' },
];

suite('Findings while a file is open', () => {
  for (const { file, language, rule, text } of kinds) {
    test(`${file} shows ${rule}`, async () => {
      const { document } = await open(file);
      assert.equal(document.languageId, language);
      const shown = await finding(file, rule);
      assert.equal(document.getText(shown.range), text);
      assert.ok(!shown.message.includes('\n') && shown.message.length <= 120, shown.message);
    });
  }

  test('the rule of a finding leads to its documentation', async () => {
    await open('cluster/pg_hba.conf');
    const { code } = await finding('cluster/pg_hba.conf', 'hba/trust-any');
    assert.ok(typeof code === 'object', 'the code has a target');
    assert.equal(code.value, 'hba/trust-any');
    assert.ok(code.target.scheme.length > 0);
  });

  test('what gets people hacked is an error', async () => {
    await open('cluster/pg_hba.conf');
    const shown = await finding('cluster/pg_hba.conf', 'hba/trust-any');
    assert.equal(shown.severity, vscode.DiagnosticSeverity.Error);
  });

  test('SQL of another database has no findings', async () => {
    await open('reports/sales.sql');
    // The answer for a file opened later shows that the server is past this one.
    await open('migrations/0001_functions.sql');
    await finding('migrations/0001_functions.sql', 'sql/security-definer-search-path');
    await pause(500);
    assert.deepEqual(findings('reports/sales.sql'), []);
  });

  test('an edit brings a finding and another edit takes it away', async () => {
    const editor = await open('cluster/pg_hba.conf');
    const { document } = editor;
    const before = document.getText();
    // Above the records that would decide first.
    await editor.edit(edit => edit.insert(new vscode.Position(1, 0), 'host all all 192.168.0.0/16 password\n'));
    await finding('cluster/pg_hba.conf', 'hba/password-method');
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), before);
    await gone('cluster/pg_hba.conf', 'hba/password-method');
  });
});
