import { expect, test } from 'vitest';
import { confChanges } from '../../server/src/diff/conf.ts';
import { confFacts } from '../../server/src/facts/conf/settings.ts';
import { filesOf } from '../files.ts';

const root = "listen_addresses = 'localhost'\nport = 5432\n";

function changes(before: string, after: string, files: Readonly<Record<string, string>> = {}): string[] {
  const [old, now] = [before, after].map((text) => confFacts({ path: 'postgresql.conf', text: root + text, language: 'conf', version: 17, files: filesOf(files) }));
  return confChanges(old, now).map(({ effect, text, path, line, gone }) => `${effect} ${gone ? 'before ' : ''}${path === 'postgresql.conf' ? '' : path}${line}: ${text}`);
}

test.each<[string, string, string, string[]]>([
  ['the same in another spelling', 'ssl = on\nauthentication_timeout = 60\n', "# TLS\nssl 'TRUE'\nauthentication_timeout = 1min\n", []],
  ['the default is written down', '', 'password_encryption = scram-sha-256\n', []],
  ['what is overridden', 'ssl = on\n', 'ssl = off\nssl = on\n', []],
  ['what does not matter', '', 'work_mem = 1GB\n', []],
  ['what becomes of a template is not known', 'ssl = on\n', 'ssl = {{ ssl }}\n', []],
  ['a switch', 'ssl = on\n', 'ssl = off\n', ['opens 3: ssl is now off; it was on']],
  ['a switch is gone', 'ssl = on\n', '', ['opens before 3: ssl is now off, the default; it was on']],
  ['a switch comes', '', 'log_connections = on\n', ['closes 3: log_connections is now on; it was off, the default']],
  ['a word', 'ssl_min_protocol_version = TLSv1.3\n', 'ssl_min_protocol_version = TLSv1\n', ['opens 3: ssl_min_protocol_version is now TLSv1; it was TLSv1.3']],
  ['a number', 'scram_iterations = 4096\n', 'scram_iterations = 10000\n', ['closes 3: scram_iterations is now 10000; it was 4096']],
  ['more addresses', '', "listen_addresses = 'localhost, 10.0.0.5'\n", ['opens 3: listen_addresses is now localhost, 10.0.0.5; it was localhost']],
  ['every address', "listen_addresses = '10.0.0.5'\n", "listen_addresses = '*'\n", ['opens 3: listen_addresses is now *; it was 10.0.0.5']],
  ['fewer addresses', "listen_addresses = '*'\n", "listen_addresses = '10.0.0.5'\n", ['closes 3: listen_addresses is now 10.0.0.5; it was *']],
  ['other addresses', "listen_addresses = '10.0.0.6'\n", "listen_addresses = '10.0.0.5'\n", ['changes 3: listen_addresses is now 10.0.0.5; it was 10.0.0.6']],
  ['bits of a mode', 'unix_socket_permissions = 0700\n', 'unix_socket_permissions = 0777\n', ['opens 3: unix_socket_permissions is now 0777; it was 0700']],
  ['what cannot be judged', '', "shared_preload_libraries = 'a'\n", ['changes 3: shared_preload_libraries is now a; it was empty, the default']],
  ['what may hold a secret', "primary_conninfo = 'password=old'\n", "primary_conninfo = 'password=new'\n", ['changes 3: primary_conninfo is another one now']],
])('%s', (_, before, after, expected) => {
  expect(changes(before, after)).toEqual(expected);
});

test('the setting in force may stand in another file', () => {
  expect(changes('ssl = on\n', "ssl = on\ninclude 'more.conf'\n", { 'more.conf': '\nssl = off\n' })).toEqual(['opens more.conf2: ssl is now off; it was on']);
});
