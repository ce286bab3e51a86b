import type { Document } from '../document.ts';
import type { Span } from '../text.ts';
import { Lines } from '../text.ts';

/** The line where a finding begins, cut where it is too long to read. */
export interface Excerpt {
  /** From 1. */
  readonly line: number;
  readonly before: string;
  /** The part that is meant, as far as it stands on this line. */
  readonly marked: string;
  readonly after: string;
}

/** Most characters of code that are shown of one line. */
const widest = 110;

/** For many findings of one document. */
export function excerpts(document: Document): (at: Span) => Excerpt {
  const { text } = document;
  const lines = new Lines(text);
  return (at) => {
    const { line, column } = lines.position(at.start);
    const start = lines.start(line);
    const code = text.slice(start, lines.start(line + 1)).replace(/[\r\n]+$/, '');
    const marked = Math.max(1, Math.min(at.end - start, code.length) - column);
    const from = column + marked <= widest ? 0 : Math.max(0, Math.min(column - 20, code.length - widest));
    const to = Math.min(from + widest, code.length);
    return {
      line: line + 1,
      before: `${from > 0 ? '…' : ''}${code.slice(from, column)}`.replace(/^\ufeff/, ''),
      marked: code.slice(column, Math.min(column + marked, to)),
      after: `${code.slice(Math.min(column + marked, to), to)}${to < code.length ? '…' : ''}`,
    };
  };
}
