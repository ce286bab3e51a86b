import type { Expression } from '../../syntax/sql/expression.ts';
import { baseType, typeOf } from './expression-types.ts';
import type { Judgement, Passed, Result } from './judgement.ts';
import type { Scope } from './scope.ts';

/** One of several functions of a name. */
export interface Overload {
  /** Of the parameters that a caller gives, as written. */
  readonly types: readonly string[];
  /** The least and the largest number of arguments. */
  readonly takes: readonly [least: number, most: number];
  readonly gives: Judgement | Passed | undefined;
}

type Gives = Overload['gives'];

/** Those of one name that a call has to choose from; undefined when all give the same, or are too many. */
export function overloadsOf(all: readonly Overload[]): readonly Overload[] | undefined {
  if (all.length < 2 || all.length > mostOverloads || all.every((one) => takesSame(one, all[0]!))) return undefined;
  const gives = all.map((one) => JSON.stringify(one.gives));
  return gives.every((one) => one === gives[0]) ? undefined : all;
}

const mostOverloads = 20;

function takesSame(a: Overload, b: Overload): boolean {
  return a.takes.join() === b.takes.join() && a.types.every((type, index) => baseType(type) === baseType(b.types[index]!));
}

/** What a call gives by the number of its arguments, or by their types where these are plain to see; undefined where that does not tell which function it is. */
export function chosen({ overloads = [] }: Pick<Result, 'overloads'>, args: readonly Expression[], scope: Scope): Gives {
  const counted = overloads.filter(({ takes: [least, most] }) => least <= args.length && args.length <= most);
  if (areSame(counted)) return counted[0]?.gives;
  if (counted.some(({ types, takes: [, most] }) => most > types.length || types.some((type) => /^any/.test(baseType(type)))) || args.some((one) => isNamed(one, scope))) return undefined;
  const given = args.map((argument) => shownType(argument, scope));
  const fitting = (fits: (type: string, wanted: string) => boolean) => counted.filter(({ types }) => given.every((type, index) => type === undefined || fits(type, baseType(types[index]!))));
  const exact = given.includes(undefined) ? [] : fitting((type, wanted) => type === wanted);
  const near = exact.length > 0 ? exact : fitting((type, wanted) => family(type) === family(wanted));
  return near.length > 0 && areSame(near) ? near[0]!.gives : undefined;
}

function areSame([first, ...others]: readonly Overload[]): boolean {
  const gives = JSON.stringify(first?.gives);
  return others.every((one) => JSON.stringify(one.gives) === gives);
}

/** `f(b => x)` */
function isNamed({ span }: Expression, { text }: Scope): boolean {
  return /(?:=>|:=)\s*$/.test(text.slice(Math.max(0, span.start - 10), span.start));
}

/** PostgreSQL takes a literal for a text where it can. */
function shownType(argument: Expression, scope: Scope): string | undefined {
  if (argument.kind === 'literal') return 'text';
  if (argument.kind === 'number') return /^\d{1,9}$/.test(scope.text.slice(argument.span.start, argument.span.end)) ? 'integer' : 'numeric';
  const type = typeOf(argument, scope);
  return type === undefined || /%|^record$/i.test(type) ? undefined : baseType(type);
}

function family(type: string): string {
  if (/^(smallint|integer|bigint|numeric|real|double precision)$/.test(type)) return 'number';
  return /^(text|character varying|bpchar|name)$/.test(type) ? 'text' : type;
}
