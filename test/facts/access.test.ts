import { describe, expect, test } from 'vitest';
import type { Document } from '../../server/src/document.ts';
import { certificateOf, hbaFacts, isReachable, listensFor, newPasswordsAreScram, passwordless, recordsWith, repairOf, rolesText, socketsForOwnerOnly, type Passwordless } from '../../server/src/facts/access.ts';
import { remoteTrustFixes } from '../../server/src/facts/hba/access-fixes.ts';
import { addressSpan, clientsText, isAnyAddress, isLoopback, isNobody, isRemote } from '../../server/src/facts/hba/address.ts';
import { identFacts } from '../../server/src/facts/hba/maps.ts';
import { isTrialPath } from '../../server/src/facts/place.ts';
import { parseHba } from '../../server/src/syntax/hba.ts';
import { applyEdits } from '../../server/src/text.ts';
import { filesOf } from '../files.ts';

function documentOf(text: string, files: Record<string, string> = {}, version = 18, path = 'pg_hba.conf'): Document {
  return { path, text, language: 'hba', version, files: filesOf(files) };
}

const factsOf = (...args: Parameters<typeof documentOf>) => hbaFacts(documentOf(...args));

/** Which records can match, `1` for yes. */
function reach(text: string, files: Record<string, string> = {}, version = 18): string {
  const facts = factsOf(text, files, version);
  return facts.records.map((record) => (isReachable(facts, record) ? '1' : '0')).join('');
}

describe('addresses', () => {
  const addressOf = (written: string) => hbaFacts(documentOf(`host all all ${written} md5`)).records[0]!.address!;

  test.each(['all', '0.0.0.0/0', '::/0', '10.2.3.4/0', '10.0.0.1 0.0.0.0'])('%s is any address', (written) => {
    expect(isAnyAddress(addressOf(written))).toBe(true);
  });
  test.each(['"all"', 'ALL', '0.0.0.0/1', '10.9.8.1 24', 'samenet', '0.0.0.0/32'])('%s is not', (written) => {
    expect(isAnyAddress(addressOf(written))).toBe(false);
  });
  test.each(['127.0.0.1/32', '127.0.0.1/8', '127.9.9.9 255.0.0.0', '::1/128', 'localhost', 'LocalHost', 'samehost', '::ffff:127.0.0.1/128'])('%s is loopback', (written) => {
    expect(isLoopback(addressOf(written))).toBe(true);
  });
  test.each(['127.0.0.1/7', '127.0.0.1 24', '::1/127', '::/0', 'localhost.example.com', 'samenet', 'all', '::ffff:127.0.0.1/96'])('%s is not loopback', (written) => {
    expect(isLoopback(addressOf(written))).toBe(false);
  });
  test.each(['0.0.0.0/32', '::/128', '*', 'ALL', '"samenet"', '""'])('%s is nobody', (written) => {
    expect(isNobody(addressOf(written))).toBe(true);
  });

  test('are named in messages', () => {
    const clients = (line: string) => clientsText(factsOf(line).records[0]!);
    expect(clients('host all all 10.0.0.5/8 md5')).toBe('Any client in 10.0.0.0/8');
    expect(clients('host all all 10.0.0.5/32 md5')).toBe('The host 10.0.0.5');
    expect(clients('host all all 10.9.8.1 24 md5')).toBe('Any client in 0.0.0.0 mask 0.0.0.24');
    expect(clients('host all all 2001:db8::/32 md5')).toBe('Any client in 2001:db8::/32');
    expect(clients('host all all db.example.com md5')).toBe('The host "db.example.com"');
    expect(clients('local all all md5')).toBe('Any account on the server machine');
    const text = 'host all all 10.0.0.0  255.0.0.0 md5';
    const span = addressSpan(factsOf(text).records[0]!.address!);
    expect(text.slice(span.start, span.end)).toBe('10.0.0.0  255.0.0.0');
  });
});

