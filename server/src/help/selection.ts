import type { Document } from '../document.ts';
import { readConf, readHba, readIdent } from '../facts/reading.ts';
import type { HbaLine } from '../syntax/hba.ts';
import type { Span } from '../text.ts';
import { writtenOf } from './folding.ts';
import { sectionsOf } from './sections.ts';
import { lineAt } from './word-hover.ts';

/** What can be selected around a place, from the token to the whole text; each lies inside the next one and no token is ever cut. */
export function selectionsAt(document: Document, offset: number): Span[] {
  const { text } = document;
  const { comments } = writtenOf(document);
  const around = [
    ...(document.language === 'conf' ? settingParts(document, offset) : recordParts(document, offset)),
    ...comments, ...sectionsOf(text, comments).map(({ span }) => span), { start: 0, end: text.length },
  ].filter(({ start, end }) => start <= offset && offset <= end && start < end);
  return nested(around);
}

/** From the shortest on, each that holds the one before it. */
function nested(spans: readonly Span[]): Span[] {
  const chain: Span[] = [];
  for (const span of [...spans].sort((a, b) => (a.end - a.start) - (b.end - b.start))) {
    const last = chain.at(-1);
    if (last === undefined || (contains(span, last) && !contains(last, span))) chain.push(span);
  }
  return chain;
}

function contains(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

function settingParts(document: Document, offset: number): Span[] {
  const { settings, includes } = readConf(document).file;
  const here = [...settings, ...includes].find(({ span }) => span.start <= offset && offset <= span.end);
  if (here === undefined) return [];
  const value = 'target' in here ? here.target : here.value;
  return [...('target' in here ? [] : [here.name.span]), ...(value.quoted ? [inside(value.span)] : []), value.span, here.span];
}

function recordParts(document: Document, offset: number): Span[] {
  if (document.language !== 'hba' && document.language !== 'ident') return [];
  const line = lineAt(document.language === 'hba' ? readHba(document).file.lines : readIdent(document).file.lines, offset);
  return line === undefined ? [] : [...line.fields.flatMap(fieldParts), ...optionParts(line), line.span];
}

function fieldParts(tokens: HbaLine['fields'][number]): Span[] {
  return [...tokens.map(({ span }) => span), { start: tokens[0]!.span.start, end: tokens.at(-1)!.span.end }];
}

function optionParts(line: HbaLine): Span[] {
  const options = 'options' in line ? line.options as readonly { readonly nameSpan: Span; readonly valueSpan: Span }[] : [];
  return options.flatMap(({ nameSpan, valueSpan }) => [nameSpan, valueSpan]);
}

function inside({ start, end }: Span): Span {
  return { start: start + 1, end: end - 1 };
}
