import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findDynamicSql } from '../../server/src/facts/flow.ts';
import { loadPostgresFromDisk } from '../../server/src/node-wasm.ts';
import { splitStatements } from '../../server/src/syntax/sql/statements.ts';
import { applyEdits } from '../../server/src/text.ts';
import type { Server } from './servers.ts';
import { startPostgres } from './servers.ts';

interface Case {
  readonly id: string;
  readonly params: string;
  /** Statements of the body; the answer is left in `r`. */
  readonly body: string;
  /** Arguments as SQL. */
  readonly benign: string;
  readonly attack: string;
  /** A query whose answer must be the same before and after. */
  readonly check?: string;
  /** How the body is written; dollar quoted by default. */
  readonly quoting?: 'single';
}

const union = `'zz'' UNION SELECT secret FROM lab.users WHERE name=''bob'`;
const drop = `'users; INSERT INTO lab.canary VALUES (1); SELECT 1 --'`;
const logged = `SELECT string_agg(msg, '|') FROM lab.log`;

const cases: readonly Case[] = [
  { id: 'value in quotes', params: 'x text', body: `EXECUTE 'SELECT email FROM lab.users WHERE name = ''' || x || '''' INTO r;`, benign: `'alice'`, attack: union },
  { id: 'value with a quote', params: 'x text', body: `EXECUTE 'SELECT count(*) FROM lab.users WHERE name <> ''' || x || '''' INTO r;`, benign: `'alice'`, attack: `'z'' UNION SELECT 77 FROM lab.spy(1) --'` },
  { id: 'percent sign', params: 'x text', body: `EXECUTE 'SELECT (7 % 4)::text || email FROM lab.users WHERE name LIKE ''al%'' AND name = ''' || x || '''' INTO r;`, benign: `'alice'`, attack: union },
  { id: 'backslash', params: 'x text', body: `EXECUTE E'SELECT email FROM lab.users WHERE name = \\'' || x || E'\\'' INTO r;`, benign: `'alice'`, attack: union },
  { id: 'two lines', params: 'x text', body: `EXECUTE 'SELECT email FROM lab.users'\n    || ' WHERE name = ''' || x || '''' INTO r;`, benign: `'alice'`, attack: union },
  { id: 'continued literal', params: 'x text', body: `EXECUTE 'SELECT email '\n 'FROM lab.users WHERE name = ''' || x || '''' INTO r;`, benign: `'alice'`, attack: union },
  { id: 'dollar quoted pieces', params: 'x text', body: `EXECUTE $$SELECT email FROM lab.users WHERE name = '$$ || x || $$'$$ INTO r;`, benign: `'alice'`, attack: union },
  { id: 'unquoted value', params: 'x text', body: `EXECUTE 'SELECT email FROM lab.users WHERE id = ' || x INTO r;`, benign: `'1'`, attack: `'0 UNION SELECT secret FROM lab.users WHERE id = 2'` },
  { id: 'like', params: 'x text', body: `EXECUTE 'SELECT string_agg(name, '','' ORDER BY name) FROM lab.users WHERE name LIKE ''%' || x || '%''' INTO r;`, benign: `'li'`, attack: `'zz'' HAVING false UNION ALL SELECT secret FROM lab.users WHERE id=2 --'` },
  { id: 'limit', params: 'x text', body: `EXECUTE 'SELECT string_agg(name, '','') FROM (SELECT name FROM lab.users ORDER BY id LIMIT ' || x || ') s' INTO r;`, benign: `'1'`, attack: `'1) s HAVING false UNION ALL (SELECT secret FROM lab.users WHERE id=2) --'` },
  { id: 'interval', params: 'x text', body: `EXECUTE 'SELECT (date ''2024-01-01'' + interval ''' || x || ' days'')::text' INTO r;`, benign: `'3'`, attack: `'1 day'')::text || (SELECT secret FROM lab.users WHERE id = 2) --'` },
  { id: 'array literal', params: 'x text', body: `EXECUTE 'SELECT string_agg(name, '','') FROM lab.users WHERE id = ANY(''{' || x || '}'')' INTO r;`, benign: `'1'`, attack: `'1}'') HAVING false UNION SELECT secret FROM lab.users WHERE id=2 --'` },
  { id: 'insert', params: 'x jsonb', body: `EXECUTE 'INSERT INTO lab.log(msg) VALUES (''' || x::text || ''')';`, benign: `'{"k":"v"}'`, attack: `'{"k":"v''); INSERT INTO lab.canary VALUES (1); --"}'`, check: logged },
  { id: 'update of a chosen column', params: 'c text, x text', body: `EXECUTE 'UPDATE lab.users SET ' || c || ' = ''' || x || ''' WHERE id = 1';`, benign: `'email', 'new@x'`, attack: `'email = (SELECT secret FROM lab.users WHERE id=2), name', 'x'`, check: `SELECT string_agg(id || name || email, '|' ORDER BY id) FROM lab.users` },
  { id: 'boolean beside a value', params: 'b boolean, x text', body: `EXECUTE 'SELECT email FROM lab.users WHERE ' || b || ' AND name = ''' || x || '''' INTO r;`, benign: `true, 'alice'`, attack: `true, ${union}` },
  { id: 'integer beside a value', params: 'n int, x text', body: `EXECUTE 'SELECT email FROM lab.users WHERE id = ' || n || ' AND name = ''' || x || '''' INTO r;`, benign: `1, 'alice'`, attack: `1, ${union}` },
  { id: 'table', params: 't text', body: `EXECUTE 'SELECT count(*)::text FROM lab.' || t INTO r;`, benign: `'users'`, attack: drop },
  { id: 'glued name', params: 't text', body: `EXECUTE 'SELECT count(*)::text FROM lab.TBL_' || t INTO r;`, benign: `'2024'`, attack: `'2024; INSERT INTO lab.canary VALUES (1); SELECT 1 --'` },
  { id: 'name in double quotes', params: 't text', body: `EXECUTE 'SELECT count(*)::text FROM lab."' || t || '"' INTO r;`, benign: `'Weird Table'`, attack: `'users"; INSERT INTO lab.canary VALUES (1); SELECT 1 --'` },
  { id: 'order by', params: 'c text, d text', body: `EXECUTE 'SELECT string_agg(name, '','') FROM (SELECT name FROM lab.users ORDER BY ' || c || ' ' || d || ') s' INTO r;`, benign: `'name', 'desc'`, attack: `'name', 'asc) s HAVING false UNION ALL SELECT secret FROM lab.users WHERE id=2 --'` },
  { id: 'column', params: 'c text', body: `EXECUTE 'SELECT ' || c || '::text FROM lab.users WHERE id = 1' INTO r;`, benign: `'email'`, attack: `'(SELECT secret FROM lab.users WHERE id=2)'` },
  { id: 'type', params: 'ty text', body: `EXECUTE 'SELECT (''7''::' || ty || ')::text' INTO r;`, benign: `'integer'`, attack: `'text)||(SELECT secret FROM lab.users WHERE id=2'` },
  { id: 'sequence', params: 't text', body: `EXECUTE 'SELECT nextval(''lab.' || t || '_seq'')::text' INTO r;`, benign: `'users'`, attack: `'users_seq'')::text; INSERT INTO lab.canary VALUES (1); SELECT 1 --'` },
  { id: 'quoted name beside a value', params: 't text, x text', body: `EXECUTE 'SELECT email FROM lab.' || quote_ident(t) || ' WHERE name = ''' || x || '''' INTO r;`, benign: `'users', 'alice'`, attack: `'users', ${union}` },
  { id: 'concat()', params: 'x text', body: `EXECUTE concat('SELECT email FROM lab.users WHERE name = ''', x, '''') INTO r;`, benign: `'alice'`, attack: union },
  { id: 'format in quotes', params: 'x text', body: `EXECUTE format('SELECT email FROM lab.users WHERE name = ''%s''', x) INTO r;`, benign: `'alice'`, attack: union },
  { id: 'format by position', params: 't text, x text', body: `EXECUTE format('SELECT email FROM lab.%2$s WHERE name = ''%1$s'' OR email = ''%1$s''', x, t) INTO r;`, benign: `'users', 'alice'`, attack: `'users', ${union}` },
  { id: 'format with wildcards', params: 'x text', body: `EXECUTE format('SELECT string_agg(name, '','') FROM lab.users WHERE name LIKE ''%%%s%%''', x) INTO r;`, benign: `'lic'`, attack: `'zz'' HAVING false UNION ALL SELECT secret FROM lab.users WHERE id=2 --'` },
  { id: 'format, dollar quoted', params: 'x text', body: `EXECUTE format($q$SELECT email FROM lab.users WHERE name = '%s'$q$, x) INTO r;`, benign: `'alice'`, attack: union },
  { id: '%L in quotes', params: 'x text', body: `EXECUTE format('SELECT count(*)::text FROM lab.users WHERE name = ''%L''', x) INTO r;`, benign: `''`, attack: `' AND false HAVING false UNION SELECT secret FROM lab.users WHERE id=2 --'` },
  { id: '%I in quotes', params: 't text', body: `EXECUTE format('SELECT ''lab.%I''::text', t) INTO r;`, benign: `'users'`, attack: `'x''; INSERT INTO lab.canary VALUES (1); SELECT 1 --'` },
  { id: 'hand made escaping', params: 'x text', body: `SET LOCAL standard_conforming_strings = off; EXECUTE 'SELECT name FROM lab.users WHERE email = ''' || replace(x, '''', '''''') || '''' INTO r;`, benign: `'alice@x'`, attack: `E'\\\\'' UNION SELECT secret FROM lab.users WHERE id=2 --'` },
  { id: 'variable', params: 'x text', body: `q := 'SELECT email FROM lab.users WHERE name = ''' || x || ''''; EXECUTE q INTO r;`, benign: `'alice'`, attack: union },
  { id: 'variable that grows', params: 'x text', body: `q := 'SELECT email FROM lab.users WHERE id > 0'; q := q || ' AND name = ''' || x || ''''; EXECUTE q INTO r;`, benign: `'alice'`, attack: union },
  { id: 'branch', params: 'x text', body: `EXECUTE 'SELECT email FROM lab.users' || CASE WHEN x IS NULL THEN '' ELSE ' WHERE name = ''' || x || '''' END INTO r;`, benign: `'alice'`, attack: union },
  { id: 'loop', params: 'x text', body: `FOR r IN EXECUTE 'SELECT email FROM lab.users WHERE name = ''' || x || '''' LOOP EXIT; END LOOP;`, benign: `'alice'`, attack: union },
  { id: 'query_to_xml', params: 'x text', body: `r := pg_catalog.query_to_xml('SELECT email FROM lab.users WHERE name = ''' || x || '''', true, false, '')::text;`, benign: `'alice'`, attack: union },
  { id: 'quoted body', params: 'x text', quoting: 'single', body: `EXECUTE 'SELECT email FROM lab.users WHERE name = ''' || x || '''' INTO r;`, benign: `'alice'`, attack: union },
];

