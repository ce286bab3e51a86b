import { beforeAll, expect, test, vi } from 'vitest';
import type { Parsed } from '../../../server/src/syntax/sql/postgres.ts';

/** Without the guards, to see what happens when the parser dies all the same. */
vi.mock('../../../server/src/syntax/sql/prepare.ts', () => ({
  prepare: (text: string) => ({ kind: 'ready', text, substituted: false }),
  withoutFirst: () => undefined,
}));

let parsePostgres: (text: string) => Parsed;
beforeAll(async () => {
  await (await import('../../../server/src/node-wasm.ts')).loadPostgresFromDisk();
  ({ parsePostgres } = await import('../../../server/src/syntax/sql/postgres.ts'));
});

const deadly = `select a${' || a'.repeat(20_000)}`;

test('one death costs one statement', () => {
  expect(parsePostgres(deadly)).toEqual({ kind: 'unknown', reason: 'the parser failed on it' });
  expect(parsePostgres('select 1').kind).toBe('tree');
});

test('many deaths in a row end with a fresh parser', async () => {
  for (let i = 0; i < 60; i++) expect(parsePostgres(deadly).kind).toBe('unknown');
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(parsePostgres('grant all on t to public').kind).toBe('tree');
  for (let round = 0; round < 3; round++) {
    expect(parsePostgres(deadly).kind).toBe('unknown');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(parsePostgres('select 1').kind).toBe('tree');
  }
});
