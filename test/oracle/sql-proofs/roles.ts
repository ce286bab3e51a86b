import type { SqlProof } from '../sql-proofs.ts';

export const roles: readonly SqlProof[] = [];
