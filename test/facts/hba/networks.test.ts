import { describe, expect, test } from 'vitest';
import { isLegacyForm, isSingleHost } from '../../../server/src/facts/hba/address.ts';
import { isSpecial, sizeOf, sizeText } from '../../../server/src/facts/hba/networks.ts';
import { parseHba, type HbaNetwork } from '../../../server/src/syntax/hba.ts';

const network = (written: string) => parseHba(`host all all ${written} md5\n`, 18).records[0]!.address as HbaNetwork;

test('how many addresses a network takes in', () => {
  expect(['10.0.0.0/8', '10.0.0.1/32', '0.0.0.0/0', '10.0.0.0 255.255.255.0', '10.9.8.1 24', '::/0', 'fd00::/64'].map((written) => sizeOf(network(written))))
    .toEqual([2 ** 24, 1, 2 ** 32, 256, undefined, 2 ** 128, 2 ** 64]);
  expect([sizeText(65_536), sizeText(2 ** 32), sizeText(2 ** 80)]).toEqual(['65,536', '4,294,967,296', '2^80']);
});

describe('networks that nobody on the internet has', () => {
  test.each(['10.0.0.0/8', '10.255.0.0/16', '172.16.0.0/12', '172.31.255.0/24', '192.168.0.0/16', '100.64.0.0/10', '100.127.3.0/24', '127.0.0.0/8', '169.254.0.0/16',
    '198.51.100.0/24', '203.0.113.7/32', 'fc00::/7', 'fd12:3456::/48', 'fe80::/10', '::1/128', '2001:db8::/32'])('%s is one', (written) => {
    expect(isSpecial(network(written))).toBe(true);
  });
  test.each(['0.0.0.0/0', '8.0.0.0/7', '10.0.0.0/7', '172.16.0.0/11', '172.32.0.0/16', '192.168.0.0/15', '100.128.0.0/16', '8.8.8.8/32', '::/0', 'fc00::/6', '2001::/16', '2a00:1450::/32', '10.9.8.1 24'])('%s is none', (written) => {
    expect(isSpecial(network(written))).toBe(false);
  });
});

test('addresses as old programs write them', () => {
  for (const written of ['010.0.0.1/32', '10.1/16', '0xa.0.0.1/32', '2130706433/32', '10.0.0.01 255.0.0.0', '0.0/0']) expect(isLegacyForm(network(written)), written).toBe(true);
  for (const written of ['0/0', '0.0.0.0/0', '10.0.0.1/32', '10.0.0.1 255.0', '::ffff:10.0.0.1/128', '0010::/16']) expect(isLegacyForm(network(written)), written).toBe(false);
});

test('one machine', () => {
  expect(['10.0.0.1/32', 'fd00::1/128', '10.0.0.1 255.255.255.255', '10.0.0.0/31', 'fd00::1/32'].map((written) => isSingleHost(network(written)))).toEqual([true, true, true, false, false]);
  expect(isSingleHost(parseHba('host all all db.example.com md5\n', 18).records[0]!.address!)).toBe(false);
});
