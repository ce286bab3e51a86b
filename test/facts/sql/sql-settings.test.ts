import { expect, test } from 'vitest';
import { noFiles } from '../../../server/src/document.ts';
import { spellValue, sqlSettings } from '../../../server/src/facts/sql/sql-settings.ts';
import { sqlFacts } from '../../../server/src/facts/sql.ts';

function settings(text: string) {
  return sqlSettings(sqlFacts({ path: 'schema.sql', text, language: 'sql', version: 18, files: noFiles }));
}

test.each([
  ['SET Work_Mem = 4096', 'session work_mem=4096'],
  ["SET LOCAL app.tenant TO 'a''b'", "local app.tenant=a'b"],
  ['SET SESSION search_path = App, "B c", public', 'session search_path=app, "B c", public'],
  ["SET search_path = 'a, b'", 'session search_path="a, b"'],
  ["ALTER SYSTEM SET listen_addresses = 'a', 'b'", 'system listen_addresses=a, b'],
  ['ALTER ROLE ALL SET x.y TO -1', 'role all x.y=-1'],
  ['ALTER USER "Web" IN DATABASE shop RESET ALL', 'role Web in shop all'],
  ['ALTER DATABASE shop SET a.b TO DEFAULT', 'database shop a.b'],
  ['ALTER DATABASE shop SET a.b FROM CURRENT', 'database shop a.b=?'],
  ['SET a.b = :value', 'session a.b=?'],
  ["SET a.b = '${VALUE}'", 'session a.b=?'],
  ["SELECT pg_catalog.set_config('A.b', 'c', true)", 'local a.b=c'],
  ["SELECT set_config('a.b', current_user, false)", 'session a.b=?'],
  ['ALTER FUNCTION f(int) SET a.b = c', 'routine a.b=c'],
  ['CREATE FUNCTION f() RETURNS int LANGUAGE sql SET a.b = c SET d.e TO f AS $$ SELECT 1 $$', 'routine a.b=c; routine d.e=f'],
  ['RESET a.b', 'session a.b'],
])('%s', (text, expected) => {
  const found = settings(`${text};`).map(({ scope, target, database, name, value }) =>
    [scope, target, database && `in ${database}`, value ? `${name}=${value.text ?? '?'}` : name].filter(Boolean).join(' '));
  expect(found.join('; ')).toBe(expected);
});

test.each(["SET ROLE app", 'SET TRANSACTION READ ONLY', "SET TIME ZONE 'UTC'", 'SET a.b', 'SET a.b =', 'ALTER DATABASE a SET TABLESPACE b', 'ALTER TABLE t SET (a = b)', 'UPDATE t SET a = b', 'SET @a = 1'])('not %s', (text) => {
  expect(settings(`${text};`)).toEqual([]);
});

test.each([
  ['SET a.b = off', 'on', 'on'],
  ["SET a.b = 'off'", 'on', "'on'"],
  ['SET a.b = off', 'scram-sha-256', "'scram-sha-256'"],
  ['SET a.b = off', 'all', "'all'"],
  ['SET a.b = 1', '-5', '-5'],
  ["SELECT set_config('search_path', 'a', true)", '"$user", b', "'\"$user\", b'"],
  ["SET search_path = 'a'", '"$user", b', '"$user", b'],
])('in place of the value of %s, %s is written %s', (text, value, written) => {
  expect(spellValue(settings(`${text};`)[0]!, value)).toBe(written);
});
