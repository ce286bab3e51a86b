import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Client } from 'pg';
import { findDynamicSql } from '../../../server/src/facts/flow.ts';
import { splitStatements } from '../../../server/src/syntax/sql/statements.ts';

/** Files of a set, what is to be told in the last of them, and a call that attacks it. */
export interface Attack {
  readonly id: string;
  readonly files: readonly string[];
  /** The level and the beginning of the text of each finding, in their order. */
  readonly told: readonly string[];
  /** Undefined where no server of ours has what it takes. */
  readonly call: string | undefined;
}

/** `=== id | level and place & … | call`, then the files with `--- file` between them. */
export const attacks: readonly Attack[] = readFileSync(path.join(import.meta.dirname, 'attacks.txt'), 'utf8').split(/^=== /m).slice(1).map((block) => {
  const end = block.indexOf('\n');
  const [id = '', told = '', ...call] = block.slice(0, end).replace(/ \|$/, '').split(' | ');
  return {
    id, files: block.slice(end + 1).trimEnd().split(/^--- file\n/m),
    told: told === 'none' ? [] : told.split(' & '),
    call: call.length === 0 ? undefined : call.join(' | '),
  };
});

/** What is told in the last file, next to the beginning of what was expected. */
export function toldOf({ files, told }: Attack): string[] {
  const text = files.at(-1)!;
  const risks = findDynamicSql(splitStatements(text), {}, files.slice(0, -1).map((file) => splitStatements(file))).flatMap((site) => site.risks);
  return risks.map(({ severity, at }, index) => `${severity} ${text.slice(at.start, at.end)}`.slice(0, told[index]?.length));
}

/** Whether the attacker's code has run. */
export async function getsThrough(client: Client, { files, call }: Attack): Promise<boolean> {
  const spied = async (): Promise<number> => Number((await client.query('SELECT last_value FROM lab.spied')).rows[0].last_value);
  const before = await spied();
  await client.query('BEGIN; SET LOCAL client_min_messages = error; SET LOCAL search_path = lab, pg_catalog');
  for (const file of files) await client.query(file);
  await client.query(call!).catch(() => undefined);
  await client.query('ROLLBACK');
  return await spied() > before;
}
