import { beforeAll, describe, expect, test } from 'vitest';
import { splitStatements } from '../../server/src/syntax/sql/statements.ts';
import { Editor } from './editor.ts';

/** Three migrations: the one in the middle is written to; the last one mends a part of the first one. */
const oldest = '/db/migrations/20240101000000_first.sql';
const middle = '/db/migrations/20240102000000_second.sql';
const newest = '/db/migrations/20240103000000_third.sql';
const files: Readonly<Record<string, string>> = {
  [oldest]: `CREATE ROLE app_user;
CREATE SCHEMA app;
CREATE TABLE app.first (id int, owner text);
CREATE TABLE app.open (id int, owner text);
GRANT SELECT ON app.open TO PUBLIC;
ALTER TABLE app.first ENABLE ROW LEVEL SECURITY;
CREATE POLICY everybody ON app.first USING (true);
CREATE FUNCTION app.one(x int) RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$;
CREATE FUNCTION app.two() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$;
`,
  [middle]: `CREATE FUNCTION app.before() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$;

CREATE FUNCTION app.after(p text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  EXECUTE 'SELECT ' || p;
END $$;
GRANT ALL ON app.open TO PUBLIC;
`,
  [newest]: `ALTER FUNCTION app.one(int) SET search_path = pg_catalog, pg_temp;
REVOKE ALL ON FUNCTION app.one(int) FROM PUBLIC;
CREATE VIEW app.all_of_it AS SELECT * FROM app.first;
`,
};

const typed = [
  'CREATE FUNCTION app.new(t text) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $f$ BEGIN RETURN \'a\' || "B"; END $f$;',
  "CREATE TABLE app.other (id serial PRIMARY KEY, t text DEFAULT 'it''s', CHECK (t <> 'y'));",
  'GRANT SELECT, INSERT ON app.other TO app_user WITH GRANT OPTION;',
  "CREATE POLICY q ON app.other FOR UPDATE TO app_user USING (t = 'a') WITH CHECK ((t IS NOT NULL));",
  'DROP FUNCTION IF EXISTS app.one(int, text) CASCADE;',
  'DROP TABLE IF EXISTS app.first_of_all;',
  'ALTER TABLE app.first_of_all RENAME TO last;',
  'ALTER FUNCTION app.two_of_them() SET search_path = pg_catalog, pg_temp;',
  'REVOKE ALL ON FUNCTION app.two_of_them() FROM PUBLIC;',
  'REVOKE ALL ON app.open_ones FROM PUBLIC;',
  'ALTER TABLE app.first_of_all DISABLE ROW LEVEL SECURITY;',
  'DROP POLICY everybody_else ON app.first;',
  'DROP SCHEMA application CASCADE;',
  'ALTER DEFAULT PRIVILEGES FOR ROLE app_user IN SCHEMA app REVOKE EXECUTE ON FUNCTIONS FROM app_user;',
  "DO $b$ BEGIN IF true THEN EXECUTE 'DROP TABLE app.first_of_all'; END IF; END $b$;",
  "COMMENT ON TABLE app.other IS $c$it's$c$;",
  '/* a comment; */ SELECT 1;',
];

describe('nothing is said about other objects, and nothing is taken back, while a statement is written', () => {
  let editor: Editor;
  beforeAll(async () => {
    editor = await Editor.open({ folders: ['/db'], files });
    for (const [path, text] of Object.entries(files)) await editor.type(`file://${path}`, 'sql', text);
  });

  for (const statement of typed) {
    test(statement, async () => {
      const text = files[middle]!;
      const at = text.indexOf('\n') + 1;
      const written = (characters: number) => text.slice(0, at) + statement.slice(0, characters) + text.slice(at);
      await editor.replace(`file://${middle}`, text);
      const before = await others(text);
      expect(before.length).toBeGreaterThan(8);
      for (let characters = 1; characters <= statement.length; characters++) {
        await editor.replace(`file://${middle}`, written(characters));
        expect(await others(written(characters)), statement.slice(0, characters)).toEqual(before);
      }
    });
  }

  /** What is found in the other files, and in this one in statements that were there. */
  async function others(text: string): Promise<string[]> {
    const lines: string[] = [];
    const known = new Set(files[middle]!.split('\n'));
    for (const path of Object.keys(files)) {
      for (const { code, range, message } of await editor.diagnostics(`file://${path}`)) {
        const line = (path === middle ? text : files[path]!).split('\n')[range.start.line]!;
        if (path !== middle || known.has(line)) lines.push(`${path} ${String(code)} ${line} ${message}`);
      }
    }
    return lines;
  }
});

test('what was found out about a long routine goes when the routine is typed over', async () => {
  const uri = 'file:///long.sql';
  const routine = (name: string) => `CREATE FUNCTION ${name}() RETURNS void LANGUAGE plpgsql AS $$ BEGIN ${'PERFORM 1;'.repeat(400)} END $$;\n`;
  const text = routine('one') + routine('two');
  const written = () => splitStatements(text).statements.map((statement) => statement.written);
  const editor = await Editor.open();
  await editor.type(uri, 'sql', text);
  await editor.diagnostics(uri);
  const before = written();
  await editor.replace(uri, text.replace('two', 'twice'));
  await editor.diagnostics(uri);
  expect(written().map((one, index) => one === before[index])).toEqual([true, false]);
});
