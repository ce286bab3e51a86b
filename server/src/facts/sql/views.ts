import type { Grant } from './grants.ts';
import type { Schema } from '../schema.ts';

/** All objects of a GRANT are views. A view shows what its author chose to show, and cannot be truncated. */
export function areViews(schema: Schema, { objects }: Pick<Grant, 'objects'>): boolean {
  const relations = objects.map(({ name: { parts } }) => schema.relation(parts.length > 1 ? parts.at(-2)!.name : undefined, parts.at(-1)!.name));
  return relations.length > 0 && relations.every((relation) => relation?.kind === 'view');
}
