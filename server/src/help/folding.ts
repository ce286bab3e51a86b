import type { Document, Written } from '../document.ts';
import { readConf, readHba, readIdent } from '../facts/reading.ts';
import type { Span } from '../text.ts';
import { areNeighbours, sectionsOf, standsAlone } from './sections.ts';

export interface Fold {
  readonly span: Span;
  readonly kind: 'section' | 'comment' | 'line';
}

/** What can be folded away: sections under their titles, blocks of comments, records that go on over several lines. */
export function foldsOf(document: Document): Fold[] {
  const { text } = document;
  const { comments } = writtenOf(document);
  const sections = sectionsOf(text, comments);
  const titles = new Set(sections.map(({ titleSpan }) => titleSpan.start));
  return [
    ...sections.map(({ titleSpan, span }): Fold => ({ kind: 'section', span: { start: titleSpan.start, end: span.end } })),
    ...commentBlocks(text, comments).filter(({ start, end }) => ![...titles].some((title) => start <= title && title < end)).map((span): Fold => ({ kind: 'comment', span })),
    ...longLines(document).map((span): Fold => ({ kind: 'line', span })),
  ].filter(({ span }) => text.slice(span.start, span.end).includes('\n')).sort((a, b) => a.span.start - b.span.start);
}

export function writtenOf(document: Document): Written {
  switch (document.language) {
    case 'conf': return readConf(document).file;
    case 'hba': return readHba(document).file;
    case 'ident': return readIdent(document).file;
    case 'sql': return { comments: [], units: [] };
  }
}

function commentBlocks(text: string, comments: readonly Span[]): Span[] {
  const blocks: { start: number; end: number }[] = [];
  let last: Span | undefined;
  for (const comment of comments) {
    if (!standsAlone(text, comment)) continue;
    if (last !== undefined && areNeighbours(text, last, comment)) blocks.at(-1)!.end = comment.end;
    else blocks.push({ ...comment });
    last = comment;
  }
  return blocks;
}

function longLines(document: Document): Span[] {
  if (document.language !== 'hba' && document.language !== 'ident') return [];
  const { lines } = document.language === 'hba' ? readHba(document).file : readIdent(document).file;
  return lines.map(({ line }) => line);
}
