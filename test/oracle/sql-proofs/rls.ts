import type { SqlProof } from '../sql-proofs.ts';

export const rls: readonly SqlProof[] = [];
