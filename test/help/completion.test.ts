import { describe, expect, test } from 'vitest';
import { supportedVersions } from '../../server/src/document.ts';
import { suggestConf } from '../../server/src/help/conf-completion.ts';
import { suggestHba } from '../../server/src/help/hba-completion.ts';
import { suggestIdent } from '../../server/src/help/ident-completion.ts';
import { parseConf } from '../../server/src/syntax/conf.ts';
import { parseHba } from '../../server/src/syntax/hba.ts';
import { checkValue } from '../../server/src/catalog/values.ts';
import { findParameter } from '../../server/src/catalog/parameters.ts';
import { cursor, documentOf, labels, take, type Wishes } from './documents.ts';

const suggest = { conf: suggestConf, hba: suggestHba, ident: suggestIdent };

function at(language: keyof typeof suggest, marked: string, { asked, ...wishes }: Wishes & { asked?: string } = {}) {
  const { text, offset } = cursor(marked);
  return { text, found: suggest[language](documentOf(language, text, wishes), offset, asked) };
}

function offered(language: keyof typeof suggest, marked: string, wishes?: Wishes & { asked?: string }): string[] {
  return labels(at(language, marked, wishes).found);
}

function taken(language: keyof typeof suggest, marked: string, label: string, how: 'plain' | 'snippet' = 'plain', wishes?: Wishes): string {
  const { text, found } = at(language, marked, wishes);
  return take(text, found, label, how);
}

const item = (language: keyof typeof suggest, marked: string, label: string, wishes?: Wishes) => at(language, marked, wishes).found.items.find((one) => one.label === label);

describe('names in postgresql.conf', () => {
  test('are those of the version', () => {
    expect(offered('conf', '|')).toContain('io_method');
    expect(offered('conf', '|', { version: 17 })).not.toContain('io_method');
    expect(offered('conf', '|', { version: 13 })).toContain('vacuum_defer_cleanup_age');
    expect(offered('conf', '|')).toEqual(expect.arrayContaining(['include', 'include_dir', 'include_if_exists']));
    expect(offered('conf', '|')).not.toEqual(expect.arrayContaining(['server_version']));
    expect(offered('conf', '|')).not.toContain('wal_debug');
  });

  test('bring an equals sign, and a value where the editor can', () => {
    expect(taken('conf', 'work|', 'work_mem')).toBe('work_mem = ');
    expect(taken('conf', 'work|', 'work_mem', 'snippet')).toBe('work_mem = 4MB');
    expect(taken('conf', 'ssl|  # now', 'ssl', 'snippet')).toBe('ssl = on  # now');
    expect(taken('conf', '|', 'ssl_min_protocol_version', 'snippet')).toBe('ssl_min_protocol_version = TLSv1.2');
    expect(taken('conf', '|', 'search_path', 'snippet')).toBe(`search_path = '"$user", public'`);
    expect(taken('conf', '|', 'password_encryption', 'snippet', { version: 13 })).toBe('password_encryption = scram-sha-256');
  });

  test('take the place of the whole word and of nothing else', () => {
    expect(taken('conf', 'wo|rk = 4MB', 'work_mem')).toBe('work_mem = 4MB');
    expect(taken('conf', '  |ssl = on', 'ssl')).toBe('  ssl = on');
    expect(taken('conf', 'port = 1\r\nwork|\r\nssl = on', 'work_mem')).toBe('port = 1\r\nwork_mem = \r\nssl = on');
  });

  test('that are set already come last and say where', () => {
    const all = at('conf', 'port = 1\n\nssl = on\n|\n').found.items;
    expect(all.slice(-2).map(({ label, detail }) => [label, detail])).toEqual([['port', 'already set in line 1'], ['ssl', 'already set in line 3']]);
    expect(item('conf', 'po|rt = 1\n', 'port')!.detail).toBe('integer · 5432');
  });

  test('say type, default and unit', () => {
    expect(item('conf', '|', 'work_mem')).toMatchObject({ detail: 'integer · 4MB · kB', parameter: 'work_mem' });
    expect(item('conf', '|', 'unix_socket_permissions')!.detail).toBe('integer · 0777');
  });

  test.each(['# |', 'port = 1 # |', '#|', 'port = 1 |2', "'x' |", 'ssl = on |'])('nothing is offered in %j', (marked) => {
    expect(offered('conf', marked)).toEqual([]);
  });

  test('a blank alone is no question', () => {
    expect(offered('conf', ' |', { asked: ' ' })).toEqual([]);
    expect(offered('conf', 'ssl |', { asked: ' ' })).toEqual(['on', 'off']);
    expect(offered('conf', 'port = |', { asked: ' ' })).toEqual([]);
    expect(offered('conf', 'port = |')).toEqual(['5432']);
  });

  test('every one, with its first value, is a line that the server takes', () => {
    for (const version of supportedVersions) {
      const { found } = at('conf', '|', { version });
      for (const { label, kind, snippet } of found.items) {
        if (kind !== 'parameter' || label.includes('.')) continue;
        for (const choice of snippet!.choices) {
          const { settings: [setting], problems } = parseConf(`${snippet!.before}${choice}${snippet!.after}\n`);
          if (choice === '' && snippet!.after === '') continue;
          expect(problems, label).toEqual([]);
          if (setting!.value.text !== '') expect(checkValue(findParameter(label, version)!, setting!.value.text, version), `${label} = ${choice} in ${version}`).toBeUndefined();
        }
      }
    }
  });
});

