import { baseName } from '../paths.ts';
import type { Document } from '../document.ts';
import { hbaFacts, type HbaFacts } from '../facts/access.ts';
import { addressSpan } from '../facts/address.ts';
import { overlapsBefore } from '../facts/overlaps.ts';
import { rangeText, recordText } from '../facts/record-text.ts';
import type { HbaRecord } from '../syntax/hba.ts';
import { Lines, overlaps, type Span } from '../text.ts';

/** What a place in pg_hba.conf means. */
export interface Help {
  readonly at: Span;
  /** Sentences, each a paragraph. */
  readonly paragraphs: readonly string[];
}

/** The record at `span` in words, in its place among the others; on an address also how far it reaches. */
export function hbaHelp(document: Document, span: Span): Help | undefined {
  const facts = hbaFacts(document);
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
  const hiders = facts.hiddenBy(record);
  const lines = new Lines(facts.document.text);
  const lineOf = ({ line }: HbaRecord) => lines.position(line.start).line + 1;
  if (hiders) {
    const here = hiders.filter((hider) => facts.records.includes(hider)).map(lineOf);
    if (here.length === 0) return [`No client gets as far as this record: a file that ${baseName(facts.document.path)} includes decides for all of them`];
    return [`No client gets as far as this record: ${here.length === 1 ? `line ${here[0]} decides` : `lines ${here.join(', ')} decide`} for all of them`];
  }
  const found = overlapsBefore(facts, record);
  const said = found.slice(0, mostLines).map(({ record: earlier, part }) => `Line ${lineOf(earlier)} (${earlier.method.text}) decides first for ${part || 'some of them'}`);
  return found.length > mostLines ? [...said, `${found.length - mostLines} more lines decide for some of its clients`] : said;
}
