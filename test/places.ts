import { findDynamicSql } from '../server/src/facts/flow.ts';
import { splitStatements } from '../server/src/syntax/sql/statements.ts';

export const stop = `THEN RAISE EXCEPTION 'no'; END IF;`;

/** What can stand before `RUN`, or around it, with VALUE for the value. */
export const checks: readonly string[] = [
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
  `ok := VALUE IS NOT NULL; ok := ok AND VALUE ~ '^[a-z]+$'; IF NOT coalesce(ok, false) ${stop} RUN`,
  `IF VALUE IS NULL THEN RETURN; ELSIF VALUE !~ '^[a-z]+$' ${stop} RUN`,
  `IF 'a' = VALUE THEN RUN END IF;`,
  `IF regexp_match(VALUE, '^[a-z_]+$') IS NULL ${stop} RUN`,
  `IF regexp_replace(VALUE, '[^a-z_]', '', 'g') <> VALUE ${stop} RUN`,
  `IF VALUE::int NOT BETWEEN 1 AND 10 ${stop} RUN`,
  `PERFORM VALUE::inet; RUN`,
  `PERFORM VALUE::float8; RUN`,
  `PERFORM VALUE::uuid; RUN`,
  `ok := VALUE; RUN`,
  `IF substring(VALUE FROM '[a-z_]+') IS NULL ${stop} RUN`,
  `ok := VALUE ~ '^[a-z]+$'; ok := true; IF NOT ok ${stop} RUN`,
  `ok := VALUE ~ '^[a-z]+$'; IF NOT ok THEN RAISE NOTICE 'no'; END IF; RUN`,
  `ok := true; IF VALUE !~ '^[a-z]+$' THEN ok := false; END IF; ok := true; IF ok THEN RUN END IF;`,
  `IF length(VALUE) > 30 ${stop} RUN`,
];

export interface Place {
  readonly parameters: string;
  readonly value: string;
  /** Statements that have it in them: BODY stands for the rest. */
  readonly around?: string;
  /** What is given to it: V stands for the text that becomes the value. */
  readonly given: string;
  /** Whatever makes something else of it. */
  readonly changes: readonly string[];
}

export const places: readonly Place[] = [
  { parameters: 'text', given: 'V', value: '$1', changes: ['$1 := other;'] },
  { parameters: '"P" text', given: 'V', value: '"P"', changes: ['"P" := other;'] },
  { parameters: 'p varchar', given: 'V', value: 'p::text', changes: ['p := other;'] },
  { parameters: 'p jsonb', given: `jsonb_build_object('k', V, 'a', jsonb_build_object('b', V))`, value: `(p ->> 'k')`, changes: ['p := js;', `p := jsonb_set(p, '{k}', js -> 'k');`, 'SELECT js INTO p;', 'CALL app.change(p);'] },
  { parameters: 'p jsonb', given: `jsonb_build_object('k', V, 'a', jsonb_build_object('b', V))`, value: `(p #>> '{a,b}')`, changes: ['p := js;'] },
  { parameters: 'p jsonb', given: `jsonb_build_object('k', V, 'a', jsonb_build_object('b', V))`, value: `(p -> 'a' ->> 'b')`, changes: ['p := js;'] },
  { parameters: 'p jsonb', given: `jsonb_build_object('k', V, 'a', jsonb_build_object('b', V))`, value: `jsonb_extract_path_text(p, 'k')`, changes: ['p := js;'] },
  { parameters: 'p text[]', given: 'ARRAY[V]', value: 'p[1]', changes: ['p[1] := other;', 'p := names;', 'SELECT names INTO p;'] },
  { parameters: 'p text[], k int', given: 'ARRAY[V], 1', value: 'p[k]', changes: ['p[k] := other;', 'p := names;'] },
  { parameters: 'p text', given: `V || '.z'`, value: `split_part(p, '.', 1)`, changes: ['p := other;'] },
  { parameters: 'p text[]', given: 'ARRAY[V]', value: 'r.x', around: 'FOR r IN SELECT unnest(p) AS x LOOP BODY END LOOP;', changes: ['r.x := other;', 'SELECT other AS x INTO r;'] },
  { parameters: 'p jsonb', given: `jsonb_build_object('x', V)`, value: 'r.value', around: 'FOR r IN SELECT * FROM jsonb_each_text(p) LOOP BODY END LOOP;', changes: ['r.value := other;'] },
  { parameters: 'p jsonb', given: `jsonb_build_array(jsonb_build_object('k', V))`, value: `(r.value ->> 'k')`, around: 'FOR r IN SELECT * FROM jsonb_array_elements(p) LOOP BODY END LOOP;', changes: ['r.value := js -> 0;'] },
];

export const parameter: Place = { parameters: 'p text', given: 'V', value: 'p', changes: ['p := other;'] };

/** A routine that runs what stands at a place, behind a check and whatever changes it then. */
export function routineAt({ parameters, value, around = 'BODY' }: Place, check: string, change = ''): string {
  const run = `${change} EXECUTE 'SELECT * FROM ' || ${value};`;
  const body = around.replace('BODY', () => check.replaceAll('VALUE', () => value).replace('RUN', () => run));
  return `CREATE FUNCTION app.f(${parameters}, other text, names text[], js jsonb) RETURNS void LANGUAGE plpgsql AS $b$
DECLARE n int; ok boolean; r record; one record; BEGIN ${body} END $b$;`;
}

/** What is told of the value in the statement that runs it. */
export function toldAt(place: Place, check: string, change = ''): string {
  const last = findDynamicSql(splitStatements(routineAt(place, check, change))).at(-1);
  return last!.risks.map(({ severity, origin }) => `${severity} ${origin}`).join() || 'nothing';
}