describe('values in postgresql.conf', () => {
  test('are the members of an enumeration, weak ones last and marked, old spellings left out', () => {
    const found = at('conf', 'ssl_min_protocol_version = |').found;
    expect(labels(found)).toEqual(['TLSv1.2', 'TLSv1.3', 'TLSv1', 'TLSv1.1']);
    expect(found.items.map(({ deprecated = false }) => deprecated)).toEqual([false, false, true, true]);
    expect(offered('conf', 'wal_level = |')).toEqual(['replica', 'minimal', 'logical']);
    expect(offered('conf', 'password_encryption = |', { version: 13 })).toEqual(['scram-sha-256', 'md5']);
    expect(offered('conf', 'wal_compression = |')).toEqual(expect.arrayContaining(['lz4', 'zstd', 'pglz']));
    expect(offered('conf', 'huge_pages = |')).toEqual(['try', 'off', 'on']);
  });

  test('stand in quotes where they have to, and respect those that are there', () => {
    expect(taken('conf', "listen_addresses = |", 'localhost')).toBe("listen_addresses = 'localhost'");
    expect(taken('conf', "listen_addresses = '|'", 'localhost')).toBe("listen_addresses = 'localhost'");
    expect(taken('conf', "listen_addresses = 'lo|", 'localhost')).toBe("listen_addresses = 'localhost'");
    expect(taken('conf', "wal_level = 'rep|lica'  # x", 'logical')).toBe("wal_level = 'logical'  # x");
    expect(taken('conf', 'wal_level = rep|lica', 'logical')).toBe('wal_level = logical');
    expect(taken('conf', 'ssl |', 'on')).toBe('ssl on');
    expect(taken('conf', 'ssl =|', 'on')).toBe('ssl =on');
  });

  test('of a list are added one by one, each once', () => {
    const marked = "shared_preload_libraries = 'pg_stat_statements, pg|'";
    expect(offered('conf', marked)).toContain('pgaudit');
    expect(offered('conf', marked)).not.toContain('pg_stat_statements');
    expect(taken('conf', marked, 'pgaudit')).toBe("shared_preload_libraries = 'pg_stat_statements, pgaudit'");
    expect(taken('conf', "log_destination = 'std|err,csvlog'", 'syslog')).toBe("log_destination = 'syslog,csvlog'");
    expect(offered('conf', "log_destination = '|'", { version: 14 })).not.toContain('jsonlog');
    expect(offered('conf', "log_destination = '|'")).toContain('jsonlog');
  });

  test('behind a number are its units', () => {
    expect(offered('conf', 'shared_buffers = 128|')).toEqual(['128MB', '128TB', '128GB', '128kB', '128B']);
    expect(taken('conf', 'shared_buffers = 128|', '128MB')).toBe('shared_buffers = 128MB');
    expect(taken('conf', 'shared_buffers = 128M|', '128MB')).toBe('shared_buffers = 128MB');
    expect(taken('conf', "shared_buffers = '128 M|'", '128 MB')).toBe("shared_buffers = '128 MB'");
    expect(taken('conf', 'shared_buffers = 1.5|', '1.5GB')).toBe("shared_buffers = '1.5GB'");
    expect(offered('conf', 'authentication_timeout = 30|')).toContain('30s');
    expect(offered('conf', 'port = 54|')).toEqual(['5432']);
  });

  test('of unknown and fixed parameters are not made up', () => {
    expect(offered('conf', 'no_such_thing = |')).toEqual([]);
    expect(offered('conf', 'server_version = |')).toEqual([]);
    expect(offered('conf', 'include = |')).toEqual([]);
  });
});

