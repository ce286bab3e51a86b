import { beforeAll, describe, expect, it } from 'vitest';
import { noFiles } from '../../server/src/document.ts';
import type { Relation, Schema, Securable } from '../../server/src/facts/schema.ts';
import { sqlFacts } from '../../server/src/facts/sql.ts';
import { loadPostgres } from '../../server/src/syntax/sql/postgres.ts';

beforeAll(() => loadPostgres());

function schema(text: string, version = 18): Schema {
  return sqlFacts({ path: 'a.sql', text, language: 'sql', version, files: noFiles }).schema;
}

function privileges({ acl }: Securable): string {
  return acl.map(({ grantee, privilege, column, grantable }) => `${grantee}=${privilege}${column ? `(${column})` : ''}${grantable ? '*' : ''}`).join(' ');
}

function table(text: string, name = 't'): Relation {
  return schema(text).relation(undefined, name)!;
}

describe('privileges', () => {
  it.each<[string, string]>([
    ['CREATE TABLE t (); GRANT SELECT, INSERT ON t TO a', 'a=SELECT a=INSERT'],
    ['CREATE TABLE t (); GRANT SELECT (x, y) ON TABLE t TO PUBLIC WITH GRANT OPTION', 'public=SELECT(x)* public=SELECT(y)*'],
    ['CREATE TABLE t (); GRANT ALL ON t TO a; REVOKE ALL ON t FROM a', ''],
    ['CREATE TABLE t (); GRANT SELECT (x) ON t TO a; REVOKE SELECT ON t FROM a', ''],
    ['CREATE TABLE t (); GRANT SELECT ON t TO a WITH GRANT OPTION; REVOKE GRANT OPTION FOR SELECT ON t FROM a', 'a=SELECT'],
    ['CREATE TABLE t (); GRANT SELECT ON t TO a; DROP TABLE t; CREATE TABLE t ()', ''],
    ['CREATE TABLE t (); GRANT SELECT ON ALL TABLES IN SCHEMA public TO a', 'a=SELECT'],
    ['CREATE TABLE t (); GRANT SELECT ON ALL TABLES IN SCHEMA other TO a', ''],
    ['ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO a; CREATE TABLE t ()', 'a=SELECT'],
    ['ALTER DEFAULT PRIVILEGES IN SCHEMA x GRANT SELECT ON TABLES TO a; CREATE TABLE t ()', ''],
    ['CREATE TABLE t (); GRANT SELECT ON t TO a; ALTER TABLE t OWNER TO a', ''],
    ['GRANT SELECT ON t TO a', 'a=SELECT'],
    ['BEGIN; CREATE TABLE t (); COMMIT; BEGIN; GRANT SELECT ON t TO a; ROLLBACK', ''],
    ['CREATE TABLE t (); DO $$ BEGIN GRANT SELECT ON t TO a; END $$', 'a=SELECT'],
    ['CREATE TABLE t (); DO $$ BEGIN IF random() < 0.5 THEN GRANT SELECT ON t TO a; END IF; END $$', ''],
    ['CREATE TABLE t (); GRANT SELECT ON t TO a; DO $$ BEGIN IF random() < 0.5 THEN REVOKE ALL ON t FROM a; END IF; END $$', ''],
  ])('%s', (text, expected) => {
    expect(privileges(table(text))).toBe(expected);
  });
});

describe('row-level security', () => {
  function security({ rls, forced, policies }: Relation): string {
    return [rls.on, forced.on, ...policies.map(({ name, command, permissive, roles, using, check }) => (
      `${name}:${command}:${permissive ? '' : 'restrictive'}:${roles.join(',')}:${using?.text ?? ''}:${check?.text ?? ''}`))].join(' ');
  }

  it.each<[string, string]>([
    ['CREATE TABLE t (); ALTER TABLE t ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', 'true true'],
    ['CREATE TABLE t (); ALTER TABLE t ENABLE ROW LEVEL SECURITY; ALTER TABLE ONLY public.t DISABLE ROW LEVEL SECURITY', 'false false'],
    ['ALTER TABLE t ENABLE ROW LEVEL SECURITY', 'true '],
    ['CREATE TABLE t (); CREATE POLICY p ON t AS RESTRICTIVE FOR UPDATE TO a, b USING (x = 1) WITH CHECK (true)', 'false false p:UPDATE:restrictive:a,b:x = 1:true'],
    ['CREATE TABLE t (); CREATE POLICY p ON t USING (true); ALTER POLICY p ON t TO a USING (false)', 'false false p:ALL::a:false:'],
    ['CREATE TABLE t (); CREATE POLICY p ON t; ALTER POLICY p ON t RENAME TO q', 'false false q:ALL::public::'],
    ['CREATE TABLE t (); CREATE POLICY p ON t; DROP POLICY IF EXISTS p ON t', 'false false'],
  ])('%s', (text, expected) => {
    expect(security(table(text))).toBe(expected);
  });
});

