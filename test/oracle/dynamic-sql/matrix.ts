import type { Case } from './lab.ts';
import type { Position } from './positions.ts';
import { positions, usualAttacks } from './positions.ts';
import type { Writing } from './writings.ts';
import { readSql, writings } from './writings.ts';

/** Every position in every writing that can express it. */
export function matrix(): Case[] {
  return positions.flatMap((position) => writings.flatMap((writing) => caseOf(position, writing) ?? []));
}

function caseOf(position: Position, writing: Writing): Case | undefined {
  const isQuery = /^(SELECT|VALUES|WITH)\b/.test(position.sql);
  if (writing.query ? !isQuery : writing.body && (isQuery || position.command !== true)) return undefined;
  return {
    id: `${position.id}, ${writing.id}`,
    params: 'x text',
    body: writing.write(readSql(position.sql, (name) => name, position.command === true)),
    honest: [...position.honest.filter((value) => !writing.body || !value.includes("'")).map(literalOf), ...(writing.nulls ? ['NULL'] : [])],
    ...(position.kind === 'direction' || writing.nulls ? {} : { known: { null: ['NULL'] } }),
    attacks: (position.attacks ?? usualAttacks[position.kind]).map(literalOf),
    ...(position.check ? { check: position.check } : {}),
    ...(writing.body ? { expect: 'maybe', unsure: true } : position.expect ? { expect: position.expect } : {}),
    ...(writing.quoting ? { quoting: writing.quoting } : {}),
  };
}

/** A value as an argument, whatever the settings of the session make of a backslash. */
export function literalOf(value: string): string {
  return `E'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'::text`;
}
