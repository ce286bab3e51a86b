import { beforeAll, describe, expect, test } from 'vitest';
import type { Document } from '../../../server/src/document.ts';
import { lint } from '../../../server/src/lint.ts';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { filesOf, setOf } from '../../files.ts';

beforeAll(loadPostgresFromDisk);

const routine = 'CREATE FUNCTION app.pay(x int) RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT v FROM app.t $$;\n';

describe('the statement that almost mended it', () => {
  test.each([
    ['another signature', 'REVOKE ALL ON FUNCTION app.pay(text) FROM PUBLIC;', 'This is about another routine, not pay(int4)'],
    ['another schema', 'REVOKE EXECUTE ON FUNCTION public.pay(int) FROM PUBLIC;', 'This is about schema public, not app'],
    ['one role alone', 'REVOKE EXECUTE ON FUNCTION app.pay(int) FROM anon;', 'This takes nothing away: anon may do it as part of PUBLIC'],
    ['the right to pass it on', 'REVOKE GRANT OPTION FOR EXECUTE ON FUNCTION app.pay(int) FROM PUBLIC;', 'This takes away the right to pass it on, not the privilege itself'],
    ['another grantor', 'CREATE ROLE clerk;\nSET ROLE clerk;\nREVOKE EXECUTE ON FUNCTION app.pay(int) FROM PUBLIC;', 'This takes nothing away: whoever runs it did not grant the privilege'],
  ])('a REVOKE of %s', (_, revoke, reason) => {
    expect(related('sql/security-definer-public-execute', routine + revoke)).toEqual([[revoke.slice(revoke.indexOf('REVOKE'), -1), reason]]);
  });

  test('defaults in one schema', () => {
    const text = `ALTER DEFAULT PRIVILEGES IN SCHEMA app REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;\n${routine}`;
    expect(related('sql/security-definer-public-execute', text)).toEqual([
      ['REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC', 'With IN SCHEMA this takes nothing away: the privilege comes from a default for all schemas'],
    ]);
  });

  test('a REVOKE before the GRANT is none', () => {
    const text = 'CREATE TABLE app.t (i int);\nREVOKE SELECT ON app.t FROM reporting;\nGRANT SELECT ON app.t TO PUBLIC;\n';
    expect(related('sql/grant-to-public', text)).toEqual([]);
    expect(related('sql/grant-to-public', `${text}REVOKE SELECT ON app.t FROM reporting;`)).toEqual([
      ['REVOKE SELECT ON app.t FROM reporting', 'This takes nothing away: reporting may do it as part of PUBLIC'],
    ]);
    expect(related('sql/grant-to-public', `${text}REVOKE INSERT ON app.t FROM PUBLIC;`)).toEqual([]);
  });

  test('a search_path for another overload', () => {
    const text = 'CREATE FUNCTION app.f(x text) RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT count(*) FROM t $$;\nALTER FUNCTION app.f(int) SET search_path = pg_catalog, app, pg_temp;';
    expect(related('sql/security-definer-search-path', text)).toEqual([['app.f', 'This is about another routine, not f(text)']]);
  });

  test('row-level security of a table in another schema', () => {
    const text = 'CREATE TABLE app.doc (owner name);\nCREATE POLICY own ON app.doc USING (owner = current_user);\nALTER TABLE public.doc ENABLE ROW LEVEL SECURITY;';
    expect(related('sql/rls-policy-not-enabled', text)).toEqual([['ENABLE ROW LEVEL SECURITY', 'This is about the table in schema public']]);
  });

  test('DROP POLICY for another name', () => {
    const text = 'CREATE TABLE doc (i int);\nALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY "All" ON doc USING (true);\nDROP POLICY IF EXISTS All_ ON doc;';
    expect(related('sql/rls-policy-always-true', text)).toEqual([['All_', 'This drops no policy: the table has none of this name']]);
  });

  test.each([
    ['REVOKE pg_write_server_files FROM lod;', 'lod', 'This is about another member, not loader'],
    ['REVOKE pg_read_server_files FROM loader;', 'loader', 'This is about another role, not pg_write_server_files'],
    ['REVOKE ADMIN OPTION FOR pg_write_server_files FROM loader;', 'loader', 'This takes an option of the membership away, not the membership itself'],
    ['REVOKE pg_write_server_files FROM loader GRANTED BY clerk;', 'loader', 'This takes nothing away: another role granted the membership'],
  ])('a membership: %s', (revoke, at, reason) => {
    expect(related('sql/grant-predefined-superuser-like', `GRANT pg_write_server_files TO loader;\n${revoke}`)).toEqual([[at, reason]]);
  });

  test('a membership that was another one is none, nor is what stands before the GRANT', () => {
    const text = 'GRANT pg_read_server_files TO clerk;\nGRANT pg_write_server_files TO loader;\nREVOKE pg_read_server_files FROM clerk;\n';
    expect(related('sql/grant-predefined-superuser-like', text)).toEqual([]);
    expect(related('sql/grant-predefined-superuser-like', 'REVOKE pg_write_server_files FROM lod;\nGRANT pg_write_server_files TO loader;\n')).toEqual([]);
  });

  test.each([
    ['sql/grant-superuser-role', 'CREATE ROLE boss SUPERUSER;\nGRANT boss TO app;\nREVOKE boss FROM ap;', 'This is about another member, not app'],
    ['sql/grant-broad-predefined-role', 'GRANT pg_read_all_data TO app;\nREVOKE pg_write_all_data FROM app;', 'This is about another role, not pg_read_all_data'],
    ['sql/grant-role-with-admin-option', 'GRANT staff TO anna WITH ADMIN OPTION;\nREVOKE ADMIN OPTION FOR staff FROM bert;', 'This is about another member, not anna'],
    ['sql/grant-role-with-admin-option', 'GRANT staff TO anna WITH ADMIN OPTION;\nREVOKE INHERIT OPTION FOR staff FROM anna;', 'This takes another option of the membership away'],
  ])('%s: %j', (rule, text, reason) => {
    expect(related(rule, text).map(([, message]) => message)).toEqual([reason]);
  });

  test.each([
    ['REVOKE ALL ON app.t FROM readers;', 'This is about another role, not reader'],
    ['REVOKE SELECT (id) ON app.t FROM reader;', 'This takes nothing away: the privilege is on the whole table, not on columns'],
    ['REVOKE ALL ON app.t FROM PUBLIC;', undefined],
    ['REVOKE ALL ON app.other FROM reader;', undefined],
  ])('a privilege of one role: %s', (revoke, reason) => {
    const text = `CREATE TABLE app.t (id int);\nCREATE TABLE app.other (id int);\nGRANT ALL ON app.t TO reader;\n${revoke}`;
    expect(related('sql/grant-all', text).map(([, message]) => message)).toEqual(reason === undefined ? [] : [reason]);
  });

  test('a policy of this name on another table', () => {
    const text = 'CREATE TABLE doc (i int);\nCREATE TABLE docs (i int);\nALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY "All" ON doc USING (true);\nDROP POLICY IF EXISTS "All" ON docs;\nDROP POLICY IF EXISTS own ON docs;';
    expect(related('sql/rls-policy-always-true', text)).toEqual([['"All"', 'This drops no policy: the one of this name is on doc']]);
  });

  test('a name that many tables use, or another one, is dropped out of habit', () => {
    const text = 'CREATE TABLE doc (i int);\nCREATE TABLE orders (i int);\nALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY "Allow all" ON doc USING (true);\n'
      + 'DROP POLICY IF EXISTS "Allow all" ON orders;\nDROP POLICY IF EXISTS "Enable read access for all users" ON doc;\nDROP POLICY IF EXISTS "Allow delete" ON doc;\n';
    expect(related('sql/rls-policy-always-true', text)).toEqual([]);
  });

  test('a safe search_path for another overload', () => {
    const text = 'CREATE FUNCTION app.f(x text) RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = app AS $$ SELECT count(*) FROM t $$;\nALTER FUNCTION app.f(int) SET search_path = pg_catalog, app, pg_temp;';
    expect(related('sql/security-definer-unsafe-search-path', text)).toEqual([['app.f', 'This is about another routine, not f(text)']]);
  });

  test('row-level security of a partition in another schema', () => {
    const text = 'CREATE TABLE app.p (o name) PARTITION BY LIST (o);\nALTER TABLE app.p ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON app.p USING (o = current_user);\n'
      + "CREATE TABLE app.p1 PARTITION OF app.p FOR VALUES IN ('a');\nGRANT SELECT ON app.p1 TO reader;\nALTER TABLE public.p1 ENABLE ROW LEVEL SECURITY;";
    expect(related('sql/rls-partition-not-enabled', text).at(-1)).toEqual(['ENABLE ROW LEVEL SECURITY', 'This is about the table in schema public']);
  });

  test('DROP POLICY IF EXISTS in front of CREATE POLICY lets a file run again', () => {
    const text = 'CREATE TABLE doc (i int);\nALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY a ON doc FOR UPDATE USING (true);\n'
      + 'DROP POLICY IF EXISTS "b c" ON doc;\nCREATE POLICY "b c" ON doc FOR DELETE USING (false);\nDROP POLICY IF EXISTS D ON doc;\nCREATE POLICY d ON doc FOR SELECT USING (false);\n';
    expect(related('sql/rls-policy-always-true', text)).toEqual([]);
  });

  test('it may stand in another file', () => {
    const texts = { 'migrations/1_a.sql': routine, 'migrations/2_b.sql': 'REVOKE ALL ON FUNCTION app.pay(bigint) FROM PUBLIC;' };
    const [finding] = lint({ ...documentOf(routine), path: 'migrations/1_a.sql', set: setOf('migrations/1_a.sql', texts)! }, { only: 'sql/security-definer-public-execute' }).findings;
    expect(finding!.related).toMatchObject([{ path: 'migrations/2_b.sql', message: 'This is about another routine, not pay(int4)' }]);
  });
});

function related(rule: string, text: string): (readonly [string, string])[] {
  const { findings } = lint(documentOf(text), { only: rule });
  expect(findings).toHaveLength(1);
  return findings[0]!.related.map(({ at, message }) => [text.slice(at.start, at.end), message] as const);
}

function documentOf(text: string): Document {
  return { path: 'schema.sql', text, language: 'sql', version: 18, files: filesOf({ 'schema.sql': text }) };
}
