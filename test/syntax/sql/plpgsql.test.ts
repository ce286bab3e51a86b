import { describe, expect, test } from 'vitest';
import { lex } from '../../../server/src/syntax/sql/lexer.ts';
import { findRoutineBody, parsePlpgsql } from '../../../server/src/syntax/sql/plpgsql.ts';

const find = (statement: string) => findRoutineBody(lex(statement), statement);
const slice = (text: string, span: { start: number; end: number } | undefined) => span && text.slice(span.start, span.end);

function read(body: string) {
  const { declarations, assignments, executes, statements } = parsePlpgsql(body);
  return {
    declarations: declarations.map(({ name, type, constant, value }) => [name, type, constant, slice(body, value)]),
    assignments: assignments.map(({ target, value }) => [target, slice(body, value)]),
    executes: executes.map(({ kind, expression, using, span }) => ({ kind, expression: slice(body, expression), using: using.map((one) => slice(body, one)), span: slice(body, span) })),
    statements: statements.map((span) => slice(body, span)),
  };
}

const expressions = (body: string) => read(body).executes.map(({ kind, expression, using }) => [kind, expression, ...using]);

describe('the body', () => {
  test.each([
    ["create function f() returns int language plpgsql as $x$ a $x$", ' a ', 'plpgsql', 'dollar'],
    ["CREATE OR REPLACE PROCEDURE f(a text DEFAULT 'x') AS 'a''b' LANGUAGE 'SQL'", "a'b", 'sql', 'single'],
    ["create function f() returns int as E'a\\nb' language \"plpgsql\"", 'a\nb', 'plpgsql', 'escape'],
    ["create function f() returns table (language text) as $$a$$", 'a', undefined, 'dollar'],
    ["create function f() returns int set a to 'x' language c as 'lib', 'symbol'", 'lib', 'c', 'single'],
    ["do $$a$$", 'a', 'plpgsql', 'dollar'],
    ["do language plperl 'a'", 'a', 'plperl', 'single'],
    ["do /* x */ E'' language plpgsql", '', 'plpgsql', 'escape'],
    ["create function f() returns int as 'a'\n  'b' language sql", 'ab', 'sql', 'single'],
    ["create function f() returns int as $$ never ends", ' never ends', undefined, 'dollar'],
  ])('%s', (statement, text, language, quoting) => {
    expect(find(statement)).toMatchObject({ text, language, quoting });
  });

  test.each(['create function f() returns int return 1', 'create function f() returns int begin atomic select 1; end', 'create function f(', 'do', 'create function f() returns int as'])(
    'none in %s', (statement) => expect(find(statement)).toBeUndefined());

  test.each([
    ["do 'a''''b''c'", "''c", "'''b''"],
    ["do E'a\\'\\\\b'", "'\\b", "\\'\\\\b"],
    ["do $q$é😀x$q$", 'x', 'x'],
    ["do 'é''😀x'", "'😀", "''😀"],
    ["do 'ab'\n 'c''d'", "c'd", "c''d"],
  ])('places in %s', (statement, part) => {
    const body = find(statement)!;
    for (let start = 0; start < body.text.length; start++) {
      for (let end = start + 1; end <= body.text.length; end++) {
        const span = body.inStatement({ start, end });
        expect(span.end).toBeGreaterThan(span.start);
      }
    }
    const all = body.inStatement({ start: 0, end: body.text.length });
    expect(statement.slice(all.start, all.end)).toBe(statement.replace(/^do (?:E?'|\$q\$)/, '').replace(/(?:'|\$q\$)$/, ''));
    expect(body.text).toContain(part.length > 0 ? body.text.slice(-1) : '');
  });

  test('a doubled quote is covered as it is written', () => {
    const statement = "do 'x := ''a'';'";
    const body = find(statement)!;
    const at = body.text.indexOf("'a'");
    expect(slice(statement, body.inStatement({ start: at, end: at + 3 }))).toBe("''a''");
    expect(body.inStatement({ start: at, end: at })).toEqual({ start: 9, end: 9 });
    expect(body.inStatement({ start: body.text.length, end: body.text.length })).toEqual({ start: statement.length - 1, end: statement.length - 1 });
  });

  test('text that is put into it', () => {
    expect(find("do 'x'")!.quote("a'b\\")).toBe("a''b\\");
    expect(find("do E'x'")!.quote("a'b\\")).toBe("a''b\\\\");
    expect(find('do $$x$$')!.quote("a'b$1")).toBe("a'b$1");
    expect(find('do $$x$$')!.quote('$$')).toBeUndefined();
    expect(find('do $q$x$q$')!.quote('$$ $r$')).toBe(undefined);
    expect(find('do $q$x$q$')!.quote('$$ ')).toBe('$$ ');
  });
});

