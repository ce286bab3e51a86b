import type { Slot } from './pieces.ts';
import type { Template } from './template.ts';

/** The same value stands further to the front, quoted, as the name of a table that has to exist: `ALTER TABLE %I ADD CONSTRAINT %s_key …` */
export function isNamedBefore(piece: Slot, { text, placed, place }: Template, source: string): boolean {
  if (piece.force !== undefined || piece.expression.kind !== 'reference') return false;
  const name = source.slice(piece.span.start, piece.span.end);
  const here = placed.find((one) => one.piece === piece);
  return here !== undefined && placed.some(({ piece: other, start }) => {
    if (other.kind !== 'slot' || other.force !== 'identifier' || start >= here.start || source.slice(other.span.start, other.span.end) !== name) return false;
    const spot = place(other);
    return spot?.kind === 'bare' && takesTable.test(text.slice(0, start)) && !text.slice(start, here.start).includes(';');
  });
}

/** At the start of a statement: behind a comment or a sub-select that the value itself begins there would be none. */
const takesTable = /^\s*(?:alter\s+table|insert\s+into|update|delete\s+from|truncate(?:\s+table)?|lock(?:\s+table)?|comment\s+on\s+table)\s+(?:only\s+)?(?:\w+\s*\.\s*)?$/i;
