import type { SqlProof } from '../sql-proofs.ts';

export const settings: readonly SqlProof[] = [];
