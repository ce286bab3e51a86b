import { beforeAll, describe, expect, it } from 'vitest';
import { findDynamicSql } from '../../../server/src/facts/flow.ts';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { splitStatements } from '../../../server/src/syntax/sql/statements.ts';

beforeAll(loadPostgresFromDisk);

function levels(text: string, others: readonly string[] = []): string[] {
  return findDynamicSql(splitStatements(text), {}, others.map((one) => splitStatements(one))).flatMap(({ risks }) => risks).map(({ severity }) => severity);
}

function routine(body: string, parameters = 'n int, x text', declarations = 'v text; r record;'): string {
  return `\nCREATE FUNCTION app.f(${parameters}) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $b$ DECLARE ${declarations} BEGIN ${body} END $b$;`;
}

const run = (value: string) => `EXECUTE 'DROP TABLE app.p_' || ${value};`;
const read = `SELECT kind INTO v FROM app.parts WHERE id = n; ${run('v')}`;
const table = (column: string, more = '') => `CREATE TABLE app.parts (id int PRIMARY KEY, kind ${column}, note text${more});\n`;

describe('a column whose CHECK says what it holds', () => {
  it.each([
    table(`text NOT NULL CHECK (kind IN ('a', 'b')) DEFAULT 'a'`),
    table(`varchar(20) CONSTRAINT c CHECK (kind ~ '^[a-z][a-z_0-9]*$')`),
    table('text', `, CONSTRAINT c CHECK (kind ~ '^[a-z_]+$')`),
    table('text', `, CHECK ((kind)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))`),
    table('text', `, CONSTRAINT c CHECK ((kind = ANY (ARRAY['a'::text, 'b'::text])))`),
    table('text', `, CHECK (((kind IS NULL) OR (kind ~ '^[a-z]+$'::text)))`),
    table('text', `, CHECK (length(note) > 2 AND lower(kind) IN ('a', 'b') AND note ~ '.')`),
    `${table('text')}ALTER TABLE ONLY app.parts ADD CONSTRAINT c CHECK (kind = 'a');`,
    `${table('text')}ALTER TABLE app.parts ADD COLUMN more text, ADD CHECK (kind ~ '^[a-z]+$');`,
    `${table('text')}ALTER TABLE app.parts DROP CONSTRAINT IF EXISTS c, ADD CONSTRAINT c CHECK (kind IN ('a', 'b'));`,
    `CREATE TABLE app.parts (id int);\nALTER TABLE app.parts ADD COLUMN kind text CHECK (kind IN ('a', 'b'));`,
    `${table(`text CHECK (kind IN ('a'))`)}ALTER TABLE app.parts DROP CONSTRAINT parts_note; ALTER TABLE app.others DROP CONSTRAINT parts_kind_check;`,
  ])('is harmless where it is read: %s', (tables) => {
    expect(levels(tables + routine(read))).toEqual([]);
    expect(levels(tables + routine(`FOR r IN SELECT p.id, p.kind FROM app.parts p LOOP ${run('r.kind')} END LOOP;`))).toEqual([]);
    expect(levels(tables + routine(`SELECT * INTO r FROM app.parts WHERE id = n; ${run('r.kind')}`))).toEqual([]);
    expect(levels(routine(read), [tables])).toEqual([]);
  });

  it.each([
    table('text'),
    table(`text CHECK (kind <> '')`),
    table(`text CHECK (kind ~ '^[a-z]+$' OR note = '')`),
    table(`text CHECK (kind ~ '[a-z]+')`),
    table(`text CHECK (kind::varchar(3) IN ('a', 'b'))`),
    table(`text CHECK (kind::name ~ '^[a-z]+$')`),
    table(`text CHECK (left(kind, 1) IN ('a', 'b'))`),
    table(`text CHECK (note IN ('a', 'b'))`),
    table(`text CHECK (kind ~ '^[a-z]+$') NO INHERIT`),
    table(`text CHECK (note IS NULL OR kind IN ('a', 'b'))`),
    table(`text CHECK (kind NOT IN ('a', 'b'))`),
    table(`text CHECK (kind IN ('a', note))`),
    table(`text CHECK (kind ~ '^[a-z]+$')`).replace('TABLE', 'FOREIGN TABLE').replace(');\n', ') SERVER s;\n'),
    `${table('text')}ALTER TABLE app.parts ADD CONSTRAINT c CHECK (kind = 'a') NOT VALID;`,
    `${table('text')}ALTER TABLE app.others ADD CONSTRAINT c CHECK (kind = 'a');`,
    `${table(`text CONSTRAINT c CHECK (kind IN ('a'))`)}ALTER TABLE app.parts DROP CONSTRAINT c;`,
    `${table(`text CHECK (kind IN ('a'))`)}ALTER TABLE app.parts DROP CONSTRAINT IF EXISTS parts_kind_check;`,
    `${table(`text CONSTRAINT c CHECK (kind IN ('a'))`)}ALTER TABLE app.parts DROP CONSTRAINT c, ADD CONSTRAINT c CHECK (kind <> '');`,
    `${table(`text CONSTRAINT c CHECK (kind IN ('a'))`)}DO $d$ BEGIN ALTER TABLE app.parts DROP CONSTRAINT IF EXISTS c; END $d$;`,
    `${table(`text CHECK (kind IN ('a'))`)}ALTER TABLE app.parts RENAME COLUMN kind TO sort; ALTER TABLE app.parts ADD kind text;`,
    `${table(`text CHECK (kind IN ('a'))`)}ALTER TABLE app.parts DROP COLUMN IF EXISTS kind, ADD kind text;`,
    `${table(`text CHECK (kind IN ('a'))`)}CREATE TABLE old.parts (kind text);`,
    `${table(`text CHECK (kind IN ('a'))`)}CREATE TABLE IF NOT EXISTS old.parts AS SELECT name AS kind FROM old.names;`,
    `${table(`text CHECK (kind IN ('a'))`)}CREATE OR REPLACE VIEW api.parts AS SELECT id, note AS kind FROM app.parts;`,
    `CREATE TABLE app.parts (id int);\nALTER TABLE app.parts ADD COLUMN IF NOT EXISTS kind text CHECK (kind IN ('a', 'b'));`,
  ])('is a stored value without it: %s', (tables) => {
    expect(levels(tables + routine(read))).toEqual(['medium']);
  });

  it('may hold signs that are harmless between quotes only', () => {
    const tables = table(`text CHECK (kind ~ '^[a-z ;-]+$')`);
    expect(levels(tables + routine(read))).toEqual(['medium']);
    expect(levels(`${tables}${routine(`SELECT kind INTO v FROM app.parts; EXECUTE 'SELECT ''' || v || '''';`)}`)).toEqual([]);
    expect(levels(`${tables}${routine(`FOR r IN SELECT kind FROM app.parts LOOP EXECUTE 'SELECT ''' || r.kind || ''''; END LOOP;`)}`)).toEqual([]);
  });

  it('says nothing of variables of its type, or of a column of another table', () => {
    const tables = table(`text CHECK (kind IN ('a', 'b'))`);
    expect(levels(tables + routine(run('x'), 'x app.parts.kind%TYPE'))).toEqual(['high']);
    expect(levels(tables + routine(run('x.kind'), 'x app.parts'))).toEqual(['high']);
    expect(levels(tables + routine(`SELECT * INTO r FROM app.parts; r.kind := x; ${run('r.kind')}`, undefined, 'r app.parts%ROWTYPE;'))).toEqual(['high']);
    expect(levels(tables + routine(`SELECT o.kind INTO v FROM app.parts p JOIN app.others o ON o.id = p.id; ${run('v')}`))).toEqual(['medium']);
    expect(levels(tables + routine(`SELECT kind || note INTO v FROM app.parts; ${run('v')}`))).toEqual(['medium']);
  });
});

describe('a column of the row of a trigger', () => {
  const trigger = (when: string, value = 'NEW.kind', before = '', on = 'app.parts') => `CREATE TRIGGER t ${when} ON ${on} FOR EACH ROW EXECUTE FUNCTION app.g();
CREATE FUNCTION app.g() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $b$ BEGIN ${before} ${run(value)} RETURN NULL; END $b$;`;
  const tables = table(`text CHECK (kind IN ('a', 'b'))`);

  it('is checked before an AFTER trigger runs, and as it was stored', () => {
    expect(levels(tables + trigger('AFTER INSERT'))).toEqual([]);
    expect(levels(tables + trigger('AFTER UPDATE OR DELETE', 'OLD.kind'))).toEqual([]);
    expect(levels(tables + trigger('BEFORE UPDATE', 'OLD.kind'))).toEqual([]);
  });

  it('is checked only behind a BEFORE trigger', () => {
    expect(levels(tables + trigger('BEFORE INSERT'))).toEqual(['low']);
  });

  it('may hold anything without a check, in another table, or when something is put into it', () => {
    expect(levels(tables + trigger('AFTER INSERT', 'NEW.note'))).toEqual(['high']);
    expect(levels(tables + trigger('AFTER INSERT', 'NEW.kind', '', 'app.others'))).toEqual(['medium']);
    expect(levels(`${tables}CREATE TABLE app.others (kind text);\nCREATE TRIGGER u AFTER INSERT ON app.others FOR EACH ROW EXECUTE FUNCTION app.g();\n${trigger('AFTER INSERT')}`)).toEqual(['high']);
    expect(levels(tables + trigger('AFTER INSERT', 'NEW.kind', 'NEW.kind := NEW.note;'))).toEqual(['high']);
    expect(levels(tables + trigger('AFTER INSERT', 'NEW.kind', 'SELECT * INTO NEW FROM app.g();'))).not.toEqual([]);
  });
});

describe('a value that was stored in such a column before', () => {
  const tables = table(`text CHECK (kind ~ '^[a-z]+$')`);
  const insert = (values: string, columns = 'id, kind') => `INSERT INTO app.parts (${columns}) VALUES ${values};`;

  it.each([
    insert('(n, x)'), insert('(1, lower(x))'), insert('(1, x::text), (2, x)'), insert(`(x, 'a', 1)`, 'kind, note, id').replace(';', ' RETURNING id INTO n;'),
    insert('(n, x)').replace(';', ' ON CONFLICT (id) DO UPDATE SET note = \'a\';'), `IF n > 1 THEN RETURN; END IF; ${insert('(n, x)')}`,
  ])('is looked at: %s', (statement) => {
    expect(levels(tables + routine(`${statement} ${run('x')}`))).toEqual(['low']);
  });

  it.each([
    insert('(n, x)').replace(';', ' ON CONFLICT DO NOTHING;'), insert('(n, x)', 'id, note'), `IF n > 1 THEN ${insert('(n, x)')} END IF;`, insert(`(n, 'a' || x)`), insert('(n, left(x, 20))'),
    `INSERT INTO app.parts VALUES (n, x);`, `INSERT INTO app.others (id, kind) VALUES (n, x);`, `INSERT INTO app.parts (id, kind) SELECT n, x WHERE n > 1;`,
    `${insert('(n, x)')} x := current_setting('app.x');`, `BEGIN ${insert('(n, x)')} EXCEPTION WHEN OTHERS THEN NULL; END;`,
  ])('is not: %s', (statement) => {
    expect(levels(tables + routine(`${statement} ${run('x')}`))).toEqual(['high']);
  });

  it('is not before it is stored, or without the check', () => {
    expect(levels(tables + routine(`${run('x')} ${insert('(n, x)')}`))).toEqual(['high']);
    expect(levels(table('text') + routine(`${insert('(n, x)')} ${run('x')}`))).toEqual(['high']);
  });
});
