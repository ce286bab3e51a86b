import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { amount } from '../amount.ts';
import { loadPostgresFromDisk } from '../../server/src/node-wasm.ts';
import { parseExpression } from '../../server/src/syntax/sql/expression.ts';
import { lex, type LexMode } from '../../server/src/syntax/sql/lexer.ts';
import { parsePlpgsql } from '../../server/src/syntax/sql/plpgsql.ts';
import { parsePostgres } from '../../server/src/syntax/sql/postgres.ts';
import { splitStatements } from '../../server/src/syntax/sql/statements.ts';

beforeAll(loadPostgresFromDisk);

const sample = `\\set x 'y'
-- é😀
CREATE OR REPLACE FUNCTION app.f(a text DEFAULT 'x''y', VARIADIC b int[]) RETURNS SETOF text
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $fn$
DECLARE q text := E'a\\'b' || $q$x$q$; r record; al ALIAS FOR $1;
BEGIN
  /* it's */ q := 'select ' || quote_ident(a) || (b)[1]::text;
  IF a = 'x' THEN EXECUTE q INTO STRICT r USING a, (1, 2); END IF;
  FOR r IN EXECUTE format('select %I from %s', a, q) USING 1 LOOP RETURN NEXT r.x; END LOOP;
  RETURN QUERY EXECUTE q USING a;
EXCEPTION WHEN OTHERS THEN RAISE;
END $fn$;
GRANT ALL ON {{ schema }}.t TO :"role" WITH GRANT OPTION;
COPY t (a) FROM stdin;
it's; \\x
\\.
CREATE FUNCTION g() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; END;
DO 'BEGIN EXECUTE ''a''; END'; SELECT U&"\\0061", :'v' \\gset
CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2);
`;
const words = [...new Set(sample.match(/\w+|\s+|[^\w\s]/g)), "'", '"', '$$', '$a$', '/*', '*/', '--', '\n', '\r\n', '\\', '{{', '}}', '<%', '%>', '\0', '\ud800', '\udc00', '\ufeff', 'é', '😀', '@', ':', '::', ';', '(', ')', '[', ']', 'begin atomic', 'end', 'case', 'E\''];
const soup = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.array(fc.constantFrom(...words), { maxLength: 60 }).map((parts) => parts.join('')),
  fc.array(fc.constantFrom(...words), { maxLength: 60 }).map((parts) => parts.join(' ')),
  fc.tuple(fc.nat(sample.length), fc.nat(20), fc.constantFrom(...words)).map(([at, length, put]) => sample.slice(0, at) + put + sample.slice(at + length)),
);

function checkTokens(text: string, mode: LexMode): void {
  let last = 0;
  for (const { start, end } of lex(text, mode)) {
    expect(start).toBeGreaterThanOrEqual(last);
    expect(end).toBeGreaterThan(start);
    // Only blanks are left out: nothing can hide between two tokens.
    expect(text.slice(last, start)).toMatch(/^\ufeff?[ \t\n\v\f\r\0]*$/);
    last = end;
  }
  expect(last).toBeLessThanOrEqual(text.length);
  expect(text.slice(last)).toMatch(/^\ufeff?[ \t\n\v\f\r\0]*$/);
}

function checkFile(text: string): void {
  const file = splitStatements(text);
  const whole = { start: 0, end: text.length };
  const inside = (span: { start: number; end: number }, outer: { start: number; end: number }) => {
    expect(span.start).toBeGreaterThanOrEqual(outer.start);
    expect(span.end).toBeLessThanOrEqual(outer.end);
    expect(span.start).toBeLessThanOrEqual(span.end);
  };
  let last = 0;
  for (const { span, end, written } of file.statements) {
    expect(span.start).toBeGreaterThanOrEqual(last);
    expect(end).toBeGreaterThanOrEqual(span.end);
    expect(written.text).toBe(text.slice(span.start, span.end));
    for (const token of written.tokens) inside(token, { start: 0, end: written.text.length });
    if (written.parsed.kind === 'error') inside({ start: written.parsed.at, end: written.parsed.at }, { start: 0, end: written.text.length });
    if (written.body !== undefined) inside(written.body.inStatement({ start: 0, end: written.body.text.length }), { start: 0, end: written.text.length });
    last = end;
  }
  for (const span of [...file.comments, ...file.units]) inside(span, whole);
  expect(typeof file.postgres).toBe('boolean');
}

function checkBody(text: string): void {
  const body = parsePlpgsql(text);
  for (const site of body.executes) {
    expect(site.expression.start).toBeGreaterThanOrEqual(site.span.start);
    expect(site.expression.end).toBeLessThanOrEqual(site.span.end);
    for (const using of site.using) expect(using.end).toBeLessThanOrEqual(site.span.end);
  }
  for (const { value } of body.assignments) parseExpression(text.slice(value.start, value.end));
}

test('every prefix and suffix of a file', () => {
  for (let at = 0; at <= sample.length; at += 3) {
    checkTokens(sample.slice(0, at), 'script');
    checkFile(sample.slice(0, at));
    checkFile(sample.slice(at));
    checkBody(sample.slice(at));
  }
});

test('any text', () => {
  fc.assert(fc.property(soup, (text) => {
    checkTokens(text, 'script');
    checkTokens(text, 'body');
    checkFile(text);
    checkBody(text);
    parsePostgres(text);
    parseExpression(text);
  }), amount(1_500, 50_000));
});

// A text that takes quadratic time runs into the time limit of the test runner.
describe('does not hang', () => {
  const bombs = ["'", "E'", "E'x' ", '"', '$a$ ', '$$', '/*', '*/', '/* */', '--\n', '{{', '{', '<%', '\n<%', '@a', '@a@', ':', '\\', '\\x\n', '+', '+-', '(', ')', '[', ';', 'case ', 'begin atomic ', 'create rule ( ;', 'copy t from stdin;\n', 'copy t from stdin;\n\\.x\n', 'do ', '#', '${', '::', '0x', '1e', '_', 'é', "N'", 'u&"', '\n\\.', '<<', 'declare ', 'if ', 'for x in execute '];
  test.each(bombs)('%j', (bomb) => {
    const text = bomb.repeat(Math.ceil(200_000 / bomb.length));
    lex(text);
    splitStatements(text);
    parsePlpgsql(text);
  });

  test('tags that never come again', () => {
    const text = Array.from({ length: 20_000 }, (_unused, i) => `$t${i}$ `).join('');
    expect(lex(text)).toHaveLength(1);
  });
});
