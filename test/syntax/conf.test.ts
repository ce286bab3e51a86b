import { describe, expect, test } from 'vitest';
import type { ConfFile } from '../../server/src/syntax/conf.ts';
import { parseConf } from '../../server/src/syntax/conf.ts';
import { decodeString, isPlainValue, quoteString } from '../../server/src/syntax/conf-tokens.ts';
import { findTemplateLines } from '../../server/src/syntax/conf-templates.ts';

const settings = (text: string) => parseConf(text).settings.map(({ name, value }) => [name.text, value.text]);
const problems = (text: string) => parseConf(text).problems.map(({ kind, at }) => [kind, text.slice(at.start, at.end)]);

describe('a line', () => {
  test.each([
    ['needs no equals sign', 'port 5432', [['port', '5432']]],
    ['needs no blanks', "port=5432#c\nwork_mem'4MB'", [['port', '5432'], ['work_mem', '4MB']]],
    ['may be blank, a comment, or end in CRLF', '\r\n# port = 1\r\n \t\r\nport = 5432\r\n', [['port', '5432']]],
    ['takes a name with one dot', 'pgaudit.log = ddl', [['pgaudit.log', 'ddl']]],
    ['takes letters beyond ASCII in names and values', 'ü.ä = ö', [['ü.ä', 'ö']]],
    ['takes unquoted letters, digits and - . _ : /', 'log_directory = pg_log/x-y.z:1', [['log_directory', 'pg_log/x-y.z:1']]],
    ['takes numbers with units', 'a = -8MB\nb = 0x1FkB\nc = 1.5e3\nd = .5\ne = .', [['a', '-8MB'], ['b', '0x1FkB'], ['c', '1.5e3'], ['d', '.5'], ['e', '.']]],
    ['takes a number sign inside quotes', "a = 'x # y' # z", [['a', 'x # y']]],
    ['keeps the case of the name', 'Work_Mem = 1', [['Work_Mem', '1']]],
  ])('%s', (_, text, expected) => {
    expect(problems(text)).toEqual([]);
    expect(settings(text)).toEqual(expected);
  });

  test.each([
    ['no value', 'port =', 'missing', 'port ='],
    ['a value on the next line', 'port =\n', 'missing', 'port ='],
    ['no name', '5432', 'name', '5432'],
    ['two dots in the name', 'a.b.c = 1', 'name', 'a.b.c'],
    ['a hyphen in the name', 'a-b.c = 1', 'name', 'a-b.c'],
    ['an unquoted path', 'log_directory = /var/log # x', 'value', '/var/log'],
    ['an unquoted star', 'listen_addresses = *', 'value', '*'],
    ['a bare qualified name as value', 'default_text_search_config = pg_catalog.english', 'value', 'pg_catalog.english'],
    ['an unquoted address', 'listen_addresses = 10.0.0.1', 'rest', '.0.1'],
    ['an unquoted list', 'search_path = a, b', 'rest', ', b'],
    ['a fraction with a unit', 'work_mem = 0.5GB', 'rest', 'GB'],
    ['a blank before the unit', 'work_mem = 5 MB', 'rest', 'MB'],
    ['an exponent without a point', 'seed = 1e2', 'rest', '2'],
    ['double quotes', 'port = "5432"', 'value', '"5432"'],
    ['a quote that is not closed', "a = 'x # y", 'unclosed', "'x"],
    ['a quote that goes on in the next line', "a = 'x\ny'", 'unclosed', "'x"],
    ['a backslash before the closing quote', "a = 'x\\'", 'unclosed', "'x\\'"],
    ['a semicolon', 'port = 5432;', 'rest', ';'],
    ['a form feed', 'port = \f5432', 'value', '\f5432'],
    ['a no-break space', 'port \u00a0= 5432', 'rest', '= 5432'],
    ['two equals signs', 'port == 5432', 'value', '= 5432'],
  ])('is refused for %s', (_, text, kind, at) => {
    expect(problems(text)[0]).toEqual([kind, at]);
  });

  test('that is broken costs nothing but itself', () => {
    expect(settings('a = /x\nport = 5432\n= 1\nssl = on')).toEqual([['port', '5432'], ['ssl', 'on']]);
  });

  test('holds a byte order mark that is not part of the name', () => {
    const text = '\uFEFFport = 5432';
    expect(problems(text)).toEqual([['mark', '\uFEFF']]);
    expect(settings(text)).toEqual([['port', '5432']]);
  });

  test('may hold NUL', () => {
    expect(settings("# \0\na = 'x\0y'\nport = 1")).toEqual([['a', 'x\0y'], ['port', '1']]);
  });
});

