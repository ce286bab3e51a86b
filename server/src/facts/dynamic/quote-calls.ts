import type { Edit } from '../../text.ts';
import { lex } from '../../syntax/sql/lexer.ts';
import type { Group } from './pieces.ts';
import type { Replacement } from './rewrite.ts';
import type { Placed, Template } from './template.ts';
import type { Writer } from './written.ts';
import { outerSpan } from './written.ts';

/** quote_literal() and quote_ident() between the operands of `||`, so that a NULL leaves nothing of the text, as before. */
export function quoteInPlace(group: Group, replacements: readonly Replacement[], template: Template, writer: Writer): Edit[] | undefined {
  const mine = template.placed.filter((one) => one.group === group && one.end > one.start);
  const runs: Run[] = [];
  for (const replacement of replacements) {
    if (!replacement.changed) continue;
    const first = mine.findIndex((one) => one.end > replacement.start);
    const last = mine.findLastIndex((one) => one.start < replacement.end);
    const before = runs.at(-1);
    if (before !== undefined && before.last >= first) runs.splice(-1, 1, { ...before, last, replacements: [...before.replacements, replacement] });
    else runs.push({ first, last, replacements: [replacement] });
  }
  const edits = runs.map((run) => editOf(run, mine, template, writer));
  return edits.every((edit) => edit !== undefined) ? edits : undefined;
}

/** Replacements that share a literal, and the pieces from the first to the last of them. */
interface Run {
  readonly first: number;
  readonly last: number;
  readonly replacements: readonly Replacement[];
}

function editOf({ first, last, replacements }: Run, mine: readonly Placed[], { text }: Template, { source, literal }: Writer): Edit | undefined {
  const span = { start: outerSpan(mine[first]!.piece).start, end: outerSpan(mine[last]!.piece).end };
  if (lex(source.slice(span.start, span.end)).some((token) => token.kind === 'comment')) return undefined;
  const previous = mine[first - 1];
  const continues = previous !== undefined && /^\s*$/.test(source.slice(outerSpan(previous.piece).end, span.start));
  const operands: string[] = [];
  let done = mine[first]!.start;
  for (const one of replacements) {
    if (one.start > done || (operands.length === 0 && continues)) operands.push(literal(text.slice(done, one.start)));
    operands.push(quoted(one));
    done = one.end;
  }
  if (mine[last]!.end > done) operands.push(literal(text.slice(done, mine[last]!.end)));
  return { span, text: operands.join(' || ') };
}

function quoted({ letter, argument }: Replacement): string {
  if (letter === 's') return argument;
  return `${letter === 'I' ? 'quote_ident' : 'quote_literal'}(${argument})`;
}
