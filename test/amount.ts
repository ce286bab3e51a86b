/** `npm run oracle` tries far more inputs than `npm test` does. */
const full = process.env['PGRAMPART_ORACLE'] === 'full';

/** The same inputs in every `npm test`; others in every full run, which prints its seed. */
const seed = Number(process.env['PGRAMPART_SEED'] ?? 1);

/** For `fc.assert`: how many inputs, from which seed. A failure prints the smallest input that still fails. */
export function amount(inTests: number, inFullRun: number): { numRuns: number; seed: number } {
  return { numRuns: full ? inFullRun : inTests, seed };
}
