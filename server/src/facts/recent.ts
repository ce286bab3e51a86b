/**
 * Many ask for the same again shortly after: what was found out about the keys that were asked for last is kept, until the size of
 * newer ones is more than `most`. What is about the very last key is kept whatever its size.
 */
export function recently<K extends object, T>(most: number, sizeOf: (key: K) => number, find: (key: K) => T): (key: K) => T {
  let newer = new Map<K, T>();
  let older = newer;
  let size = 0;
  return (key) => {
    const known = newer.get(key);
    if (known !== undefined) return known;
    const found = older.get(key) ?? find(key);
    newer.set(key, found);
    if ((size += sizeOf(key)) > most) {
      older = newer;
      newer = new Map();
      size = 0;
    }
    return found;
  };
}
