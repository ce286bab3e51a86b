export function routine(body: string, language = 'plpgsql'): string {
  return `CREATE FUNCTION app.f(x text, y text) RETURNS void LANGUAGE ${language} AS $fn$ DECLARE q text; v text; r record; BEGIN ${body} END $fn$;\n`;
}

const chain = (length: number) => Array.from({ length }, (_unused, at) => `v${at} := v${at + 1} || v${at + 2} || 'a'; `).join('');

/** Texts that take for ever where something goes through them once for each of their parts. */
export const longTexts: readonly (readonly [what: string, text: string])[] = [
  ['50,000 lines that say the same', routine(`EXECUTE 'DROP ' || x;\n`.repeat(50_000))],
  ['20,000 lines that say the same', routine(`EXECUTE 'DROP ' || x;\n`.repeat(20_000))],
  ['50,000 assignments', routine(`q:=q||x;\n`.repeat(50_000) + 'EXECUTE q;')],
  ['a text of 15,000 parts', routine(`q := q || 'a' || x;\n`.repeat(15_000) + 'EXECUTE q;')],
  ['the same in a loop', routine(`LOOP\n${`q := q || 'a' || x;\n`.repeat(15_000)} EXECUTE q; END LOOP;`)],
  ['10,000 checks', routine(`IF x NOT IN ('a') THEN RAISE 'a'; END IF;\n`.repeat(10_000) + `EXECUTE 'a' || x;`)],
  ['5,000 checks of JSON', routine(`IF x ->> 'k' NOT IN ('a') THEN RAISE 'a'; END IF;\n`.repeat(5_000) + `EXECUTE 'a' || (x ->> 'k');`)],
  ['2,000 fields that are checked', routine(Array.from({ length: 2_000 }, (_unused, at) => `IF r.a${at} NOT IN ('a') THEN RAISE 'a'; END IF; r.a${at} := x;\n`).join('') + `EXECUTE 'a' || r.a1;`)],
  ['2,000 fields of a row that is filled again', routine(Array.from({ length: 2_000 }, (_unused, at) => `IF r.a${at} = r.a${at} THEN SELECT 1 INTO r; END IF;\n`).join('') + `EXECUTE 'a' || r.a1;`)],
  ['5,000 answers of conditions', routine(`q := x ~ '^a$'; IF NOT q THEN RAISE 'a'; END IF;\n`.repeat(5_000) + `EXECUTE 'a' || x;`)],
  ['5,000 answers in one', routine(`q := q AND x ~ '^a$';\n`.repeat(5_000) + `IF NOT q THEN RAISE 'a'; END IF; EXECUTE 'a' || x;`)],
  ['5,000 elements', routine(`IF x[1] = y[1] THEN x[1] := 'a'; END IF;\n`.repeat(5_000) + `EXECUTE 'a' || x[1];`)],
  ['5,000 cuts by what a variable counts', routine(`q := q || x; n := length(q); q := substring(q from 1 for n - 2);\n`.repeat(5_000) + 'EXECUTE q;')],
  ['10,000 queries that check', routine('PERFORM 1 FROM t WHERE n = x;\n'.repeat(10_000) + `EXECUTE 'a' || x;`)],
  ['20,000 casts to numbers', routine('q := x::int + 1;\n'.repeat(20_000) + `EXECUTE 'a' || x;`)],
  ['the same in one sum', routine(`EXECUTE 'a' || x; q := ${'x::int + '.repeat(20_000)}1;`)],
  ['10,000 loops', routine('FOR r IN SELECT a FROM t LOOP q := r.a; END LOOP;\n'.repeat(9_000) + 'LOOP\n'.repeat(1_000) + `EXECUTE 'a' || q;`)],
  ['8,000 loops over a constant array', routine(`FOREACH q IN ARRAY ARRAY['a', 'b'] LOOP v := q; END LOOP;\n`.repeat(8_000) + `EXECUTE 'a' || q;`)],
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
];
