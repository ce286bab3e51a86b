/** The alternatives of a pattern: it is cut at each `|` that stands in no bracket and in no parenthesis. */
export function branchesOf(pattern: string): string[] {
  const branches: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i]!;
    if (c === '\\') i++;
    else if (c === '[') {
      const end = endOfBracket(pattern, i);
      if (end < 0) break;
      i = end;
    } else if (c === '(') depth++;
    else if (c === ')') depth--;
    else if (c === '|' && depth === 0) {
      branches.push(pattern.slice(start, i));
      start = i + 1;
    }
  }
  return [...branches, pattern.slice(start)];
}

/** The index of the `]` that ends the bracket expression at `start`, or -1. */
function endOfBracket(pattern: string, start: number): number {
  let i = start + 1;
  if (pattern[i] === '^') i++;
  if (pattern[i] === ']') i++;
  for (; i < pattern.length; i++) {
    const c = pattern[i]!;
    if (c === ']') return i;
    if (c === '\\') i++;
    const kind = c === '[' ? pattern[i + 1] : undefined;
    if (kind === ':' || kind === '.' || kind === '=') {
      const end = pattern.indexOf(`${kind}]`, i + 2);
      if (end < 0) return -1;
      i = end + 1;
    }
  }
  return -1;
}
