/** A word of the file, fit for a message: in quotes, short, without control characters. */
export function shown(word: string): string {
  const plain = word.replace(/[\u0000-\u001f\u007f\u200b-\u200f\u2028-\u202e\ufeff]/g, '\ufffd');
  return `"${plain.length > 40 ? `${[...plain].slice(0, 36).join('')}…` : plain}"`;
}

/** The candidate that differs from `word` only in case, in `-` and `_`, or by one slip of the keyboard; undefined when that is not one of them. */
export function likelyWord(word: string, candidates: readonly string[]): string | undefined {
  const plain = withoutDashes(word);
  const same = candidates.find((candidate) => withoutDashes(candidate) === plain);
  if (same !== undefined) return same;
  const near = candidates.filter((candidate) => candidate.length > 3 && oneSlipApart(word.toLowerCase(), candidate));
  return near.length === 1 ? near[0] : undefined;
}

function withoutDashes(word: string): string {
  return word.toLowerCase().replace(/[-_]/g, '');
}

/** One letter too many, too few or wrong, or two neighbours swapped. */
function oneSlipApart(a: string, b: string): boolean {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const restA = a.slice(start, a.length - end);
  const restB = b.slice(start, b.length - end);
  if (restA.length <= 1 && restB.length <= 1) return true;
  return restA.length === 2 && restB.length === 2 && restA[0] === restB[1] && restA[1] === restB[0];
}
