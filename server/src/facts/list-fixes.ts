import type { Candidate, Reading } from './candidates.ts';
import type { Context } from './origin.ts';

export function listCandidates(_reading: Reading, _context: Context): Candidate[] {
  return [];
}
