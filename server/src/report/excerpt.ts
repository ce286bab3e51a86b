import type { Document } from '../document.ts';
import { withoutSecret, withoutSecrets } from './hidden.ts';
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

/** What stands on both sides of what is shown may tell that it is a secret. */
const around = 100;

/** For many findings of one document. */
export function excerpts(document: Document): (at: Span, rule: string) => Excerpt {
  const { text } = document;
  const lines = new Lines(text);
  return (at, rule) => {
    const { line, column } = lines.position(at.start);
    const start = lines.start(line);
    const code = text.slice(start, lines.start(line + 1)).replace(/[\r\n]+$/, '');
    const marked = Math.max(1, Math.min(at.end - start, code.length) - column);
    const from = column + marked <= widest ? 0 : Math.max(0, Math.min(column - 20, code.length - widest));
    const to = Math.min(from + widest, code.length);
    const near = Math.max(0, from - around);
    const shown = withoutSecrets(code.slice(near, to + around));
    const part = (begin: number, end: number) => shown.slice(begin - near, end - near);
    return {
      line: line + 1,
      before: `${from > 0 ? '…' : ''}${part(from, column)}`.replace(/^\ufeff/, ''),
      marked: withoutSecret(part(column, Math.min(column + marked, to)), rule),
      after: `${part(Math.min(column + marked, to), to)}${to < code.length ? '…' : ''}`,
    };
  };
}
