import { describe, expect, test } from 'vitest';
import { noFiles } from '../../../server/src/document.ts';
import { callsIn, callsOf } from '../../../server/src/facts/sql/calls.ts';
import { sqlFacts } from '../../../server/src/facts/sql.ts';
import { targetsOf } from '../../../server/src/facts/sql/value-target.ts';
import { statementText } from '../../../server/src/syntax/sql/statements.ts';

const factsOf = (text: string) => sqlFacts({ path: 'a.sql', text, language: 'sql', version: 18, files: noFiles });

/** What is written at the place that each call of `f` names, in the file. */
function places(text: string): string[] {
  return [...callsOf(factsOf(text), ['f'])].map(({ command, call }) => {
    const { start, end } = command.inFile(call.span);
    return text.slice(start, end);
  });
}

/** `name how` of everything that the value of `f()` goes to. */
function targets(text: string): string[] {
  return [...callsOf(factsOf(text), ['f'])].flatMap(({ command, call }) => targetsOf(command, call)).map(({ name, how }) => `${name} ${how}`);
}

describe('calls', () => {
  test('have arguments, and literals among them', () => {
    const [call] = callsIn(statementText("SELECT app.f(a, g(1, 2), 'it''s'::bytea, key => $$k$$, 'a' || 'b')"));
    expect(call).toMatchObject({ name: 'f', schema: 'app' });
    expect(call!.arguments.map(({ literal }) => literal?.value)).toEqual([undefined, undefined, "it's", 'k', undefined]);
  });

  test('are found inside of each other, the outer one first', () => {
    expect(callsIn(statementText('SELECT f(g(h(1)), 2)')).map(({ name }) => name)).toEqual(['f', 'g', 'h']);
  });

  test.each([
    'CREATE TABLE f (a int)', 'INSERT INTO f (a) VALUES (1)', 'CREATE INDEX ON t USING btree (f)', 'ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES f (b)',
    'GRANT EXECUTE ON FUNCTION f(int) TO a', 'DROP FUNCTION f(int)', "COMMENT ON FUNCTION f(int) IS 'f(1)'", "SELECT 'f(1)' -- f(1)",
  ])('are not in: %s', (text) => expect(places(text)).toEqual([]));

  test('are found in bodies and in what EXECUTE runs, at their place in the file', () => {
    expect(places("CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT f(''a'')';")).toEqual(["f(''a'')"]);
    expect(places("DO $$ BEGIN EXECUTE 'SELECT f(''a'')'; END $$;")).toEqual(["f(''a'')"]);
    expect(places("DO $$ BEGIN EXECUTE format('SELECT f(%L)', x); END $$;")).toEqual(['f(%L)']);
  });

  test('of a function that the file makes are others', () => {
    expect(places('CREATE FUNCTION app.f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$; SELECT f();')).toEqual([]);
  });
});

describe('where a value goes', () => {
  test.each([
    ['UPDATE t SET a = 1, b = f(x) WHERE c = 2', ['b stored']],
    ['SELECT 1 FROM t WHERE b = f(x)', ['b compared']],
    ['SELECT 1 FROM t WHERE f(x) = b', ['b compared']],
    ['SELECT coalesce(f(x), 1) AS b, c', ['b returned']],
    ['SELECT f(x) INTO b FROM t', ['b stored']],
    ['INSERT INTO t (a, b) VALUES (1, f(x)), (g(1, 2), lower(f(x)))', ['b stored', 'b stored']],
    ['INSERT INTO t (a, b) SELECT g(1, 2), f(x) FROM u', ['b stored']],
    ['INSERT INTO t VALUES (1, f(x))', []],
    ['CREATE TABLE t (a int, b text NOT NULL DEFAULT f(x), c int)', ['b stored']],
    ['ALTER TABLE t ALTER COLUMN b SET DEFAULT f(x)', ['b stored']],
    ['DO $$ DECLARE b text := f(x); BEGIN NULL; END $$', ['b stored']],
    ['DO $$ BEGIN NEW.b = f(x); END $$', ['b stored']],
    ['CREATE FUNCTION b() RETURNS text LANGUAGE sql AS $$ SELECT f(1) $$', ['b returned']],
    ['SELECT f(x), b', []],
  ])('%s', (text, expected) => expect(targets(text)).toEqual(expected));
});
