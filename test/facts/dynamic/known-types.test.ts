import { beforeAll, expect, test } from 'vitest';
import { findDynamicSql } from '../../../server/src/facts/flow.ts';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { splitStatements } from '../../../server/src/syntax/sql/statements.ts';

beforeAll(loadPostgresFromDisk);

const types = `CREATE DOMAIN app.word AS text CHECK (value <> '');
CREATE DOMAIN app.number AS integer CHECK (value > 0);
CREATE DOMAIN app.key uuid NOT NULL;
CREATE DOMAIN app.ident AS text COLLATE "C" NOT NULL CONSTRAINT c CHECK (VALUE ~ '^[a-z_]+$');
CREATE DOMAIN app.listed varchar(9) CHECK (VALUE IN ('asc', 'desc'));
CREATE DOMAIN app.phrase AS text CHECK (length(VALUE) > 1) CHECK (VALUE ~ '^[a-z ;-]+$');
CREATE DOMAIN app.either AS text CHECK (VALUE ~ '^[a-z_]+$' OR VALUE LIKE 'x%');
CREATE DOMAIN app.part AS text CHECK (VALUE ~ '[a-z_]+');
CREATE TYPE app.state AS ENUM ('open', 'it''s shut');
CREATE TYPE app."Kind" AS ENUM ('a');
CREATE TYPE app.filter AS (col text, val text COLLATE "C", n int);`;

test.each([
  ['p app.word', 'p', ['medium']],
  ['p app.number', 'p', []],
  ['p extensions.citext', 'p', ['medium']],
  ['p app.made_elsewhere', 'p', ['low']],
  ['p text', 'p::app.made_elsewhere', ['low']],
  ['p text', 'p::app.word', ['medium']],
  ['p text', 'p::extensions.citext', ['medium']],
  ['p app.ident', 'p', []],
  ['p app.listed', 'p', []],
  ['p app.phrase', 'p', ['medium']],
  ['p app.phrase', "'''' || p || ''''", []],
  ['p app.either', 'p', ['medium']],
  ['p app.part', 'p', ['medium']],
  ['p app.key', "'''' || p || ''''", []],
  ['p app.filter', 'p.col', ['medium']],
  ['app.filter', '$1.col', ['medium']],
  ['app.filter', '$1.n', []],
  ['app.filter', '($1).n', []],
  ['p app.filter', 'p.val', ['medium']],
  ['p app.filter', 'p.n', []],
  ['p app.other', 'p.n', ['low']],
  ['"p" "text"', 'p', ['medium']],
  ['"p" "pg_catalog"."int4"', 'p', []],
  ['"p" "app"."word"', 'p', ['medium']],
  ['"p" "app"."ident"', 'p', []],
  ['"p" "app"."state"', "'''' || p || ''''", []],
  ['"p" "app"."Kind"', 'p', []],
  ['p app.Kind', 'p', ['low']],
  ['"p" "uuid"[]', "'''' || p[1] || ''''", []],
  ['"p" "text"', 'p::"int4"', []],
  ['"p" "text"', 'p::"pg_catalog"."text"', ['medium']],
  ['"p" "char"', 'p', ['medium']],
  ['p app.state[]', `array_to_string(p, ',')`, []],
  ['p app.state[]', `'''' || array_to_string(p, ''',''') || ''''`, []],
  ['p app.ident[]', `array_to_string(p, ',')`, []],
  ['p app.word[]', `array_to_string(p, ',')`, ['medium']],
  ['p app.other[]', `array_to_string(p, ',')`, ['medium']],
])('types that the file creates: (%s) … || %s', (parameter, value, expected) => {
  const text = `${types}\nCREATE FUNCTION app.f(${parameter}) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'DELETE FROM app.t WHERE a = ' || ${value}; END $$;`;
  expect(findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ severity }) => severity)).toEqual(expected);
});

test('columns of a row whose tables differ, and those of a few signs', () => {
  const text = `CREATE TABLE app.shop (title varchar(50), code char(2));
CREATE TABLE app.pair (a int, code char(2));
CREATE FUNCTION app.copy() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  EXECUTE 'SELECT ''' || NEW.title || ''''; EXECUTE 'SELECT ' || NEW.a; EXECUTE 'SELECT ''' || NEW.code || ''''; EXECUTE 'SELECT ''' || NEW.title::char(2) || ''''; RETURN NEW; END $$;
CREATE TRIGGER t BEFORE INSERT ON app.shop FOR EACH ROW EXECUTE FUNCTION app.copy();
CREATE TRIGGER t BEFORE INSERT ON app.pair FOR EACH ROW EXECUTE FUNCTION app.copy();`;
  const levels = (created: string) => findDynamicSql(splitStatements(created)).flatMap(({ risks }) => risks).map(({ severity }) => severity);
  expect(levels(text)).toEqual(['medium', 'low', 'low']);
  // What is not created here may have any column.
  expect(levels(text.replace('CREATE TABLE app.pair (a int, code char(2));', ''))).toEqual(['low', 'low', 'low', 'low']);
});

