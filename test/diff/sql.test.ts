import { beforeAll, expect, test } from 'vitest';
import { compare } from '../../server/src/diff/compare.ts';
import type { Looked } from '../../server/src/lint.ts';
import { noFiles } from '../../server/src/document.ts';
import { loadPostgres } from '../../server/src/syntax/sql/postgres.ts';
import { setOf } from '../files.ts';

beforeAll(() => loadPostgres());

const base = `CREATE TABLE app.invoices (id int, owner text);
CREATE FUNCTION app.total(x int) RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT 1 $$;
CREATE ROLE web LOGIN;
`;

function looked(texts: Readonly<Record<string, string>>): Looked[] {
  return Object.entries(texts).map(([path, text]) => {
    const set = setOf(path, texts);
    return { document: { path, text, language: 'sql', version: 18, files: noFiles, ...set && { set } }, findings: [] };
  });
}

function changes(before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>): string[] {
  return compare(looked(before), looked(after)).changes.map(({ effect, text, path, line, gone }) => `${effect} ${gone ? 'before ' : ''}${path}:${line}: ${text}`);
}

test.each<[string, string, string, string[]]>([
  ['layout and order', 'GRANT SELECT ON app.invoices TO anon;\nGRANT USAGE ON SCHEMA app TO anon;\n', '-- who\nGRANT USAGE ON SCHEMA app TO anon;\nGRANT SELECT\n  ON app.invoices TO anon;\n', []],
  ['a grant that is taken back', '', 'GRANT SELECT ON app.invoices TO anon;\nREVOKE ALL ON app.invoices FROM anon;\n', []],
  ['a grant', '', 'GRANT SELECT, UPDATE ON app.invoices TO anon;\n', ['opens a.sql:4: Role anon can now read and change app.invoices']],
  ['all', '', 'GRANT ALL ON app.invoices TO PUBLIC;\n', ['opens a.sql:4: Any role can now do everything with app.invoices']],
  ['a column', '', 'GRANT SELECT (id, owner) ON app.invoices TO anon;\n', ['opens a.sql:4: Role anon can now read columns id, owner of app.invoices']],
  ['a grant is gone', 'GRANT SELECT ON app.invoices TO anon;\n', '', ['closes before a.sql:4: Role anon can no longer read app.invoices']],
  ['a grant option', 'GRANT SELECT ON app.invoices TO anon;\n', 'GRANT SELECT ON app.invoices TO anon WITH GRANT OPTION;\n', ['opens a.sql:4: Role anon may now let others read app.invoices']],
  ['a schema and a database', '', 'GRANT CREATE ON SCHEMA app TO anon;\nGRANT CONNECT ON DATABASE shop TO anon;\n', ['opens a.sql:4: Role anon can now create objects in schema app', 'opens a.sql:5: Role anon can now connect to database shop']],
  ['EXECUTE of everybody', '', 'REVOKE EXECUTE ON FUNCTION app.total(int) FROM PUBLIC;\n', ['closes before a.sql:2: Any role can no longer run app.total(int4)']],
  ['an attribute', '', 'ALTER ROLE web SUPERUSER BYPASSRLS;\n', ['opens a.sql:4: Role web is now a superuser', 'opens a.sql:4: Role web is now past all row-level security']],
  ['an attribute is gone', 'ALTER ROLE web CREATEROLE;\n', 'ALTER ROLE web NOCREATEROLE;\n', ['closes a.sql:4: Role web can no longer create roles']],
  ['a membership', '', 'GRANT pg_read_all_data TO web WITH ADMIN OPTION;\n', ['opens a.sql:4: Role web is now a member of pg_read_all_data, and may make others members']],
  ['row-level security goes', 'ALTER TABLE app.invoices ENABLE ROW LEVEL SECURITY;\n', '', ['opens before a.sql:4: Row-level security of app.invoices is off now: whoever may read the table sees every row']],
  ['row-level security comes', '', 'ALTER TABLE app.invoices ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON app.invoices FOR SELECT TO anon USING (owner = current_user);\n', [
    'closes a.sql:4: Row-level security of app.invoices is on now: only rows that a policy lets through can be seen',
    'changes a.sql:5: Policy own on app.invoices is new: it lets role anon read rows where owner = current_user',
  ]],
  ['a policy', 'ALTER TABLE app.invoices ENABLE ROW LEVEL SECURITY;\n', 'ALTER TABLE app.invoices ENABLE ROW LEVEL SECURITY;\nCREATE POLICY everything ON app.invoices USING (true);\n', ['opens a.sql:5: Policy everything on app.invoices is new: it lets any role read and write every row']],
  ['a policy changes', 'CREATE POLICY p ON app.invoices FOR DELETE USING (owner = current_user);\n', 'CREATE POLICY p ON app.invoices FOR DELETE USING (true);\n',
    ['changes a.sql:4: Policy p on app.invoices has changed: it lets any role delete every row; until now it lets any role delete rows where owner = current_user']],
  ['a restrictive policy', 'ALTER TABLE app.invoices ENABLE ROW LEVEL SECURITY;\n', 'ALTER TABLE app.invoices ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON app.invoices AS RESTRICTIVE TO web USING (owner = current_user);\n',
    ['closes a.sql:5: Policy own on app.invoices is new: it lets role web read and write nothing but rows where owner = current_user']],
  ['a policy is gone', 'ALTER TABLE app.invoices ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON app.invoices USING (true);\n', 'ALTER TABLE app.invoices ENABLE ROW LEVEL SECURITY;\n',
    ['closes before a.sql:5: Policy own on app.invoices is gone: until now it lets any role read and write every row']],
  ['FORCE', 'ALTER TABLE app.invoices ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;\n', 'ALTER TABLE app.invoices ENABLE ROW LEVEL SECURITY;\n', ['opens before a.sql:4: The policies of app.invoices no longer hold for its owner']],
  ['a sequence, a column and a type', '', 'CREATE SEQUENCE app.s;\nGRANT USAGE ON SEQUENCE app.s TO web;\nREVOKE USAGE ON TYPE app.kind FROM PUBLIC;\n', ['opens a.sql:5: Role web can now take numbers from app.s', 'closes a.sql:6: Any role can no longer use type app.kind']],
  ['the schema public', '', 'GRANT USAGE ON SCHEMA public TO web;\n', ['opens a.sql:4: Role web can now use schema public']],
  ['a database of which nobody has spoken', '', 'REVOKE ALL ON DATABASE shop FROM PUBLIC;\n', ['closes a.sql:4: Any role can no longer connect to and create temporary tables in database shop']],
  ['a role is gone', 'CREATE ROLE boss SUPERUSER;\n', '', ['closes before a.sql:4: Role boss is no longer created']],
  ['functions to come', '', 'ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;\n', ['closes a.sql:4: Not any role can run the functions that the role that runs the files creates from now on']],
  ['a function that becomes a definer', 'CREATE FUNCTION app.f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;\n', 'CREATE FUNCTION app.f() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$;\n',
    ['opens a.sql:4: app.f() now runs with the rights of its owner, and any role may run it']],
  ['a grant on a table with policies', 'ALTER TABLE app.invoices ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON app.invoices TO anon USING (owner = current_user);\n',
    'ALTER TABLE app.invoices ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON app.invoices TO anon USING (owner = current_user);\nGRANT SELECT ON app.invoices TO anon, web, service_role;\n', [
      'opens a.sql:6: Role anon can now read app.invoices, as far as its policies let it',
      'opens a.sql:6: Role web can now read app.invoices, as far as a policy lets it; none names it',
      'opens a.sql:6: Role service_role can now read app.invoices',
    ]],
  ['a new table with a policy', '', 'CREATE TABLE app.notes (id int);\nALTER TABLE app.notes ENABLE ROW LEVEL SECURITY;\nCREATE POLICY everybody ON app.notes FOR SELECT USING (true);\n',
    ['opens a.sql:6: Policy everybody on app.notes is new: it lets any role read every row']],
  ['a publication', '', 'CREATE PUBLICATION p FOR ALL TABLES;\n', ['opens a.sql:4: Publication p now hands out every table to its subscribers']],
  ['a definer', '', 'CREATE FUNCTION app.f() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$;\n', ['opens a.sql:4: app.f() is new and runs with the rights of its owner, and any role may run it']],
  ['an ordinary function', '', 'CREATE FUNCTION app.f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;\n', []],
  ['a path is gone', '', 'ALTER FUNCTION app.total(int) RESET search_path;\n', ['opens a.sql:4: app.total(int4) runs with the rights of its owner and now looks up names where its caller says']],
  ['an invoker', '', 'ALTER FUNCTION app.total(int) SECURITY INVOKER;\n', ['closes a.sql:2: app.total(int4) no longer runs with the rights of its owner']],
  ['an owner', '', 'ALTER TABLE app.invoices OWNER TO boss;\n', ['changes a.sql:4: app.invoices now belongs to boss']],
  ['defaults', '', 'ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO anon;\n', ['opens a.sql:4: Role anon will have SELECT on tables that the role that runs the files creates in schema app from now on']],
  ['an extension', '', 'CREATE EXTENSION dblink;\nCREATE EXTENSION citext;\n', ['opens a.sql:4: Extension dblink is installed now; it lets SQL open connections from the server to any address that it can reach', 'changes a.sql:5: Extension citext is installed now']],
  ['a table is gone', 'CREATE TABLE app.t (a int);\nGRANT SELECT ON app.t TO anon;\n', '', ['closes before a.sql:4: app.t is gone, and with it what role anon could do with it']],
  ['a view', 'CREATE VIEW app.v WITH (security_invoker) AS SELECT 1;\n', 'CREATE VIEW app.v AS SELECT 1;\n', ['opens a.sql:4: View app.v now reads with the rights of its owner, not with those of whoever asks']],
])('%s', (_, before, after, expected) => {
  expect(changes({ 'a.sql': base + before }, { 'a.sql': base + after })).toEqual(expected);
});

test('a migration is judged by what the database is after it', () => {
  const before = { 'migrations/001_a.sql': `${base}GRANT SELECT ON app.invoices TO anon;\n` };
  expect(changes(before, { ...before, 'migrations/002_b.sql': 'REVOKE SELECT ON app.invoices FROM anon;\nGRANT DELETE ON app.invoices TO web;\n' })).toEqual([
    'opens migrations/002_b.sql:2: Role web can now delete rows of app.invoices',
    'closes before migrations/001_a.sql:4: Role anon can no longer read app.invoices',
  ]);
  expect(changes(before, { ...before, 'migrations/002_b.sql': 'GRANT SELECT ON app.invoices TO anon;\n' })).toEqual([]);
});

test('what moves to another file without an order changes nothing', () => {
  const grant = 'GRANT SELECT ON app.invoices TO anon;\n';
  expect(changes({ 'db/tables.sql': base + grant, 'db/grants.sql': 'SELECT 1;\n' }, { 'db/tables.sql': base, 'db/grants.sql': grant })).toEqual([]);
  expect(changes({ 'db/tables.sql': base }, { 'db/tables.sql': base, 'db/grants.sql': grant })).toEqual(['opens db/grants.sql:1: Role anon can now read app.invoices']);
});
