import type { SqlProof } from '../sql-proofs.ts';

const before = `CREATE SCHEMA app; GRANT USAGE ON SCHEMA app TO PUBLIC; CREATE TABLE app.users (id int, name text); INSERT INTO app.users VALUES (1, 'ann'), (2, 'bob');
  CREATE TABLE app.keys (pw text); INSERT INTO app.keys VALUES ('secret');`;

/** Anybody may call it, and what it runs is run by the superuser who owns it. */
function routine(parameter: string, query: string): string {
  return `CREATE FUNCTION app.f(${parameter}) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, app, pg_temp AS $$ DECLARE r text; BEGIN EXECUTE ${query} INTO r; RETURN r; END $$;\n`;
}

function call(value: string): string {
  return `SELECT app.f('${value.replaceAll("'", "''")}')`;
}

const byName = { as: 'alice', run: [call('ann')], gets: '1' } as const;
const everyRow = { as: 'mallory', run: [call("x' OR 'a' = 'a")], gets: '2', stopped: '0' } as const;

export const injection: readonly SqlProof[] = [
  {
    rule: 'sql/dynamic-sql-concatenation', before, file: routine('x text', "'SELECT count(*) FROM app.users WHERE name = ''' || x || ''''"), attack: everyRow, honest: byName,
  },
  {
    rule: 'sql/dynamic-sql-concatenation', before, file: routine('x text', "'SELECT min(name) FROM app.' || x"),
    attack: { as: 'mallory', run: [call('users WHERE false UNION ALL SELECT min(pw) FROM app.keys ORDER BY 1')], gets: 'secret', stopped: /relation "app\.users WHERE .*" does not exist/ },
    honest: { as: 'alice', run: [call('users')], gets: 'ann' },
  },
  {
    rule: 'sql/dynamic-sql-unquoted-format', before, file: routine('x text', "format('SELECT count(*) FROM app.users WHERE name = ''%s''', x)"), attack: everyRow, honest: byName,
  },
  {
    rule: 'sql/dynamic-sql-misquoted-placeholder', before, file: routine('x text', "format('SELECT count(*) FROM app.users WHERE name = ''%L''', x)"),
    attack: { as: 'mallory', run: [call(' OR true OR name = ')], gets: '2', stopped: '0' },
    honest: { as: 'postgres', run: ['SELECT count(*)::text FROM app.users'], gets: '2' },
  },
  {
    rule: 'sql/dynamic-sql-hand-escaping', before, file: routine('x text', "'SELECT count(*) FROM app.users WHERE name = ''' || replace(x, '''', '''''') || ''''"),
    attack: { as: 'mallory', run: ['SET standard_conforming_strings = off', "SELECT app.f($$\\' OR true --$$)"], gets: '2', stopped: '0' }, honest: byName,
  },
  {
    rule: 'sql/dynamic-sql-list', before, file: routine('a text[]', "'SELECT ' || array_to_string(a, ', ') || ' FROM app.users ORDER BY id LIMIT 1'"),
    attack: { as: 'mallory', run: ["SELECT app.f(ARRAY['(SELECT pw FROM app.keys)'])"], gets: 'secret', stopped: /column "\(SELECT pw FROM app\.keys\)" does not exist/ },
    honest: { as: 'alice', run: ["SELECT app.f(ARRAY['name', 'id'])"], gets: 'ann' },
  },
  {
    rule: 'sql/dynamic-sql-order-direction', before, file: routine('x text', "'SELECT name FROM app.users ORDER BY name ' || x"),
    attack: { as: 'mallory', run: [call(', (SELECT 1) OFFSET 1')], gets: 'bob', stopped: 'ann' },
    honest: { as: 'alice', run: [call('DESC')], gets: 'bob' },
  },
];
