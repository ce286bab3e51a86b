/** Numbers in paths count as numbers. */
export function byNumbers(a: string, b: string): number {
  return compareVersions(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}

/** `1.10` after `1.9`, `2` like `2.0`, letters by their code. */
export function compareVersions(a: string, b: string): number {
  const left = a.match(/\d+|[^\d._-]+/g) ?? [];
  const right = b.match(/\d+|[^\d._-]+/g) ?? [];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const order = comparePart(left[i] ?? '0', right[i] ?? '0');
    if (order !== 0) return order;
  }
  return 0;
}

function comparePart(a: string, b: string): number {
  const numbers = /^\d/.test(a) && /^\d/.test(b);
  const [x, y] = numbers ? [a.replace(/^0+(?=\d)/, ''), b.replace(/^0+(?=\d)/, '')] : [a, b];
  if (numbers && x.length !== y.length) return x.length - y.length;
  return x < y ? -1 : x > y ? 1 : 0;
}