describe('pg_hba.conf', () => {
  test.each([
    ['|', ['local', 'hostssl', 'host', 'include_dir'], ['trust', 'all']],
    ['host |', ['all', 'sameuser', 'samerole', 'replication'], ['host']],
    ['host all,|', ['replication'], ['all']],
    ['host all, |', ['replication'], ['all']],
    ['host all |', ['all', '+role'], ['replication']],
    ['host all all |', ['127.0.0.1/32', '::1/128', 'samehost', 'samenet', 'all'], ['peer', 'trust']],
    ['host all all 10.0.0.1 |', [], ['trust', 'all']],
    ['host all all 10.0.0.1 255.0.0.0 |', ['scram-sha-256'], ['all']],
    ['local all all |', ['peer', 'scram-sha-256', 'trust'], ['samenet', 'cert', 'gss', 'ident', 'sspi']],
    ['host all all all |', ['gss', 'ident'], ['cert', 'peer']],
    ['hostssl all all all |', ['cert'], ['peer']],
    ['hostssl all all all cert |', ['map=', 'clientname='].map((name) => name.slice(0, -1)), ['ldaptls', 'include_realm']],
    ['hostssl all all all cert map=x |', ['clientcert'], ['map']],
    ['host all all all scram-sha-256 |', [], ['clientcert', 'map']],
    ['hostssl all all all scram-sha-256 clientcert=|', ['verify-full', 'verify-ca'], ['1']],
    ['hostssl all all all scram-sha-256 clientcert=verify-|ca', ['verify-full', 'verify-ca'], []],
    ['hostssl all all all ldap ldaptls=|', ['1'], []],
    ['include |', [], ['all']],
    ['host all all all md5 # |', [], ['map']],
  ])('%j offers what can stand there', (marked, some, none) => {
    const all = offered('hba', marked);
    expect(all).toEqual(expect.arrayContaining(some));
    for (const one of none) expect(all).not.toContain(one);
  });

  test('the version decides about methods, options and includes', () => {
    expect(offered('hba', 'host all all all |')).toContain('oauth');
    expect(offered('hba', 'host all all all |', { version: 17 })).not.toContain('oauth');
    expect(offered('hba', '|', { version: 15 })).not.toContain('include');
    expect(offered('hba', 'hostssl all all all cert |', { version: 13 })).not.toContain('clientname');
  });

  test('what nobody should choose comes last and is marked', () => {
    const { items } = at('hba', 'hostssl all all all |').found;
    expect(items[0]!.label).toBe('scram-sha-256');
    expect(items.slice(-4).map(({ label, deprecated }) => [label, deprecated])).toEqual([['md5', true], ['ident', true], ['password', true], ['trust', true]]);
  });

  test('what stands behind a word fits into a narrow list, and the rest is not lost', () => {
    const types = offered('hba', '|').map((type) => `${type} all all ${type === 'local' ? '' : 'all '}`);
    const marked = ['|', 'host |', 'host all |', 'host all all |', ...types.map((line) => `${line}|`), ...offered('hba', 'hostssl all all all |').map((method) => `hostssl all all all ${method} |`), 'hostssl all all all cert clientcert=|'];
    for (const one of marked.flatMap((line) => at('hba', line).found.items)) {
      expect(one.detail, one.label).toMatch(/^[A-Z].*[^.]$/);
      expect(one.detail!.length + one.label.length, one.label).toBeLessThanOrEqual(48);
      expect(one.documentation, one.label).toBeTruthy();
    }
  });

  test('names of other records are offered as they are written', () => {
    const text = 'host shop,"my db" app 10.1.0.0/16 reject\nhost all all 0.0.0.0/0 reject\nlocal |';
    expect(offered('hba', text)).toEqual(expect.arrayContaining(['shop', '"my db"']));
    expect(offered('hba', text.replace('local |', 'host shop |'))).toEqual(expect.arrayContaining(['app']));
    expect(offered('hba', text.replace('local |', 'host shop app |'))).toContain('10.1.0.0/16');
    expect(offered('hba', text.replace('local |', 'host shop app |'))).not.toContain('0.0.0.0/0');
    expect(offered('hba', text.replace('local |', 'local "|"')).filter((label) => !label.includes('"'))).toEqual(['shop']);
    expect(taken('hba', text.replace('local |', 'local "m|" app peer'), '"my db"')).toContain('\nlocal "my db" app peer');
  });

  test('maps come from pg_ident.conf', () => {
    const files = { 'pg_ident.conf': 'admins ci postgres\nadmins x y\nbackup b b\n' };
    expect(offered('hba', 'local all all peer map=|', { files })).toEqual(['admins', 'backup']);
    expect(taken('hba', 'local all all peer |', 'map', 'snippet', { files })).toBe('local all all peer map=admins');
    expect(taken('hba', 'local all all peer "map=a|"', 'backup', 'plain', { files })).toBe('local all all peer "map=backup"');
  });

  test('the word under the cursor is replaced, the rest stays', () => {
    expect(taken('hba', 'host all all all tr|ust # x', 'scram-sha-256')).toBe('host all all all scram-sha-256 # x');
    expect(taken('hba', 'host a,b|,c all all trust', 'replication')).toBe('host a,replication,c all all trust');
    expect(taken('hba', 'hostssl all all all cert clientcert=|x map=a', 'verify-full')).toBe('hostssl all all all cert clientcert=verify-full map=a');
    expect(taken('hba', 'hostssl all \\\n all 10.0.0.0/8 |', 'cert')).toBe('hostssl all \\\n all 10.0.0.0/8 cert');
    expect(taken('hba', 'host "my db" a all reject\nhost "m| all all reject', '"my db"')).toBe('host "my db" a all reject\nhost "my db" all all reject');
  });

  test('every type with every method and option that is offered is a record that the server takes', () => {
    for (const version of supportedVersions) {
      for (const type of offered('hba', '|', { version }).filter((label) => !label.startsWith('include'))) {
        const line = `${type} all all ${type === 'local' ? '' : '10.0.0.0/8 '}`;
        for (const method of offered('hba', `${line}|`, { version })) {
          if (['ldap', 'radius', 'oauth'].includes(method)) continue;
          expect(parseHba(`${line}${method}\n`, version).lines[0]!.error, `${line}${method}`).toBeUndefined();
          for (const { snippet } of at('hba', `${line}${method} |`, { version }).found.items) {
            for (const choice of snippet!.choices) {
              const record = `${line}${method} ${snippet!.before}${choice}${snippet!.after}`;
              if (method === 'cert' && choice === 'verify-ca') continue;
              expect(parseHba(`${record}\n`, version).lines[0]!.error, `${record} in ${version}`).toBeUndefined();
            }
          }
        }
      }
    }
  });
});

