import type { SqlProof } from '../sql-proofs.ts';

export const grants: readonly SqlProof[] = [];
