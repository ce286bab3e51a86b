import { beforeAll, describe, expect, test } from 'vitest';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { parsePostgres } from '../../../server/src/syntax/sql/postgres.ts';

beforeAll(loadPostgresFromDisk);

const kind = (text: string) => parsePostgres(text).kind;

/** Every location in a tree with the text that stands there. */
function located(text: string): string[] {
  const parsed = parsePostgres(text);
  if (parsed.kind !== 'tree') throw new Error(JSON.stringify(parsed));
  const found: string[] = [];
  JSON.stringify(parsed.node, (key, value: unknown) => {
    if (key === 'location' && typeof value === 'number' && value >= 0) found.push(text.slice(value, value + 3));
    return value;
  });
  return found;
}

describe('offsets are UTF-16', () => {
  test('in the tree', () => {
    const found = located("select 'é😀ß', abc, /* 😀 */ def::xyz from ghi");
    expect(found).toEqual(expect.arrayContaining(["'é😀".slice(0, 3), 'abc', 'def', 'xyz', 'ghi', '::x']));
  });

  test('of SQL bodies, whose length is given too', () => {
    const text = "create function f() returns int begin atomic select 'é😀'; select 'ß'; end";
    expect(located(text)).toEqual(expect.arrayContaining(["'é\ud83d", "'ß'"]));
  });

  test('of errors', () => {
    const text = "select 'é😀ß' frmo abc def";
    const parsed = parsePostgres(text);
    expect(parsed.kind === 'error' && text.slice(parsed.at)).toBe('abc def');
  });

  test('with CRLF', () => expect(located("select\r\n'é',\r\nabc")).toEqual(expect.arrayContaining(['abc', "'é'"])));
});

describe('guards', () => {
  test('comments are no hiding place', () => {
    const parsed = parsePostgres("/* it's */ grant all on t to public /* it's */");
    expect(parsed.kind === 'tree' && Object.keys(parsed.node)).toEqual(['GrantStmt']);
    expect(kind('/*'.repeat(20_000) + '*/'.repeat(20_000) + ' select 1')).toBe('tree');
  });

  test('NUL hides nothing', () => {
    expect(parsePostgres('select 1\0 from').kind).toBe('error');
    expect(kind('grant all on t\0to public')).toBe('tree');
  });

  test('lone surrogates cut nothing off', () => {
    const parsed = parsePostgres("grant all on \"\udc00\ud83d\" to public");
    expect(JSON.stringify(parsed)).toContain('ROLESPEC_PUBLIC');
    expect(kind("select '\ud83d'")).toBe('tree');
  });

  test('a byte order mark is blank', () => expect(kind('\ufeffselect 1')).toBe('tree'));

  test.each([
    ['10,000 parentheses', `select ${'('.repeat(10_000)}1${')'.repeat(10_000)}`],
    ['10,000 operators', `select a${' || a'.repeat(10_000)}`],
    ['10,000 casts', `select a${'::text'.repeat(10_000)}`],
    ['10,000 IS NULL', `select a${' is null'.repeat(10_000)}`],
    ['10,000 NOT', `select ${'not '.repeat(10_000)}a`],
    ['10,000 UNION', `select 1${' union select 1'.repeat(10_000)}`],
    ['10,000 JOIN', `select 1 from a${' join b on true and true'.repeat(10_000)}`],
    ['10,000 CASE', `select ${'case when a then '.repeat(10_000)}1${' end'.repeat(10_000)}`],
    ['a long operator', `select 1 ${'+'.repeat(100_000)} 1`],
    ['a long text', `select '${'x'.repeat(1_100_000)}'`],
  ])('%s are not parsed', (_name, text) => {
    const before = process.cpuUsage();
    expect(kind(text)).toBe('unknown');
    expect(process.cpuUsage(before).user).toBeLessThan(1_000_000);
  });

  test('what is long but flat is parsed', () => {
    expect(kind(`select ${'a = -1 and '.repeat(5_000)} true`)).toBe('tree');
    expect(kind(`insert into t values ${'(-1, -2), '.repeat(20_000)} (1, 2)`)).toBe('tree');
    expect(kind(`select a${' || a'.repeat(1_900)}`)).toBe('tree');
    expect(kind(`select ${'('.repeat(1_000)}1${')'.repeat(1_000)}`)).toBe('tree');
  });

  test('nesting and chains together', () => {
    const nested = (depth: number, chain: number) => `select ${'('.repeat(depth)}a${`${' || a'.repeat(chain)})`.repeat(depth)}`;
    expect(kind(nested(10, 150))).toBe('tree');
    expect(kind(nested(10, 1_500))).toBe('unknown');
  });

  test.each([
    ['queries', 'select ', '(select ', '1', ')'], ['calls', 'select ', 'f(', '1', ')'], ['tables', 'select 1 from ', '(select 1 from ', 't', ') a'],
    ['EXISTS', 'select ', 'exists(select 1 where ', 'true', ')'], ['arrays', 'select ', 'array[', '1', ']'], ['CASE', 'select ', 'case when a then ', '1', ' end'],
    ['WITH', '', 'with a as (', 'select 1', ') select 1'], ['ANY', 'select ', 'row(a) = any (array[', '1', '])'],
  ])('nested %s: parsed up to the limit, and nothing that the parser dies of', (_name, before, open, inner, close) => {
    for (const depth of [450, 990]) {
      const parsed = parsePostgres(before + open.repeat(depth) + inner + close.repeat(depth));
      if (parsed.kind === 'unknown') expect(parsed.reason).toBe('it is nested too deeply');
    }
    expect(kind(before + open.repeat(400) + inner + close.repeat(400))).toBe('tree');
    expect(parsePostgres(before + open.repeat(3_000) + inner + close.repeat(3_000))).toEqual({ kind: 'unknown', reason: 'it is nested too deeply' });
  });

  test('nothing is printed', () => {
    const written: unknown[] = [];
    const { write } = process.stdout;
    process.stdout.write = ((chunk: unknown) => written.push(chunk) > 0) as typeof write;
    try {
      parsePostgres('#option dump');
      parsePostgres(`select ${'x'.repeat(100)}`);
    } finally {
      process.stdout.write = write;
    }
    expect(written).toEqual([]);
  });
});

test('exactly one statement', () => {
  expect(kind('')).toBe('error');
  expect(kind('-- x')).toBe('error');
  expect(parsePostgres("select 'é😀'; select 2")).toMatchObject({ kind: 'error', at: 14 });
});

describe('templates and variables', () => {
  test.each([
    'select * from {{ schema }}.t', 'grant all on @extschema@.t to :role', "set x = :'value'", 'create table :"name" (a int)',
    ':PREFIX select 1', '{% if x %} create table t (a int) {% endif %}', 'alter role ${user} superuser', 'select 1 from foo_{{ x }}_bar',
  ])('%s is parsed', (text) => expect(kind(text)).toBe('tree'));

  test.each(['{{ statement }}', 'select {{ a }} {{ b }} {{ c }}', 'create :what x'])('%s is unknown', (text) => expect(kind(text)).toBe('unknown'));

  test('offsets stay', () => expect(located('select {{ é }}, abc')).toContain('abc'));
});
