import { readHba } from '../facts/reading.ts';
import { baseName } from '../paths.ts';
import type { Document } from '../document.ts';
import type { HbaFacts } from '../facts/access.ts';
import { addressSpan } from '../facts/hba/address.ts';
import { overlapsBefore } from '../facts/hba/overlaps.ts';
import { rangeText, recordText } from '../facts/hba/record-text.ts';
import type { HbaRecord } from '../syntax/hba.ts';
import { overlaps, type Span } from '../text.ts';

/** What a place in pg_hba.conf means. */
export interface Help {
  readonly at: Span;
  /** Sentences, each a paragraph. */
  readonly paragraphs: readonly string[];
}

/** The record at `span` in words, in its place among the others; on an address also how far it reaches. */
export function hbaHelp(document: Document, span: Span): Help | undefined {
  const facts = readHba(document);
  const record = facts.records.find((one) => overlaps(one.span, span));
  if (!record) return undefined;
  const { address } = record;
  const onAddress = address?.kind === 'ip' && overlaps(addressSpan(address), span);
  return {
    at: onAddress ? addressSpan(address) : record.span,
    paragraphs: [...(onAddress ? [rangeText(address)] : []), recordText(facts, record), ...placeText(facts, record)],
  };
}

const mostLines = 4;

/** Which earlier lines decide for some, or for all, of the record's clients. */
function placeText(facts: HbaFacts, record: HbaRecord): string[] {
  const found = overlapsBefore(facts, record);
  const placeOf = (earlier: HbaRecord) => {
    const { path, line } = facts.placeOf(earlier);
    return path === undefined ? `line ${line}` : `${baseName(path)}:${line}`;
  };
  const shownOnes = found.slice(0, mostLines);
  const more = found.length - shownOnes.length;
  if (facts.order.isHidden(record)) {
    const places = shownOnes.map((one) => placeOf(one.record)).join(', ');
    return [`No client gets as far as this record: ${places}${more > 0 ? ` and ${more} more` : ''} ${found.length === 1 ? 'decides' : 'decide'} for all of them`];
  }
  const said = shownOnes.map(({ record: earlier, part }) => sentence(`${placeOf(earlier)} (${earlier.method.text}) decides first for ${part || 'some of them'}`));
  return more > 0 ? [...said, `${more} more lines decide for some of its clients`] : said;
}

function sentence(words: string): string {
  return words.replace(/^line /, 'Line ');
}
