import { beforeAll, describe, expect, test } from 'vitest';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { parseExpression, type Expression } from '../../../server/src/syntax/sql/expression.ts';

beforeAll(loadPostgresFromDisk);

/** `concat(literal ‹'a'›, …)`: every expression with the text that its span covers. */
function show(text: string, expression: Expression): string {
  const inner = (parts: readonly Expression[]) => parts.map((part) => show(text, part)).join(', ');
  const written = `‹${text.slice(expression.span.start, expression.span.end)}›`;
  switch (expression.kind) {
    case 'concat': return `concat(${inner(expression.parts)})`;
    case 'call': return `${expression.name}(${inner(expression.args)}${expression.variadic ? ' variadic' : ''})${written}`;
    case 'cast': return `${show(text, expression.operand)}::${expression.type}${written}`;
    case 'case': return `case(${inner(expression.results)})`;
    case 'reference': return expression.path.join('/') + written;
    case 'parameter': return `$${expression.number}`;
    case 'literal': return `${expression.quoting}=${expression.value}${written}`;
    default: return expression.kind + written;
  }
}

function read(text: string): string | undefined {
  const parsed = parseExpression(text);
  return parsed && (parsed.agreed ? '' : 'NOT AGREED ') + show(text, parsed.expression);
}

test.each([
  ["'a'", "single=a‹'a'›"],
  ["  ('a')  ", "single=a‹('a')›"],
  ["'a' || b || c", "concat(single=a‹'a'›, b‹b›, c‹c›)"],
  ["('a' || (b)) || (c || $1)", "concat(single=a‹'a'›, b‹(b)›, c‹c›, $1)"],
  ["'a' || (tbl)::text || b::pg_catalog.TEXT", "concat(single=a‹'a'›, tbl‹(tbl)›::text‹(tbl)::text›, b‹b›::text‹b::pg_catalog.TEXT›)"],
  ["cast(a as varchar(10)) || text 'b'", "concat(a‹a›::varchar(10)‹cast(a as varchar(10))›, single=b‹'b'›::text‹text 'b'›)"],
  ["'a' || n + 1", "concat(single=a‹'a'›, other‹n + 1›)"],
  ["'a' || (n + 1) || 'b'", "concat(single=a‹'a'›, other‹(n + 1)›, single=b‹'b'›)"],
  ["'a' || b ->> 'c'", "other‹'a' || b ->> 'c'›"],
  ["'a' || (b ->> 'c')", "concat(single=a‹'a'›, other‹(b ->> 'c')›)"],
  ["a || b = c || d", 'other‹a || b = c || d›'],
  ["'a' operator(pg_catalog.||) b", "concat(single=a‹'a'›, b‹b›)"],
  ["new.\"Name\" || Rec.Field || \"A b\"", 'concat(new/Name‹new."Name"›, rec/field‹Rec.Field›, A b‹"A b"›)'],
  ["pg_catalog.Format('%I', a)", "format(single=%I‹'%I'›, a‹a›)‹pg_catalog.Format('%I', a)›"],
  ['app."Quote"(x)', 'app.Quote(x‹x›)‹app."Quote"(x)›'],
  ["format('a', variadic b)", "format(single=a‹'a'›, b‹b› variadic)‹format('a', variadic b)›"],
  ["f(a => 'x', b := y)", "f(single=x‹'x'›, y‹y›)‹f(a => 'x', b := y)›"],
  ["upper((b)) || ((quote_ident(c)))", 'concat(upper(b‹(b)›)‹upper((b))›, quote_ident(c‹c›)‹((quote_ident(c)))›)'],
  ["case when a then 'x' when b then y else null end", "case(single=x‹'x'›, y‹y›, null‹null›)"],
  ["coalesce(a, '') || nullif(b, c)", "concat(coalesce(a‹a›, single=‹''›)‹coalesce(a, '')›, nullif(b‹b›, c‹c›)‹nullif(b, c)›)"],
  ['current_user || a', 'concat(current_user()‹current_user›, a‹a›)'],
  ["(select 'a') || b", "concat(other‹(select 'a')›, b‹b›)"],
  ['a[1] || b', 'concat(other‹a[1]›, b‹b›)'],
  ["-1 || 2.5", 'concat(number‹-1›, number‹2.5›)'],
  ["E'it\\'s\\n' || $q$a'b$q$ || $$c$$", "concat(escape=it's\n‹E'it\\'s\\n'›, dollar=a'b‹$q$a'b$q$›, dollar=c‹$$c$$›)"],
  ["'é😀' || tbl || été || a$b", "concat(single=é😀‹'é😀'›, tbl‹tbl›, été‹été›, a$b‹a$b›)"],
  ["'a'\r\n  'b' || c", "concat(single=ab‹'a'\r\n  'b'›, c‹c›)"],
  ["'a' || /* it's */ b -- it's\n || c", "concat(single=a‹'a'›, b‹b›, c‹c›)"],
  ["a || b collate \"C\"", 'concat(a‹a›, b‹b›)'],
  ["b'101' || a", "concat(other‹b'101'›, a‹a›)"],
  ['array[a, b]', 'other‹array[a, b]›'],
  ["format('%L', extract('epoch' from a)::bigint, (b)-1)", "format(single=%L‹'%L'›, other‹extract('epoch' from a)›::bigint‹extract('epoch' from a)::bigint›, other‹(b)-1›)‹format('%L', extract('epoch' from a)::bigint, (b)-1)›"],
  ["'a' || @extschema@.f({{ b }})", "concat(single=a‹'a'›, @extschema@.f({{ b }}‹{{ b }}›)‹@extschema@.f({{ b }})›)"],
  ["desc || index || 'x'", undefined],
  ["index || value || 'x'", "concat(index‹index›, value‹value›, single=x‹'x'›)"],
])('%s', (text, expected) => expect(read(text)).toBe(expected));

