import type { RoutineBody } from '../../syntax/sql/plpgsql.ts';
import { readHeader } from '../dynamic/header.ts';
import { quoteName, type NamePart } from '../sql/cursor.ts';
import type { Argument, Call } from './calls.ts';
import { valueOf, type Value } from './constant-value.ts';
import type { KnownRoutine, Session, State } from './replay-state.ts';

/** A routine with what it was called with. */
export interface CalledRoutine {
  readonly routine: KnownRoutine;
  readonly body: RoutineBody;
  /** By name and by number. Those that are not known are left out. */
  readonly parameters: ReadonlyMap<string, Value>;
}

/** Undefined when these files make no routine that fits, or more than one. */
export function calledRoutine(state: State, { name, args }: Call): CalledRoutine | undefined {
  const found = state.routines.find(name, state.path, false, ({ text }) => accepts(text.parameters, args));
  const fitting = found.length > 1 ? found.filter(({ text }) => fits(text.parameters, args)) : found;
  const [routine, ...others] = fitting.length > 1 ? fitting.filter(({ text }) => text.parameters.length === args.length) : fitting;
  if (!routine || others.length > 0 || routine.text.trigger) return undefined;
  const { written } = routine.created;
  // One that a command inside another statement made is not looked for in there.
  if (!/^CREATE\b/.test(written.head) || !written.body) return undefined;
  const inputs = readHeader(written).parameters.filter(({ input }) => input);
  const parameters = new Map<string, Value>();
  for (const [i, parameter] of inputs.entries()) {
    const arg = args.find((one) => one.name !== undefined && one.name === parameter.name) ?? (args[i]?.name === undefined ? args[i] : undefined);
    const value = arg ? arg.value : parameter.fallback && valueOf(written.text.slice(parameter.fallback.start, parameter.fallback.end), new Map());
    if (value === undefined) continue;
    parameters.set(`$${i + 1}`, value);
    if (parameter.name === undefined) continue;
    parameters.set(parameter.name, value);
    parameters.set(`${routine.name}.${parameter.name}`, value);
  }
  return { routine, body: written.body, parameters };
}

function accepts(parameters: KnownRoutine['text']['parameters'], args: readonly Argument[]): boolean {
  if (parameters.some(({ mode }) => mode === 'variadic')) return false;
  return args.length <= parameters.length && args.length >= parameters.filter(({ optional }) => !optional).length;
}

/** Arrays stand where arrays are asked for. */
function fits(parameters: KnownRoutine['text']['parameters'], args: readonly Argument[]): boolean {
  return args.every(({ name, value }, i) => name !== undefined || value === undefined || value === null || Array.isArray(value) === parameters[i]!.type.endsWith('[]'));
}

/** The session in which it runs: that of its owner, and with its own path. */
export function sessionInside({ role, session }: State, { definer, owner, path }: KnownRoutine): Session {
  const asOwner: Partial<Session> = !definer || owner.role === role ? {}
    : owner.role === undefined ? { role: undefined, user: undefined, localRole: undefined, localUser: undefined } : { localRole: partOf(owner.role) };
  return { ...session, ...asOwner, ...path.kind === 'list' ? { localPath: path.entries.filter(({ name }) => name !== '') } : {} };
}

function partOf(name: string): NamePart {
  return { name, text: quoteName(name), kind: 'plain', start: 0, end: 0 };
}
