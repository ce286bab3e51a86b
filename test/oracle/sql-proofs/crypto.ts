import type { SqlProof } from '../sql-proofs.ts';

export const crypto: readonly SqlProof[] = [];
