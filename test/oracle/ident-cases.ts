import type { FileCase } from './hba-cases.ts';

const each = (name: string, texts: readonly string[]): FileCase => ({ name, text: `${texts.join('\n')}\n` });

/** pg_ident.conf, sentence by sentence. */
export const identCases: readonly FileCase[] = [
  { name: 'an empty file', text: '' },
  { name: 'comments and CRLF', text: '# c\r\nm a b\r\n\r\nm a b # c\r\nm a b#c\r\n' },
  { name: 'a line goes on', text: 'm a \\\nb\nm a b\n# c \\\nm c d\nm c \\ \nm c d\n' },
  { name: 'a byte order mark', text: '\uFEFFm a b\nm a b\n' },
  each('columns', ['m', 'm a', 'm a b', 'm a b c', 'm a b c d,e', '"m" "a" "b"', '"m m" "a a" "b b"', '"" "" ""', 'm\ta\tb', ',m a b', 'm , a b', 'm a b,', '"m a b']),
  each('columns with several names', ['m,n a b', 'm a,b c', 'm a b,c', 'm, a b', 'm a, b', 'm a b, c', 'm,n', 'm a b c,d']),
  each('system users', ['/^a$', '/', '"/a b"', '"/("', '/(', '/)', '/a**', '/[', '/\\', '/(.*)@x', 'a@b', '+a', 'all', '"all"', '/a{2,1}', '/a{1'].map((user) => `m ${user} b`)),
  each('database users', ['\\1', '"\\1"', 'a\\1b', 'a\\1b\\1', 'all', '"all"', 'ALL', '+r', '"+r"', '+', '/^a$', '"/^a b$"', '/(', '"/("', '/', 'x/', 'a+b', '/\\1'].flatMap((user) => [`m a ${user}`, `m /^(.*)$ ${user}`, `m /^.*$ ${user}`])),
  { name: 'names from files', text: 'm @names b\nm a @one\n@one a b\nm a @gone\nm a b @gone\n', files: { names: 'x y\n', one: 'x\n' } },
  { name: 'includes', text: 'm a b\ninclude one\ninclude_if_exists one\ninclude_if_exists gone\ninclude gone\ninclude_dir sub\ninclude_dir gone\ninclude one two\nInclude one\n', files: { one: 'n c d\nbad\n', 'sub/b.conf': 'o b b\n', 'sub/a.conf': 'o a a\n', 'sub/c': 'o c c\n' } },
  { name: 'a file that includes itself', text: 'include loop\nm z z\n', files: { loop: 'm a a\ninclude loop\nm b b\n' }, from: 16 },
  { name: 'a template', text: 'm {{ user }} b\nm a b\n' },
  { name: 'a long word', text: `m ${'a'.repeat(10_240)} b\nm a b\n` },
];