test('the elements of an array of an enumeration, which a block creates', () => {
  const text = `DO $$ BEGIN CREATE TYPE app.mood AS ENUM ('a', 'b'); END $$;
CREATE FUNCTION app.list(p anyarray) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN '(''' || array_to_string(p, ''',''') || ''')'; END $$;
CREATE FUNCTION app.f(moods app.mood[]) RETURNS void LANGUAGE plpgsql AS $$ DECLARE one app.mood; BEGIN
  FOREACH one IN ARRAY moods LOOP EXECUTE 'SELECT 1 FROM app.t WHERE a = ''' || one || ''''; END LOOP;
  EXECUTE 'SELECT 1 FROM app.t WHERE a IN ' || app.list(moods); END $$;`;
  expect(findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks)).toEqual([]);
});

test.each([
  ['char', ['low']], ['char(1)', ['low']], ['character (3)', ['low']], ['varchar(2)', ['low']], ['character varying(3)', ['low']],
  ['varchar', ['medium']], ['bpchar', ['medium']], ['char(4)', ['medium']], ['text', ['medium']],
])('what a variable of the type %s can hold', (type, expected) => {
  const text = `CREATE FUNCTION app.f(p text, c char(1)) RETURNS void LANGUAGE plpgsql AS $$ DECLARE v ${type}; BEGIN v := p; EXECUTE 'DELETE FROM app.t WHERE a = ' || v; END $$;
CREATE FUNCTION app.g(v ${type}) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'DELETE FROM app.t WHERE a = ' || v; END $$;`;
  // Nobody looks at the length that a parameter is declared with.
  expect(findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ severity }) => severity)).toEqual([...expected, 'medium']);
});

test('the elements of an array of a composite type', () => {
  const text = `${types}
CREATE FUNCTION app.f(list app.filter[]) RETURNS void LANGUAGE plpgsql AS $$ DECLARE one app.filter; q text := ''; BEGIN
  FOREACH one IN ARRAY list LOOP q := q || ' AND ' || one.col || ' = ' || quote_literal(one.val) || ' LIMIT ' || one.n; END LOOP;
  EXECUTE 'DELETE FROM app.t WHERE true' || q;
END $$;`;
  const found = findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks);
  expect(found.map(({ at, severity }) => `${severity} ${text.slice(at.start, at.end)}`)).toEqual(['medium one.col']);
});

test('a column that holds text in every table is no number, whatever it is called', () => {
  const levels = (tables: string, clauses = '') => {
    const text = `${tables}CREATE FUNCTION app.f(n int) RETURNS void LANGUAGE plpgsql ${clauses} AS $$ DECLARE r record; BEGIN
      FOR r IN EXECUTE 'SELECT student_id, note FROM app.marks_' || n LOOP EXECUTE concat('UPDATE app.transcript_', r.student_id, ' SET mark = ', r.note, ' WHERE id = 1'); END LOOP; END $$;`;
    return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ severity }) => severity);
  };
  const students = 'CREATE TABLE app.student (student_id varchar(20), note text);\n';
  expect(levels(students)).toEqual(['low', 'low']);
  expect(levels(students, 'SECURITY DEFINER')).toEqual(['medium', 'medium']);
  expect(levels('', 'SECURITY DEFINER')).toEqual(['info', 'info']);
  expect(levels(`${students}CREATE TABLE app.other (student_id int, note int);\n`, 'SECURITY DEFINER')).toEqual(['info', 'info']);
  expect(levels('CREATE TABLE app.student (student_id app.key, note app.unknown);\n', 'SECURITY DEFINER')).toEqual(['info', 'info']);
});

test('columns of a row whose trigger a routine creates', () => {
  const table = 'CREATE TABLE app.job (id int, kind varchar);';
  const routine = `CREATE FUNCTION app.on_job() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'SELECT 1 FROM ' || NEW.kind || ' WHERE id = ' || NEW.id; RETURN NEW; END $$;`;
  const setup = (body: string) => `CREATE FUNCTION pg_temp.setup() RETURNS void LANGUAGE plpgsql AS $$ BEGIN ${body} END $$;`;
  const levels = (text: string) => findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ severity }) => severity);
  expect(levels(`${table} ${routine} ${setup('CREATE TRIGGER job_in BEFORE INSERT ON app.job FOR EACH ROW EXECUTE PROCEDURE app.on_job();')}`)).toEqual(['medium']);
  expect(levels(`${table} ${routine} ${setup('CREATE TRIGGER job_in BEFORE INSERT ON app.other FOR EACH ROW EXECUTE PROCEDURE app.on_job();')}`)).toEqual(['low', 'info']);
});
