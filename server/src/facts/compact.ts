/**
 * The same value in less memory, for what is kept of thousands of files: short texts that are equal become one, no text keeps the
 * longer one that it was cut from, and lists have no room for more. Plain values only; they are changed in place.
 */
export function compact<T>(value: T): T {
  if (typeof value === 'string') return shared(value) as T;
  if (Array.isArray(value)) return (value.length === 0 ? nothing : value.map(compact)) as T;
  if (!isPlain(value)) return value;
  const fields: Record<string, unknown> = value;
  for (const name in fields) {
    const before = fields[name];
    const after = compact(before);
    // Texts that are equal may still be two.
    if (typeof after === 'string' || after !== before) fields[name] = after;
  }
  return value;
}

/**
 * Objects of a schema have a dozen lists. The empty ones become one, the others lose the room that a list has to grow in, unless they
 * belong to `before` as well, which went through this then. Objects are changed in place, as far as the first fields; a list is a new one.
 */
export function withTightLists<T>(value: T, before: unknown): T {
  const known = new Set(asList(before).flatMap(listsOf));
  for (const one of asList(value)) if (!asList(before).includes(one)) tighten(one, known);
  return Array.isArray(value) ? tight(value) as T : value;
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

function listsOf(value: unknown): readonly unknown[] {
  return isPlain(value) ? Object.values(value).filter(Array.isArray) : [];
}

function tighten(value: unknown, known: ReadonlySet<unknown>): void {
  if (!isPlain(value)) return;
  for (const name in value) {
    const field = value[name];
    if (Array.isArray(field) && !known.has(field)) value[name] = tight(field);
  }
}

function tight(list: readonly unknown[]): readonly unknown[] {
  return list.length === 0 ? nothing : list.slice();
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
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
