import { expect, test } from 'vitest';
import { noFiles } from '../../../server/src/document.ts';
import { connectionStrings } from '../../../server/src/facts/sql/connection-strings.ts';
import { sqlFacts } from '../../../server/src/facts/sql.ts';

/** Where each is, whether it is whole, and what is written for each of its options. */
function read(text: string) {
  return connectionStrings(sqlFacts({ path: 'a.sql', text, language: 'sql', version: 18, files: noFiles }))
    .map(({ use, whole, conninfo }) => ({ use, whole, options: conninfo.options.map(({ span }) => text.slice(span.start, span.end)) }));
}

test('of calls, subscriptions and settings', () => {
  expect(read("SELECT dblink_connect('c', 'host=a user=''b''');")).toEqual([{ use: 'dblink', whole: true, options: ['host=a', "user=''b''"] }]);
  expect(read("CREATE SUBSCRIPTION s CONNECTION 'host=a' PUBLICATION p;\nALTER SUBSCRIPTION s CONNECTION 'host=b';").map(({ options }) => options)).toEqual([['host=a'], ['host=b']]);
  expect(read("ALTER SYSTEM SET primary_conninfo TO 'host=a';")).toMatchObject([{ use: 'standby' }]);
});

test('inside of bodies, through two levels of quotes', () => {
  expect(read("DO 'BEGIN PERFORM dblink_exec(''host=a password=b'', ''SELECT 1''); END';")).toMatchObject([{ options: ['host=a', 'password=b'] }]);
});

test('whose last value goes on elsewhere', () => {
  expect(read("SELECT dblink_connect('host=a password=b' || c);")).toEqual([{ use: 'dblink', whole: false, options: ['host=a'] }]);
  expect(read("SELECT dblink_connect('host=a password=b ' || c);")).toMatchObject([{ options: ['host=a', 'password=b'] }]);
});

test('names of connections and statements are none', () => {
  expect(read("SELECT dblink_exec('main', 'UPDATE t SET host=1'); SELECT dblink('SELECT 1 WHERE user=2');")).toEqual([]);
});
