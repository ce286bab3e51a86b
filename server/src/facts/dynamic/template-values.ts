import type { Expression } from '../../syntax/sql/expression.ts';
import type { FormatTemplate } from './format-template.ts';
import type { Context, Judgement } from './judgement.ts';
import { isTame, together } from './judgement.ts';
import { changedSlot } from './slots.ts';
import type { Piece } from './statement-text.ts';

type Judge = (expression: Expression, context: Context) => Judgement;

/**
 * A value that is joined into the template of format() may bring placeholders: `%1$s` puts the first argument between the quotes of the value,
 * and nothing quotes it there. The values to which that can happen, with what the arguments hold.
 */
export function withArguments(pieces: readonly Piece[], template: FormatTemplate, args: readonly Expression[], context: Context, judge: Judge): readonly Piece[] {
  const open = [...template.joined].flatMap(([sign, piece]) => (leavesArgument(template.value, template.value.indexOf(sign), args.length) ? [piece] : []));
  if (open.length === 0) return pieces;
  const given = together(args.map((argument) => judge(argument, context)));
  if (isTame(given) || given.origin === 'unknown') return pieces;
  return pieces.map((piece) => (piece.kind === 'slot' && open.includes(piece) ? changedSlot(piece, { given }) : piece));
}

/** The placeholders behind it take an argument each, and where none is left for the first, format() fails. */
function leavesArgument(template: string, at: number, count: number): boolean {
  const behind = [...template.slice(at).matchAll(/%(?:%|(\d+\$)?[^sIL]*[sIL])/g)].filter(([written]) => written !== '%%');
  const numbered = behind.findIndex(([, position]) => position !== undefined);
  return (numbered < 0 ? behind.length : numbered) < count;
}
