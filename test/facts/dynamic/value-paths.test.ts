import { beforeAll, describe, expect, it } from 'vitest';
import { findDynamicSql } from '../../../server/src/facts/flow.ts';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { splitStatements } from '../../../server/src/syntax/sql/statements.ts';

beforeAll(loadPostgresFromDisk);

const stop = `THEN RAISE EXCEPTION 'no'; END IF;`;

/** What can stand before `RUN`, or around it, with VALUE for the value. */
const checks: readonly string[] = [
  `RUN`,
  `IF VALUE !~ '^[a-z_]+$' ${stop} RUN`,
  `IF NOT (VALUE ~ '^[a-z_]+$') THEN RETURN; END IF; RUN`,
  `IF VALUE IS NULL OR VALUE NOT IN ('a', 'b') ${stop} RUN`,
  `IF NOT (VALUE = ANY (ARRAY['a', 'b'])) ${stop} RUN`,
  `IF VALUE <> 'a' AND VALUE <> 'b' ${stop} RUN`,
  `IF lower(VALUE) NOT IN ('a', 'b') ${stop} RUN`,
  `IF upper(coalesce(VALUE, 'a')) NOT IN ('A', 'B') ${stop} RUN`,
  `CASE VALUE WHEN 'a' THEN NULL; WHEN 'b' THEN NULL; ELSE RAISE EXCEPTION 'no'; END CASE; RUN`,
  `IF VALUE = 'a' THEN NULL; ELSIF VALUE = 'b' THEN NULL; ELSE RAISE EXCEPTION 'no'; END IF; RUN`,
  `PERFORM VALUE::int; RUN`,
  `PERFORM CAST(VALUE AS int); RUN`,
  `n := VALUE; RUN`,
  `IF VALUE::int > 5 THEN NULL; END IF; RUN`,
  `PERFORM VALUE::regclass; RUN`,
  `IF to_regclass(VALUE) IS NULL ${stop} RUN`,
  `IF NOT EXISTS (SELECT 1 FROM pg_class WHERE relname = VALUE) ${stop} RUN`,
  `IF VALUE NOT IN (SELECT name FROM app.names) ${stop} RUN`,
  `PERFORM 1 FROM app.names WHERE name = VALUE; IF NOT FOUND ${stop} RUN`,
  `SELECT id INTO STRICT n FROM app.names WHERE name = VALUE; RUN`,
  `SELECT count(*) INTO n FROM pg_tables WHERE tablename = VALUE; IF n = 0 ${stop} RUN`,
  `FOR one IN SELECT * FROM pg_tables WHERE tablename = VALUE LOOP RUN END LOOP;`,
  `PERFORM app.check_name(VALUE); RUN`,
  `IF NOT app.is_name(VALUE) ${stop} RUN`,
  `IF quote_ident(VALUE) <> VALUE ${stop} RUN`,
  `IF VALUE IN ('a', 'b') THEN RUN END IF;`,
  `IF array_position(ARRAY['a', 'b'], VALUE) IS NULL ${stop} RUN`,
  `IF NOT (ARRAY[VALUE] <@ ARRAY['a', 'b']) ${stop} RUN`,
  `FOR i IN 1..3 LOOP CONTINUE WHEN VALUE !~ '^[a-z]+$'; RUN END LOOP;`,
  `EXECUTE format('SELECT count(*) FROM %I', VALUE) INTO n; RUN`,
  `ok := VALUE ~ '^[a-z]+$'; IF NOT ok ${stop} RUN`,
  `IF length(VALUE) > 30 ${stop} RUN`,
];

interface Place {
  readonly parameters: string;
  readonly value: string;
  /** Statements that have it in them: BODY stands for the rest. */
  readonly around?: string;
  readonly declared?: string;
  /** Whatever makes something else of it. */
  readonly changes: readonly string[];
}

