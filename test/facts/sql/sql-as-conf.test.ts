import { beforeAll, describe, expect, test } from 'vitest';
import type { Document } from '../../../server/src/document.ts';
import { noFiles } from '../../../server/src/document.ts';
import { confFacts, splitList } from '../../../server/src/facts/conf/settings.ts';
import { lint } from '../../../server/src/lint.ts';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { elsewhere, judgeAsConf } from '../../../server/src/rules/as-conf.ts';
import { confRules } from '../../../server/src/rules/conf-rules.ts';
import type { Example } from '../../../server/src/rules/rule.ts';
import { sqlSettings } from '../../../server/src/facts/sql/sql-settings.ts';
import { sqlFacts } from '../../../server/src/facts/sql.ts';
import { applyEdits } from '../../../server/src/text.ts';

beforeAll(loadPostgresFromDisk);

const judged = confRules.filter(({ id, presets }) => !elsewhere.has(id) && presets?.includes('recommended') !== false);

test('the rules that do not judge single values exist', () => {
  expect([...elsewhere].filter((id) => !confRules.some((rule) => rule.id === id))).toEqual([]);
});

describe.each(judged.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  test.each(rule.examples.filter(({ bad, good }) => (bad ?? good) !== undefined).map((example, i) => [i + 1, example] as const))('judges example %i in SQL as in postgresql.auto.conf', (_, example) => {
    const conf = asAutoConf(example);
    const sql = asStatements(conf);
    const inFile = lint(conf, { only: id }).findings.map(({ message, severity }) => `${severity}: ${message}`).sort();
    const inSql = [...judgeAsConf(sql, sqlSettings(sqlFacts(sql)), (one) => one === id)];
    expect(inSql.map(({ message, severity }) => `${severity}: ${message}`).sort()).toEqual(inFile);

    for (const { fixes = [] } of inSql) {
      for (const { edits } of fixes.slice(0, 1)) {
        const fixed = { ...sql, text: applyEdits(sql.text, edits) };
        expect([...judgeAsConf(fixed, sqlSettings(sqlFacts(fixed)), (one) => one === id)].length, fixed.text).toBeLessThan(inSql.length);
      }
    }
  });
});

/** The settings in force alone, as ALTER SYSTEM would leave them. */
function asAutoConf({ bad, good, version = 18, path }: Example): Document {
  const document: Document = { path: path ?? 'postgresql.conf', text: (bad ?? good!).replace(/[«»]/g, ''), language: 'conf', version, files: noFiles };
  const { settings } = confFacts(document);
  const lines = settings.all.filter(({ setting }) => !setting.template && /^[\w.]+$/.test(setting.name.text));
  const text = lines.map(({ setting }) => `${setting.name.text.toLowerCase()} = '${setting.value.text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'\n`).join('');
  const folder = document.path.includes('/') ? `${document.path.slice(0, document.path.lastIndexOf('/'))}/` : '';
  return { ...document, path: `${folder}postgresql.auto.conf`, text };
}

function asStatements(conf: Document): Document {
  const statements = confFacts(conf).settings.all.map(({ setting: { name, value } }) => {
    const entries = /_libraries$|^(search_path|temp_tablespaces|unix_socket_directories)$/.test(name.text) ? splitList(value.text) : [value.text];
    return `ALTER SYSTEM SET ${name.text} = ${(entries.length > 0 ? entries : ['']).map((entry) => `'${entry.replaceAll("'", "''")}'`).join(', ')};\n`;
  });
  return { ...conf, path: conf.path.replace('postgresql.auto.conf', 'schema.sql'), language: 'sql', text: statements.join('') };
}
