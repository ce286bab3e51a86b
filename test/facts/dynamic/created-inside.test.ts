import { beforeAll, describe, expect, it } from 'vitest';
import { findDynamicSql } from '../../../server/src/facts/flow.ts';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { splitStatements } from '../../../server/src/syntax/sql/statements.ts';
import { applyEdits } from '../../../server/src/text.ts';

beforeAll(loadPostgresFromDisk);

const risksIn = (text: string) => findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks);

const double = (text: string): string => text.replaceAll("'", "''");
const body = `BEGIN EXECUTE 'SELECT 1 FROM app.t WHERE name = ''' || p || ''''; END`;
const mended = `BEGIN EXECUTE format('SELECT 1 FROM app.t WHERE name = %L', p); END`;
const create = (written: string): string => `CREATE FUNCTION app.f(p text) RETURNS void LANGUAGE plpgsql AS ${written}`;

describe('a routine that is created in a body', () => {
  it.each<[string, (code: string) => string]>([
    ['of DO', (code) => `DO $$ BEGIN ${create(`$x$${code}$x$`)}; END $$;`],
    ['of DO between quotes', (code) => `DO '${double(`BEGIN ${create(`$x$${code}$x$`)}; END`)}';`],
    ['of DO in an escape string', (code) => `DO E'BEGIN\\n${double(create(`$x$${code}$x$`))}; END';`],
    ['behind IF', (code) => `DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_proc WHERE proname = 'f') THEN ${create(`$x$${code}$x$`)}; END IF; END $$;`],
    ['in a handler', (code) => `DO $$ BEGIN NULL; EXCEPTION WHEN others THEN ${create(`$x$${code}$x$`)}; END $$;`],
    ['by EXECUTE of a constant', (code) => `DO $$ BEGIN EXECUTE $q$ ${create(`$x$${code}$x$`)} $q$; END $$;`],
    ['by EXECUTE of a constant in quotes', (code) => `DO $$ BEGIN EXECUTE '${double(create(`$x$${code}$x$`))}'; END $$;`],
    ['with quotes in quotes', (code) => `DO $$ BEGIN EXECUTE '${double(create(`'${double(code)}'`))}'; END $$;`],
    ['by EXECUTE of an escape string', (code) => `DO $$ BEGIN EXECUTE E'${double(create(`$x$${code}$x$`))}'; END $$;`],
    ['by EXECUTE of a constant that goes on', (code) => `DO $$ BEGIN EXECUTE '${double(create(''))}'\n  '$x$${double(code)}$x$'; END $$;`],
    ['by EXECUTE of joined constants', (code) => `DO $$ BEGIN EXECUTE ('${double(create(''))}' || '$x$${double(code)}$x$'); END $$;`],
    ['by EXECUTE of a template', (code) => `DO $$ BEGIN EXECUTE format($q$ ${create('$x$')}${code.replaceAll('%', '%%')}$x$ $q$); END $$;`],
    ['by a block that a block runs', (code) => `DO $$ BEGIN EXECUTE $q$ DO $d$ BEGIN ${create(`$x$${code}$x$`)}; END $d$ $q$; END $$;`],
    ['of a procedure', (code) => `CREATE PROCEDURE app.setup() LANGUAGE plpgsql AS $$ BEGIN ${create(`$x$${code}$x$`)}; END $$;`],
    ['of a function of SQL', (code) => `CREATE FUNCTION app.setup() RETURNS void LANGUAGE sql AS $$ ${create(`$x$${code}$x$`)}; $$;`],
    ['by psql', (code) => `SELECT $q$ ${create(`$x$${code}$x$`)} $q$ WHERE true \\gexec`],
  ])('%s is read and mended like any other', (_, around) => {
    const text = around(body);
    const risks = risksIn(text);
    expect(risks.map(({ severity, at }) => `${severity} ${text.slice(at.start, at.end)}`)).toEqual(['medium p']);
    const after = applyEdits(text, risks[0]!.fixes.find(({ title }) => title.includes('format'))!.edits);
    expect(after).toBe(around(mended));
    expect(risksIn(after)).toEqual([]);
  });

  it('tells whose rights it has, and what a later statement changes', () => {
    const inside = (clause: string) => `DO $$ BEGIN CREATE FUNCTION app.f(p text) RETURNS void LANGUAGE plpgsql ${clause} AS $x$${body}$x$; END $$;`;
    const definer = inside('SECURITY DEFINER');
    const [site] = findDynamicSql(splitStatements(definer));
    expect(definer.slice(site!.definer!.start, site!.definer!.end)).toBe('SECURITY DEFINER');
    expect(site!.risks.map(({ severity }) => severity)).toEqual(['high']);
    expect(risksIn(`${inside('')} ALTER FUNCTION app.f(text) SECURITY DEFINER;`).map(({ severity }) => severity)).toEqual(['high']);
  });

  it('tells other routines what it gives back and what it runs', () => {
    const made = (code: string) => `DO $$ BEGIN ${code}; END $$;\nCREATE FUNCTION app.g(p text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'SELECT 1 FROM ' || app.name(p); PERFORM app.run('SELECT ' || p); END $$;`;
    expect(risksIn(made('NULL')).map(({ severity }) => severity)).toEqual(['info']);
    expect(risksIn(made('CREATE FUNCTION app.name(p text) RETURNS text LANGUAGE sql AS $x$ SELECT quote_ident(p) $x$'))).toEqual([]);
    expect(risksIn(made('CREATE FUNCTION app.run(q text) RETURNS void LANGUAGE plpgsql AS $x$ BEGIN EXECUTE q; END $x$')).map(({ severity }) => severity)).toEqual(['info', 'info', 'medium']);
  });

  it('knows the columns of a trigger that the block creates', () => {
    const text = `DO $$ BEGIN CREATE TABLE app.t (n int, name text); CREATE FUNCTION app.f() RETURNS trigger LANGUAGE plpgsql AS $x$ BEGIN EXECUTE 'SELECT ' || NEW.n || NEW.name; RETURN NEW; END $x$;
      CREATE TRIGGER t BEFORE INSERT ON app.t FOR EACH ROW EXECUTE FUNCTION app.f(); END $$;`;
    expect(risksIn(text).map(({ severity, at }) => `${severity} ${text.slice(at.start, at.end)}`)).toEqual(['medium NEW.name']);
  });

  it.each([
    ['values that a block puts into a body', `DO $$ BEGIN EXECUTE format($q$ ${create(`$x$ BEGIN EXECUTE 'SELECT ' || %L || ' FROM %I'; END $x$`)} $q$, 'a', 'b'); END $$;`],
    ['a message', `DO $$ BEGIN RAISE NOTICE $q$ ${create(`$x$${body}$x$`)} $q$; END $$;`],
    ['a comment', `DO $$ BEGIN /* ${create(`$x$${body}$x$`)} */ NULL; END $$;`],
    ['a text that is not run', `DO $$ DECLARE q text; BEGIN q := $q$ ${create(`$x$${body}$x$`)} $q$; END $$;`],
  ])('is none: %s', (_, text) => {
    expect(risksIn(text)).toEqual([]);
  });
});
