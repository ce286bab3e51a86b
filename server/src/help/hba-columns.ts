import { parseIp } from '../syntax/address.ts';
import type { HbaToken } from '../syntax/hba.ts';

export type HbaColumn = 'type' | 'database' | 'user' | 'address' | 'mask' | 'method' | 'option' | 'include';

/** The column of the field that stands behind these fields. */
export function columnOf(before: readonly (readonly HbaToken[])[]): HbaColumn {
  const first = before[0]?.[0]?.text;
  if (first !== undefined && /^include(_if_exists|_dir)?$/.test(first)) return 'include';
  const names: HbaColumn[] = ['type', 'database', 'user', ...(first === 'local' ? [] : ['address' as const]), ...(needsMask(before[3]?.[0], first) ? ['mask' as const] : []), 'method'];
  return names[before.length] ?? 'option';
}

/** An IP address without `/bits` has its mask in the next column. */
function needsMask(address: HbaToken | undefined, type: string | undefined): boolean {
  return type !== 'local' && address !== undefined && !address.text.includes('/') && parseIp(address.text) !== undefined;
}
