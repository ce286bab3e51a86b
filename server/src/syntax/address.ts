/** A numeric address as `getaddrinfo` of a server on Linux reads it: 4 or 16 bytes. */
export function parseIp(text: string): Uint8Array | undefined {
  return parseIpv4(text) ?? parseIpv6(text);
}

/** The mask of `/bits` for an address of `length` bytes. The server reads the number with `strtol`, so `+8` and `08` are 8. */
export function parseBits(text: string, length: number): number | undefined {
  if (!/^[ \t\n\v\f\r]*[+-]?\d+$/.test(text)) return undefined;
  const bits = Number(text);
  return bits >= 0 && bits <= length * 8 ? Math.abs(bits) : undefined;
}

export function maskOf(bits: number, length: number): Uint8Array {
  const mask = new Uint8Array(length);
  for (let i = 0; i < length; i++) mask[i] = byteOfMask(bits, i);
  return mask;
}

/** Byte `at` of the mask of `/bits`. */
export function byteOfMask(bits: number, at: number): number {
  return (0xff00 >> Math.max(0, Math.min(8, bits - at * 8))) & 0xff;
}

/** The number of leading ones, or undefined when ones follow a zero. */
export function bitsOf(mask: Uint8Array): number | undefined {
  let bits = 0;
  while (bits < mask.length * 8 && bit(mask, bits)) bits++;
  for (let rest = bits; rest < mask.length * 8; rest++) if (bit(mask, rest)) return undefined;
  return bits;
}

export function formatIp(bytes: Uint8Array): string {
  return bytes.length === 4 ? bytes.join('.') : formatIpv6(bytes);
}

function bit(bytes: Uint8Array, at: number): boolean {
  return (bytes[at >> 3]! & (0x80 >> (at & 7))) !== 0;
}

/** One to four parts, decimal, octal (`010`) or hexadecimal (`0xa`); the last part fills all bytes that are left. */
function parseIpv4(text: string): Uint8Array | undefined {
  if (!/^[\da-fA-FxX.]+$/.test(text)) return undefined;
  const parts = text.split('.');
  if (parts.length > 4) return undefined;
  const bytes = new Uint8Array(4);
  for (let i = 0; i < parts.length; i++) {
    const value = parsePart(parts[i]!);
    const room = i === parts.length - 1 ? 4 - i : 1;
    if (value === undefined || value >= 256 ** room) return undefined;
    for (let k = 0; k < room; k++) bytes[i + k] = Math.floor(value / 256 ** (room - 1 - k)) & 0xff;
  }
  return bytes;
}

function parsePart(part: string): number | undefined {
  if (/^(0|[1-9]\d*)$/.test(part)) return Number(part);
  if (/^0[xX][\da-fA-F]+$/.test(part)) return Number.parseInt(part, 16);
  return /^0[0-7]+$/.test(part) ? Number.parseInt(part, 8) : undefined;
}

function parseIpv6(text: string): Uint8Array | undefined {
  const percent = text.indexOf('%');
  const address = percent < 0 ? text : text.slice(0, percent);
  if (!address.includes(':')) return undefined;
  const halves = address.split('::');
  if (halves.length > 2) return undefined;
  const head = parseGroups(halves[0]!, halves.length === 1);
  const tail = halves.length === 2 ? parseGroups(halves[1]!, true) : [];
  if (!head || !tail) return undefined;
  const missing = 16 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const bytes = Uint8Array.from([...head, ...new Array<number>(missing).fill(0), ...tail]);
  return percent < 0 || isScope(text.slice(percent + 1), bytes) ? bytes : undefined;
}

/** A number of 32 bits; behind a link-local address the name of an interface, which only the machine itself knows. */
function isScope(scope: string, [first, second]: Uint8Array): boolean {
  if (/^\d+$/.test(scope)) return Number(scope) < 2 ** 32;
  const linkLocal = (first === 0xfe && (second! & 0xc0) === 0x80) || (first === 0xff && (second! & 0x0f) === 2);
  return linkLocal && /^[^\s/%]{1,15}$/.test(scope);
}

/** The bytes of colon-separated groups; an IPv4 address may be the last group of the whole address. */
function parseGroups(text: string, last: boolean): number[] | undefined {
  if (text === '') return [];
  const bytes: number[] = [];
  const groups = text.split(':');
  for (const [i, group] of groups.entries()) {
    if (last && i === groups.length - 1 && /^\d{1,3}(\.\d{1,3}){3}$/.test(group)) {
      const quad = group.split('.').map(Number);
      if (quad.some((value) => value > 255) || /(^|\.)0\d/.test(group)) return undefined;
      bytes.push(...quad);
    } else if (/^[\da-fA-F]{1,4}$/.test(group)) {
      const value = Number.parseInt(group, 16);
      bytes.push(value >> 8, value & 0xff);
    } else return undefined;
  }
  return bytes;
}

/** The longest run of two or more zero groups becomes `::`; an IPv4 address at the end stays readable. */
function formatIpv6(bytes: Uint8Array): string {
  const mapped = bytes.subarray(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
  if (mapped) return `::ffff:${bytes.subarray(12).join('.')}`;
  const groups = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i]! << 8) | bytes[2 * i + 1]!).toString(16));
  let best = { start: 0, length: 0 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (start + length < 8 && groups[start + length] === '0') length++;
    if (length > best.length) best = { start, length };
  }
  if (best.length < 2) return groups.join(':');
  if (best.start === 0 && best.length === 6) return `::${bytes.subarray(12).join('.')}`;
  return `${groups.slice(0, best.start).join(':')}::${groups.slice(best.start + best.length).join(':')}`;
}
