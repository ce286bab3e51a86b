import type { Finding } from '../../rules/rule.ts';

/** Several findings of one kind as one: at the first of them, with the others beside it and all of their first fixes in one. */
export function together([first, ...others]: readonly Finding[], message: string): Finding {
  const all = [first!, ...others];
  const fix = first!.fixes?.[0];
  return {
    ...first!, message,
    related: others.map(({ at, message: note }) => ({ at, message: note })),
    ...(fix && { fixes: [{ ...fix, edits: all.flatMap((finding) => finding.fixes?.[0]?.edits ?? []) }] }),
  };
}

/** The findings as they are, or as one when there are more than `most` of them. */
export function atMost(most: number, findings: readonly Finding[], message: string): readonly Finding[] {
  return findings.length > most ? [together(findings, message)] : findings;
}