describe('pg_ident.conf', () => {
  const hba = { 'pg_hba.conf': 'hostssl all app,"Tom" all cert map=people\nlocal all all peer map=admins\n' };

  test('maps: first those that pg_hba.conf asks for in vain', () => {
    expect(offered('ident', 'admins a b\nold c d\n|', { files: hba })).toEqual(['people', 'admins', 'old']);
    expect(item('ident', '|', 'people', { files: hba })!.detail).toContain('no entry yet');
  });

  test('system users: a pattern, and names that stand elsewhere', () => {
    expect(offered('ident', 'admins ines postgres\nadmins |')).toEqual(['/^(.*)@example\\.com$', 'ines']);
    expect(taken('ident', 'm |', '/^(.*)@example\\.com$', 'snippet')).toBe('m /^(.*)@example\\.com$');
  });

  test('roles: what the pattern matched, names, and from 16 on keywords', () => {
    expect(offered('ident', 'm /^(.*)@x$ |', { files: hba })).toEqual(['\\1', '+role', 'all', 'app', 'Tom']);
    expect(offered('ident', 'm ines |', { files: hba })).not.toContain('\\1');
    expect(offered('ident', 'm ines |', { version: 15 })).toEqual([]);
    expect(item('ident', 'm ines |', 'all')!.deprecated).toBe(true);
    expect(offered('ident', 'm ines app |')).toEqual([]);
  });
});