const schema = `
  CREATE SCHEMA lab;
  CREATE TABLE lab.users (id int PRIMARY KEY, name text, email text, secret text);
  INSERT INTO lab.users VALUES (1, 'alice', 'alice@x', 'none'), (2, 'bob', 'bob@x', 's3cret');
  CREATE TABLE lab.log (msg text);
  CREATE TABLE lab.canary (n int);
  CREATE TABLE lab.tbl_2024 (n int);
  CREATE TABLE lab."Weird Table" (n int);
  CREATE SEQUENCE lab.users_seq;
  CREATE FUNCTION lab.spy(n int) RETURNS SETOF int LANGUAGE sql AS 'INSERT INTO lab.canary VALUES (n) RETURNING n';
`;

describe.each([15, 18])('PostgreSQL %i', (major) => {
  let server: Server;
  let client: Client;

  beforeAll(async () => {
    await loadPostgresFromDisk();
    server = await startPostgres(major);
    client = await server.connect();
    await client.query(schema);
  });
  afterAll(async () => {
    await client?.end();
    await server?.stop();
  });

  it.each(cases.map((one) => [one.id, one] as const))('%s', async (_, one) => {
    const before = routineOf(one);
    const after = fixed(before);
    const benign = await call(client, before, one, one.benign);
    expect(benign.error).toBeUndefined();
    const attacked = await call(client, before, one, one.attack);
    expect(attacked.hit, attacked.error).toBe(true);
    expect(await call(client, after, one, one.benign), after).toEqual(benign);
    expect((await call(client, after, one, one.attack)).hit, after).toBe(false);
  });
});

