import { maskOf, parseIp } from '../../syntax/address.ts';
import type { HbaAddress, HbaNetwork } from '../../syntax/hba.ts';

/** How many addresses a network takes in; undefined for a mask that is no prefix. */
export function sizeOf({ bits, mask }: HbaNetwork): number | undefined {
  return bits === undefined ? undefined : 2 ** (mask.length * 8 - bits);
}

/** `65,536` or, where nobody reads the digits any more, `2^80`. */
export function sizeText(size: number): string {
  return size <= 2 ** 32 ? size.toLocaleString('en-US') : `2^${Math.log2(size)}`;
}

/** Every address of the network is reserved for private, local or other special use: nobody on the internet has one. */
export function isSpecial(network: HbaNetwork): boolean {
  return isWithin(network, special);
}

/** One of the ranges takes in the whole network. */
export function isWithin({ network, bits }: HbaNetwork, ranges: readonly Range[]): boolean {
  return bits !== undefined && ranges.some((range) => range.network.length === network.length && range.bits <= bits && isIn(network, range));
}

/** Every client that the address takes in is in one of these networks, written as `10.20.0.0/16`. Names are not: who answers to them, others decide. */
export function isTrusted(address: HbaAddress, networks: readonly string[]): boolean {
  return address.kind === 'ip' && isWithin(address, networksOf(networks));
}

/** What is no network in CIDR form is left out. */
export function networksOf(texts: readonly string[]): Range[] {
  return texts.flatMap((text) => {
    const [, address = '', bits = ''] = /^([^/]+)\/(\d+)$/.exec(text) ?? [];
    const network = parseIp(address);
    return network && Number(bits) <= network.length * 8 ? [{ network, mask: maskOf(Number(bits), network.length), bits: Number(bits) }] : [];
  });
}

export interface Range {
  readonly network: Uint8Array;
  readonly mask: Uint8Array;
  readonly bits: number;
}

/** https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry, with multicast and the reserved class E. */
const special: readonly Range[] = networksOf([
  '0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24', '192.168.0.0/16',
  '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4',
  '::/127', '::ffff:0:0/96', '64:ff9b:1::/48', '100::/64', '2001:2::/48', '2001:db8::/32', '3fff::/20', '5f00::/16', 'fc00::/7', 'fe80::/10', 'ff00::/8',
]);

function isIn(address: Uint8Array, { network, mask }: Range): boolean {
  return address.every((byte, i) => (byte & mask[i]!) === network[i]);
}
