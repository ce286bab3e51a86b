import { beforeAll, expect, test } from 'vitest';
import { newestVersion, noFiles } from '../../server/src/document.ts';
import { lint } from '../../server/src/lint.ts';
import { loadPostgresFromDisk } from '../../server/src/node-wasm.ts';

beforeAll(loadPostgresFromDisk);

// Dumps have pictures in them. What tries every sign of such a word as a beginning runs into the time limit of the test runner.
const word = '0123456789abcdef'.repeat(30_000);

test.each([
  ['an argument', `SELECT lo_write(0, '${word}'), f('a');`],
  ['a value', `INSERT INTO app.t (a, password) VALUES (1, '${word}'), (2, '${word}');`],
  ['a name', `SELECT ${word} FROM app.t;`],
  ['a called name', `SELECT f(1), ${word} (2);`],
  ['a comment', `-- ${word}\n/* ${word} */ SELECT 1;`],
  ['COMMENT ON', `COMMENT ON TABLE app.t IS '${word}';`],
  ['a default', `CREATE TABLE app.t (a text DEFAULT '${word}', b bytea DEFAULT '\\x${word}');`],
  ['a body', `CREATE FUNCTION app.f(p text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$ DECLARE k text := '${word}'; BEGIN EXECUTE 'SELECT ' || p || '${word}'; PERFORM g('${word}'); END $$;`],
  ['a body of another language', `CREATE FUNCTION app.f(p text) RETURNS void LANGUAGE plpython3u AS $$ plpy.execute("${word}" + p) $$; CREATE FUNCTION app.g(p text) RETURNS void LANGUAGE plv8 AS $$ plv8.execute(\`${word}\${p}\`) $$; CREATE FUNCTION app.h(text) RETURNS void LANGUAGE pltcl AS $$ spi_exec "${word}$1" $$;`],
  ['a DO block', `DO $$ BEGIN PERFORM f('${word}'); EXECUTE '${word}'; END $$;`],
  ['data of COPY', `COPY app.t FROM stdin;\n${word}\t${word}\n\\.\nSELECT 1;`],
  ['a connection string', `SELECT dblink('host=a password=${word}', 'SELECT ''${word}''');`],
])('%s of 480,000 signs does not hang', (_, text) => {
  expect(() => lint({ path: '/db/long.sql', text, language: 'sql', version: newestVersion, files: noFiles, surelyPostgres: true })).not.toThrow();
});
