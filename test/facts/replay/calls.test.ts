import { beforeAll, describe, expect, it } from 'vitest';
import { noFiles } from '../../../server/src/document.ts';
import { sqlFacts } from '../../../server/src/facts/sql.ts';
import type { Schema } from '../../../server/src/facts/schema.ts';
import { loadPostgres } from '../../../server/src/syntax/sql/postgres.ts';

beforeAll(() => loadPostgres());

function schema(text: string): Schema {
  return sqlFacts({ path: 'a.sql', text, language: 'sql', version: 18, files: noFiles }).schema;
}

/** The tables with who may SELECT, their policies and columns. */
function left(text: string): string {
  return schema(text).relations.filter(({ known, kind }) => known && kind === 'table').map(({ name, acl, rls, policies, columns }) => (
    `${name}(${acl.map(({ grantee }) => grantee).join()})${rls.on ? '!' : ''}${policies.map((policy) => policy.name).join()}${columns.map((column) => `.${column.name}`).join('')}`)).join(' ');
}

const open = `CREATE FUNCTION open(object text, who name DEFAULT 'b', protect boolean = true) RETURNS void AS $$
  BEGIN
    EXECUTE format('GRANT SELECT ON %I TO %I', object, who);
    IF protect THEN EXECUTE 'ALTER TABLE ' || quote_ident(object) || ' ENABLE ROW LEVEL SECURITY'; END IF;
  END $$ LANGUAGE plpgsql;`;

