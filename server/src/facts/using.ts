import type { ExecuteSite } from '../syntax/sql/plpgsql.ts';
import type { Candidate, Reading } from './candidates.ts';
import type { KnownTypes } from './known-types.ts';
import type { Context } from './origin.ts';

export function usingCandidates(_reading: Reading, _site: ExecuteSite, _context: Context, _types: KnownTypes): (Candidate & { readonly first: boolean })[] {
  return [];
}
