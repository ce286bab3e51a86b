import { beforeAll, describe, expect, it } from 'vitest';
import { findDynamicSql } from '../../../server/src/facts/flow.ts';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { splitStatements } from '../../../server/src/syntax/sql/statements.ts';

beforeAll(loadPostgresFromDisk);

function seen(call: string, made: string): string[] {
  const text = `${made}\nCREATE FUNCTION app.run(p text, q varchar, n int, j jsonb, d app.word) RETURNS void LANGUAGE plpgsql AS $$ DECLARE r record; BEGIN EXECUTE 'SELECT 1 FROM ' || ${call}; END $$;`;
  return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ severity, origin }) => `${severity} ${origin}`);
}

const make = (header: string, value: string) => `CREATE FUNCTION app.part(${header}) RETURNS text LANGUAGE sql AS $$ SELECT ${value} $$;`;

describe('functions of one name that take as many arguments', () => {
  const quotesText = make('t text', 'quote_ident(t)') + make('n int', `'part_' || current_setting('app.x')`);
  const passesText = make('t text', 't') + make('n bigint', `'part_' || n`);

  it.each(['app.part(p::text)', 'app.part(p)', 'app.part(q)', `app.part('a')`, `app.part(lower(p))`, `app.part(p || 'a')`])('are told apart by a text: %s', (call) => {
    expect(seen(call, quotesText)).toEqual([]);
  });

  it.each(['app.part(1)', 'app.part(n)', 'app.part(p::int)', 'app.part(p::bigint)'])('are told apart by a number: %s', (call) => {
    expect(seen(call, passesText)).toEqual([]);
    expect(seen(call, quotesText)).toEqual(['medium param']);
  });

  it('are told apart by one of several arguments', () => {
    const made = make('a text, t text', 'quote_ident(t)') + make('a int, t text', 't');
    expect(seen(`app.part('a', p)`, made)).toEqual([]);
    expect(seen(`app.part(1, p)`, made)).toEqual(['medium param']);
    expect(seen(`app.part(r.n, p)`, made)).toEqual(['medium param']);
  });

  it('may be those that give what they are given', () => {
    expect(seen('app.part(p::text)', passesText)).toEqual(['medium param']);
    expect(seen(`app.part('a'::text)`, passesText)).toEqual([]);
  });

  it('of which two tell the same and one something else give what that one gives', () => {
    const plpgsql = (header: string, value: string) => `CREATE FUNCTION app.part(${header}) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN ${value}; END $$;`;
    const length = `CREATE FUNCTION app.length_of(t text) RETURNS int LANGUAGE sql AS $$ SELECT length(t) $$;`;
    const made = length + plpgsql('t text, n int', 't') + plpgsql('t text, s text', 'app.part(t, app.length_of(s))') + plpgsql('t json, s text', `app.part(t #>> '{}', app.length_of(s))`);
    expect(seen(`app.part(p, 'x')`, made)).toEqual(['medium param']);
  });

  it('of one type stay unknown, and so do those that nothing is plain of', () => {
    const both = make('t text', 't') + make('t varchar', 'quote_ident(t)');
    expect(seen('app.part(p::name)', both)).toEqual(['medium param']);
    expect(seen('app.part(p)', make('t text', 't') + make('t text', 'quote_ident(t)'))).toEqual(['medium param']);
    expect(seen('app.part(d)', make('t text', 't') + make('n int', `'a'`))).toEqual(['low param']);
    expect(seen('app.part(p)', make('t anyelement', 't::text') + make('t text', 'quote_ident(t)'))).toEqual(['medium param']);
    expect(seen('app.part(t => p)', make('t text', 't') + make('n int', `'a'`))).toEqual(['medium param']);
  });
});