test('declarations', () => {
  expect(read(`<<outer>> DECLARE
    q text; Name CONSTANT public.users.name%TYPE := 'a' || b; "Q x" numeric(10, 2)[] NOT NULL DEFAULT f(1, 2);
    a ALIAS FOR $1; r public.t%ROWTYPE; c NO SCROLL CURSOR (k int) FOR SELECT 1; d refcursor; e text COLLATE "C" = 'x';
  BEGIN
    DECLARE inner text := 'i'; BEGIN NULL; END;
  END`).declarations).toEqual([
    ['q', 'text', false, undefined], ['name', 'public.users.name%TYPE', true, "'a' || b"], ['Q x', 'numeric(10, 2)[]', false, 'f(1, 2)'],
    ['a', 'alias', false, '$1'], ['r', 'public.t%ROWTYPE', false, undefined], ['c', 'cursor', false, undefined], ['d', 'refcursor', false, undefined],
    ['e', 'text', false, "'x'"], ['inner', 'text', false, "'i'"],
  ]);
});

test('assignments', () => {
  expect(read(`begin x := 'a' ; rec.Field = b || c; a[i + 1] := 2; new."N" := 3;
    if a = b then y := 1; else z := 2; end if; select a = b into c; update t set a = 1; get diagnostics n = row_count;
    loop w := 1; exit when w = 2; end loop; case when a then v := case when b then 1 else 2 end; end case;
  exception when others then u := 1; end`).assignments).toEqual([
    ['x', "'a'"], ['rec.field', 'b || c'], ['a[i+1]', '2'], ['new.N', '3'], ['y', '1'], ['z', '2'], ['w', '1'], ['v', 'case when b then 1 else 2 end'], ['u', '1'],
  ]);
});

describe('dynamic SQL', () => {
  test.each([
    ["begin execute 'a' || b; end", [['execute', "'a' || b"]]],
    ['begin EXECUTE q INTO STRICT a, b USING c, f(d, e), (1); end', [['execute', 'q', 'c', 'f(d, e)', '(1)']]],
    ['begin execute q using c into a; end', [['execute', 'q', 'c']]],
    ["begin execute (select 'a' into b) || c; end", [['execute', "(select 'a' into b) || c"]]],
    ["begin for r in execute 'x' || case when a then 'b' end using y loop execute r.q; end loop; end", [['for', "'x' || case when a then 'b' end", 'y'], ['execute', 'r.q']]],
    ["begin return query execute format('a', b) using c; end", [['return-query', "format('a', b)", 'c']]],
    ['begin open c no scroll for execute q using a, b; end', [['open', 'q', 'a', 'b']]],
    ['begin if a then execute q; elsif b then execute r; else execute s; end if; end', [['execute', 'q'], ['execute', 'r'], ['execute', 's']]],
    ['begin if case when a then true end then execute q; end if; end', [['execute', 'q']]],
    ['begin case x when 1, 2 then execute a; when 3 then execute b; else execute c; end case; end', [['execute', 'a'], ['execute', 'b'], ['execute', 'c']]],
    ['begin null; exception when unique_violation or others then execute q; end', [['execute', 'q']]],
    ['begin while a < b loop execute q; end loop; foreach x in array y loop execute z; end loop; <<l>> loop execute w; end loop l; end', [['execute', 'q'], ['execute', 'z'], ['execute', 'w']]],
    ['#variable_conflict use_column\nbegin execute /* c */ q -- d\n; end', [['execute', 'q']]],
    ['begin execute {{ q }} using @x@; end', [['execute', '{{ q }}', '@x@']]],
    ['begin grant execute on function f() to r; create trigger t before insert on x execute function f(); for i in 1..2 loop null; end loop; end', []],
    ["begin raise notice 'execute'; perform 'execute'; return; end", []],
    ["begin if broken ( execute a; execute b; end", [['execute', 'b']]],
    ['begin x := (1; execute a; end if; execute b', [['execute', 'a'], ['execute', 'b']]],
    ['execute', []],
    ['begin execute ; execute into x; end', []],
  ])('%s', (body, expected) => expect(expressions(body)).toEqual(expected));

  test('the span goes from the first keyword to the last operand', () => {
    expect(read('begin\n  execute q into a;\n  for r in execute q using b, c loop null; end loop; end').executes.map((site) => site.span))
      .toEqual(['execute q', 'for r in execute q using b, c']);
  });
});

test('statements', () => {
  expect(read('declare a int; begin if a then b := 1; end if; for x in y loop perform z(1); end loop; exception when others then raise; end;').statements)
    .toEqual(['a int', 'if a', 'b := 1', 'for x in y', 'perform z(1)', 'when others', 'raise']);
});
