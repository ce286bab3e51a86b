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

/** The same code without such labels, so that whoever reads it by words finds the variables. */
export function withoutLabels(code: Words, plain: (path: readonly string[]) => readonly string[]): Words {
  const { tokens, words } = code;
  const left = new Set<number>();
  for (let at = words.indexOf('.', 1); at > 0; at = words.indexOf('.', at + 1)) {
    if (words[at - 2] !== '.' && plain([words[at - 1]!, words[at + 1] ?? '']).length === 1) left.add(at - 1).add(at);
  }
  if (left.size === 0) return code;
  const isRight = (_: unknown, at: number) => !left.has(at);
  return { tokens: tokens.filter(isRight), words: words.filter(isRight) };
}
