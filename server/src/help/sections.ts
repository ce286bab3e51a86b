import type { Span } from '../text.ts';

/** A part of a file under a heading that is written as a comment. */
export interface Section {
  readonly title: string;
  readonly titleSpan: Span;
  /** From the first line of the heading to the last character before the next section. */
  readonly span: Span;
  /** 1 for a title between two rules, 2 for `# - Title -` in the manner of the server's own file. */
  readonly level: 1 | 2;
}

/** The sections of a text, in order; those of level 2 lie inside the one of level 1 before them. */
export function sectionsOf(text: string, comments: readonly Span[]): Section[] {
  const headings = headingsOf(text, comments.filter((comment) => standsAlone(text, comment)));
  return headings.map(({ title, titleSpan, start, level }, index) => {
    const next = headings.slice(index + 1).find((other) => other.level <= level);
    return { title, titleSpan, level, span: { start, end: trimmedEnd(text, next?.start ?? text.length) } };
  });
}

/** Nothing but blanks stands before it on its line. */
export function standsAlone(text: string, { start }: Span): boolean {
  let at = start;
  while (at > 0 && (text[at - 1] === ' ' || text[at - 1] === '\t' || text[at - 1] === '\ufeff')) at--;
  return at === 0 || text[at - 1] === '\n';
}

/** The second comment stands on the line after the first one. */
export function areNeighbours(text: string, first: Span, second: Span): boolean {
  return /^\r*\n[ \t]*$/.test(text.slice(first.end, second.start));
}

interface Heading {
  readonly title: string;
  readonly titleSpan: Span;
  readonly start: number;
  readonly level: 1 | 2;
}

const mostTitleLines = 3;

function headingsOf(text: string, comments: readonly Span[]): Heading[] {
  const headings: Heading[] = [];
  for (let i = 0; i < comments.length; i++) {
    const banner = isRule(text, comments[i]!) ? bannerAt(text, comments, i) : undefined;
    const heading = banner?.heading ?? lineHeading(text, comments[i]!);
    if (heading !== undefined) headings.push(heading);
    i += banner?.lines ?? 0;
  }
  return headings;
}

/** One to three lines of text between two rules. */
function bannerAt(text: string, comments: readonly Span[], first: number): { heading: Heading; lines: number } | undefined {
  for (let i = first + 1; i <= first + mostTitleLines + 1 && i < comments.length; i++) {
    if (!areNeighbours(text, comments[i - 1]!, comments[i]!)) return undefined;
    if (!isRule(text, comments[i]!)) continue;
    const titles = comments.slice(first + 1, i).map((span) => ({ span, title: plain(text, span) })).filter(({ title }) => title !== '');
    if (titles.length === 0) return undefined;
    const heading: Heading = { title: titles.map(({ title }) => title).join(' '), titleSpan: titles[0]!.span, start: comments[first]!.start, level: 1 };
    return { heading, lines: i - first };
  }
  return undefined;
}

function lineHeading(text: string, comment: Span): Heading | undefined {
  const [, open, title] = /^#+[ \t]*([-=*]+)[ \t]+(\S.*?)[ \t]+[-=*]+[ \t]*#*$/.exec(text.slice(comment.start, comment.end)) ?? [];
  if (title === undefined || !/\w/.test(title)) return undefined;
  return { title, titleSpan: comment, start: comment.start, level: open!.length < 3 ? 2 : 1 };
}

function isRule(text: string, { start, end }: Span): boolean {
  return /^#[ \t]*[-=*#_~+]{3,}[ \t]*$/.test(text.slice(start, Math.min(end, start + 300)));
}

function plain(text: string, { start, end }: Span): string {
  return text.slice(start, end).replace(/^[#\s]+|[#\s]+$/g, '');
}

function trimmedEnd(text: string, end: number): number {
  while (end > 0 && /\s/.test(text[end - 1]!)) end--;
  return end;
}