const places: readonly Place[] = [
  { parameters: 'text', value: '$1', changes: ['$1 := other;'] },
  { parameters: '"P" text', value: '"P"', changes: ['"P" := other;'] },
  { parameters: 'p varchar', value: 'p::text', changes: ['p := other;'] },
  { parameters: 'p jsonb', value: `(p ->> 'k')`, changes: ['p := js;', `p := jsonb_set(p, '{k}', js);`, 'SELECT js INTO p;', 'CALL app.change(p);'] },
  { parameters: 'p jsonb', value: `(p #>> '{a,b}')`, changes: ['p := js;'] },
  { parameters: 'p jsonb', value: `(p -> 'a' ->> 'b')`, changes: ['p := js;'] },
  { parameters: 'p jsonb', value: `jsonb_extract_path_text(p, 'k')`, changes: ['p := js;'] },
  { parameters: 'p text[]', value: 'p[1]', changes: ['p[1] := other;', 'p := names;', 'SELECT names INTO p;'] },
  { parameters: 'p text[], k int', value: 'p[k]', changes: ['p[k] := other;', 'p := names;'] },
  { parameters: 'p text', value: `split_part(p, '.', 1)`, changes: ['p := other;'] },
  { parameters: 'p text[]', value: 'r.x', around: 'FOR r IN SELECT unnest(p) AS x LOOP BODY END LOOP;', changes: ['r.x := other;', 'SELECT other AS x INTO r;'] },
  { parameters: 'p jsonb', value: 'r.value', around: 'FOR r IN SELECT * FROM jsonb_each_text(p) LOOP BODY END LOOP;', changes: ['r.value := other;'] },
  { parameters: 'p jsonb', value: `(r.value ->> 'k')`, around: 'FOR r IN SELECT * FROM jsonb_array_elements(p) LOOP BODY END LOOP;', changes: ['r.value := js;'] },
];

/** The body of each of the functions that the places differ in. */
function levelOf({ parameters, value, around = 'BODY' }: Place, check: string, change = ''): string {
  const run = `${change} EXECUTE 'SELECT * FROM ' || ${value};`;
  const body = around.replace('BODY', () => check.replaceAll('VALUE', () => value).replace('RUN', () => run));
  const text = `CREATE FUNCTION app.f(${parameters}, other text, names text[], js jsonb) RETURNS void LANGUAGE plpgsql AS $b$
DECLARE n int; ok boolean; r record; one record; BEGIN ${body} END $b$;`;
  const last = findDynamicSql(splitStatements(text)).at(-1);
  return last!.risks.map(({ severity, origin }) => `${severity} ${origin}`).join() || 'nothing';
}

const parameter: Place = { parameters: 'p text', value: 'p', changes: [] };

describe.each(places)('$value', (place) => {
  it('is known as well as a parameter behind every check', () => {
    const told = checks.map((check) => [check, levelOf(place, check)]);
    expect(told).toEqual(checks.map((check) => [check, levelOf(parameter, check)]));
  });

  it.each(place.changes)('is as unknown as without a check behind %s', (change) => {
    const told = checks.map((check) => [check, levelOf(place, check, change)]);
    expect(told).toEqual(checks.map((check) => [check, levelOf(place, 'RUN', change)]));
  });
});

describe('a kind of JSON', () => {
  const told = (kind: string, value: string) => levelOf({ parameters: 'p jsonb', value, changes: [] }, `IF ${kind} THEN RUN END IF;`);

  it('that has no text of its own leaves a doubt', () => {
    expect(told(`jsonb_typeof(p) = 'number'`, `(p #>> '{}')`)).toBe('low param');
    expect(told(`jsonb_typeof(p -> 'k') IN ('number', 'boolean')`, `(p ->> 'k')`)).toBe('low param');
    expect(levelOf({ parameters: 'p jsonb', value: `(p ->> 'k')`, changes: [] }, `IF jsonb_typeof(p -> 'k') <> 'number' ${stop} RUN`)).toBe('low param');
  });

  it('that is a text, or of another value, says nothing', () => {
    expect(told(`jsonb_typeof(p) = 'string'`, `(p #>> '{}')`)).toBe('medium param');
    expect(told(`jsonb_typeof(p) = 'object'`, `(p ->> 'k')`)).toBe('medium param');
    expect(told(`jsonb_typeof(p -> 'j') = 'number'`, `(p ->> 'k')`)).toBe('medium param');
    expect(told(`jsonb_typeof(p -> 'k') <> 'number'`, `(p ->> 'k')`)).toBe('medium param');
  });
});

describe('what belongs to something else', () => {
  it.each([
    [`IF (p ->> 'j') NOT IN ('a') ${stop} RUN`, `(p ->> 'k')`, 'p jsonb'],
    [`IF (js ->> 'k') NOT IN ('a') ${stop} RUN`, `(p ->> 'k')`, 'p jsonb'],
    [`IF p[2] NOT IN ('a') ${stop} RUN`, 'p[1]', 'p text[]'],
    [`IF names[1] NOT IN ('a') ${stop} RUN`, 'p[1]', 'p text[]'],
    [`IF split_part(p, '.', 2) NOT IN ('a') ${stop} RUN`, `split_part(p, '.', 1)`, 'p text'],
    [`IF left(p, 3) NOT IN ('abc') ${stop} RUN`, 'p', 'p text'],
    [`IF p::varchar(3) NOT IN ('abc') ${stop} RUN`, 'p', 'p text'],
  ])('says nothing: %s of %s', (check, value, parameters) => {
    expect(levelOf({ parameters, value, changes: [] }, check)).toBe('medium param');
  });
});
