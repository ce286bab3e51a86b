import { optionOf, type Conninfo, type ConninfoOption } from '../../syntax/conninfo.ts';
import type { Edit } from '../../text.ts';
import { isLocalAddress } from './listen.ts';

/** A host of the connection string is on another machine; one that it does not name is not known. */
export function reachesOut(conninfo: Conninfo): boolean {
  const hosts = optionOf(conninfo, 'hostaddr') ?? optionOf(conninfo, 'host');
  return hosts?.value.split(',').some((host) => host !== '' && !/^[/@]/.test(host) && !isLocalAddress(host)) ?? false;
}

/** Where a service file may add to the connection string, what is absent is not known. */
export function isComplete(conninfo: Conninfo): boolean {
  return optionOf(conninfo, 'service') === undefined;
}

/** What keeps a connection to another machine from being encrypted to the right server; undefined when nothing does or it is not known. */
export interface WeakTls {
  /** The sslmode; absent: there is none, and libpq takes prefer. */
  readonly mode: ConninfoOption | undefined;
  /** It is encrypted, but to whoever answers. */
  readonly encrypted: boolean;
}

export function weakTls(conninfo: Conninfo, version: number): WeakTls | undefined {
  if (!conninfo.readable || !reachesOut(conninfo) || !isComplete(conninfo)) return undefined;
  const mode = optionOf(conninfo, 'sslmode');
  const root = optionOf(conninfo, 'sslrootcert')?.value;
  const encrypted = mode?.value === 'require';
  if (/^verify-/.test(mode?.value ?? '') || optionOf(conninfo, 'gssencmode')?.value === 'require') return undefined;
  if (encrypted ? root !== undefined : mode === undefined && root === 'system' && version >= 16) return undefined;
  return { mode, encrypted };
}

/** Writes an option in place of another one, or behind the last one. */
export function writeOption({ next: { at, separator } }: Conninfo, keyword: string, value: string, old?: ConninfoOption): Edit {
  if (old !== undefined && old.keyword === keyword) return { span: old.at, text: value };
  return { span: { start: at, end: at }, text: `${separator}${keyword}=${value}` };
}
