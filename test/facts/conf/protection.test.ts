import { expect, test } from 'vitest';
import { isWeaker } from '../../../server/src/facts/conf/protection.ts';

test.each([
  ['ssl', 'off', 'tru'],
  ['lo_compat_privileges', '1', 'no'],
  ['password_encryption', 'MD5', 'scram-sha-256'],
  ['ssl_min_protocol_version', 'TLSv1', 'TLSv1.2'],
  ['listen_addresses', '10.0.0.5, ::', '10.0.0.5'],
  ['listen_addresses', '10.0.0.5', 'localhost'],
  ['unix_socket_permissions', '0777', '0770'],
  ['unix_socket_permissions', '0770', '0700'],
  ['log_min_messages', 'panic', 'warning'],
  ['scram_iterations', '1000', '4096'],
])('%s: %s protects less than %s', (name, weak, strict) => {
  expect(isWeaker(name, weak, strict, 18)).toBe(true);
  expect(isWeaker(name, strict, weak, 18)).toBe(false);
});

test.each([
  ['ssl', 'on', 'true'], ['listen_addresses', '*', '0.0.0.0'], ['log_statement', 'mod', 'all'], ['log_connections', 'receipt', 'all'],
  ['ssl', 'maybe', 'on'], ['work_mem', '4MB', '8MB'], ['db_user_namespace', 'on', 'off'],
])('%s: %s and %s do not compare', (name, a, b) => {
  expect(isWeaker(name, a, b, 18)).toBe(false);
  expect(isWeaker(name, b, a, 18)).toBe(false);
});

test('a parameter counts only in the versions that have it', () => {
  expect(isWeaker('db_user_namespace', 'on', 'off', 16)).toBe(true);
});
