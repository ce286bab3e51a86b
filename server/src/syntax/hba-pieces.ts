import { shift, type Span } from '../text.ts';
import type { HbaAddress, HbaLine, HbaRecord } from './hba.ts';
import { readLineAt, type HbaToken, type TokenLine } from './hba-tokens.ts';

/** One logical line that holds something: a comment, what is understood of its words, or both. */
export interface Piece {
  readonly start: number;
  /** Where the next logical line begins. */
  readonly next: number;
  readonly comment: Span | undefined;
  readonly line: HbaLine | undefined;
}

/** Reads the logical lines of a text. What stands before and behind the place of a change is taken from the time before. */
export function readPieces(text: string, version: number, understand: (line: TokenLine) => HbaLine): readonly Piece[] {
  if (text.length < worthKeeping) return readAll(text, version, understand);
  const at = recent.findIndex((one) => one.version === version && isLike(one.text, text));
  const before = at < 0 ? undefined : recent.splice(at, 1)[0];
  const pieces = before ? readChanged(text, version, understand, before) : readAll(text, version, understand);
  recent.unshift({ text, version, pieces });
  recent.length = Math.min(recent.length, mostRecent);
  return pieces;
}

interface Reading {
  readonly text: string;
  readonly version: number;
  readonly pieces: readonly Piece[];
}

const worthKeeping = 10_000;
const mostRecent = 3;
const recent: Reading[] = [];

function isLike(a: string, b: string): boolean {
  const prefix = commonPrefix(a, b);
  return (prefix + commonSuffix(a, b, prefix)) * 2 > b.length;
}

function readAll(text: string, version: number, understand: (line: TokenLine) => HbaLine): Piece[] {
  const pieces: Piece[] = [];
  const hasNul = text.includes('\0');
  for (let start = 0; start < text.length;) {
    const { line, next } = readLineAt(text, start, version, hasNul);
    if (line) pieces.push(pieceOf(start, next, line, understand));
    start = next;
  }
  return pieces;
}

function pieceOf(start: number, next: number, line: TokenLine, understand: (line: TokenLine) => HbaLine): Piece {
  return { start, next, comment: line.comment, line: line.fields.length > 0 ? understand(line) : undefined };
}

function readChanged(text: string, version: number, understand: (line: TokenLine) => HbaLine, before: Reading): readonly Piece[] {
  const prefix = commonPrefix(before.text, text);
  const unchangedFrom = before.text.length - commonSuffix(before.text, text, prefix);
  const moved = text.length - before.text.length;
  const firstOther = before.pieces.findIndex((piece) => piece.next >= prefix);
  const pieces = firstOther < 0 ? [...before.pieces] : before.pieces.slice(0, firstOther);
  const hasNul = text.includes('\0');
  let old = pieces.length;
  for (let start = pieces.at(-1)?.next ?? 0; start < text.length;) {
    while (old < before.pieces.length && before.pieces[old]!.start + moved < start) old++;
    const known = before.pieces[old];
    if (known && known.start >= unchangedFrom && known.start + moved === start) {
      for (; old < before.pieces.length; old++) pieces.push(movedPiece(before.pieces[old]!, moved));
      return pieces;
    }
    const { line, next } = readLineAt(text, start, version, hasNul);
    if (line) pieces.push(pieceOf(start, next, line, understand));
    start = next;
  }
  return pieces;
}

/** Texts are compared in steps of this many characters before they are compared one by one. */
const stride = 1024;

function commonPrefix(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length + stride <= most && a.slice(length, length + stride) === b.slice(length, length + stride)) length += stride;
  while (length < most && a.charCodeAt(length) === b.charCodeAt(length)) length++;
  return length;
}

/** What the two have in common at the end, not counting what they have in common at the beginning. */
function commonSuffix(a: string, b: string, prefix: number): number {
  const most = Math.min(a.length, b.length) - prefix;
  const endOf = (text: string, from: number) => text.slice(text.length - from - stride, text.length - from);
  let length = 0;
  while (length + stride <= most && endOf(a, length) === endOf(b, length)) length += stride;
  while (length < most && a.charCodeAt(a.length - 1 - length) === b.charCodeAt(b.length - 1 - length)) length++;
  return length;
}

function movedPiece(piece: Piece, by: number): Piece {
  if (by === 0) return piece;
  return {
    start: piece.start + by, next: piece.next + by,
    comment: piece.comment && shift(piece.comment, by),
    line: piece.line && movedLine(piece.line, by),
  };
}

function movedLine(line: HbaLine, by: number): HbaLine {
  const fields = line.fields.map((tokens) => tokens.map((token) => movedToken(token, by)));
  const base = { span: shift(line.span, by), line: shift(line.line, by), fields, template: line.template };
  if ('method' in line) return movedRecord(line as HbaRecord, base, by);
  if (line.error) return { ...base, error: { ...line.error, at: shift(line.error.at, by) } };
  return line.include ? { ...base, include: { kind: line.include.kind, target: fields[1]![0]! } } : base;
}

function movedRecord(record: HbaRecord, base: HbaLine, by: number): HbaRecord {
  const { fields } = base;
  const address = record.address && movedAddress(record.address, fields);
  const behindAddress = 3 + (address ? address.tokens.length : 0);
  const words = record.options.length > 0 ? fields.slice(behindAddress + 1).flat() : [];
  return {
    span: base.span, line: base.line, fields, template: base.template,
    type: fields[0]![0] as HbaRecord['type'], databases: fields[1]!, users: fields[2]!,
    address: address as HbaAddress,
    method: fields[behindAddress]![0] as HbaRecord['method'],
    options: record.options.map((option, i) => ({
      ...option, token: words[i]!, nameSpan: shift(option.nameSpan, by), valueSpan: shift(option.valueSpan, by),
    })),
  };
}

function movedAddress(address: HbaAddress, fields: HbaLine['fields']): HbaAddress {
  const token = fields[3]![0]!;
  if (address.kind !== 'ip') return { kind: address.kind, tokens: [token] };
  return { ...address, tokens: address.tokens.length > 1 ? [token, fields[4]![0]!] : [token] };
}

function movedToken({ span, text, quoted, file }: HbaToken, by: number): HbaToken {
  const moved = shift(span, by);
  return file === undefined ? { span: moved, text, quoted } : { span: moved, text, quoted, file };
}