describe('the first record that matches decides', () => {
  test.each([
    ['a wider network hides a narrower one', 'host all all 10.0.0.0/8 md5\nhost all all 10.1.0.0/16 trust\n', '10'],
    ['not the other way round', 'host all all 10.1.0.0/16 md5\nhost all all 10.0.0.0/8 trust\n', '11'],
    ['bits outside the mask do not count', 'host all all 10.9.9.9/8 md5\nhost all all 10.1.2.3/32 trust\n', '10'],
    ['0.0.0.0/0 leaves IPv6 open', 'host all all 0.0.0.0/0 reject\nhost all all all trust\n', '11'],
    ['both families together hide all', 'host all all 0.0.0.0/0 reject\nhost all all ::/0 reject\nhost all all all trust\nhost all all samenet trust\n', '1100'],
    ['host takes every transport', 'host all all all md5\nhostssl all all all trust\nhostgssenc all all all trust\n', '100'],
    ['hostssl leaves plain connections', 'hostssl all all all reject\nhost all all all trust\n', '11'],
    ['hostssl and hostnossl together leave none', 'hostssl all all all reject\nhostnossl all all all reject\nhost all all all trust\n', '110'],
    ['hostnossl takes GSS encryption', 'hostnossl all all all reject\nhostgssenc all all all trust\n', '10'],
    ['hostnogssenc takes TLS', 'hostnogssenc all all all reject\nhostssl all all all trust\n', '10'],
    ['local is apart', 'host all all all reject\nlocal all all trust\n', '11'],
    ['all is no replication', 'host all all all reject\nhost replication all all trust\n', '11'],
    ['replication hides replication', 'host replication all all reject\nhost replication bob 10.0.0.0/8 trust\n', '10'],
    ['every database and role must be hidden', 'host a,b x,y all reject\nhost a x all trust\nhost a,c x all trust\n', '101'],
    ['also by several records', 'host a all all reject\nhost b all all reject\nhost a,b x all trust\n', '110'],
    ['a quoted keyword is a name', 'host "all" all all reject\nhost all all all trust\n', '11'],
    ['samegroup is samerole, and a role is a member of itself', 'host samerole all all reject\nhost samegroup all all trust\nhost sameuser all all trust\n', '100'],
    ['the members of a role are they and the role', 'host all +g all reject\nhost all +g 10.0.0.0/8 trust\nhost all "+g" all trust\nhost all g all trust\n', '1010'],
    ['names are case-sensitive, host names are not', 'host all A all reject\nhost all a all trust\nhost a b Db.Example md5\nhost a b db.example trust\n', '1110'],
    ['samenet hides only itself', 'host all all samenet reject\nhost all all samenet trust\nhost all all samehost trust\n', '101'],
    ['a mask with holes hides what it matches', 'host all all 10.0.0.0 255.0.255.0 reject\nhost all all 10.0.0.0 255.0.255.0 trust\nhost all all 0/0 md5\nhost all all 10.0.0.0 255.0.255.0 trust\n', '1010'],
    ['a template hides nothing', 'host all all {{ x }} reject\nhost all all all trust\n', '1'],
  ])('%s', (_, text, expected) => {
    expect(reach(text)).toBe(expected);
  });

  test('a regular expression is one from 16 on', () => {
    const text = 'host /a all all reject\nhost /a all all trust\n';
    expect(reach(text, {}, 16)).toBe('10');
    expect(reach(text, {}, 15)).toBe('10');
  });

  test('included files count in their place', () => {
    const include = 'include extra.conf\nhost all all all trust\n';
    expect(reach(include, { 'extra.conf': 'host all all all reject\n' })).toBe('0');
    expect(reach(include, { 'extra.conf': 'host all all 10.0.0.0/8 reject\n' })).toBe('1');
    expect(reach(include)).toBe('1');
    expect(reach('host all all all trust\ninclude extra.conf\n', { 'extra.conf': 'host all all all reject\n' })).toBe('1');
    expect(reach('include_dir d\nhost all all all trust\n', { 'd/b.conf': 'host all all all reject\n' })).toBe('0');
    expect(reach('include_dir d\nhost all all all trust\n', { 'd/b.conf.bak': 'host all all all reject\n', 'd/.c.conf': 'host all all all reject\n' })).toBe('1');
    expect(reach('include pg_hba.conf\ninclude a\nhost all all all trust\n', { a: 'include a\ninclude b\n', b: 'include a\nhost all all all reject\n' })).toBe('0');
  });

  test('@files stand for their words', () => {
    const facts = factsOf('host @dbs all all reject\nhost app all all trust\nhost other all all trust\n', { dbs: 'app, "x y" # list\n@more\n', more: 'last\n@dbs\n' });
    expect(facts.databasesOf(facts.records[0]!).map((token) => token.text)).toEqual(['app', 'x y', 'last']);
    expect(facts.records.map((record) => isReachable(facts, record))).toEqual([true, false, true]);
    expect(reach('host @dbs all all reject\nhost app all all trust\nhost @dbs all all trust\n')).toBe('110');
  });
});

