import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { amount } from '../amount.ts';
import { findDynamicSql } from '../../server/src/facts/flow.ts';
import { findForeignSql } from '../../server/src/facts/sql/foreign-code.ts';
import { loadPostgresFromDisk } from '../../server/src/node-wasm.ts';
import { splitStatements } from '../../server/src/syntax/sql/statements.ts';
import { longTexts, routine } from './long-texts.ts';

beforeAll(loadPostgresFromDisk);

/** Reads everything that there is to read, and gives the number of places where text runs. */
function look(text: string): number {
  const file = splitStatements(text);
  const found = findDynamicSql(file);
  for (const { expression, statement, risks } of found) {
    expect(statement.start).toBeLessThanOrEqual(expression.start);
    expect(expression.end).toBeLessThanOrEqual(text.length);
    for (const { at, related, fixes } of risks) {
      for (const span of [at, ...related.map((one) => one.at), ...fixes.flatMap((fix) => fix.edits.map((edit) => edit.span))]) {
        expect(span.start).toBeGreaterThanOrEqual(0);
        expect(span.start).toBeLessThanOrEqual(span.end);
        expect(span.end).toBeLessThanOrEqual(text.length);
      }
    }
  }
  for (const { at } of findForeignSql(file)) expect(at.end).toBeLessThanOrEqual(text.length);
  return found.length;
}

const sample = `<<a>> FOR r IN SELECT quote_ident(n) AS m, k FROM app.t LOOP
  IF x !~ '^[a-z]+$' THEN RAISE EXCEPTION 'no'; ELSIF y IN ('a') THEN CONTINUE; ELSE NULL; END IF;
  q := q || format('%I = %L, %s', r.m, y, r.k); v := CASE WHEN x = '' THEN 'a' ELSE y END;
  CASE x WHEN 'a' THEN EXECUTE q; ELSE NULL; END CASE;
  FOREACH v IN ARRAY string_to_array(y, ',') LOOP EXECUTE 'DROP TABLE ' || v INTO q USING x; END LOOP;
  SELECT string_agg(p, ',') INTO q FROM (SELECT a AS p FROM pg_class) s; PERFORM dblink_exec(x, q);
  GET STACKED DIAGNOSTICS v = MESSAGE_TEXT; RETURN QUERY EXECUTE q || x FROM app.t;
END LOOP; EXCEPTION WHEN others THEN EXECUTE $1 || x::regclass;`;
const words = [...new Set(sample.match(/\w+|[^\w\s]+|\s/g)), '(', ')', '[', ']', 'begin', 'end', 'end if;', 'loop', "'", '$$', '|| x', 'array[', 'case', '(select', ' into ', ';'];

test('every prefix and suffix of a body', () => {
  for (let at = 0; at <= sample.length; at += 7) {
    look(routine(sample.slice(0, at)));
    look(routine(sample.slice(at)));
  }
}, 120_000);

test('a loop without a variable', () => {
  look(routine('FOR IN SELECT a FROM t LOOP EXECUTE x; END LOOP;'));
  look(routine('FOREACH IN ARRAY x LOOP EXECUTE x; END LOOP;'));
});

test('any body', () => {
  const soup = fc.oneof(
    fc.array(fc.constantFrom(...words), { maxLength: 80 }).map((parts) => parts.join(' ')),
    fc.tuple(fc.nat(sample.length), fc.nat(40), fc.constantFrom(...words)).map(([at, length, put]) => sample.slice(0, at) + put + sample.slice(at + length)),
  );
  fc.assert(fc.property(soup, fc.constantFrom('plpgsql', 'sql', 'plpython3u', 'plperl'), (body, language) => {
    look(routine(body, language));
  }), amount(300, 20_000));
}, 120_000);

// What takes quadratic time runs into the time limit of the test runner; `npm run bench` says how long each takes.
test.each(longTexts)('does not hang: %s', (_, text) => {
  look(text);
}, 60_000);
