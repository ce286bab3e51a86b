import { beforeAll, describe, expect, test } from 'vitest';
import { noFiles, type Document } from '../../server/src/document.ts';
import { lint, writtenOf } from '../../server/src/lint.ts';
import { loadPostgresFromDisk } from '../../server/src/node-wasm.ts';
import { Baseline, entriesOf, readBaseline, writeBaseline } from '../../server/src/policy/baseline.ts';

beforeAll(loadPostgresFromDisk);

const documentOf = (text: string, path = 'a'): Document => ({ path, text, language: path.endsWith('sql') ? 'sql' : 'hba', version: 18, files: noFiles });

/** What is still reported of `after` when everything in `before` is accepted. */
function left(before: string, after: string, path = 'a', gone: ReadonlySet<string> = new Set(), name = path): string[] {
  const old = documentOf(before, path);
  const entries = readBaseline(writeBaseline(entriesOf(path, before, writtenOf(old), lint(old).findings)))!;
  const { findings, accepted } = lint(documentOf(after, name), { baseline: { baseline: new Baseline(entries, gone), path: name } });
  expect(findings.length + accepted.length).toBe(lint(documentOf(after, name)).findings.length);
  return findings.map(({ rule, at }) => `${rule} ${after.slice(at.start, at.end)}`);
}

const trust = 'host all all 0.0.0.0/0 trust\n';
const routine = (body: string, name = 'app.f') => `CREATE FUNCTION ${name}() RETURNS int LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN ${body} RETURN 1; END $$;\n`;

describe('an accepted problem stays accepted', () => {
  test.each([
    ['as it was', trust, trust],
    ['when lines come above it', trust, `# new\n\nlocal all all peer\n${trust}`],
    ['when it moves', `${trust}local all all peer\n`, `local all all peer\n${trust}`],
    ['when its columns are laid out anew', trust, 'host   all\tall  0.0.0.0/0   trust  # why\n'],
    ['when another one is fixed', `${trust}host app app 0.0.0.0/0 trust\n`, trust],
  ])('%s', (_, before, after) => expect(left(before, after)).toEqual([]));

  test('when something changes far inside of a long routine', () => {
    const long = `PERFORM ${'1 + '.repeat(100)}1;`;
    expect(left(routine(long), routine(`${long} PERFORM 2;`), 'a.sql')).toEqual([]);
    expect(left(routine(''), routine('').replace(' LANGUAGE', '\n  LANGUAGE').replaceAll('SECURITY', '\n  SECURITY'), 'a.sql')).toEqual([]);
  });

  test('when its file is renamed', () => {
    expect(left(trust, trust, 'old', new Set(['old']), 'new')).toEqual([]);
  });
});

describe('a new problem is shown', () => {
  test.each([
    ['of another record', trust, `host app bob 0.0.0.0/0 trust\n${trust}`, ['hba/trust-any trust']],
    ['that looks like an accepted one', 'host a a 0.0.0.0/0 trust\n', 'host a a 0.0.0.0/0 trust\nhost a b 0.0.0.0/0 trust\n', ['hba/trust-any trust']],
  ])('%s', (_, before, after, expected) => expect(left(before, after)).toEqual(expected));

  test('of another routine', () => {
    expect(left(routine(''), routine('') + routine('', 'app.g'), 'a.sql').map((one) => one.split(' ')[0])).toContain('sql/security-definer-search-path');
  });

  test('in another file while the first one is still there', () => {
    expect(left(trust, trust, 'old', new Set(), 'new')).not.toEqual([]);
  });
});

test('a baseline is sorted, one line for each problem, and says nothing about lines', () => {
  const text = writeBaseline([{ rule: 'b', path: 'z', fingerprint: '1' }, { rule: 'a', path: 'y', fingerprint: '2' }, { rule: 'a', path: 'y', fingerprint: '2' }]);
  expect(text).toBe('{\n  "version": 1,\n  "problems": [\n    {"path":"y","rule":"a","fingerprint":"2"},\n    {"path":"z","rule":"b","fingerprint":"1"}\n  ]\n}\n');
  expect(readBaseline(text)).toHaveLength(2);
});

test.each(['', '{}', '[]', '{"version": 2, "problems": []}', 'null', '{"version":1'])('%j is no baseline', (text) => {
  expect(readBaseline(text)).toBeUndefined();
});
