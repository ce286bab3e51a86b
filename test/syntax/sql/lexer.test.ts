import { loadModule, scanSync } from 'libpg-query';
import { beforeAll, describe, expect, test } from 'vitest';
import { decodeLiteral, identifierName, lex, tokenText, type LexMode } from '../../../server/src/syntax/sql/lexer.ts';

const kinds = (text: string, mode?: LexMode) => lex(text, mode).map((token) => `${token.kind} ${tokenText(token, text)}`);

describe('tokens', () => {
  test.each([
    ['select a$1, _b FROM été', ['word select', 'word a$1', 'punctuation ,', 'word _b', 'word FROM', 'word été']],
    ['"a""b" U&"d\\0061" u&\'x\'', ['identifier "a""b"', 'identifier U&"d\\0061"', "string u&'x'"]],
    ["'it''s' E'it\\'s' e'\\\\' B'1' x'f' n'n'", ["string 'it''s'", "string E'it\\'s'", "string e'\\\\'", "string B'1'", "string x'f'", "string n'n'"]],
    ["'a\\' || b", ["string 'a\\'", 'operator ||', 'word b']],
    ['$$a$b$$ $q$ $$ $q$ $é$x$é$', ['dollar $$a$b$$', 'dollar $q$ $$ $q$', 'dollar $é$x$é$']],
    ['a$b$c', ['word a$b$c']],
    ['$1 $12', ['parameter $1', 'parameter $12']],
    ['1 1.5 .5 1. 1e10 1.5E-3 0xFF 0b1 0o7 1_000', ['number 1', 'number 1.5', 'number .5', 'number 1.', 'number 1e10', 'number 1.5E-3', 'number 0xFF', 'number 0b1', 'number 0o7', 'number 1_000']],
    ['1..10', ['number 1', 'operator ..', 'number 10']],
    ['a::b x := 1 f(a => 1)', ['word a', 'operator ::', 'word b', 'word x', 'operator :=', 'number 1', 'word f', 'punctuation (', 'word a', 'operator =>', 'number 1', 'punctuation )']],
    ['a=-1 b@-1 c<>-d', ['word a', 'operator =', 'operator -', 'number 1', 'word b', 'operator @-', 'number 1', 'word c', 'operator <>', 'operator -', 'word d']],
    ['1+--x\n2', ['number 1', 'operator +', 'comment --x', 'number 2']],
    ['1*/*x*/2', ['number 1', 'operator *', 'comment /*x*/', 'number 2']],
    ['/* a /* b */ c */ d', ['comment /* a /* b */ c */', 'word d']],
    ["/* it's */ x -- it's\r\ny", ["comment /* it's */", 'word x', "comment -- it's", 'word y']],
    ['a\u00a0b \0 c', ['word a\u00a0b', 'word c']],
  ])('%j', (text, expected) => expect(kinds(text)).toEqual(expected));

  test('a byte order mark is blank at the start only', () => {
    expect(lex('\ufeffselect')).toEqual([{ kind: 'word', start: 1, end: 7 }]);
    expect(kinds('a \ufeffb')).toEqual(['word a', 'word \ufeffb']);
  });

  test.each(["'abc", 'e\'a\\\'', '"abc', '/* /* */', '$x$ abc', "U&'"])('%j does not end', (text) => {
    expect(lex(text)).toEqual([{ kind: expect.any(String), start: 0, end: text.length, unterminated: true }]);
  });
});

