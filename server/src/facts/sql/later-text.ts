import type { Statement } from '../../syntax/sql/statements.ts';
import type { SqlFacts } from '../sql.ts';

/** A pattern matches what runs behind a statement: in the rest of its file, or in a later file of a set whose order is known. */
export function comesLater({ document: { text, path, set } }: SqlFacts, { span }: Statement, pattern: RegExp): boolean {
  if (pattern.test(text.slice(span.end))) return true;
  if (!set?.ordered) return false;
  return set.files.slice(set.files.findIndex((file) => file.path === path) + 1).some((file) => pattern.test(file.text));
}

/** Words as they may be written elsewhere: in another case, with other blanks. */
export function anyWriting(words: string): string {
  return words.trim().split(/\s+/).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('\\s+');
}
