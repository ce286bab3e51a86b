import { expect, test } from 'vitest';
import { appendToList, asPlaceholder } from '../../../server/src/facts/conf/conf-repairs.ts';
import { confFacts } from '../../../server/src/facts/conf/settings.ts';
import { spellsOutPassphrase } from '../../../server/src/facts/conf/tls.ts';
import { applyEdits } from '../../../server/src/text.ts';
import { filesOf } from '../../files.ts';

function appended(text: string, neighbours: Readonly<Record<string, string>> = {}): string | undefined {
  const path = 'postgresql.conf';
  const edit = appendToList(confFacts({ path, text, language: 'conf', version: 18, files: filesOf({ [path]: text, ...neighbours }) }), 'shared_preload_libraries', 'pgaudit');
  return edit && applyEdits(text, [edit]);
}

test('a list gets an entry as its entries are written', () => {
  expect(appended("shared_preload_libraries = 'a,b'  # c\n")).toBe("shared_preload_libraries = 'a,b,pgaudit'  # c\n");
  expect(appended("shared_preload_libraries='a'\n")).toBe("shared_preload_libraries='a, pgaudit'\n");
  expect(appended("shared_preload_libraries = 'a,  \"b\" '\n")).toBe("shared_preload_libraries = 'a,  \"b\",  pgaudit '\n");
  expect(appended('shared_preload_libraries = a\n')).toBe("shared_preload_libraries = 'a, pgaudit'\n");
  expect(appended("shared_preload_libraries = ' '\n")).toBe("shared_preload_libraries = 'pgaudit'\n");
});

test('a list that nothing sets is set, below its commented line', () => {
  expect(appended("port = 1\r\n#shared_preload_libraries = ''\r\nssl = on\r\n")).toBe("port = 1\r\n#shared_preload_libraries = ''\r\nshared_preload_libraries = pgaudit\r\nssl = on\r\n");
  expect(appended('port = 1')).toBe('port = 1\nshared_preload_libraries = pgaudit');
});

test('a list of another file or of a template is left alone', () => {
  expect(appended("include 'more.conf'\n", { 'more.conf': 'shared_preload_libraries = a\n' })).toBeUndefined();
  expect(appended("shared_preload_libraries = '{{ libraries }}'\n")).toBeUndefined();
});

test('a placeholder is the word itself', () => {
  const { text, placeholders } = asPlaceholder({ span: { start: 0, end: 0 }, text: "ssl_crl_file = 'root.crl'\n" }, 'root.crl');
  expect(placeholders!.map(({ start, end }) => text.slice(start, end))).toEqual(['root.crl']);
});

test('a command spells out a passphrase when the word stands there', () => {
  for (const command of ['echo secret', '/bin/echo -n "secret"', "printf '%s\\n' secret", "bash -c 'echo secret'", 'openssl rsa -passin pass:secret', 'echo $X; echo secret']) {
    expect(spellsOutPassphrase(command), command).toBe(true);
  }
  for (const command of ['echo "$PW"', 'printf %s ${PW}', 'echo `pass show db`', 'echo "%p" > /dev/tty', 'cat echo', 'vault read x', 'echo', 'openssl rsa -passin pass:$PW']) {
    expect(spellsOutPassphrase(command), command).toBe(false);
  }
});