describe('passwordless', () => {
  const kinds: Passwordless[] = ['replication', 'any', 'network', 'loopback', 'local'];
  const kindsOf = (text: string, files = {}) => kinds.filter((kind) => passwordless(factsOf(text, files), kind).length > 0);

  test.each<[string, Passwordless[]]>([
    ['local all all trust', ['local']], ['local replication all trust', ['replication']], ['host all,replication all all trust', ['replication']],
    ['host all all all trust', ['any']], ['host all all samehost trust', ['loopback']], ['host all all samenet trust', ['network']], ['host all all db.example.com trust', ['network']],
    ['host all all 10.9.8.1 24 trust', ['network']], ['host all all all "trust"', ['any']], ['host "replication" all all trust', ['any']],
    ['host all all * trust', []], ['host all all 0.0.0.0/32 trust', []], ['hostssl all all all trust clientcert=verify-full', []], ['hostssl all all all trust clientcert=verify-ca', ['any']],
    ['host all all all md5', []],
  ])('%s: %s', (text, expected) => {
    expect(kindsOf(text)).toEqual(expected);
  });

  test('replication may come out of a file', () => {
    expect(kindsOf('host @dbs all all trust', { dbs: 'app replication' })).toEqual(['replication']);
  });

  test('a record behind another method does not count, one behind its own does', () => {
    const count = (text: string) => passwordless(factsOf(text), 'any').length;
    expect(count('host all all all reject\nhost all all all trust\n')).toBe(0);
    expect(count('host all all all scram-sha-256\nhost all all 0.0.0.0/0 trust\n')).toBe(0);
    expect(count('host all all all trust\nhost all all 0.0.0.0/0 trust\n')).toBe(2);
    expect(recordsWith(factsOf('local all all trust\nlocal all all md5\n'), 'md5')).toEqual([]);
  });

  test('the certificate that a client must show', () => {
    const certificate = (line: string, version = 18) => certificateOf(factsOf(line, {}, version).records[0]!);
    expect(certificate('hostssl all all all cert')).toBe('role');
    expect(certificate('hostssl all all all md5 clientcert=verify-full')).toBe('role');
    expect(certificate('hostssl all all all md5 clientcert=1', 13)).toBe('any');
    expect(certificate('hostssl all all all md5 clientcert=0', 13)).toBeUndefined();
  });

  test('roles are named in messages', () => {
    const roles = (user: string, version = 18) => {
      const facts = factsOf(`local all ${user} trust`, {}, version);
      return rolesText(facts, facts.records[0]!);
    };
    expect(['all', 'a,all', '"all"', 'bob', 'a,b', '+dba', '/^x', '@f'].map((user) => roles(user)))
      .toEqual(['any role', 'any role', '"all"', '"bob"', 'one of 2 roles', 'any member of "dba"', 'any role that matches "/^x"', 'the roles of "@f"']);
    expect(roles('/^x', 15)).toBe('"/^x"');
  });
});

describe('the postgresql.conf beside it', () => {
  const listens = (value: string, record = 'host all all all trust') => {
    const facts = factsOf(record, { 'postgresql.conf': `listen_addresses = '${value}'\n` });
    return listensFor(facts, facts.records[0]!) !== undefined;
  };

  test('listens beyond loopback or not', () => {
    expect(['*', '0.0.0.0', '::', '10.0.0.5', 'localhost, 10.0.0.5', 'db.example.com'].map((value) => listens(value))).toEqual([true, true, true, true, true, true]);
    expect(['', 'localhost', '127.0.0.1', '::1', 'localhost,127.0.0.1, ::1'].map((value) => listens(value))).toEqual([false, false, false, false, false]);
    expect(listens('10.0.0.5', 'host all all ::/0 trust')).toBe(false);
    expect(listens('::', 'host all all 0.0.0.0/0 trust')).toBe(false);
    expect(listens('*', 'host all all ::/0 trust')).toBe(true);
  });

  test('says who may open the socket and how passwords are kept', () => {
    const conf = (line: string) => factsOf('local all all trust', { 'postgresql.conf': `port = 5432\n${line}\n` });
    expect(['0700', '448', '0777', '0770'].map((mode) => socketsForOwnerOnly(conf(`unix_socket_permissions = ${mode}`)))).toEqual([true, true, false, false]);
    expect(newPasswordsAreScram(conf("password_encryption = 'scram-sha-256'"))).toBe(true);
    expect(newPasswordsAreScram(conf('password_encryption = md5'))).toBe(false);
    expect(newPasswordsAreScram(factsOf('local all all md5'))).toBe(false);
  });
});