describe('psql', () => {
  test.each([
    ['\\set x \'a;b\'\nselect', ["meta \\set x 'a;b'", 'word select']],
    ["\\echo it's\nselect", ["meta \\echo it's", 'word select']],
    ['select 1 \\gset p_\nselect', ['word select', 'number 1', 'meta \\gset p_', 'word select']],
    ['\\echo x \\\\ select 1', ['meta \\echo x \\\\', 'word select', 'number 1']],
    ['\\! echo \\\\ select', ['meta \\! echo \\\\ select']],
    ['select 1\\; select 2', ['word select', 'number 1', 'meta \\;', 'word select', 'number 2']],
    [":a :'b' :\"c\" :{?d}", ['variable :a', "variable :'b'", 'variable :"c"', 'variable :{?d}']],
    ['a[1:n] x::y z:=1', ['word a', 'punctuation [', 'number 1', 'operator :', 'word n', 'punctuation ]', 'word x', 'operator ::', 'word y', 'word z', 'operator :=', 'number 1']],
  ])('%j', (text, expected) => expect(kinds(text)).toEqual(expected));

  test('is not read in a body', () => {
    expect(kinds('a :b \\x', 'body')).toEqual(['word a', 'operator :', 'word b', 'bad \\', 'word x']);
  });

  test('data of COPY are one token, up to the line that ends them', () => {
    const text = "copy t (a) from stdin with (format text); -- c\nit's;\n\\.x\n\\.\r\nselect";
    expect(kinds(text).slice(-4)).toEqual(['comment -- c', "copydata it's;\n\\.x\n", 'meta \\.', 'word select']);
    expect(kinds('\\copy t from stdin\n1;\n\\.\nx')).toEqual(['meta \\copy t from stdin', 'copydata 1;\n', 'meta \\.', 'word x']);
    expect(kinds('COPY t FROM STDIN;\n\\.\nx').slice(-2)).toEqual(['meta \\.', 'word x']);
  });

  test('without that line the data come from elsewhere', () => {
    expect(kinds('copy t from stdin;\ngrant a to b;').slice(-5)).toEqual(['word grant', 'word a', 'word to', 'word b', 'punctuation ;']);
    expect(kinds("copy t from 'stdin';\nx\n\\.\n").map((kind) => kind.split(' ')[0])).not.toContain('copydata');
  });
});

test.each([
  ['{{ x;\'y }}.t', ["template {{ x;'y }}", 'punctuation .', 'word t']],
  ['{% if a %} x <%= y %> ${z} #{w} {s}.t', ['template {% if a %}', 'word x', 'template <%= y %>', 'template ${z}', 'template #{w}', 'template {s}', 'punctuation .', 'word t']],
  ['a=@extschema@.f @extschema:x@', ['word a', 'operator =', 'template @extschema@', 'punctuation .', 'word f', 'template @extschema:x@']],
  ['a <% b and c %> d', ['word a', 'operator <%', 'word b', 'word and', 'word c', 'operator %>', 'word d']],
  ['x @> y @ z @@ w', ['word x', 'operator @>', 'word y', 'operator @', 'word z', 'operator @@', 'word w']],
  ['{{ x', ['bad {', 'bad {', 'word x']],
])('templates: %j', (text, expected) => expect(kinds(text)).toEqual(expected));

test.each([
  ["'it''s'", "it's"], ["E'a\\n\\x41\\u00e9\\'b''c'", "a\nAé'b'c"], ["U&'\\0061\\+01F600\\\\'", 'a😀\\'], ['$a$x$$y$a$', 'x$$y'], ["''", ''], ["'", ''], ["'abc", 'abc'], ['$$', ''], ['$$$$', ''],
])('the value of %s', (text, value) => expect(decodeLiteral(text)).toBe(value));

test.each([['Foo', 'foo'], ['"Foo""x"', 'Foo"x'], ['ÉA', 'Éa'], ['U&"\\0061b"', 'ab']])('the name of %s', (text, name) => expect(identifierName(text)).toBe(name));

describe("PostgreSQL's own scanner sees the same", () => {
  beforeAll(loadModule);
  test.each([
    "select 'a', $1 -- x\n/* c /* d */ */ + 1.5e3, a::b, $$x$$ <= \"q\" e'x\\'y'",
    "create function f(a text default 'x''y') returns void language plpgsql security definer set search_path = '' as $fn$ begin execute 'a'; end $fn$",
    'select a=-1, b@-1, c<>-d, x->>\'y\', j #>> \'{a}\', a[1:2], 1..2, .5, 0xff, 1_0, "a""b", a$b, U&"x"',
    "do $_$ begin perform 1; end $_$; grant all on schema public to public; select '\\', E'\\\\'",
    "select b'101', x'1F', f(a => 1, b := 2), a!=b, a||b, a|/b, a*-1, - -1, a%%b, ?a ?| b",
    "create policy p on t using (true) with check (owner = current_user::regrole::text)",
    'select /*/**/*/1--2\n+3,4/-5,~6,@7',
  ])('%s', (text) => {
    const scanned = scanSync(text).tokens.map(({ start, end }) => `${start}-${end}`);
    expect(lex(text).map(({ start, end }) => `${start}-${end}`)).toEqual(scanned);
  });
});
