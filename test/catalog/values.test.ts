import { describe, expect, test } from 'vitest';
import { readBoolean, readNumber } from '../../server/src/catalog/numbers.ts';
import { canonicalName, findParameter, findRemoval, firstVersion, nearest, nearestName } from '../../server/src/catalog/parameters.ts';
import { checkValue } from '../../server/src/catalog/values.ts';
import { supportedVersions } from '../../server/src/document.ts';

describe('parameters', () => {
  test.each(supportedVersions)('of version %i hold what every server has', (version) => {
    for (const name of ['listen_addresses', 'ssl', 'password_encryption', 'hba_file', 'work_mem', 'TimeZone']) expect(findParameter(name, version)?.name, name).toBe(name);
    expect(findParameter('ssl', version)?.default).toBe('off');
    expect(findParameter('listen_addresses', version)?.default).toBe('localhost');
    expect(findParameter('unix_socket_permissions', version)?.default).toBe('0777');
  });

  test('differ between versions', () => {
    expect(findParameter('password_encryption', 13)?.default).toBe('md5');
    expect(findParameter('password_encryption', 14)?.default).toBe('scram-sha-256');
    expect(findParameter('log_connections', 17)?.type).toBe('bool');
    expect(findParameter('log_connections', 18)?.type).toBe('string');
    expect(findParameter('transaction_timeout', 16)).toBeUndefined();
    expect(firstVersion('transaction_timeout', 16)).toBe(17);
    expect(findRemoval('db_user_namespace', 16)).toBeUndefined();
    expect(findRemoval('db_user_namespace', 17)).toEqual({ version: '17' });
  });

  test('are found by old names and in any case', () => {
    expect(canonicalName('SORT_MEM', 18)).toBe('work_mem');
    expect(canonicalName('ssl_ecdh_curve', 17)).toBe('ssl_ecdh_curve');
    expect(canonicalName('ssl_ecdh_curve', 18)).toBe('ssl_groups');
    expect(findParameter('timezone', 18)?.name).toBe('TimeZone');
  });

  test.each([
    ['pasword_encryption', 'password_encryption'], ['listen_address', 'listen_addresses'], ['log-connections', 'log_connections'], ['sll', 'ssl'], ['turbo_mode', undefined], ['x', undefined],
  ])('%s means %s', (written, meant) => expect(nearestName(written, 18)).toBe(meant));

  test('two that are equally close are a guess', () => expect(nearest('dll', ['all', 'ddl'])).toBeUndefined());

  test('a successor gets a value that means the same', () => {
    expect(findRemoval('wal_keep_segments', 17)?.convert?.('64')).toBe('1024MB');
    expect(findRemoval('wal_keep_segments', 17)?.convert?.('many')).toBeUndefined();
  });
});

describe('values', () => {
  test.each([['on', true], ['ON', true], ['tru', true], ['y', true], ['1', true], ['of', false], ['off', false], ['F', false], ['n', false], ['0', false], ['o', undefined], ['', undefined], ['2', undefined], ['on ', undefined], ['truely', undefined]])('Boolean %j', (text, value) => {
    expect(readBoolean(text)).toBe(value);
  });

  test.each([
    ['8MB', 'kB', 8192], [' 8 MB ', 'kB', 8192], ['8mb', 'kB', 'unit'], ['0100', 'kB', 64], ['0x40', 'kB', 64], ['08', 'kB', 'unit'], ['1e3', 'kB', 1000], ['0.5GB', 'kB', 524288], ['1.5', undefined, 2], ['2.5', undefined, 2], ['1GB', '8kB', 131072],
    ['1min', 's', 60], ['0.5min', 's', 30], ['400ms', 's', 0], ['1d', 'min', 1440], ['1S', 's', 'unit'], ['5s', undefined, 'unit'], ['2147483648', undefined, 'overflow'], ['abc', 'kB', 'number'], ['', 'kB', 'number'], ['inf', undefined, 'number'], ['.5MB', 'kB', 512], [' .5MB', 'kB', 'number'],
  ] as const)('integer %j in %s', (text, unit, value) => expect(readNumber(text, 'integer', unit)).toBe(value));

  test.each([
    ['ssl', 'enabled', 18, 'takes only on or off'], ['port', '70000', 18, 'between 1 and 65535'], ['work_mem', '8mb', 18, 'units TB, GB, MB, kB, B'], ['work_mem', '1kB', 18, 'between 64 kB'], ['server_version', '1', 18, 'cannot be set'],
    ['password_encryption', 'on', 14, 'md5, scram-sha-256'], ['log_connections', 'tru', 18, 'does not know'], ['log_destination', 'jsonlog', 14, 'stderr'], ['ssl_min_protocol_version', '', 18, 'TLSv1'],
  ])('%s = %s in %i', (name, text, version, part) => {
    const message = checkValue(findParameter(name, version)!, text, version);
    expect(message).toContain(part);
    expect(message!.length).toBeLessThanOrEqual(110);
  });

  test.each([
    ['password_encryption', 'on', 13], ['log_connections', 'tru', 17], ['log_connections', 'receipt, all', 18], ['wal_level', 'HOT_STANDBY', 18], ['wal_compression', 'zstd', 18], ['huge_pages', '1', 18], ['ssl_max_protocol_version', '', 18],
  ])('%s = %s in %i is taken', (name, text, version) => expect(checkValue(findParameter(name, version)!, text, version)).toBeUndefined());
});