describe('a string', () => {
  test.each([
    ["''", ''], ["'it''s'", "it's"], ["'it\\'s'", "it's"], ["'a\\\\b'", 'a\\b'], ["'\\b\\f\\n\\r\\t'", '\b\f\n\r\t'], ["'\\101\\60\\7x'", 'A0\x07x'], ["'\\x41'", 'x41'], ["''''", "'"],
  ])('%s', (raw, text) => expect(decodeString(raw)).toBe(text));

  test.each(['', "it's", 'a\\b', 'x # y', 'ü'])('%j survives quoting', (text) => expect(decodeString(quoteString(text))).toBe(text));

  test.each([['a', true], ['scram-sha-256', true], ['8MB', true], ['10.0.0.1', false], ['', false], ['a b', false], ['*', false], ['a.b', false]])('%j needs no quotes: %s', (text, plain) => {
    expect(isPlainValue(text)).toBe(plain);
  });
});

describe('includes', () => {
  test.each(['include', 'include_if_exists', 'include_dir'] as const)('%s', (kind) => {
    const { includes, settings: none } = parseConf(`${kind.toUpperCase()} = 'conf.d/x'`);
    expect(includes.map((include) => [include.kind, include.target.text])).toEqual([[kind, 'conf.d/x']]);
    expect(none).toEqual([]);
  });
});

describe('what suppression comments need', () => {
  test('comments without their line ends, and every line that says something', () => {
    const text = "# a\r\nport = 1 # b\r\n/bad # c\r\ninclude 'x'";
    const { comments, units } = parseConf(text);
    expect(comments.map(({ start, end }) => text.slice(start, end))).toEqual(['# a', '# b', '# c']);
    expect(units.map(({ start, end }) => text.slice(start, end))).toEqual(['port = 1', '/bad', "include 'x'"]);
  });
});

describe('templates', () => {
  const templated = (file: ConfFile) => file.settings.map((setting) => [setting.name.text, setting.template]);

  test.each([
    'port = {{ port }}', "port = '{{ port }}'", 'port = ${PORT}', 'port = $PORT', 'port = %%PORT%%', 'port = @port@', "port = <%= @port %>", "port = {{ 'on' if a else 'off' }}  # x",
  ])('%s sets what nobody knows', (text) => {
    const file = parseConf(text);
    expect(file.problems).toEqual([]);
    expect(templated(file)).toEqual([['port', true]]);
  });

  test.each(['{% for k in all %}', '{{ name }} = {{ value }}', '@INCLUDES@', '{# a\nb = /c\n#}', 'include {{ file }}'])('%j may set anything', (text) => {
    const file = parseConf(text);
    expect(file.problems).toEqual([]);
    expect(file.unknown.length).toBeGreaterThan(0);
  });

  test('what stands under a condition is not known to be there', () => {
    expect(templated(parseConf('{% if a %}\nssl = on\n{% else %}\nssl = off\n{% endif %}\nport = 1'))).toEqual([['ssl', true], ['ssl', true], ['port', false]]);
    expect(templated(parseConf('{{- if .Values.a }}\nssl = on\n{{- end }}\nport = 1'))).toEqual([['ssl', true], ['port', false]]);
    expect(templated(parseConf('<% if @a -%>\nssl = on\n<% end -%>\nport = 1'))).toEqual([['ssl', true], ['port', false]]);
  });

  test.each(["search_path = '\"$user\", public'", "log_line_prefix = '%m [%p] %q%u@%d '", "log_line_prefix = '<%u%%%d> '", 'port = 1 # {{ port }}', '# @port@', "dynamic_library_path = '$libdir'"])('%s is none', (text) => {
    expect([...findTemplateLines(text).placeholders]).toEqual([]);
  });
});

test('no text takes more than its length', () => {
  const started = performance.now();
  for (const piece of ["'\\", "\\'", "''", "'", '-', '0x', 'a.', '{{', '{% if', '"', '\u00e9', ' #', '= ']) parseConf(piece.repeat(100_000));
  expect(performance.now() - started).toBeLessThan(5000);
});