test('what only PostgreSQL accepts is read by tokens, without a promise', () => {
  expect(read("format('%s', (rec).field, f(a || b)) || c")).toBe("NOT AGREED concat(format(single=%s‹'%s'›, other‹(rec).field›, f(concat(a‹a›, b‹b›))‹f(a || b)›)‹format('%s', (rec).field, f(a || b))›, c‹c›)");
  expect(read("(rec).field || 'a' || b")).toBe("NOT AGREED concat(other‹(rec).field›, single=a‹'a'›, b‹b›)");
});

test.each(['', ' ', 'a b', 'a, b', 'a from t', 'distinct a', 'a; drop table t', "'a", 'a ||', '*'])('%j is no expression', (text) => expect(parseExpression(text)?.agreed ?? false).toBe(false));

test('a parser that reads something else takes the promise away', () => {
  for (const text of ["U&'\\0061' || x", "'a' 'b'"]) expect(parseExpression(text)?.agreed ?? true).toBe(true);
  expect(read("U&'\\0061' || x")).toBe("concat(other=a‹U&'\\0061'›, x‹x›)");
});

describe('limits', () => {
  test.each([
    ['too long', `'${'x'.repeat(200_001)}'`],
    ['too long without its literals', `a${' '.repeat(20_000)}${'|| a'.repeat(5_000)}`],
    ['too deep', '('.repeat(2_000) + 'a' + ')'.repeat(2_000)],
    ['very long chain', `a${' || a'.repeat(3_000)}`],
    ['unbalanced', '('.repeat(9_000)],
  ])('%s', (_name, text) => {
    expect(parseExpression(text)?.agreed ?? false).toBe(false);
  });

  test('a literal may be long', () => {
    expect(parseExpression(`'${'x'.repeat(30_000)}' || a`)?.agreed).toBe(true);
  });

  test('ranges nest and are in order', () => {
    const text = "(('x' || a) || f((b), (c || 'y'))) || (((d)))::text || case when (e) then (g) end";
    const check = (expression: Expression) => {
      const { start, end } = expression.span;
      const written = text.slice(start, end);
      expect(written.split('(').length).toBe(written.split(')').length);
      const parts = expression.kind === 'concat' ? expression.parts : expression.kind === 'call' ? expression.args : expression.kind === 'case' ? expression.results : expression.kind === 'cast' ? [expression.operand] : [];
      parts.reduce((last, part) => (expect(part.span.start).toBeGreaterThanOrEqual(last), part.span.end), start);
      for (const part of parts) check(part);
    };
    const parsed = parseExpression(text)!;
    expect(parsed.agreed).toBe(true);
    check(parsed.expression);
  });

  test('the same text is the same object', () => expect(parseExpression('a || b')).toBe(parseExpression('a || b')));
});