describe('fixes', () => {
  const after = (text: string, title: RegExp, version = 18) => {
    const facts = factsOf(text, {}, version);
    const fix = remoteTrustFixes(facts, facts.records.find((record) => record.method.text === 'trust')!).find((candidate) => title.test(candidate.title));
    return fix && applyEdits(text, fix.edits);
  };

  test('commenting out takes every physical line', () => {
    const text = 'local all all peer\n  host all \\\r\n\tall all trust # x\r\nlocal a b md5\n';
    const fixed = after(text, /Comment/)!;
    expect(fixed).toBe('local all all peer\n#   host all \\\r\n# \tall all trust # x\r\nlocal a b md5\n');
    expect(parseHba(fixed, 18).records.map((record) => record.method.text)).toEqual(['peer', 'md5']);
  });

  test('the only record stays', () => {
    expect(after('host all all all trust\n', /Comment/)).toBeUndefined();
  });

  test('the loopback address keeps the form of the record', () => {
    expect(after('host all all 0.0.0.0   0.0.0.0 trust', /machine/)).toBe('host all all 127.0.0.1   255.255.255.255 trust');
    expect(after('host all all fe80:: ffc0:: trust', /machine/)).toBe('host all all ::1 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff trust');
    expect(after('host all all ::/0 trust', /machine/)).toBe('host all all ::1/128 trust');
    expect(after('host all all samenet trust', /machine/)).toBe('host all all 127.0.0.1/32 trust');
  });

  test('a repair is offered only when the record is then accepted', () => {
    const repaired = (text: string, version = 18) => {
      const facts = factsOf(text, {}, version);
      const edit = repairOf(facts, facts.file.lines.find((line) => line.error)!);
      return edit && applyEdits(text, [edit]);
    };
    expect(repaired('host all all 10.0.0.1 \\\n md5 # x\n')).toBe('host all all 10.0.0.1/32 \\\n md5 # x\n');
    expect(repaired('HOST all all all md5')).toBe('host all all all md5');
    expect(repaired('HOST all all all MD5')).toBeUndefined();
    expect(repaired('host all all all md5 clientcert=1')).toBeUndefined();
    expect(repaired('hostssl all all all md5 clientcert=1')).toBe('hostssl all all all md5 clientcert=verify-full');
    expect(repaired('local all all peer mp=x')).toBeUndefined();
    expect(repaired('host all all all cert map=x')).toBe('hostssl all all all cert map=x');
    expect(repaired('\uFEFF# x\nlocal all all peer\n')).toBe('# x\nlocal all all peer\n');
    expect(repaired('\uFEFFlocal all all peer\n')).toBe('local all all peer\n');
  });
});

test('paths of things to try out', () => {
  for (const path of ['docker/pg_hba.conf', 'a/test/pg_hba.conf', 'docker-compose.d/pg_hba.conf', 'x/fixtures/pg_hba.conf', 'x/__fixtures__/seed/pg_hba.conf', 'server-test/pg_hba.conf', 'ci/test-external-db/pg_hba.conf', '.ci/pg_hba.conf', 'test_server/pg_hba.conf']) expect(isTrialPath({ path }), path).toBe(true);
  for (const path of ['pg_hba.conf', 'etc/postgresql/18/main/pg_hba.conf', 'latest/pg_hba.conf', 'contest/pg_hba.conf', 'db/f_show_test_block.sql', 'db/test_mode.sql', 'examples/pg_hba.conf', 'pg_hba.test.conf']) expect(isTrialPath({ path }), path).toBe(false);
});

test('remote means a client on another machine may match', () => {
  const remote = (line: string) => isRemote(factsOf(line).records[0]!);
  expect(['local all all md5', 'host all all localhost md5', 'host all all * md5', 'host all all samenet md5'].map(remote)).toEqual([false, false, false, true]);
});

test('maps are read', () => {
  expect(identFacts({ ...documentOf('m u p\nbroken\n'), language: 'ident', path: 'pg_ident.conf' }).records).toHaveLength(1);
});
