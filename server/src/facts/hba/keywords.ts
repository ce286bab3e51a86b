import type { HbaRecord, HbaToken } from '../../syntax/hba.ts';
import { isReachable, type HbaFacts } from '../access.ts';
import { remembered } from '../remembered.ts';

/** The columns of a record in which some words are keywords. */
export type Column = 'database' | 'role' | 'host';

/** A word that looks like a keyword of its column and is none, in a record that clients reach. */
export interface Lookalike {
  readonly record: HbaRecord;
  readonly column: Column;
  readonly token: HbaToken;
  readonly keyword: string;
}

/** Which words mean something of their own; https://www.postgresql.org/docs/current/auth-pg-hba-conf.html. */
const columnKeywords: Readonly<Record<Column, readonly string[]>> = {
  database: ['all', 'sameuser', 'samerole', 'samegroup', 'replication'],
  role: ['all'],
  host: ['all', 'samehost', 'samenet'],
};

/** Words in capitals, or `*`, that were meant as keywords. */
export function keywordsInCapitals(facts: HbaFacts): Iterable<Lookalike> {
  return lookalikes(facts, (column, { text, quoted }) => {
    if (quoted || !/[A-Z*]/.test(text)) return undefined;
    return text === '*' ? 'all' : columnKeywords[column].find((word) => word === text.toLowerCase());
  });
}

/** Keywords and `+role` in double or single quotes. */
export function keywordsInQuotes(facts: HbaFacts): Iterable<Lookalike> {
  return lookalikes(facts, (column, { text, quoted }) => {
    const word = quoted ? text : text.startsWith("'") ? /^'([^']*)'$/.exec(text)?.[1] : undefined;
    if (word === undefined) return undefined;
    return columnKeywords[column].includes(word) || (column === 'role' && /^\+\w+$/.test(word)) ? word : undefined;
  });
}

function* lookalikes(facts: HbaFacts, keywordOf: (column: Column, token: HbaToken) => string | undefined): Iterable<Lookalike> {
  for (const record of unusualRecords(facts)) {
    for (const column of columns) {
      for (const token of wordsOf(record, column)) {
        const keyword = keywordOf(column, token);
        if (keyword !== undefined && isReachable(facts, record)) yield { record, column, token, keyword };
      }
    }
  }
}

/** The records in which some database, role or host is more than a plain name or keyword in small letters. */
export const unusualRecords = remembered((facts: HbaFacts): readonly HbaRecord[] => {
  const isUnusual = ({ text, quoted }: HbaToken) => quoted || !/^[a-z\d_.-]*$/.test(text);
  return facts.records.filter((record) => columns.some((column) => wordsOf(record, column).some(isUnusual)));
});

const columns = ['database', 'role', 'host'] as const;

function wordsOf({ databases, users, address }: HbaRecord, column: Column): readonly HbaToken[] {
  switch (column) {
    case 'database': return databases;
    case 'role': return users;
    case 'host': return address && address.kind !== 'ip' ? address.tokens : [];
  }
}