function routineOf({ params, body, quoting }: Case): string {
  const text = ` DECLARE r text; q text; BEGIN ${body} RETURN r; END `;
  const quoted = quoting === 'single' ? `'${text.replaceAll("'", "''")}'` : `$fn$${text}$fn$`;
  return `CREATE FUNCTION lab.f(${params}) RETURNS text LANGUAGE plpgsql AS ${quoted};`;
}

function fixed(text: string): string {
  const risks = findDynamicSql(splitStatements(text)).flatMap((one) => one.risks);
  expect(risks.length).toBeGreaterThan(0);
  const fix = risks[0]!.fixes[0];
  expect(fix, 'a fix').toBeDefined();
  return applyEdits(text, fix!.edits);
}

interface Outcome {
  readonly answer: string | null | undefined;
  readonly check: string | null | undefined;
  readonly error: string | undefined;
  /** The attack read the secret or wrote the canary. */
  readonly hit: boolean;
}

async function call(client: Client, routine: string, { check }: Case, args: string): Promise<Outcome> {
  await client.query('BEGIN; SET LOCAL escape_string_warning = off');
  try {
    await client.query(routine);
    const answer = (await client.query<{ f: string | null }>(`SELECT lab.f(${args}) AS f`)).rows[0]?.f;
    await client.query(`SELECT setval('lab.users_seq', 1)`);
    const checked = check === undefined ? undefined : (await client.query<{ v: string | null }>(`SELECT (${check}) AS v`)).rows[0]?.v;
    const canary = (await client.query('SELECT 1 FROM lab.canary')).rows.length > 0;
    return { answer, check: checked, error: undefined, hit: canary || /s3cret/.test(`${answer}${checked}`) };
  } catch (error) {
    return { answer: undefined, check: undefined, error: String(error), hit: false };
  } finally {
    await client.query('ROLLBACK');
  }
}