describe('tables and views', () => {
  it('knows columns and their types', () => {
    const { columns } = table('CREATE TABLE t (a serial PRIMARY KEY, "B" character varying(3) NOT NULL, CHECK (a > 0)); ALTER TABLE t ADD c timestamptz DEFAULT now(), DROP COLUMN a');
    expect(columns.map(({ name, type }) => `${name} ${type}`)).toEqual(['B varchar', 'c timestamptz']);
  });

  it('knows what a view reads', () => {
    const { reads, options } = table("CREATE VIEW t WITH (security_invoker) AS WITH q AS (SELECT 1) SELECT * FROM a, s.b x JOIN c ON true, q WHERE EXISTS (SELECT FROM d)");
    expect(reads.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd']);
    expect(options.get('security_invoker')?.value).toBe('true');
  });

  it('sees that OR REPLACE drops the options of a view', () => {
    expect(table('CREATE VIEW t WITH (security_invoker = on) AS SELECT 1; CREATE OR REPLACE VIEW t AS SELECT 2').droppedOptions).toEqual(['security_invoker']);
  });

  it('knows parents', () => {
    const text = 'CREATE TABLE p (i int) PARTITION BY LIST (i); CREATE TABLE t PARTITION OF p FOR VALUES IN (1); CREATE TABLE u (i int); ALTER TABLE p ATTACH PARTITION u DEFAULT;';
    expect(table(text).parents).toMatchObject([{ name: 'p', partition: true }]);
    expect(table(text, 'u').parents).toMatchObject([{ name: 'p', partition: true }]);
  });
});

describe('roles', () => {
  it('knows attributes and members', () => {
    const text = 'CREATE USER a SUPERUSER IN ROLE g; ALTER ROLE a NOSUPERUSER BYPASSRLS; GRANT h TO a WITH ADMIN OPTION; REVOKE g FROM a;';
    expect(schema(text).memberships).toMatchObject([{ role: 'h', member: 'a', admin: true }]);
    expect(schema(text).role('a')!.attributes).toMatchObject({ superuser: { on: false }, login: { on: true }, bypassrls: { on: true } });
  });
});

describe('sets of files', () => {
  const files = [
    { path: '1.sql', text: 'CREATE FUNCTION app.f() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$;\nCREATE TABLE app.t (i int);' },
    { path: '2.sql', text: 'REVOKE ALL ON FUNCTION app.f() FROM PUBLIC;\nGRANT SELECT ON app.t TO PUBLIC;' },
  ];

  function facts(path: string, ordered: boolean) {
    const { text } = files.find((file) => file.path === path)!;
    return sqlFacts({ path, text, language: 'sql', version: 18, files: noFiles, set: { files, ordered } });
  }

  it('follow one another when they have an order', () => {
    expect(facts('1.sql', true).routines[0]!.publicExecute.kind).toBe('revoked');
    expect(privileges(facts('1.sql', true).objects.relations[0]!)).toBe('public=SELECT');
    expect(facts('2.sql', true).objects.relations[0]!.place.path).toBe('1.sql');
  });

  it('only soften one another when they have none', () => {
    expect(facts('1.sql', false).routines[0]!.publicExecute.kind).toBe('revoked');
    expect(privileges(facts('1.sql', false).objects.relations[0]!)).toBe('');
    expect(privileges(facts('2.sql', false).objects.relations[0]!)).toBe('public=SELECT');
    expect(facts('2.sql', false).schema.relation('app', 't')!.columns).toHaveLength(1);
  });
});
