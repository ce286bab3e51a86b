import { expect, test } from 'vitest';
import { isPlaceholder, legacyClientcert, optionOf, switchState } from '../../../server/src/facts/hba/options.ts';
import { parseHba } from '../../../server/src/syntax/hba.ts';

const recordOf = (text: string) => parseHba(text, 18).records[0]!;

test('of several options with one name the last counts', () => {
  const record = recordOf('local all all pam pam_use_hostname=1 pam_use_hostname=0\n');
  expect(optionOf(record, 'pam_use_hostname')?.value).toBe('0');
  expect(optionOf(record, 'pamservice')).toBeUndefined();
});

test('only 1 switches an option on', () => {
  const state = (value: string) => switchState(optionOf(recordOf(`local all all pam "pam_use_hostname=${value}"\n`), 'pam_use_hostname')!);
  expect(['1', '0', 'off', 'No', 'false', '', 'yes', 'on', 'TRUE', '01', ' 1'].map(state)).toEqual(['on', 'off', 'off', 'off', 'off', 'off', 'mistaken', 'mistaken', 'mistaken', 'mistaken', 'mistaken']);
});

test('a placeholder is no secret', () => {
  for (const value of ['<password>', '***', 'xxxx', '$LDAP_PASSWORD', '[secret]']) expect(isPlaceholder(value), value).toBe(true);
  for (const value of ['password', 'changeme', 'x', 'a<b>']) expect(isPlaceholder(value), value).toBe(false);
});

test('values of clientcert that are gone', () => {
  const value = (text: string, version = 18) => legacyClientcert(parseHba(text, version).lines[0]!)?.value;
  expect(value('hostssl all all all md5 clientcert=1\n')).toBe('1');
  expect(value('hostssl all all all cert clientcert=no-verify\n')).toBe('no-verify');
  expect(value('hostssl all all all md5 clientcert=yes\n')).toBeUndefined();
  expect(value('hostssl all all all md5 clientcert=1\n', 13)).toBeUndefined();
  expect(value('host all all all md5 clientcert=verify-full\n')).toBeUndefined();
});
