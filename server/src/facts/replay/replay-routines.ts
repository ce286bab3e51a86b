import type { Span } from '../../text.ts';
import type { Effect, RoutineReference } from './effects.ts';
import { typesOf } from './column-types.ts';
import { lastPart } from './named.ts';
import type { Owner, Place, RoutinePath } from '../objects.ts';
import { firstAcl, missedRoutine, sameTypes, withExecute } from './replay-privileges.ts';
import type { KnownRoutine, Run } from './replay-state.ts';
import type { NamePart } from '../sql/cursor.ts';
import { isSameSchema } from './sequences.ts';
import { targetOf } from '../sql/routine-text.ts';
import type { PathChange, RoutineChanges, RoutineText } from '../sql/routine-text.ts';

export function createRoutine(run: Run, text: RoutineText): void {
  const { state } = run;
  const { name } = lastPart(text.name);
  const schema = state.homeOf(text.name);
  const types = typesOf(state, text.parameters.map((parameter) => parameter.type));
  // Created again without a DROP, it is the same routine seen twice, for instance in both branches of a psql \if.
  const all = state.routines.named(name).filter((routine) => sameTypes(routine.types, types));
  const same = all.find((routine) => routine.schema === schema) ?? all.find((routine) => isSameSchema(routine.schema, schema));
  if (same && run.certainty === 'perhaps') return;
  state.addHome('routine', text.name);
  const older = text.replace ? same : undefined;
  const place = run.place(text.name);
  const owner: Owner = older?.owner ?? { role: state.role, place: undefined };
  const acl = older ? { acl: older.acl, withheld: older.withheld, almost: older.almost, shutOut: older.shutOut } : firstAcl(state, 'function', schema, owner);
  const fresh: KnownRoutine = {
    kind: text.procedure ? 'procedure' : 'function',
    name, schema: same ? same.schema : schema, types, text, place, owner, ...acl,
    known: true,
    procedure: text.procedure,
    target: targetOf(text),
    moved: false,
    at: place.at,
    created: place.statement,
    definer: undefined,
    path: { kind: 'none' },
    before: undefined,
    publicExecute: older?.publicExecute ?? { kind: text.replace ? 'assumed' : 'default' },
    grantees: older?.grantees ?? [],
    transaction: older?.transaction ?? state.transaction,
  };
  const routine = changed(run, older ? fresh : withExecute(fresh, state.transaction), text.changes);
  const created = older ? { ...routine, before: saferBefore(older, routine) } : routine;
  if (same) state.routines.replace(same, created);
  else state.routines.add(created);
}

/** The version that was replaced, when it had a path or its owner's rights that this one lacks. */
function saferBefore(older: KnownRoutine, routine: KnownRoutine): KnownRoutine['before'] {
  const lostPath = older.path.kind === 'list' && routine.path.kind === 'none';
  const lostRights = older.definer !== undefined && routine.definer === undefined;
  if (!lostPath && !lostRights) return undefined;
  return { definer: older.definer !== undefined, path: older.path, place: older.place };
}

export function alterRoutine(run: Run, { routine, changes }: Extract<Effect, { do: 'alter routine' }>): void {
  const all = routinesOf(run, routine);
  for (const found of all) run.state.routines.replace(found, changed(run, found, changes));
  if (all.length === 0 && (changes.path?.kind === 'list' || changes.security?.definer === false)) missedRoutine(run, routine.name, routine.name);
}

export function routinesOf({ state }: Run, { name, types: written }: RoutineReference): readonly KnownRoutine[] {
  const types = written && typesOf(state, written);
  return state.routines.find(name, state.path, true, (routine) => !types || sameTypes(routine.types, types));
}

function changed(run: Run, routine: KnownRoutine, { security, path }: RoutineChanges): KnownRoutine {
  return {
    ...routine,
    ...security ? { definer: security.definer ? run.place(security.at) : undefined } : {},
    ...path ? { path: pathAfter(run, path) } : {},
  };
}

function pathAfter(run: Run, change: PathChange): RoutinePath {
  const place: Place = run.place(change.at);
  if (change.kind === 'cleared') return { kind: 'none', cleared: { ...place, all: change.all } };
  const entries = change.kind === 'list' ? change.entries : currentPath(run, change.at);
  return entries && !mayBeList(entries) ? { kind: 'list', entries, place } : { kind: 'unknown' };
}

/** An empty path is kept as one entry without a name. */
function currentPath({ state }: Run, at: Span): readonly NamePart[] | undefined {
  return state.writtenPath?.length === 0 ? [{ name: '', text: "''", kind: 'string', ...at }] : state.writtenPath;
}

/** A template or a psql variable may stand for several schemas; `@extschema@` and `:"schema"` are one. */
export function mayBeList(entries: readonly NamePart[]): boolean {
  return entries.some(({ kind, text }) => kind === 'template' && !/^@\w+(:\w+)?@$|^:"/.test(text));
}
