import { describe, expect, test } from 'vitest';
import type { Document } from '../../../server/src/document.ts';
import { clusterOf } from '../../../server/src/facts/cluster.ts';
import { isEveryInterface, isLocalAddress, listenAddresses, listensOnlyLocally } from '../../../server/src/facts/conf/listen.ts';
import { confFacts } from '../../../server/src/facts/conf/settings.ts';
import { filesOf } from '../../files.ts';

function facts(texts: Readonly<Record<string, string>>, path = 'pg/postgresql.conf', version = 18) {
  return confFacts(documentOf(texts, path, version));
}

function documentOf(texts: Readonly<Record<string, string>>, path: string, version = 18): Document {
  return { path, text: texts[path] ?? '', language: 'conf', version, files: filesOf(texts) };
}

describe('the setting in force', () => {
  const value = (texts: Readonly<Record<string, string>>, name: string) => facts(texts).settings.value(name);

  test('is the last one, whatever the case of its name', () => {
    expect(value({ 'pg/postgresql.conf': 'port = 1\nPORT = 2' }, 'Port')).toBe('2');
    expect(value({ 'pg/postgresql.conf': 'work_mem = 1MB\nsort_mem = 2MB' }, 'work_mem')).toBe('2MB');
  });

  test('comes from an include where that stands', () => {
    const files = { 'pg/postgresql.conf': "port = 1\ninclude 'sub/a.conf'\nssl = off", 'pg/sub/a.conf': "port = 2\nssl = on\ninclude_if_exists 'b.conf'", 'pg/sub/b.conf': 'work_mem = 9MB' };
    const { settings } = facts(files);
    expect([settings.value('port'), settings.flag('ssl'), settings.value('work_mem')]).toEqual(['2', false, '9MB']);
    expect(settings.get('port')?.path).toBe('pg/sub/a.conf');
    expect(settings.complete).toBe(true);
  });

  test('comes from the last .conf of a folder, hidden and other files left out', () => {
    const files = { 'pg/postgresql.conf': "include_dir = 'conf.d'", 'pg/conf.d/10.conf': 'port = 1', 'pg/conf.d/9.conf': 'port = 2', 'pg/conf.d/.z.conf': 'port = 3', 'pg/conf.d/z.bak': 'port = 4' };
    expect(value(files, 'port')).toBe('2');
  });

  test('is overridden by postgresql.auto.conf in the data directory', () => {
    expect(value({ 'pg/postgresql.conf': 'port = 1', 'pg/postgresql.auto.conf': "port = '2'" }, 'port')).toBe('2');
    expect(value({ 'pg/postgresql.conf': "port = 1\ndata_directory = 'data'", 'pg/data/postgresql.auto.conf': "port = '3'" }, 'port')).toBe('3');
    expect(facts({ 'pg/postgresql.auto.conf': 'port = 1' }, 'pg/postgresql.auto.conf').settings.value('port')).toBe('1');
  });

  test('survives files that include themselves', () => {
    expect(value({ 'pg/postgresql.conf': "port = 1\ninclude 'postgresql.conf'" }, 'port')).toBe('1');
    expect(facts({ 'pg/postgresql.conf': "include 'a.conf'", 'pg/a.conf': "include 'postgresql.conf'" }).settings.complete).toBe(false);
  });

  test('is the default of the version when nothing sets it', () => {
    expect(facts({}, 'postgresql.conf', 13).settings.value('password_encryption')).toBe('md5');
    expect(facts({}, 'postgresql.conf', 18).settings.value('password_encryption')).toBe('scram-sha-256');
    expect(facts({}).settings.value('nonsense')).toBeUndefined();
  });

  test('is not known when a template or a missing file may set it', () => {
    expect(facts({ 'pg/postgresql.conf': 'ssl = {{ x }}' }).settings.flag('ssl')).toBeUndefined();
    expect(facts({ 'pg/postgresql.conf': "include 'gone.conf'" }).settings.complete).toBe(false);
    expect(facts({ 'pg/postgresql.conf': "include_if_exists 'gone.conf'\ninclude_dir 'gone.d'" }).settings.complete).toBe(true);
    expect(facts({ 'pg/postgresql.conf': '{% for x in y %}\n{{ x }} = 1\n{% endfor %}' }).settings.complete).toBe(false);
  });

  test('is looked at once for each spelling of its name', () => {
    const { settings } = facts({ 'pg/postgresql.conf': 'port = a\nport = 1\nPORT = 2' });
    expect(settings.examined.map(({ setting }) => setting.value.text)).toEqual(['1', '2']);
    expect(settings.all).toHaveLength(1);
  });
});

