import type { Words } from '../sql/tokens.ts';

/** What PL/pgSQL lets stand before a variable: the labels of blocks and loops. */
export function labelsIn({ words }: Words): ReadonlySet<string> {
  const labels = new Set<string>();
  for (let index = words.indexOf('<<'); index >= 0; index = words.indexOf('<<', index + 1)) if (words[index + 2] === '>>') labels.add(words[index + 1]!);
  return labels;
}

/** `blk.t` and `routine.t` as `t`, as long as no variable is called like the label. */
export function withoutLabel(path: readonly string[], labels: ReadonlySet<string>, routine: string | undefined, isVariable: (name: string) => boolean): readonly string[] {
  const [first, second] = path;
  if (second === undefined || first === undefined || (first !== routine && !labels.has(first)) || isVariable(first) || !isVariable(second)) return path;
  return path.slice(1);
}
