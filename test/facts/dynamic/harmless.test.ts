import { beforeAll, describe, expect, it } from 'vitest';
import { findDynamicSql } from '../../../server/src/facts/flow.ts';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { splitStatements } from '../../../server/src/syntax/sql/statements.ts';

beforeAll(loadPostgresFromDisk);

function seen(statement: string): string[] {
  const text = `CREATE FUNCTION app.f(x text, n int, d date, a text[], b bool, u uuid, j jsonb) RETURNS void LANGUAGE plpgsql AS $b$ BEGIN ${statement} END $b$;`;
  return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ severity, problem }) => `${severity} ${problem}`);
}

const asName = (value: string) => `EXECUTE 'CREATE TABLE app.part_' || ${value} || ' (n int)';`;
const inQuotes = (value: string) => `EXECUTE 'SELECT 1 FROM app.users WHERE name = ''' || ${value} || '''';`;

describe('what is made of numbers and dates', () => {
  it.each([
    `lpad(n::text, 2, '0')`, `rpad(n::text, 3, '0')`, `replace(n::text, '-', '_')`, `replace(d::text, '-', '')`, `replace(u::text, '-', '')`, `replace(x::uuid::text, '-', '_')`,
    `left(md5(x), 8)`, `substr(md5(random()::text), 1, 8)`, `upper(to_char(d, 'mon'))`, `trim(to_char(n, '000'))`, `split_part(n::text, '.', 1)`, `substring(n::text FROM 1 FOR 2)`,
    `reverse(n::text)`, `lower(regexp_replace(x, '[^a-zA-Z0-9]+', '_', 'g'))`, `(abs(hashtext(x)) % 16)`, `mod(abs(hashtext(x)), 16)`, `(length(x) + 1)`, `(strpos(x, 'b') + n)`,
    `(array_length(a, 1) + 1)`, `(n * 2)`, `(extract(day FROM d) - 1)`, `(position('a' in x) - 1)`,
  ])('%s can be a part of a name', (value) => {
    expect(seen(asName(value))).toEqual([]);
  });

  it.each([
    `current_date`, `inet_client_addr()`, `translate(x, '''', '')`, `translate(x, '''\\', '')`, `regexp_replace(x, '''', '', 'g')`, `regexp_replace(x, '[''"]', '', 'g')`, `replace(x, '''', '')`,
  ])('%s can stand in quotes', (value) => {
    expect(seen(inQuotes(value))).toEqual([]);
  });

  it.each([
    `lpad(x, 2, '0')`, `replace(x, '-', '_')`, `left(x, 8)`, `replace(n::text, '1', x)`, `lpad(n::text, 20, x)`, `app.length(x)`, `(length(x) || x)`, `translate(x, '''', '')`, `concat(n, x)`,
  ])('%s can be no part of a name', (value) => {
    expect(seen(asName(value))).not.toEqual([]);
  });

  it.each([
    `translate(x, '"', '''')`, `translate(x, 'a', '')`, `regexp_replace(x, '''', '')`, `regexp_replace(x, '[^'']', '', 'g')`, `regexp_replace(x, '[''"]', '''', 'g')`, `regexp_replace(x, '''$', '', 'g')`,
  ])('%s cannot stand in quotes', (value) => {
    expect(seen(inQuotes(value))).not.toEqual([]);
  });
});

describe('the frames of the stack', () => {
  const name = (setting: string, pattern: string) => `DECLARE c text; s text; BEGIN GET DIAGNOSTICS c = ${setting}; s := substring(c FROM '${pattern}'); ${inQuotes('s')} END;`;

  it('begin with the routine itself', () => {
    expect(seen(name('PG_CONTEXT', 'function (.*?) line'))).toEqual([]);
  });

  it('hold what callers have written further on', () => {
    expect(seen(name('PG_CONTEXT', 'function (.*) line'))).toEqual(['medium concatenated']);
    expect(seen(name('PG_CONTEXT', 'statement "(.*?)"'))).toEqual(['medium concatenated']);
    expect(seen(name('PG_CONTEXT', 'function (.*?) line').replace('GET', 'GET STACKED').replace('PG_CONTEXT', 'PG_EXCEPTION_CONTEXT'))).toEqual(['medium concatenated']);
  });
});
