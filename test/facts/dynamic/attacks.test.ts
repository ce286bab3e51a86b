import { beforeAll, describe, expect, it } from 'vitest';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { attacks, toldOf } from '../../oracle/dynamic-sql/attacks.ts';

beforeAll(loadPostgresFromDisk);

describe('an attack, and what looks like one', () => {
  it.each(attacks.map((one) => [one.id, one] as const))('%s', (_, one) => {
    expect(toldOf(one)).toEqual(one.told);
  });

  it('has a name of its own', () => {
    expect(new Set(attacks.map(({ id }) => id)).size).toBe(attacks.length);
  });
});
