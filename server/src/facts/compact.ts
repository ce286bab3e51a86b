/**
 * The same value in less memory, for what is kept of thousands of files: short texts that are equal become one, no text keeps the
 * longer one that it was cut from, and lists have no room for more. Plain values only; they are changed in place.
 */
export function compact<T>(value: T): T {
  if (typeof value === 'string') return shared(value) as T;
  if (Array.isArray(value)) return (value.length === 0 ? nothing : value.map(compact)) as T;
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  const fields = value as Record<string, unknown>;
  for (const name in fields) {
    const before = fields[name];
    const after = compact(before);
    if (after !== before) fields[name] = after;
  }
  return value;
}

/** Objects of a schema have a dozen lists, most of them empty: these become one. Changed in place, as far as the first fields. */
export function withoutEmptyLists<T>(value: T): T {
  if (Array.isArray(value)) {
    for (const one of value) share(one);
    return value;
  }
  share(value);
  return value;
}

function share(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return;
  const fields = value as Record<string, unknown>;
  for (const name in fields) {
    const field = fields[name];
    if (Array.isArray(field) && field.length === 0) fields[name] = nothing;
  }
}

const nothing: readonly never[] = Object.freeze([]);

/** What a name or a type may have; longer texts are rarely equal. */
const longest = 64;
const most = 50_000;
let known = new Map<string, string>();

function shared(text: string): string {
  const same = known.get(text);
  if (same !== undefined) return same;
  const own = ownCopy(text);
  if (own.length > longest) return own;
  if (known.size >= most) known = new Map();
  known.set(own, own);
  return own;
}

/** A piece of a text, or a text that was put together, keeps all its parts in memory. */
export function ownCopy(text: string): string {
  return JSON.parse(JSON.stringify(text)) as string;
}
