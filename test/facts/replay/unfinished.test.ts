import { beforeAll, describe, expect, it } from 'vitest';
import { noFiles } from '../../../server/src/document.ts';
import { lint } from '../../../server/src/lint.ts';
import { sqlFacts } from '../../../server/src/facts/sql.ts';
import { loadPostgres } from '../../../server/src/syntax/sql/postgres.ts';

beforeAll(() => loadPostgres());

/** Statements about things of their own; the one that is written between them is about others. */
const before = `CREATE TABLE app.first (i int);
CREATE FUNCTION app.one(x int) RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$;
`;
const after = `
CREATE FUNCTION app.two() RETURNS int LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  RETURN 'it''s';
END $$;
ALTER TABLE app.first ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON app.first USING (owner = 'me');
COMMENT ON TABLE app.first IS 'it''s first';
REVOKE ALL ON FUNCTION app.one(int) FROM PUBLIC;
`;
const written = [
  'CREATE FUNCTION app.new(t text, n int DEFAULT 1) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$ BEGIN RETURN \'a\' || "B"; END $f$;',
  "CREATE TABLE app.other (id serial PRIMARY KEY, t text DEFAULT 'x', CHECK (t <> 'y'));",
  'GRANT SELECT, INSERT ON app.other TO a, b WITH GRANT OPTION;',
  "CREATE POLICY q ON app.other FOR UPDATE TO a USING (t = 'a') WITH CHECK ((t IS NOT NULL));",
  'DROP FUNCTION IF EXISTS app.one(int, text) CASCADE;',
  'ALTER TABLE app.old_first RENAME TO last;',
  'ALTER DEFAULT PRIVILEGES FOR ROLE a IN SCHEMA app REVOKE EXECUTE ON FUNCTIONS FROM b;',
  'SET search_path = app, public;',
  "/* it's new */ CREATE VIEW app.v WITH (security_invoker) AS SELECT \"T\".* FROM app.other \"T\" WHERE t IN ('a', 'b');",
  'CREATE FUNCTION app.atomic() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 2 END; END;',
];

/** Everything that is known and found about the other objects. */
function others(text: string): string[] {
  const { schema } = sqlFacts({ path: 'a.sql', text, language: 'sql', version: 18, files: noFiles });
  const { findings } = lint({ path: 'a.sql', text, language: 'sql', version: 18, files: noFiles });
  const lines = (offset: number): string => text.slice(text.lastIndexOf('\n', offset - 1) + 1).split('\n', 1)[0]!;
  const about = /^(?:CREATE (?:TABLE app\.first|FUNCTION app\.(?:one|two))|ALTER TABLE app\.first\b)/;
  const first = schema.relation('app', 'first');
  return [
    ...schema.routines.filter(({ name }) => name === 'one' || name === 'two').map(({ name, publicExecute, definer }) => `${name} ${publicExecute.kind} ${definer !== undefined}`),
    `first ${first?.rls.on} ${first?.policies.map(({ using }) => using?.text).join()}`,
    // That the unfinished statement cannot be read is said of itself alone.
    ...findings.filter(({ rule }) => rule !== 'sql/syntax-error').map(({ rule, at }) => `${lines(at.start)}: ${rule}`).filter((line) => about.test(line)),
  ];
}

describe.each(written)('while %s is written', (statement) => {
  const expected = [
    'one revoked true', 'two default true', "first true owner = 'me'",
  ];

  it('what is known of other objects stays, whatever is missing at the end', () => {
    const whole = others(before + statement + after);
    expect(whole).toEqual(expect.arrayContaining(expected));
    for (let length = 0; length <= statement.length; length++) {
      const text = before + statement.slice(0, length) + after;
      expect(others(text), statement.slice(0, length)).toEqual(whole);
    }
  });

  it('what is known of other objects stays, whatever is missing in the middle', () => {
    const whole = others(before + statement + after);
    for (let at = 0; at < statement.length; at++) {
      const text = before + statement.slice(0, at) + statement.slice(at + 1) + after;
      expect(others(text), statement.slice(0, at) + '‸' + statement.slice(at + 1)).toEqual(whole);
    }
  });

  it('what is known of other objects stays when a quote, bracket or comment is opened', () => {
    const whole = others(before + statement + after);
    for (let at = 0; at <= statement.length; at += 3) {
      for (const opened of ["'", '"', '$$', '$f$', '(', '[', '/*']) {
        const text = before + statement.slice(0, at) + opened + statement.slice(at) + after;
        expect(others(text), statement.slice(0, at) + opened + statement.slice(at)).toEqual(whole);
      }
    }
  });
});
