import { beforeAll, expect, test } from 'vitest';
import { noFiles, type Document } from '../server/src/document.ts';
import { laterStatements } from '../server/src/fix.ts';
import { loadPostgresFromDisk } from '../server/src/node-wasm.ts';

beforeAll(loadPostgresFromDisk);

const routine = "CREATE FUNCTION app.f(a text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'SELECT ''' || a || ''''; END $$;\n";
const again = "CREATE OR REPLACE FUNCTION app.f(a text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE format('SELECT %L', a); END $$;";

/** What a new migration holds for the first of the files, which others may follow. */
function later(rule: string, ...texts: readonly string[]): string[] {
  const files = texts.map((text, i) => ({ path: `migrations/${i + 1}.sql`, text }));
  const document: Document = { path: 'migrations/1.sql', text: texts[0]!, language: 'sql', version: 18, files: noFiles, set: { files, ordered: true, layout: 'numbered' } };
  return laterStatements(document, { only: `sql/${rule}` }, () => true);
}

const rule = 'dynamic-sql-concatenation';

test('a routine is created again', () => {
  expect(later(rule, routine)).toEqual([again]);
});

test.each([
  ['ALTER FUNCTION app.f(text) SECURITY DEFINER;'],
  ['ALTER FUNCTION app.f(text) SET search_path = pg_catalog, pg_temp;'],
])('with what another statement has given it: %s', (given) => {
  expect(later(rule, `${routine}${given}\n`)).toEqual([again, given]);
  expect(later(rule, routine, given)).toEqual([again, given]);
});

test.each([
  ['ALTER FUNCTION app.f(text) STRICT;'], ['ALTER FUNCTION app.f(text) SET statement_timeout = 100;'], ['ALTER FUNCTION app.f(text) RENAME TO g;'],
])('not where that would take away what is not known here: %s', (given) => {
  expect(later(rule, `${routine}${given}\n`)).toEqual([]);
  expect(later(rule, routine, given)).toEqual([]);
});

test('an owner, and what was altered before it was created, stay', () => {
  expect(later(rule, `${routine}ALTER FUNCTION app.f(text) OWNER TO app;\n`)).toEqual([again]);
  expect(later(rule, `ALTER FUNCTION app.f(text) STRICT;\n${routine}`)).toEqual([again]);
});

test('not where ALTER has taken away what creating it again would give back', () => {
  const definer = routine.replace('LANGUAGE', 'SECURITY DEFINER LANGUAGE');
  expect(later(rule, definer)).toEqual([again.replace('LANGUAGE', 'SECURITY DEFINER LANGUAGE')]);
  expect(later(rule, `${definer}ALTER FUNCTION app.f(text) SECURITY INVOKER;\n`)).toEqual([]);
});

test('a word to fill in keeps a fix out, one in the edit alone does not', () => {
  expect(later('role-no-connection-limit', 'CREATE ROLE app LOGIN;\n')).toEqual([]);
  expect(later('grant-to-public', 'CREATE TABLE app.t (id int);\nGRANT SELECT ON app.t TO PUBLIC;\n').join()).toMatch(/^REVOKE .*app\.t FROM PUBLIC;$/);
});

test('both conditions of a policy in one statement', () => {
  const cast = "t = current_setting('app.t')::int";
  const mended = "t = NULLIF(current_setting('app.t', true), '')::int";
  expect(later('rls-current-setting-unsafe-cast', `CREATE POLICY p ON app.d USING (${cast}) WITH CHECK (${cast});\n`)).toEqual([`ALTER POLICY p ON app.d USING (${mended}) WITH CHECK (${mended});`]);
});
