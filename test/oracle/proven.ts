import { provenOn as provenByConnections } from './access-proofs.ts';
import { sqlProofs, versionsOf } from './sql-proofs.ts';

/** The PostgreSQL major versions on which a test shows the attack that a rule speaks of, and that its fix stops it. */
export const provenOn: ReadonlyMap<string, readonly number[]> = new Map([
  ...provenByConnections,
  ...[...new Set(sqlProofs.filter(({ fix }) => fix === undefined).map(({ rule }) => rule))].map((rule) => [rule, versionsFor(rule)] as const),
]);

function versionsFor(rule: string): number[] {
  return [...new Set(sqlProofs.filter((proof) => proof.rule === rule && proof.fix === undefined).flatMap(versionsOf))].sort((a, b) => a - b);
}
