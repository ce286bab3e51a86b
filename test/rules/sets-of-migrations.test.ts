import { beforeAll, describe, expect, test } from 'vitest';
import { noFiles } from '../../server/src/document.ts';
import { lint } from '../../server/src/lint.ts';
import { loadPostgresFromDisk } from '../../server/src/node-wasm.ts';
import { applyEdits } from '../../server/src/text.ts';

beforeAll(loadPostgresFromDisk);

/** What a rule says about each of the files when they are applied in this order. */
function look(rule: string, texts: readonly string[], version = 18) {
  const files = texts.map((text, i) => ({ path: `migrations/V${i + 1}__step.sql`, text }));
  const set = { files, ordered: true };
  return files.map(({ path, text }) => lint({ path, text, language: 'sql', version, files: noFiles, set }, { only: rule }).findings.map((finding) => ({ ...finding, text })));
}

/** The file with the first fix of its only finding. */
function fixed([finding]: ReturnType<typeof look>[number]): string {
  return applyEdits(finding!.text, finding!.fixes[0]!.edits);
}

const definer = 'CREATE FUNCTION app.n() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN RETURN (SELECT count(*) FROM things); END $$;\n';
const withPath = (path: string): string => definer.replace('DEFINER', `DEFINER SET search_path = ${path}`);

describe('the search_path that a definer needs', () => {
  test('comes from the files that create what it names', () => {
    const [, found] = look('sql/security-definer-search-path', ['CREATE SCHEMA data;\nCREATE TABLE data.things (id int);\n', definer]);
    expect(fixed(found!)).toBe(withPath('pg_catalog, data, pg_temp'));
    expect(found![0]!.fixes[0]!.edits[0]!.placeholders).toBeUndefined();
    expect(found![0]!.fixes[0]!.statements).toEqual(['ALTER FUNCTION app.n() SET search_path = pg_catalog, data, pg_temp;']);
  });

  test('is asked for when two files create such a table', () => {
    const [, , found] = look('sql/security-definer-search-path', ['CREATE TABLE data.things (id int);\n', 'CREATE TABLE old.things (id int);\n', definer]);
    expect(found![0]!.fixes[0]!.edits[0]!.placeholders).toHaveLength(1);
  });

  test('follows a table to its new schema', () => {
    const [, , found] = look('sql/security-definer-search-path', ['CREATE TABLE data.things (id int);\n', 'ALTER TABLE data.things SET SCHEMA app;\n', definer]);
    expect(fixed(found!)).toBe(withPath('pg_catalog, app, pg_temp'));
  });

  test('holds what the routines need that it calls', () => {
    const helper = 'CREATE FUNCTION app.helper() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM things $$;\n';
    const caller = 'CREATE FUNCTION app.n() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS $$ SELECT app.helper() $$;\n';
    const [, , found] = look('sql/security-definer-search-path', ['CREATE TABLE data.things (id int);\n', helper, caller]);
    expect(fixed(found!)).toBe(caller.replace('DEFINER', 'DEFINER SET search_path = pg_catalog, data, pg_temp'));
  });
});

describe('a later file', () => {
  const grant = 'CREATE TABLE app.t (i int);\nGRANT SELECT ON app.t TO PUBLIC;\n';

  test('takes a grant back', () => {
    expect(look('sql/grant-to-public', [grant])[0]).toHaveLength(1);
    expect(look('sql/grant-to-public', [grant, 'REVOKE ALL ON app.t FROM PUBLIC;\n']).flat()).toEqual([]);
    expect(look('sql/grant-to-public', [grant, 'DROP TABLE app.t;\n']).flat()).toEqual([]);
    expect(look('sql/grant-to-public', [grant, 'REVOKE ALL ON app.t FROM PUBLIC;\n', 'GRANT SELECT ON app.t TO PUBLIC;\n']).map((found) => found.length)).toEqual([0, 0, 1]);
  });

  test('takes the right to pass it on back', () => {
    const option = 'GRANT SELECT ON app.t TO partner WITH GRANT OPTION;\n';
    expect(look('sql/grant-with-grant-option', [option, 'REVOKE GRANT OPTION FOR SELECT ON app.t FROM partner;\n']).flat()).toEqual([]);
  });

  test('closes a schema', () => {
    const create = 'CREATE OR REPLACE FUNCTION public.f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;\n';
    expect(look('sql/create-or-replace-in-shared-schema', [create, 'SELECT 1;\n'], 14)[0]).toHaveLength(1);
    expect(look('sql/create-or-replace-in-shared-schema', [create, 'REVOKE CREATE ON SCHEMA public FROM PUBLIC;\n'], 14).flat()).toEqual([]);
    const first = create.replace(' OR REPLACE', '');
    expect(look('sql/create-or-replace-in-shared-schema', [first, create], 14).flat()).toEqual([]);
  });

  test('loses a search_path by OR REPLACE', () => {
    const text = 'CREATE FUNCTION app.f() RETURNS int LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$ SELECT 1 $$;\n';
    const again = 'CREATE OR REPLACE FUNCTION app.f() RETURNS int LANGUAGE sql AS $$ SELECT 2 $$;\n';
    const [first, second] = look('sql/definer-create-or-replace-drops-settings', [text, again]);
    expect(first).toEqual([]);
    expect(second![0]!.related[0]!.path).toBe('migrations/V1__step.sql');
    expect(fixed(second!)).toBe(again.replace('LANGUAGE sql', 'LANGUAGE sql SET search_path = pg_catalog, pg_temp'));
  });

  test('revokes the default that an earlier one only revokes in a schema', () => {
    const noop = 'ALTER DEFAULT PRIVILEGES IN SCHEMA app REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;\n';
    expect(look('sql/default-privileges-revoke-noop', [noop])[0]).toHaveLength(1);
    expect(look('sql/default-privileges-revoke-noop', [noop, 'ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;\n']).flat()).toEqual([]);
  });
});

