import { bitsOf, formatIp } from '../../syntax/address.ts';
import type { HbaAddress, HbaNetwork, HbaRecord } from '../../syntax/hba.ts';
import { shown } from '../../syntax/hba-words.ts';
import type { Span } from '../../text.ts';

/** Every client of at least one IP version: `all`, `0.0.0.0/0`, `::/0`, or a mask of zeros. */
export function isAnyAddress(address: HbaAddress): boolean {
  return address.kind === 'all' || (address.kind === 'ip' && address.bits === 0);
}

/** Only the machine of the server itself. */
export function isLoopback(address: HbaAddress): boolean {
  if (address.kind === 'samehost') return true;
  if (address.kind === 'host') return /^localhost(\.localdomain|6)?$|^ip6-(localhost|loopback)$/i.test(address.tokens[0].text);
  return address.kind === 'ip' && isLoopbackNetwork(address);
}

/** True for an address that no client ever has: `0.0.0.0/32`, or a keyword that quotes, capitals or `*` made a host name. */
export function isNobody(address: HbaAddress): boolean {
  if (address.kind === 'ip') return address.bits === address.mask.length * 8 && address.network.every((byte) => byte === 0);
  return address.kind === 'host' && /^(\*|all|samehost|samenet|)$/i.test(address.tokens[0].text);
}

export function isHostType(record: HbaRecord): record is HbaRecord & { readonly address: HbaAddress } {
  return record.address !== undefined;
}

/** Clients on other machines may match. */
export function isRemote(record: HbaRecord): record is HbaRecord & { readonly address: HbaAddress } {
  return isHostType(record) && !isLoopback(record.address) && !isNobody(record.address);
}

/** The address with its mask column. */
export function addressSpan({ tokens: [address, mask] }: HbaAddress): Span {
  return { start: address.span.start, end: (mask ?? address).span.end };
}

/** The clients that a record speaks of, as the subject of a sentence. */
export function clientsText(record: HbaRecord): string {
  const { address } = record;
  if (!address) return 'Any account on the server machine';
  if (isLoopback(address)) return 'Any program on the server machine';
  switch (address.kind) {
    case 'all': return 'Any client on any network';
    case 'samenet': return 'Any client in a network of the server';
    case 'host': return `The host ${shown(address.tokens[0].text)}`;
    case 'suffix': return `Any client with a DNS name in ${shown(address.tokens[0].text)}`;
    case 'ip': return isSingleHost(address) ? `The host ${formatIp(address.network)}` : `Any client in ${networkText(address)}`;
    default: return 'Any client';
  }
}

/** The network as the server matches it: `10.0.0.5/8` is `10.0.0.0/8`. A mask that is no prefix stays a mask. */
export function networkText({ network, mask, bits }: HbaNetwork): string {
  const first = formatIp(network.map((byte, i) => byte & mask[i]!));
  return bits === undefined ? `${first} mask ${formatIp(mask)}` : `${first}/${bits}`;
}

/** One machine: an address with all of its bits. */
export function isSingleHost(address: HbaAddress): boolean {
  return address.kind === 'ip' && address.bits === address.mask.length * 8;
}

/** IPv4 as old C programs write it: octal or hexadecimal parts, or fewer than four. `0/0` is read as everybody reads it. */
export function isLegacyForm({ tokens: [{ text }], family }: HbaNetwork): boolean {
  return family === 4 && !/^(0|(0|[1-9]\d*)(\.(0|[1-9]\d*)){3})(\/|$)/.test(text);
}

/** 127.0.0.0/8, ::1, and the former written as IPv6. */
function isLoopbackNetwork({ network, mask }: HbaNetwork): boolean {
  if (network.length === 4) return mask[0] === 255 && network[0] === 127;
  const prefix = bitsOf(mask) ?? 0;
  const mapped = network.subarray(0, 10).every((byte) => byte === 0) && network[10] === 255 && network[11] === 255;
  if (mapped) return prefix >= 104 && network[12] === 127;
  return prefix === 128 && network[15] === 1 && network.subarray(0, 15).every((byte) => byte === 0);
}
