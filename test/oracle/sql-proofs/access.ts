import type { SqlProof } from '../sql-proofs.ts';

export const access: readonly SqlProof[] = [];
