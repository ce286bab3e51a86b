import type { Effect } from './effects.ts';
import type { SqlFile } from '../../syntax/sql/statements.ts';
import { recently } from '../recent.ts';
import { possibleSteps, stepsOf, weightOf } from './file-steps.ts';
import type { Objects, Place, Securable } from '../schema.ts';
import { Notes } from '../../notes.ts';

type AnyObject = Objects[keyof Objects][number];

export interface Mentions {
  /** The last part of every name in a file's statements. */
  readonly names: ReadonlySet<string>;
  /** The file also changes objects that it does not name: ALL … IN SCHEMA, REASSIGN OWNED, default privileges, DROP OWNED. */
  readonly unnamed: boolean;
}

export const mentionsOf = recently(1_000_000, weightOf, read);

function read(file: SqlFile): Mentions {
  const steps = possibleSteps(stepsOf(file));
  const names = new Set<string>();
  let unnamed = steps.some(({ each }) => each !== undefined);
  for (const effect of steps.flatMap((step) => step.effects)) {
    for (const name of namesIn(effect)) names.add(name);
    unnamed ||= /^(?:reassign|drop owned|default privileges)$/.test(effect.do) || (effect.do === 'grant' && effect.grant.everything);
  }
  return { names, unnamed };
}

const namesOfEffect = new Notes<Effect, readonly string[]>();

/** Effects stay the same while their statement does, and most statements of a file do. */
function namesIn(effect: Effect): readonly string[] {
  let names = namesOfEffect.get(effect);
  if (!names) {
    const found = new Set<string>();
    collect(effect, found);
    namesOfEffect.set(effect, names = [...found]);
  }
  return names;
}

/** Every `name` in a value: parts of names have one, columns and options too, which does no harm. */
function collect(value: unknown, names: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, part] of Object.entries(value)) {
    if (key === 'name' && typeof part === 'string') names.add(part);
    else collect(part, names);
  }
}

/** A part of the object comes from the file. */
export function isFrom(object: AnyObject, path: string): boolean {
  for (const place of placesOf(object)) if (place?.path === path) return true;
  return false;
}

function* placesOf(object: AnyObject): Iterable<Place | undefined> {
  yield object.place;
  if ('acl' in object) for (const item of object.acl) yield item.place;
  if ('almost' in object) yield* object.almost;
  if ('owner' in object) yield (object as Securable).owner.place;
  if ('closed' in object) yield object.closed;
  if ('attributes' in object) {
    for (const attribute of Object.values(object.attributes)) yield attribute.place;
    yield object.password?.place;
    yield object.validUntil?.place;
    yield object.connectionLimit?.place;
    for (const setting of object.settings.values()) yield setting.place;
  }
  if ('publicExecute' in object) {
    yield object.definer;
    if (object.path.kind === 'list') yield object.path.place;
    if (object.path.kind === 'none') yield object.path.cleared;
    if (object.publicExecute.kind === 'revoked') yield object.publicExecute.by;
  }
  if ('rls' in object) {
    yield object.rls.place;
    yield object.forced.place;
    yield object.query;
    for (const { place } of [...object.columns, ...object.parents, ...object.policies, ...object.triggers]) yield place;
    for (const { using, check, to } of object.policies) {
      yield using?.place;
      yield check?.place;
      yield to;
    }
  }
  if ('options' in object) for (const option of object.options.values()) yield option.place;
  if ('tables' in object) for (const table of object.tables) yield table.place;
}