describe('a function of the files that a statement calls', () => {
  it.each<[string, string]>([
    ["SELECT open('t')", 't(b)! u()'],
    ["SELECT open('t', 'c', false)", 't(c) u()'],
    ["SELECT public.open('t', who => 'C', protect => false)", 't(C) u()'],
    ["SELECT * FROM open('t'); SELECT open('u'), open('t', 'd')", 't(b,d)! u(b)!'],
    ["DO $$ DECLARE name text; BEGIN FOREACH name IN ARRAY ARRAY['t', 'u'] LOOP PERFORM open(name, protect => name = 'u'); END LOOP; END $$", 't(b) u(b)!'],
    ["SELECT open(tablename::text, 'e') FROM pg_tables WHERE schemaname = 'public' AND tablename <> 't'", 't() u(e)!'],
    ["CREATE PROCEDURE pair() LANGUAGE plpgsql AS $$ BEGIN PERFORM open('t'); PERFORM open('u'); END $$; CALL pair()", 't(b)! u(b)!'],
    ["CREATE FUNCTION again() RETURNS void LANGUAGE sql AS $$ SELECT open('t'); GRANT SELECT ON u TO c $$; SELECT again()", 't(b)! u(c)'],
    ["CREATE FUNCTION round(n int) RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM round(n); PERFORM open('t'); END $$; SELECT round(1)", 't(b)! u()'],
    ["CREATE OR REPLACE FUNCTION open(object text, who name DEFAULT 'x', protect boolean = false) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'GRANT SELECT ON u TO ' || $2; END $$; SELECT open('t')", 't() u(x)'],
    // What is not known, or is not surely called, opens nothing.
    ["SELECT open(name) FROM names", 't() u()'],
    ["SELECT open('t') WHERE now() > '2026-01-01'", 't()! u()'],
    ["DO $$ BEGIN IF random() < 0.5 THEN PERFORM open('t'); END IF; END $$", 't()! u()'],
    ['SELECT other(1)', 't() u()'],
    ["SELECT open('t', 'c', false, 1)", 't() u()'],
    ["DROP FUNCTION open; SELECT open('t')", 't() u()'],
  ])('%s', (text, expected) => {
    expect(left(`CREATE TABLE t (); CREATE TABLE u (); ${open} ${text};`)).toBe(expected);
  });

  it('is the one whose parameters fit', () => {
    const text = `CREATE TABLE t (a int, b int);
      CREATE FUNCTION give(object text, who text, home text DEFAULT 'public') RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE format('GRANT SELECT ON %I.%I TO %I', home, object, who); END $$;
      CREATE FUNCTION give(object text, who text, names text[], home text DEFAULT 'public') RETURNS void LANGUAGE plpgsql AS $$
        DECLARE one text; BEGIN FOREACH one IN ARRAY names LOOP EXECUTE format('GRANT SELECT (%I) ON %I.%I TO %I', one, home, object, who); END LOOP; END $$;`;
    const given = (call: string): string => schema(`${text} SELECT ${call}`).relations[0]!.acl.map(({ grantee, column }) => `${grantee}${column ? `(${column})` : ''}`).join(' ');
    expect(given("give('t', 'r')")).toBe('r');
    expect(given("give('t', 'r', 'public')")).toBe('r');
    expect(given("give('t', 'r', ARRAY['a', 'b'])")).toBe('r(a) r(b)');
  });

  it('alters a policy that is there and creates one that is not', () => {
    const text = `CREATE TABLE t (a int);
      CREATE FUNCTION allow(rule text, on_table text, condition text) RETURNS void LANGUAGE plpgsql AS $$
        DECLARE command text;
        BEGIN
          IF (SELECT true FROM pg_policies WHERE policyname = rule AND tablename = on_table) THEN command := 'ALTER POLICY ' || quote_ident(rule) || ' ON ' || on_table;
          ELSE command := 'CREATE POLICY ' || quote_ident(rule) || ' ON ' || on_table; END IF;
          EXECUTE command || ' USING (' || condition || ')';
        END $$;
      SELECT allow('p', 't', 'true'); SELECT allow('p', 't', 'a = 1'); SELECT allow('q', 't', 'a = 2');`;
    expect(schema(text).relations[0]!.policies.map(({ name, using }) => `${name}: ${using?.text}`)).toEqual(['p: a = 1', 'q: a = 2']);
  });

  it('adds to a table what is missing there', () => {
    const text = `CREATE TABLE t (id int); CREATE TABLE u (id int, made int);
      CREATE FUNCTION complete(name text, removed boolean DEFAULT false) RETURNS void LANGUAGE plpgsql AS $$
        DECLARE n int; there boolean;
        BEGIN
          SELECT count(*) INTO n FROM information_schema.columns WHERE table_name = name AND column_name = 'made';
          IF n = 0 THEN EXECUTE concat('ALTER TABLE ', name, ' ADD COLUMN made int'); END IF;
          CASE WHEN removed THEN EXECUTE 'ALTER TABLE ' || name || ' ADD COLUMN removed int'; ELSE NULL; END CASE;
        END $$;
      SELECT complete('t', removed => true); SELECT complete('u');`;
    expect(left(text)).toBe('t().id.made.removed u().id.made');
  });

  it('runs with the rights and the path of its owner, and leaves those of the session alone', () => {
    const text = `CREATE ROLE o; CREATE ROLE r; CREATE SCHEMA s; GRANT ALL ON SCHEMA s TO o;
      CREATE FUNCTION make(name text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = s AS $$ BEGIN EXECUTE format('CREATE TABLE %I ()', name); END $$;
      ALTER FUNCTION make OWNER TO o; SELECT make('a'); CREATE TABLE b ();`;
    expect(schema(text).relations.map(({ name, schema: home, owner }) => `${home}.${name} ${owner.role}`)).toEqual(['s.a o', 'undefined.b undefined']);
  });

  it('makes what it makes where it is called', () => {
    const text = `${open}\nCREATE TABLE t ();\nSELECT open('t', 'public', false);`;
    const [grant] = schema(text).relations[0]!.acl;
    expect(text.slice(grant!.place!.at.start, grant!.place!.at.end)).toBe("SELECT open('t', 'public', false)");
  });

  it('comes to an end where functions call themselves again and again', () => {
    const again = Array.from({ length: 30 }, (_, i) => `PERFORM f(${i});`).join(' ');
    const start = process.cpuUsage();
    expect(left(`CREATE TABLE t (); CREATE FUNCTION f(n int) RETURNS void LANGUAGE plpgsql AS $$ BEGIN ${again} GRANT SELECT ON t TO b; END $$; SELECT f(1);`)).toBe('t(b)');
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(1500);
  });

  it.each(["SELECT f(", 'CALL f', "SELECT f('a'", 'SELECT f(a => )', 'PERFORM f()'])('may be half written: %s', (text) => {
    expect(left(`CREATE FUNCTION f(a text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'CREATE TABLE ' || a || ' ()'; END $$; ${text}`)).toBe('');
  });
});
