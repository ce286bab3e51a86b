import type { SqlProof } from '../sql-proofs.ts';

export const extension: readonly SqlProof[] = [];
