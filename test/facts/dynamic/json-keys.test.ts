import { beforeAll, describe, expect, it } from 'vitest';
import { findDynamicSql } from '../../../server/src/facts/flow.ts';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { splitStatements } from '../../../server/src/syntax/sql/statements.ts';

beforeAll(loadPostgresFromDisk);

function levels(body: string): string[] {
  const text = `CREATE FUNCTION app.f(p jsonb, q jsonb) RETURNS void LANGUAGE plpgsql AS $b$ DECLARE n int; v text; r record; BEGIN ${body} END $b$;`;
  return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ severity, origin }) => `${severity} ${origin}`);
}

const stop = `THEN RAISE EXCEPTION 'no'; END IF;`;
const run = `EXECUTE 'DELETE FROM app.t WHERE a = ' || (p->>'k');`;

describe('a check of what JSON has under a key', () => {
  it.each<[string, readonly string[]]>([
    [`IF p->>'k' NOT IN ('a', 'b') ${stop} ${run}`, []],
    [`IF (p ->> 'k') !~ '^[a-z_]+$' ${stop} ${run}`, []],
    [`IF (p::jsonb ->> 'k') !~ '^[a-z_]+$' ${stop} ${run}`, []],
    [`n := (p->>'k')::int; IF n > 0 THEN ${run} END IF;`, []],
    [`IF p->>'k' = 'a' THEN ${run} END IF;`, []],
    [`v := p->>'k'; IF v = 'a' THEN ${run} END IF;`, ['low param']],
    [`CASE p->>'k' WHEN 'a' THEN ${run} ELSE NULL; END CASE;`, []],
    [`EXECUTE 'DELETE FROM app.t WHERE a = ' || CASE WHEN p->>'k' IN ('a', 'b') THEN p->>'k' ELSE 'c' END;`, []],
    [`SELECT * INTO r FROM app.t WHERE id = (p->>'k')::int; IF r.id IS NULL THEN RETURN; END IF; ${run}`, ['low param']],
    [`IF NOT EXISTS (SELECT 1 FROM pg_class WHERE relname = p->>'k') ${stop} ${run}`, ['info catalog']],
    [`IF NOT EXISTS (SELECT 1 FROM app.kinds k WHERE lower(k.name) = lower(p->>'k')) ${stop} ${run}`, ['low fetched']],
    [`IF NOT app.is_kind(p->>'k') ${stop} ${run}`, ['low param']],
    [`IF p -> 'part' ->> 'k' NOT IN ('a', 'b') ${stop} EXECUTE 'DELETE FROM app.t WHERE a = ' || (p->'part'->>'k');`, []],
  ])('counts: %s', (body, expected) => {
    expect(levels(body)).toEqual(expected);
  });

  it.each([
    `IF p->>'j' NOT IN ('a', 'b') ${stop} ${run}`,
    `IF q->>'k' NOT IN ('a', 'b') ${stop} ${run}`,
    `IF p->'part'->>'k' NOT IN ('a', 'b') ${stop} ${run}`,
    `IF p->>'k' NOT IN ('a', 'b') ${stop} p := q; ${run}`,
    `IF p->>'k' NOT IN ('a', 'b') THEN RAISE NOTICE 'no'; END IF; ${run}`,
    `IF p->>'k' IS NULL ${stop} ${run}`,
    `${run} IF p->>'k' NOT IN ('a', 'b') ${stop}`,
  ])('does not: %s', (body) => {
    expect(levels(body)).toEqual(['medium param']);
  });
});

describe('a kind of JSON that is asked for', () => {
  it('leaves numbers and the like beside strings, which are quoted', () => {
    const value = `CASE WHEN jsonb_typeof(p->'k') = 'string' THEN quote_literal(p->>'k') ELSE p->>'k' END`;
    expect(levels(`EXECUTE 'DELETE FROM app.t WHERE a = ' || ${value};`)).toEqual(['low param']);
    expect(levels(`EXECUTE format('DELETE FROM app.t WHERE a = %s', ${value});`)).toEqual(['low param']);
    expect(levels(`EXECUTE 'DELETE FROM app.t WHERE a = ' || ${value.replace(`jsonb_typeof(p->'k')`, `p->>'j'`)};`)).toEqual(['medium param']);
  });
});
