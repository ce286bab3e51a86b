import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hbaFacts } from '../../server/src/facts/access.ts';
import { noFiles } from '../../server/src/document.ts';
import { bruteForce, files, textOf } from './hba-clients.ts';

const factsOf = (text: string, version = 18) => hbaFacts({ path: 'pg_hba.conf', text, language: 'hba', version, files: noFiles });

/** As the analysis has it. */
function analysed(text: string, version: number): { hidden: boolean; by: number[] }[] {
  const facts = factsOf(text, version);
  return facts.records.map((record) => ({
    hidden: facts.order.isHidden(record), by: facts.order.before(record).map((earlier) => facts.records.indexOf(earlier)),
  }));
}

describe('every client of a small world', () => {
  test.each([18, 15])('is decided for as PostgreSQL %i does', (version) => {
    fc.assert(fc.property(files(8), (world) => {
      expect(analysed(textOf(world), version)).toEqual(bruteForce(world, version));
    }), { numRuns: 1000, seed: 20261125 + version });
  });
});
