import { parseIp } from '../../syntax/address.ts';
import type { Settings } from './settings.ts';

/** Every address of the list that `listen_addresses` is, as the server splits it. */
export function listenAddresses(settings: Settings): readonly string[] | undefined {
  return settings.list('listen_addresses');
}

/** The address accepts connections on every interface of the machine. */
export function isEveryInterface(address: string): boolean {
  return address === '*' || parseIp(address)?.every((byte) => byte === 0) === true;
}

/** Only processes of the same machine reach the address. */
export function isLocalAddress(address: string): boolean {
  const ip = parseIp(address);
  if (ip === undefined) return /^localhost6?(\.localdomain6?)?$/i.test(address);
  return ip.length === 4 ? ip[0] === 127 : ip.every((byte, i) => byte === (i === 15 ? 1 : 0));
}

/** Only processes of the same machine reach the server over TCP; undefined when that is not known. */
export function listensOnlyLocally(settings: Settings): boolean | undefined {
  const written = settings.get('listen_addresses');
  if (written === undefined && !settings.complete) return undefined;
  return listenAddresses(settings)?.every(isLocalAddress);
}
