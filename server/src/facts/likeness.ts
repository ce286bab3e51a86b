/** Two names that can be one and the same to whoever wrote them: another spelling, a plural, a slip. What they do must be the same: `read own` is not `edit own`. */
export function isAlike(a: string, b: string): boolean {
  const [left, right] = [a, b].map((name) => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')) as [string, string];
  const verbs = (name: string): string => (name.match(/select|insert|update|delete|read|view|see|create|add|edit|change|remove|manage/g) ?? []).sort().join();
  const most = Math.max(1, Math.floor(Math.min(left.length, right.length) / 4));
  return verbs(left) === verbs(right) && editDistance(left, right, most + 1) <= most;
}

/** Levenshtein distance; stops counting at `limit`. */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(change, previous[j]! + 1, current[j - 1]! + 1));
    }
    previous = current;
  }
  return Math.min(previous[b.length]!, limit);
}
