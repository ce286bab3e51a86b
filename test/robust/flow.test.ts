import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { amount } from '../amount.ts';
import { findDynamicSql } from '../../server/src/facts/flow.ts';
import { findForeignSql } from '../../server/src/facts/sql/foreign-code.ts';
import { loadPostgresFromDisk } from '../../server/src/node-wasm.ts';
import { splitStatements } from '../../server/src/syntax/sql/statements.ts';

beforeAll(loadPostgresFromDisk);

function routine(body: string, language = 'plpgsql'): string {
  return `CREATE FUNCTION app.f(x text, y text) RETURNS void LANGUAGE ${language} AS $fn$ DECLARE q text; v text; r record; BEGIN ${body} END $fn$;\n`;
}

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

/** Of two looks at texts of their own, so that nothing is remembered: the first one may still be compiling. */
function secondsOf(text: string): number {
  return Math.min(...['x1', 'x2'].map((name) => {
    const own = text.replaceAll(/\bx\b/g, name);
    const before = process.cpuUsage();
    look(own);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e6;
  }));
}

describe('takes less than a second of the processor', () => {
  const chain = (length: number) => Array.from({ length }, (_unused, at) => `v${at} := v${at + 1} || v${at + 2} || 'a'; `).join('');
  test.each<[string, string]>([
    ['50,000 lines that say the same', routine(`EXECUTE 'DROP ' || x;\n`.repeat(50_000))],
    ['20,000 lines that say the same', routine(`EXECUTE 'DROP ' || x;\n`.repeat(20_000))],
    ['50,000 assignments', routine(`q:=q||x;\n`.repeat(50_000) + 'EXECUTE q;')],
    ['a text of 15,000 parts', routine(`q := q || 'a' || x;\n`.repeat(15_000) + 'EXECUTE q;')],
    ['the same in a loop', routine(`LOOP\n${`q := q || 'a' || x;\n`.repeat(15_000)} EXECUTE q; END LOOP;`)],
    ['10,000 checks', routine(`IF x NOT IN ('a') THEN RAISE 'a'; END IF;\n`.repeat(10_000) + `EXECUTE 'a' || x;`)],
    ['10,000 queries that check', routine('PERFORM 1 FROM t WHERE n = x;\n'.repeat(10_000) + `EXECUTE 'a' || x;`)],
    ['10,000 loops', routine('FOR r IN SELECT a FROM t LOOP q := r.a; END LOOP;\n'.repeat(9_000) + 'LOOP\n'.repeat(1_000) + `EXECUTE 'a' || q;`)],
    ['30,000 queries without a check', routine('PERFORM g();\n'.repeat(30_000) + `EXECUTE 'a' || x;`)],
    ['30,000 ends of an IF that nobody began', routine('END IF; q := ( x\n'.repeat(28_000) + 'EXECUTE q;')],
    ['10,000 branches in each other', routine('IF x = y THEN\n'.repeat(10_000) + `EXECUTE 'a' || x;`)],
    ['10,000 operands', routine(`EXECUTE 'a' ${`|| x || ',' `.repeat(5_000)};`)],
    ['10,000 values', routine(`EXECUTE 'a' ${`|| x || ',' `.repeat(10_000)};`)],
    ['1,000 operands', routine(`EXECUTE 'a' ${`|| x || ',' `.repeat(500)};`)],
    ['5,000 arguments', routine(`EXECUTE format('${'%s '.repeat(5_000)}'${', x'.repeat(5_000)});`)],
    ['parentheses', routine(`EXECUTE ${'('.repeat(5_000)}x${')'.repeat(5_000)};`)],
    ['5,000 queries in each other', routine(`SELECT ${'(SELECT a FROM '.repeat(5_000)}t${') x'.repeat(5_000)} INTO q; EXECUTE q;`)],
    ['queries in each other', routine(`q := ${'(SELECT a FROM '.repeat(500)}t${') x'.repeat(500)}; EXECUTE q;`)],
    ['a chain of variables', routine(`${chain(2_000)} EXECUTE v0;`)],
    ['queries that fill variables', routine('SELECT a, b INTO q, v FROM t;\n'.repeat(10_000) + 'EXECUTE q || v;')],
    ['routines that call each other', Array.from({ length: 1_000 }, (_unused, at) => routine(`${at === 0 ? 'EXECUTE x;' : ''} PERFORM app.f${at + 1}(x); PERFORM app.f${at - 1}(x); PERFORM app.f${at}(x);`).replace('app.f(', `app.f${at}(`)).join('')],
    ['1,000 routines that hand on what they run', Array.from({ length: 1_000 }, (_unused, at) => routine(`EXECUTE x; PERFORM app.f${at + 1}(x);`).replace('app.f(', `app.f${at}(`)).join('')],
    ['strings of Python', routine(`plpy.execute("a" ${'+ x + "b" '.repeat(5_000)})`, 'plpython3u')],
    ['parentheses of Perl', routine(`spi_exec_query(${'('.repeat(20_000)}`, 'plperl')],
  ])('%s', (_, text) => {
    expect(secondsOf(text)).toBeLessThan(1);
  }, 60_000);
});