describe('a root file', () => {
  test.each([
    ['postgresql.conf', 'port = 1', true], ['postgresql.conf', 'work_mem = 1MB', false], ['conf.d/a.conf', 'port = 1', false], ['postgresql.auto.conf', 'port = 1', false], ['docker/postgresql-ci.conf', 'log_statement = all', true],
  ])('%s with %s: %s', (path, text, root) => expect(facts({ [path]: text }, path).root).toBe(root));

  test('is not one beside postgresql.conf', () => {
    expect(facts({ 'pg/postgresql.local.conf': 'port = 1', 'pg/postgresql.conf': '' }, 'pg/postgresql.local.conf').root).toBe(false);
  });
});

describe('addresses', () => {
  test.each(['*', '0.0.0.0', '::', '0', '::0', '0:0:0:0:0:0:0:0'])('%s is every interface', (address) => expect(isEveryInterface(address)).toBe(true));
  test.each(['10.0.0.0', '::1', 'localhost', '0.0.0.1', 'db'])('%s is not', (address) => expect(isEveryInterface(address)).toBe(false));
  test.each(['localhost', '127.0.0.1', '127.1', '::1', '0:0:0:0:0:0:0:1'])('%s is this machine', (address) => expect(isLocalAddress(address)).toBe(true));
  test.each(['10.0.0.1', '*', '::', 'localhost.example.com', '1270.0.0.1'])('%s is not', (address) => expect(isLocalAddress(address)).toBe(false));

  test('are split as the server splits them', () => {
    expect(listenAddresses(facts({ 'pg/postgresql.conf': "listen_addresses = ' a ,\"b\",'" }).settings)).toEqual(['a', 'b']);
    expect(listensOnlyLocally(facts({ 'pg/postgresql.conf': "listen_addresses = ''" }).settings)).toBe(true);
    expect(listensOnlyLocally(facts({ 'pg/postgresql.conf': 'port = 1' }).settings)).toBe(true);
    expect(listensOnlyLocally(facts({ 'pg/postgresql.conf': "include 'gone'" }).settings)).toBeUndefined();
  });
});

describe('the cluster of a pg_hba.conf', () => {
  const conf = (texts: Readonly<Record<string, string>>, path = 'etc/pg_hba.conf') => clusterOf({ ...documentOf(texts, path), language: 'hba' }).conf?.document.path;

  test.each([
    ['beside it', { 'etc/postgresql.conf': 'port = 1' }, 'etc/postgresql.conf'],
    ['beside it, named by the path on the server', { 'etc/postgresql.conf': "hba_file = '/etc/postgresql/17/main/pg_hba.conf'" }, 'etc/postgresql.conf'],
    ['beside it, but with another file', { 'etc/postgresql.conf': "hba_file = '/etc/postgresql/other_hba.conf'" }, undefined],
    ['nowhere', {}, undefined],
  ])('%s', (_, texts, path) => expect(conf(texts)).toBe(path));

  test('may lie in the folder below its postgresql.conf', () => {
    expect(conf({ 'etc/postgresql.conf': "hba_file = 'auth/pg_hba.conf'" }, 'etc/auth/pg_hba.conf')).toBe('etc/postgresql.conf');
    expect(conf({ 'etc/postgresql.conf': 'port = 1' }, 'etc/auth/pg_hba.conf')).toBeUndefined();
  });
});
