import type { Client } from 'pg';
import type { Place } from '../../places.ts';
import { routineAt } from '../../places.ts';

/** What the checks ask for, and what may write to a variable. */
export const asked = `CREATE SCHEMA app; CREATE TABLE app.names (id int, name text); INSERT INTO app.names VALUES (1, 'users');
CREATE FUNCTION app.check_name(text) RETURNS void LANGUAGE sql AS ''; CREATE FUNCTION app.is_name(text) RETURNS boolean LANGUAGE sql AS 'SELECT true';
CREATE PROCEDURE app.change(INOUT p jsonb) LANGUAGE plpgsql AS $$ BEGIN p := jsonb_build_object('k', current_setting('lab.hostile')); END $$;`;

/** Each does something in \`SELECT * FROM …\`. */
const hostile = ['users; SELECT spy()', 'users WHERE spy() IS NOT NULL', '(SELECT spy()) s', 'spy()', 'users, spy()', 'users\n; SELECT spy()', 'users;SELECT/**/spy()', 'a; SELECT spy()', '1; SELECT spy()'];
/** One of them comes past each of the checks. */
const honest = ['a', '1', 'users', 'true', 'abc', '::1', '11111111-1111-1111-1111-111111111111'];

/** Whether any hostile text runs: as the value itself, or as what the value is changed into behind the check of an honest one. */
export async function runsHostile(client: Client, place: Place, check: string, change = ''): Promise<boolean> {
  const given = (text: string) => place.given.replaceAll('V', text);
  const spied = async (): Promise<number> => Number((await client.query('SELECT last_value FROM lab.spied')).rows[0].last_value);
  const before = await spied();
  await client.query('BEGIN; SET LOCAL client_min_messages = error; SET LOCAL search_path = lab, pg_catalog');
  await client.query(routineAt(place, check, change));
  await client.query(`DO $do$ DECLARE v text; x text; BEGIN
  FOREACH x IN ARRAY ARRAY[${hostile.map((one) => `E'${one.replace('\n', '\\n')}'`).join()}] LOOP
    PERFORM set_config('lab.hostile', x, true);
    FOREACH v IN ARRAY ${change === '' ? 'ARRAY[x]' : `ARRAY[${honest.map((one) => `'${one}'`).join()}]`} LOOP
      BEGIN PERFORM app.f(${given('v')}, x, ARRAY[x], ${place.given.startsWith('jsonb') ? given('x') : 'NULL'}); EXCEPTION WHEN others THEN NULL; END;
    END LOOP;
  END LOOP; END $do$`);
  await client.query('ROLLBACK');
  return await spied() > before;
}
