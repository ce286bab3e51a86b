import { beforeAll, describe, expect, it } from 'vitest';
import { findDynamicSql } from '../../../server/src/facts/flow.ts';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { splitStatements } from '../../../server/src/syntax/sql/statements.ts';

beforeAll(loadPostgresFromDisk);

const fail = `RAISE EXCEPTION 'no';`;
const run = `EXECUTE 'SELECT * FROM ' || p;`;
const good = `p ~ '^[a-z_]+$'`;
const bad = `p !~ '^[a-z_]+$'`;

function levels(body: string): string[] {
  const text = `CREATE FUNCTION app.f(p text, b boolean, q text) RETURNS void LANGUAGE plpgsql AS $b$
DECLARE n int; r record; s text; ok boolean; found text[]; list text[] := ARRAY['a', 'b']; BEGIN ${body} END $b$;`;
  return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ severity }) => severity);
}

describe('a check of a parameter', () => {
  it.each([
    `ok := ${good}; IF NOT ok THEN ${fail} END IF; ${run}`,
    `ok := ${bad}; IF ok THEN ${fail} END IF; ${run}`,
    `SELECT ${good} INTO ok; IF NOT ok THEN ${fail} END IF; ${run}`,
    `ok := (${good}); IF ok THEN ${run} END IF;`,
    `ok := p IN ('a', 'b'); IF ok IS NOT TRUE THEN ${fail} END IF; ${run}`,
    `ok := p = ANY (list); IF NOT coalesce(ok, false) THEN ${fail} END IF; ${run}`,
    `ok := p IS NOT NULL; ok := ok AND ${good}; IF NOT ok THEN ${fail} END IF; ${run}`,
    `p := CASE WHEN ${good} THEN p ELSE 'a' END; ${run}`,
    `IF p IS NULL THEN ${fail} ELSIF ${bad} THEN ${fail} END IF; ${run}`,
    `IF 'a' = p THEN ${run} END IF;`,
    `IF NOT (p = ANY (string_to_array('a,b', ','))) THEN ${fail} END IF; ${run}`,
    `IF p NOT IN (VALUES ('a'), ('b')) THEN ${fail} END IF; ${run}`,
    `IF NOT list @> ARRAY[p] THEN ${fail} END IF; ${run}`,
    `IF NOT ARRAY[p] <@ list THEN ${fail} END IF; ${run}`,
    `IF upper(trim(p)) NOT IN ('ASC', 'DESC') THEN ${fail} END IF; ${run}`,
    `IF upper(coalesce(p, 'asc')) NOT IN ('ASC', 'DESC') THEN ${fail} END IF; ${run}`,
    `IF regexp_match(p, '^[a-z_]+$') IS NULL THEN ${fail} END IF; ${run}`,
    `IF NOT regexp_like(p, '^[a-z_]+$') THEN ${fail} END IF; ${run}`,
    `IF substring(p FROM '^[a-z_]+$') IS NULL THEN ${fail} END IF; ${run}`,
    `IF regexp_replace(p, '[^a-z_]', '', 'g') <> p THEN ${fail} END IF; ${run}`,
    `n := p; ${run}`,
    `IF p::int NOT BETWEEN 1 AND 10 THEN ${fail} END IF; ${run}`,
    `PERFORM p::inet; ${run}`,
    `PERFORM p::float8; ${run}`,
  ])('leaves nothing: %s', (body) => {
    expect(levels(body)).toEqual([]);
  });

  it.each([
    `IF to_regclass(quote_ident(p)) IS NULL THEN ${fail} END IF; ${run}`,
    `IF to_regclass('app.' || p) IS NULL THEN ${fail} END IF; ${run}`,
    `IF to_regclass(format('%I.%I', 'app', p)) IS NULL THEN ${fail} END IF; ${run}`,
    `n := to_regclass(p); IF n IS NULL THEN ${fail} END IF; ${run}`,
    `ok := EXISTS (SELECT 1 FROM pg_class WHERE relname = p); IF NOT ok THEN ${fail} END IF; ${run}`,
    `FOR s IN SELECT replace(indexdef, p, p || '_1') FROM pg_indexes WHERE tablename = p LOOP EXECUTE s; END LOOP;`,
    `IF NOT pg_has_role(p, 'member') THEN ${fail} END IF; ${run}`,
  ])('leaves names of what exists: %s', (body) => {
    expect(levels(body)).toEqual(['info']);
  });

  it.each([
    `ok := true; IF ${bad} THEN ok := false; END IF; IF ok THEN ${run} END IF;`,
    `ok := ${good} OR b; IF NOT ok THEN ${fail} END IF; ${run}`,
    `PERFORM p::date; ${run}`,
    `SELECT array_agg(a.name) INTO found FROM app.names a WHERE a.name = p; n := coalesce(array_length(found, 1), 0); IF n = 0 THEN RETURN; END IF; ${run}`,
    `s := max(a.name) FROM app.names a WHERE a.name = p; IF s IS NULL THEN RETURN; END IF; ${run}`,
    `IF p ~ '[^0-9.+*/() -]' THEN ${fail} END IF; ${run}`,
    `IF p !~ '^[0-9+*]*$' THEN ${fail} END IF; ${run}`,
    `s := lower(p); q := p || '_1'; IF NOT app.is_known(s) THEN ${fail} END IF; EXECUTE 'DROP TABLE ' || q;`,
    `PERFORM p::interval; ${run}`,
    `s := p; IF s::int > 1 THEN NULL; END IF; ${run}`,
    `s := p; IF s = 'a' THEN NULL; ELSIF s = 'b' THEN NULL; ELSE ${fail} END IF; ${run}`,
  ])('leaves a doubt: %s', (body) => {
    expect(levels(body)).toEqual(['low']);
  });

  it.each([
    `ok := ${good}; ok := true; IF NOT ok THEN ${fail} END IF; ${run}`,
    `ok := ${good}; IF b THEN ok := true; END IF; IF NOT ok THEN ${fail} END IF; ${run}`,
    `IF b THEN ok := ${good}; END IF; IF NOT ok THEN ${fail} END IF; ${run}`,
    `ok := ${good}; p := q; IF NOT ok THEN ${fail} END IF; ${run}`,
    `ok := ${good}; IF NOT ok THEN RAISE NOTICE 'no'; END IF; ${run}`,
    `ok := ${good}; IF ok THEN ${fail} END IF; ${run}`,
    `SELECT ${good} INTO ok FROM app.t; IF NOT ok THEN ${fail} END IF; ${run}`,
    `WHILE b LOOP IF NOT ok THEN ${fail} END IF; ${run} ok := q ~ '^a$'; END LOOP;`,
    `ok := ${good}; LOOP IF ok THEN ${run} END IF; ok := true; END LOOP;`,
    `ok := true; IF ${bad} THEN ok := false; END IF; ok := true; IF ok THEN ${run} END IF;`,
    `p := CASE WHEN ${good} THEN 'a' ELSE p END; ${run}`,
    `IF b THEN NULL; ELSIF ${bad} THEN ${fail} END IF; ${run}`,
    `IF NOT list @> ARRAY[q] THEN ${fail} END IF; ${run}`,
    `IF NOT list <@ ARRAY[p] THEN ${fail} END IF; ${run}`,
    `IF regexp_replace(p, '[^a-z_]', '', 'g') <> q THEN ${fail} END IF; ${run}`,
    `IF regexp_replace(p, '[^a-z_]', 'x', 'g') <> p THEN ${fail} END IF; ${run}`,
    `IF substring(p FROM '[a-z_]+') IS NULL THEN ${fail} END IF; ${run}`,
    `s := p; ${run}`,
    `SELECT array_agg(a.name) INTO found FROM app.names a WHERE a.name = q; n := coalesce(array_length(found, 1), 0); IF n = 0 THEN RETURN; END IF; ${run}`,
    `SELECT array_agg(a.name) INTO found FROM app.names a WHERE a.name = p; n := 1; IF n = 0 THEN RETURN; END IF; ${run}`,
    `r.date := p; ${run}`,
    `IF p !~ '^[0-9a-z+*]*$' THEN ${fail} END IF; ${run}`,
    `EXECUTE 'SELECT lower($1)' INTO s USING p; EXECUTE 'DROP TABLE ' || s;`,
    `IF length(p) > 30 THEN ${fail} END IF; ${run}`,
  ])('leaves everything: %s', (body) => {
    expect(levels(body)).toEqual(['medium']);
  });
});