test('public is said to be open once for all files, and not when one closes it', () => {
  const texts = ['CREATE TABLE a (i int);\n', 'CREATE TABLE b (i int);\n'];
  expect(look('sql/public-schema-not-revoked', texts, 14).map((found) => found.length)).toEqual([1, 0]);
  expect(look('sql/public-schema-not-revoked', [...texts, 'REVOKE ALL ON SCHEMA public FROM PUBLIC;\n'], 14).flat()).toEqual([]);
});

describe('dynamic SQL in a routine that files without an order speak of', () => {
  const routine = `CREATE PROCEDURE app.run(t text) LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'TRUNCATE ' || t; END $$;\n`;
  const revoke = 'REVOKE ALL ON ALL PROCEDURES IN SCHEMA app FROM PUBLIC;\n';
  const levels = (...texts: readonly string[]) => {
    const files = texts.map((text, i) => ({ path: `sql/${'abc'[i]}.sql`, text }));
    return lint({ ...files[0]!, language: 'sql', version: 18, files: noFiles, set: { files, ordered: false } }, { only: 'sql/dynamic-sql-concatenation' }).findings.map(({ severity }) => severity);
  };

  test('is less bad when nobody but its owner may call it', () => {
    expect(levels(routine)).toEqual(['medium']);
    expect(levels(routine, revoke)).toEqual(['low']);
    expect(levels(routine, `${revoke}GRANT EXECUTE ON PROCEDURE app.other(text) TO clerk;\n`)).toEqual(['low']);
    expect(levels(routine, `${revoke}GRANT EXECUTE ON PROCEDURE app.run(text) TO postgres;\n`)).toEqual(['low']);
  });

  test('is as bad as before when one of them gives the right to somebody', () => {
    expect(levels(routine, `${revoke}GRANT EXECUTE ON ALL PROCEDURES IN SCHEMA app TO clerk;\n`)).toEqual(['medium']);
    expect(levels(routine, revoke, 'GRANT EXECUTE ON PROCEDURE app.run(text) TO postgres, GROUP "clerk" WITH GRANT OPTION;\n')).toEqual(['medium']);
  });
});

describe('a routine that a later migration creates again', () => {
  const first = `CREATE FUNCTION app.run(t text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$ BEGIN EXECUTE 'TRUNCATE ' || t; END $$;\n`;
  const second = (body: string) => `CREATE OR REPLACE FUNCTION app.run(t text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$ BEGIN ${body} END $$;\n`;
  const levels = (...texts: readonly string[]) => look('sql/dynamic-sql-concatenation', texts).map((found) => found.map(({ severity }) => severity));

  test('is silent, unless PostgreSQL refuses the new one', () => {
    expect(levels(first, second(`EXECUTE format('TRUNCATE %I', t);`))).toEqual([[], []]);
    expect(levels(first, second(`DROP POLICY IF EXISTS "a " || t ON app.t;`))).toEqual([['high'], []]);
  });

  test('is silent when a later one drops it, whatever comes then', () => {
    expect(levels(first, 'DROP FUNCTION IF EXISTS app.run(text);\n')).toEqual([[], []]);
    expect(levels(first, `DROP FUNCTION app.run;\n${first}`)).toEqual([[], ['high']]);
    expect(levels(first, 'DROP FUNCTION app.run(int);\n')).toEqual([['high'], []]);
    expect(levels(first, 'BEGIN; DROP FUNCTION app.run(text); ROLLBACK;\n')).toEqual([['high'], []]);
    expect(levels(first, 'DO $$ BEGIN IF random() < 0.5 THEN DROP FUNCTION app.run(text); END IF; END $$;\n')).toEqual([['high'], []]);
    expect(levels('DROP FUNCTION IF EXISTS app.run(text);\n', first)).toEqual([[], ['high']]);
    expect(levels(`${first}DROP FUNCTION app.run(text);\n${first.replace('|| t', '|| quote_ident(t)')}`)).toEqual([[]]);
    expect(levels(`${first}DROP FUNCTION app.run(text);\n${first}`)).toEqual([['high']]);
  });
});
