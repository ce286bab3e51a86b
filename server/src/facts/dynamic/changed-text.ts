import type { Expression } from '../../syntax/sql/expression.ts';
import { cutOf, trimsNoQuote } from './function-results.ts';
import type { Group, Piece } from './statement-text.ts';

type Call = Extract<Expression, { kind: 'call' }>;
type Flatten = (expression: Expression) => readonly Piece[];

/**
 * `replace(template, '#table#', t)`, `rtrim(list, ', ')`, `left(list, -2)`, `lower(quote_literal(x))`: the text that the routine has put together, with what the call changes in it;
 * undefined where there is no such text, or quotes may be lost. `source`: the text of the body.
 */
export function changedText(call: Call, source: string, flatten: Flatten): Piece | undefined {
  const pieces = call.name === 'replace' ? replacedText(call, flatten) : changesCase.has(call.name) ? casedText(call, flatten) : trimmedText(call, source, flatten);
  return pieces && { kind: 'choice', span: call.span, branches: [{ span: call.span, pieces, shape: 'single', agreed: false, keepsNull: false, format: undefined }] };
}

const changesCase = new Set(['lower', 'upper', 'initcap']);

/** Quotes stay what they are, and so does what is doubled. */
function casedText({ args: [text] }: Call, flatten: Flatten): Piece[] | undefined {
  const pieces = text === undefined ? [] : flatten(text);
  return pieces.some(holdsQuoting) ? [...pieces] : undefined;
}

function holdsQuoting(piece: Piece): boolean {
  if (piece.kind === 'choice') return piece.branches.some((branch) => branch.pieces.some(holdsQuoting));
  return piece.kind === 'slot' && (piece.escaped || piece.force !== undefined);
}

/** The value stands wherever the text names it; `replace(x, '$', '')` takes a sign out of everything instead. */
function replacedText({ args: [template, searched, value] }: Call, flatten: Flatten): Piece[] | undefined {
  if (template === undefined || searched?.kind !== 'literal' || value === undefined || searched.value === '' || searched.value === '$' || /['"]/.test(searched.value)) return undefined;
  const filling: Filling = { searched: searched.value, value: () => flatten(value), places: 0 };
  const pieces = filled(flatten(template), filling);
  return filling.places > 0 && filling.places <= mostPlaces ? pieces : undefined;
}

/** Nobody fills one value into more places. */
const mostPlaces = 50;

interface Filling {
  readonly searched: string;
  /** Read for every place: each has what is wrong there. */
  readonly value: () => readonly Piece[];
  places: number;
}

function filled(pieces: readonly Piece[], filling: Filling): Piece[] {
  return pieces.flatMap((piece): Piece[] => {
    if (piece.kind === 'slot') return [piece];
    if (piece.kind === 'choice') return [{ ...piece, branches: piece.branches.map((branch) => changed(branch, filled(branch.pieces, filling))) }];
    const parts = piece.value.split(filling.searched);
    if (parts.length === 1) return [piece];
    filling.places += parts.length - 1;
    if (filling.places > mostPlaces) return [piece];
    return parts.flatMap((part, index): Piece[] => [...(index === 0 ? [] : filling.value()), ...textOf(part, piece)]);
  });
}

function trimmedText(call: Call, source: string, flatten: Flatten): Piece[] | undefined {
  const [list] = call.args;
  const cut = cutBy(call, source);
  if (cut === undefined || list === undefined) return undefined;
  const pieces = flatten(list);
  return pieces.some(({ kind }) => kind !== 'slot') ? without(pieces, cut) : undefined;
}

interface Cut {
  readonly at: 'start' | 'end';
  /** What is left of the text that stands there; undefined when more goes than that. */
  readonly leaves: (text: string) => string | undefined;
  /** A value that stands there keeps its quotes. */
  readonly sparesValues: boolean;
}

function cutBy(call: Call, source: string): Cut | undefined {
  if (trimsNoQuote(call)) {
    const [, characters] = call.args;
    const cut = new Set(characters?.kind === 'literal' ? characters.value : ' ');
    return call.name === 'ltrim' ? { at: 'start', leaves: (text) => trimmed(text, cut, 'start'), sparesValues: true } : { at: 'end', leaves: (text) => trimmed(text, cut, 'end'), sparesValues: true };
  }
  const cut = cutOf(call, source);
  if (cut === undefined) return undefined;
  const { at, length } = cut;
  return { at, leaves: (text) => (text.length < length ? undefined : at === 'end' ? text.slice(0, text.length - length) : text.slice(length)), sparesValues: false };
}

function trimmed(text: string, cut: ReadonlySet<string>, at: 'start' | 'end'): string {
  let start = 0;
  let end = text.length;
  while (at === 'start' && start < end && cut.has(text[start]!)) start++;
  while (at === 'end' && end > start && cut.has(text[end - 1]!)) end--;
  return text.slice(start, end);
}

function without(pieces: readonly Piece[], cut: Cut): Piece[] | undefined {
  const at = cut.at === 'end' ? pieces.findLastIndex((one) => !isEmpty(one)) : pieces.findIndex((one) => !isEmpty(one));
  const piece = pieces[at];
  if (piece === undefined) return [];
  // What is added to an empty text in a branch or a loop may be the first.
  if (cut.at === 'start' && at > 0 && pieces.slice(at + 1).some((one) => one.kind === 'choice' && choiceWithout(one, cut) === undefined)) return undefined;
  const inner = piece.kind === 'slot' ? (cut.sparesValues ? [piece] : undefined) : piece.kind === 'text' ? leftOf(piece, cut) : choiceWithout(piece, cut);
  if (inner === undefined) return undefined;
  return [...pieces.slice(0, at), ...inner, ...pieces.slice(at + 1)];
}

/** `list text := ''` before anything is added to it. */
function isEmpty(piece: Piece): boolean {
  return piece.kind === 'text' ? piece.value === '' : piece.kind === 'choice' && piece.branches.every((branch) => branch.pieces.every(isEmpty));
}

function leftOf(piece: Extract<Piece, { kind: 'text' }>, { leaves }: Cut): Piece[] | undefined {
  const text = leaves(piece.value);
  return text === undefined ? undefined : text === piece.value ? [piece] : textOf(text, piece);
}

function choiceWithout(piece: Extract<Piece, { kind: 'choice' }>, cut: Cut): Piece[] | undefined {
  const branches: Group[] = [];
  for (const branch of piece.branches) {
    const pieces = without(branch.pieces, cut);
    if (pieces === undefined) return undefined;
    branches.push(changed(branch, pieces));
  }
  return [{ ...piece, branches }];
}

function textOf(value: string, { span }: Piece): Piece[] {
  return value === '' ? [] : [{ kind: 'text', value, span }];
}

/** It no longer is what stands in the body, so no fix can write it anew. */
function changed(group: Group, pieces: readonly Piece[]): Group {
  const same = pieces.length === group.pieces.length && pieces.every((piece, index) => piece === group.pieces[index]);
  return same ? group : { ...group, pieces, agreed: false, format: undefined };
}
