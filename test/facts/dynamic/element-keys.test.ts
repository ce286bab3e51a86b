import { beforeAll, describe, expect, it } from 'vitest';
import { findDynamicSql } from '../../../server/src/facts/flow.ts';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { splitStatements } from '../../../server/src/syntax/sql/statements.ts';

beforeAll(loadPostgresFromDisk);

const stop = `THEN RAISE EXCEPTION 'no'; END IF;`;
const made = `SELECT string_agg(format('%I %s', c ->> 'name', c ->> 'type'), ', ') INTO defs FROM jsonb_array_elements(a) AS c; EXECUTE format('CREATE TABLE app.made (%s)', defs);`;

function seen(body: string): string[] {
  const text = `CREATE FUNCTION app.f(a jsonb, b jsonb) RETURNS void LANGUAGE plpgsql AS $f$ DECLARE r record; e jsonb; ty text; defs text; BEGIN ${body} END $f$;`;
  return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ severity, at }) => `${severity} ${text.slice(at.start, at.end)}`);
}

describe('a loop that asks about a key of every element', () => {
  it.each([
    `FOR r IN SELECT * FROM jsonb_array_elements(a) LOOP ty := r.value ->> 'type'; IF ty IS NULL OR trim(ty) = '' ${stop} IF ty !~* '^[a-z][a-z0-9_ ]*(\\([0-9]+\\))?$' ${stop} END LOOP; ${made}`,
    `FOR r IN SELECT * FROM jsonb_array_elements(a) LOOP ty := r.value::jsonb->>'type'; IF ty !~* '^[a-z][a-z0-9_ ]*$' ${stop} END LOOP; ${made}`,
    `FOR e IN SELECT jsonb_array_elements(a) LOOP IF e ->> 'type' IS NULL OR e ->> 'type' !~* '^[a-z][a-z0-9_ ]*$' ${stop} END LOOP; ${made}`,
    `FOR r IN SELECT * FROM jsonb_array_elements(a) AS x LOOP IF (r.x ->> 'type') !~ '^[a-z ]+$' ${stop} END LOOP; ${made}`,
    `FOR e IN SELECT value FROM jsonb_array_elements(coalesce(a, '[]'::jsonb)) LOOP ty := lower(trim(e ->> 'type')); IF NOT app.is_type(ty) ${stop} END LOOP; ${made}`,
    `FOR e IN (SELECT x FROM jsonb_array_elements(a) x) LOOP IF NOT EXISTS (SELECT 1 FROM app.types t WHERE lower(t.name) = lower(e ->> 'type')) ${stop} END LOOP; ${made}`,
    `BEGIN FOR e IN SELECT jsonb_array_elements(a) LOOP IF e ->> 'type' !~ '^[a-z ]+$' ${stop} END LOOP; END; ${made}`,
    `FOR e IN SELECT jsonb_array_elements(a -> 'columns') LOOP IF e ->> 'type' !~ '^[a-z ]+$' ${stop} END LOOP; ${made.replace('(a)', `(a->'columns')`)}`,
    `FOR e IN SELECT jsonb_array_elements(a) LOOP IF e ->> 'type' !~ '^[a-z ]+$' ${stop} END LOOP; FOR r IN SELECT * FROM jsonb_array_elements(a) LOOP EXECUTE 'ALTER TABLE app.t ADD c ' || (r.value ->> 'type'); END LOOP;`,
  ])('lowers it: %s', (body) => {
    expect(seen(body)).toEqual([expect.stringMatching(/^low .*'type'/)]);
  });

  it('leaves the words of a list', () => {
    expect(seen(`FOR e IN SELECT jsonb_array_elements(a) LOOP IF e ->> 'type' NOT IN ('text', 'int') ${stop} END LOOP; ${made}`)).toEqual([]);
    expect(seen(`FOR e IN SELECT jsonb_array_elements(a) LOOP CASE e ->> 'type' WHEN 'text' THEN NULL; ELSE RAISE EXCEPTION 'no'; END CASE; END LOOP; ${made}`)).toEqual([]);
  });

  it.each<[string, string]>([
    ['another key', `FOR e IN SELECT jsonb_array_elements(a) LOOP IF e ->> 'name' !~ '^[a-z ]+$' ${stop} END LOOP; ${made}`],
    ['another array', `FOR e IN SELECT jsonb_array_elements(b) LOOP IF e ->> 'type' !~ '^[a-z ]+$' ${stop} END LOOP; ${made}`],
    ['another part of it', `FOR e IN SELECT jsonb_array_elements(a -> 'columns') LOOP IF e ->> 'type' !~ '^[a-z ]+$' ${stop} END LOOP; ${made}`],
    ['some elements', `FOR e IN SELECT x FROM jsonb_array_elements(a) x WHERE x ->> 'kind' = 'c' LOOP IF e ->> 'type' !~ '^[a-z ]+$' ${stop} END LOOP; ${made}`],
    ['the first elements', `FOR e IN SELECT jsonb_array_elements(a) LOOP EXIT WHEN e ->> 'last' = '1'; IF e ->> 'type' !~ '^[a-z ]+$' ${stop} END LOOP; ${made}`],
    ['some elements by CONTINUE', `FOR e IN SELECT jsonb_array_elements(a) LOOP CONTINUE WHEN e ->> 'kind' = 'c'; IF e ->> 'type' !~ '^[a-z ]+$' ${stop} END LOOP; ${made}`],
    ['some elements by IF', `FOR e IN SELECT jsonb_array_elements(a) LOOP IF e ->> 'kind' = 'c' THEN IF e ->> 'type' !~ '^[a-z ]+$' ${stop} END IF; END LOOP; ${made}`],
    ['what has been put into the array since', `FOR e IN SELECT jsonb_array_elements(a) LOOP IF e ->> 'type' !~ '^[a-z ]+$' ${stop} END LOOP; a := b; ${made}`],
    ['another element in the variable', `FOR e IN SELECT jsonb_array_elements(a) LOOP e := b; IF e ->> 'type' !~ '^[a-z ]+$' ${stop} END LOOP; ${made}`],
    ['an error that is caught', `BEGIN FOR e IN SELECT jsonb_array_elements(a) LOOP IF e ->> 'type' !~ '^[a-z ]+$' ${stop} END LOOP; EXCEPTION WHEN others THEN NULL; END; ${made}`],
    ['a loop that may not run', `IF b IS NULL THEN FOR e IN SELECT jsonb_array_elements(a) LOOP IF e ->> 'type' !~ '^[a-z ]+$' ${stop} END LOOP; END IF; ${made}`],
    ['a part of the value', `FOR e IN SELECT jsonb_array_elements(a) LOOP IF e ->> 'type' !~ '^[a-z]+' ${stop} END LOOP; ${made}`],
    ['nothing but NULL', `FOR e IN SELECT jsonb_array_elements(a) LOOP IF e ->> 'type' IS NULL ${stop} END LOOP; ${made}`],
    ['a variable that another element fills', `FOR e IN SELECT jsonb_array_elements(a) LOOP ty := r.value ->> 'type'; IF ty !~ '^[a-z ]+$' ${stop} END LOOP; ${made}`],
    ['a check behind the statement', `${made} FOR e IN SELECT jsonb_array_elements(a) LOOP IF e ->> 'type' !~ '^[a-z ]+$' ${stop} END LOOP;`],
  ])('says nothing by %s', (_name, body) => {
    expect(seen(body)).toEqual([`medium c ->> 'type'`]);
  });
});
