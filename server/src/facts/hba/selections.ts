import type { HbaError, HbaLine, HbaNetwork, HbaRecord, Method } from '../../syntax/hba.ts';
import type { HbaFacts } from '../access.ts';
import { remembered } from '../remembered.ts';

// What rules about one thing look at. A file has thousands of records and few of each kind; the kinds are found once for all rules.

/** The lines for which a server refuses the file. */
export const brokenLines = remembered((facts: HbaFacts): readonly BrokenLine[] => facts.file.lines.filter((line): line is BrokenLine => line.error !== undefined));

type BrokenLine = HbaLine & { readonly error: HbaError };

/** The records of one method. */
export function recordsOf(facts: HbaFacts, method: Method): readonly HbaRecord[] {
  return byMethod(facts).get(method) ?? [];
}

export const recordsWithOptions = remembered((facts: HbaFacts): readonly HbaRecord[] => facts.records.filter(({ options }) => options.length > 0));

/** The records whose address is a number. */
export const numericRecords = remembered((facts: HbaFacts): readonly (HbaRecord & { readonly address: HbaNetwork })[] => facts.records.filter(isNumeric));

function isNumeric(record: HbaRecord): record is HbaRecord & { readonly address: HbaNetwork } {
  return record.address?.kind === 'ip';
}

const byMethod = remembered((facts: HbaFacts): ReadonlyMap<Method, readonly HbaRecord[]> => {
  const records = new Map<Method, HbaRecord[]>();
  for (const record of facts.records) {
    const others = records.get(record.method.text);
    if (others) others.push(record);
    else records.set(record.method.text, [record]);
  }
  return records;
});
