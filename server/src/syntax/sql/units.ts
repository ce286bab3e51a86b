/** For each UTF-8 byte offset of `text` the UTF-16 offset; undefined when the two are the same. */
export function byteOffsets(text: string): Uint32Array | undefined {
  if (!/[^\0-\x7f]/.test(text)) return undefined;
  const offsets = new Uint32Array(text.length * 3 + 1);
  let byte = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const pair = code >= 0xd800 && code < 0xdc00;
    const length = code < 0x80 ? 1 : code < 0x800 ? 2 : pair ? 4 : 3;
    offsets.fill(at, byte, byte + length);
    byte += length;
    if (pair) at++;
  }
  offsets[byte] = text.length;
  return offsets.subarray(0, byte + 1);
}

/** The UTF-16 offset of the code point with this number. */
export function codePointOffset(text: string, number: number): number {
  let at = 0;
  for (let left = number; left > 0 && at < text.length; left--) {
    const code = text.charCodeAt(at);
    at += code >= 0xd800 && code < 0xdc00 ? 2 : 1;
  }
  return at;
}

const locationKeys = new Set(['location', 'name_location', 'arg_location', 'rexpr_list_start', 'rexpr_list_end', 'list_start', 'list_end', 'stmt_location']);

/** Turns every byte offset in the tree into a UTF-16 offset. Own stack: trees are deep where text is long. */
export function moveLocations(tree: object, offsets: Uint32Array): void {
  const pending: object[] = [tree];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if ('stmt_len' in node && typeof node.stmt_len === 'number') moveLength(node as { stmt_len: number; stmt_location?: number }, offsets);
    for (const [key, value] of Object.entries(node)) {
      if (typeof value === 'object' && value !== null) pending.push(value);
      else if (typeof value === 'number' && value > 0 && locationKeys.has(key)) {
        (node as Record<string, unknown>)[key] = offsets[value] ?? offsets[offsets.length - 1];
      }
    }
  }
}

/** Before `stmt_location` is moved, as the length is counted from it. */
function moveLength(node: { stmt_len: number; stmt_location?: number }, offsets: Uint32Array): void {
  const start = node.stmt_location ?? 0;
  node.stmt_len = (offsets[start + node.stmt_len] ?? 0) - (offsets[start] ?? 0);
}
