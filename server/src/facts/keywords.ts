import type { HbaRecord, HbaToken } from '../syntax/hba.ts';

/** The columns of a record in which some words are keywords. */
export type Column = 'database' | 'role' | 'host';

/** Which words mean something of their own; https://www.postgresql.org/docs/current/auth-pg-hba-conf.html. */
export const columnKeywords: Readonly<Record<Column, readonly string[]>> = {
  database: ['all', 'sameuser', 'samerole', 'samegroup', 'replication'],
  role: ['all'],
  host: ['all', 'samehost', 'samenet'],
};

export function keywordColumns({ databases, users, address }: HbaRecord): readonly { readonly column: Column; readonly tokens: readonly HbaToken[] }[] {
  return [
    { column: 'database', tokens: databases },
    { column: 'role', tokens: users },
    ...(address ? [{ column: 'host' as const, tokens: [address.tokens[0]] }] : []),
  ];
}
