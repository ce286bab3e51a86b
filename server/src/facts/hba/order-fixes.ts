import { isRecord, type HbaLine, type HbaRecord } from '../../syntax/hba.ts';
import type { Span } from '../../text.ts';
import type { Fix } from '../../rules/rule.ts';
import type { HbaFacts } from '../access.ts';
import { mostDeciders } from './order.ts';

/** Takes out a record that decides for nobody. */
export function deleteRecord({ document }: HbaFacts, record: HbaRecord): Fix | undefined {
  if (isOddlyEnded(document.text, record.line)) return undefined;
  return { title: 'Delete the record', safety: 'safe', edits: [{ span: wholeLines(document.text, record.line), text: '' }] };
}

/** Takes out a record, so that a later one decides for its clients. */
export function deleteInstead(facts: HbaFacts, record: HbaRecord): Fix | undefined {
  const { path, line } = facts.placeOf(record);
  const fix = path === undefined ? deleteRecord(facts, record) : undefined;
  return fix && { ...fix, title: `Delete line ${line} instead`, safety: 'review' };
}

/**
 * Moves a record, with the comment that belongs to it, above an earlier one. Not out of one file into another, and not over a record
 * with another method for addresses that are not known: it may be about the same clients.
 */
export function moveAbove(facts: HbaFacts, record: HbaRecord, target: HbaRecord): Fix | undefined {
  const { document: { text } } = facts;
  const { path, line } = facts.placeOf(target);
  if (path !== undefined || target.line.start >= record.line.start || isOddlyEnded(text, record.line)) return undefined;
  const passed = linesBetween(facts, target, record);
  if (!passed || passed.some((line) => isRecord(line) && isUnsure(line) && line.method.text !== record.method.text)) return undefined;
  const moved = { start: ownComment(text, record.line), end: record.line.end };
  const at = aboveComment(text, target.line);
  if (at >= moved.start) return undefined;
  const lineEnd = text[text.indexOf('\n', at) - 1] === '\r' ? '\r\n' : '\n';
  return {
    title: `Move the record above line ${line}`, safety: 'review',
    edits: [{ span: { start: at, end: at }, text: text.slice(moved.start, moved.end) + lineEnd }, { span: wholeLines(text, moved), text: '' }],
  };
}

/**
 * The record above which one that lets clients in may be moved so that it takes clients from `those` alone, which are among
 * the records that decide before it. Undefined where it might pass something that is stricter with some of its clients.
 */
export function targetAmong(facts: HbaFacts, record: HbaRecord, those: (earlier: HbaRecord) => boolean): HbaRecord | undefined {
  const by = facts.order.before(record);
  const target = by.length < mostDeciders ? by[by.findLastIndex((earlier) => !those(earlier)) + 1] : undefined;
  // Where one record takes everything, nothing behind it has a say.
  if (!target || facts.placeOf(target).path !== undefined || (by.length === 1 && facts.order.isHidden(record))) return target;
  const passed = linesBetween(facts, target, record);
  if (!passed || passed.some(({ template, include }) => template || include)) return undefined;
  return passed.some((line) => isRecord(line) && !those(line) && facts.order.mayShareMore(line, record)) ? undefined : target;
}

/** Nobody looks through more lines than these to see whether a move is right. */
const mostPassed = 2000;

/** The lines of the file from one to the other, without both; undefined when they are in another file or too many. */
function linesBetween({ file: { lines } }: HbaFacts, above: HbaLine, below: HbaLine): readonly HbaLine[] | undefined {
  const [first, last] = [placeAmong(lines, above), placeAmong(lines, below)];
  return first === undefined || last === undefined || last - first > mostPassed ? undefined : lines.slice(first + 1, last);
}

function placeAmong(lines: readonly HbaLine[], { span }: HbaLine): number | undefined {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lines[middle]!.span.start < span.start) low = middle + 1;
    else high = middle;
  }
  return lines[low]?.span.start === span.start ? low : undefined;
}

/** A host name, a domain or a network of the server: what addresses it stands for is not in the file. */
function isUnsure({ address }: HbaRecord): boolean {
  return address !== undefined && address.kind !== 'all' && address.kind !== 'ip';
}

/** Longer comments explain the file, not one record. */
const mostCommentLines = 3;

/** The lines and one line end: the one behind them, or at the end of the text the one before. */
function wholeLines(text: string, { start, end }: Span): Span {
  const newline = text.indexOf('\n', end);
  if (newline >= 0) return { start, end: newline + 1 };
  const before = start > 0 ? start - 1 : start;
  return { start: text[before - 1] === '\r' ? before - 1 : before, end: text.length };
}

/** What follows a last backslash, or stands behind a NUL, would change with its place. */
function isOddlyEnded(text: string, { start, end }: Span): boolean {
  return text[end - 1] === '\\' || text.slice(start, end).includes('\0');
}

/** Where the comment above a record begins when it is about that record alone: no other record follows at once. */
function ownComment(text: string, line: Span): number {
  const newline = text.indexOf('\n', line.end);
  const next = newline < 0 ? '' : text.slice(newline + 1, text.indexOf('\n', newline + 1) < 0 ? text.length : text.indexOf('\n', newline + 1));
  return /^[ \t\r]*(#|$)/.test(next) ? aboveComment(text, line) : line.start;
}

/** Where the comment lines directly above a line begin; the line itself when there are none, or more than are about it. */
function aboveComment(text: string, line: Span): number {
  let start = line.start;
  for (let lines = 0; start > 0; lines++) {
    const previous = text.lastIndexOf('\n', start - 2) + 1;
    if (!/^[ \t]*#/.test(text.slice(previous, start)) || /\\\r*\n$/.test(text.slice(Math.max(0, previous - 4), previous))) break;
    if (lines === mostCommentLines) return line.start;
    start = previous;
  }
  return start;
}
