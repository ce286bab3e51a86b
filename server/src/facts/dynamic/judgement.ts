import type { Span } from '../../text.ts';
import type { Overload } from './overloads.ts';
import type { Derived } from './queries.ts';
import type { Origin, Scope, Variable } from './scope.ts';
import { worse } from './scope.ts';
import type { TypeClass } from './sql-types.ts';
import { isHarmless } from './sql-types.ts';

/** What is known of a value before it becomes part of a statement. */
export interface Judgement {
  readonly type: TypeClass;
  readonly origin: Origin;
  /** quote_ident() and the like have been there, so it is SQL already. */
  readonly quoted: boolean;
  /** Quoted names of objects, which whoever names these chooses. */
  readonly named?: true;
  /** Several values in one text. */
  readonly list?: true;
  /** It was quoted, and then something was cut out of it that may be a quote. */
  readonly cut?: true;
  /** Something has put it together with other text. */
  readonly built?: true;
  /** It is called like the number of a row where its type is not known. */
  readonly numbered?: true;
  /** A sign or a text that it does not hold: somebody has taken it out, or a check lets nothing through that has it. */
  readonly lacks?: string;
  /** Why it may do less harm than others that come from there. */
  readonly doubt?: Doubt;
  /** How the worst part of it came here, from its source on. */
  readonly trail?: readonly Step[];
}

/**
 * `checked`: a function is asked about it first, and nobody can tell what that lets through. `type`: it is a type, in which comments may stand.
 * `words`: letters and blanks are left of it. `digits`: digits and signs, but no quotes. `signs`: the signs are taken out of it that most of SQL needs.
 * `asked`: something else is asked about it first, such as a query or a cursor.
 * `constrained`: a CHECK of its table refuses most of what it can be, behind the trigger that runs before.
 * `replaced`: it is quoted, and something that is not known is replaced in it. `short`: a few characters of it. `session`: only settings of the session put other signs into it than its type has.
 * `typed`: it has come past a type of which nothing is known here.
 */
export type Doubt = 'checked' | 'asked' | 'type' | 'words' | 'digits' | 'signs' | 'constrained' | 'replaced' | 'short' | 'session' | 'typed';

/** One place that a value passes. */
export interface Step {
  readonly at: Span;
  /** `at` counts from the start of the statement, not of the body. */
  readonly header: boolean;
  readonly message: string;
}

/** What a call of a routine of the workspace gives: always the same, or something made of some of its arguments. */
export type Summaries = ReadonlyMap<string, Result>;
export type Result = (Judgement | Passed) & {
  /** The routines of one name, where they give different things. */
  readonly overloads?: readonly Overload[];
};
export interface Passed {
  /** The parameters, from 0. */
  readonly passes: readonly number[];
  /** Those of them that stay quoted when they are. */
  readonly keeps: readonly number[];
  readonly names: readonly (string | undefined)[];
  /** The parameter that takes all arguments that are left. */
  readonly rest: number | undefined;
  /** What else it may give, whatever it is given. */
  readonly besides: Judgement | undefined;
  /** Those of them that it puts together with other text. */
  readonly builds: readonly number[];
}

/** What a procedure leaves in the argument at this place, by which a summary has it. */
export function outputName(procedure: string, argument: number): string {
  return `call ${procedure} ${argument}`;
}

export interface Context {
  readonly scope: Scope;
  readonly routines: Summaries;
  /** Where names come from that the routine does not declare: the tables of a query. */
  readonly others: Origin;
  /** The rows of that query are put together by a routine. */
  readonly built?: true | undefined;
  /** What the columns are made of that the query gets from its own sub-selects. */
  readonly derived: readonly Derived[];
  readonly depth: number;
  /** A NULL here is no text like others: coalesce() stands around it, or what leaves it out. */
  readonly nullCounts?: true;
  /** The text that this is a part of is looked up or compared before it runs. */
  readonly asked?: true;
  /** The variable that the text is added to, when it stands in the expression itself: `q := concat(q, x)`. */
  readonly continued?: string | undefined;
  /** The variables that lead from here to where the text runs. */
  readonly through: readonly Step[];
  readonly memo: Memo;
}

/** What is known of the variables of one scope. */
export interface Memo {
  readonly done: Map<Variable, Judgement>;
  /** Those that are being looked at, because a loop can lead back to them. */
  readonly open: Set<Variable>;
  /** An open one was met, so the answer holds as long as what is taken of that holds. */
  cut: boolean;
  /** What has been found out so far of those that loops lead back to, and what was taken of them before. */
  found: Map<Variable, Judgement>;
  taken: ReadonlyMap<Variable, Judgement>;
  /** How many variables may still be replaced by their texts: a chain of them grows with every link. */
  budget: number;
}

export function contextIn(scope: Scope, routines: Summaries): Context {
  return { scope, routines, others: 'unknown', derived: [], depth: 0, through: [], memo: newMemo() };
}

export function newMemo(): Memo {
  return { done: new Map(), open: new Set(), cut: false, found: new Map(), taken: new Map(), budget: 0 };
}

export const unknown: Judgement = { type: 'unknown', origin: 'unknown', quoted: false };
export const constant: Judgement = { type: 'text', origin: 'constant', quoted: false };
export const quoted: Judgement = { type: 'text', origin: 'constant', quoted: true };

/** Nothing that it holds can become SQL by itself. */
export function isTame(one: Judgement): boolean {
  return one.quoted || one.origin === 'constant' || isHarmless(one.type);
}

/** Several values that can stand at one place. */
export function together(all: readonly Judgement[]): Judgement {
  const unsafe = all.filter((one) => !isTame(one));
  if (unsafe.length > 0) {
    const worst = unsafe.reduce((a, b) => (isWorse(b, a) ? b : a));
    return {
      type: unsafe.every((one) => one.type === unsafe[0]!.type) ? unsafe[0]!.type : 'text',
      origin: worst.origin,
      quoted: false,
      ...(unsafe.some((one) => one.list) ? { list: true } : {}),
      ...(unsafe.some((one) => one.cut) ? { cut: true } : {}),
      ...(unsafe.every((one) => one.built) ? { built: true } : {}),
      ...(worst.lacks && unsafe.every((one) => one.lacks === worst.lacks) ? { lacks: worst.lacks } : {}),
      ...(worst.doubt ? { doubt: worst.doubt } : {}),
      ...(worst.trail ? { trail: worst.trail } : {}),
    };
  }
  const ready = all.filter((one) => one.quoted);
  if (ready.length > 0) return { ...quoted, origin: ready.map((one) => one.origin).reduce(worse), ...(ready.some(({ named }) => named) && { named: true }) };
  return all.find((one) => one.origin !== 'constant') ?? all[0] ?? constant;
}

/** Of which there is a doubt does no more harm than what is stored. */
function isWorse(one: Judgement, other: Judgement): boolean {
  const weight = ({ origin, doubt }: Judgement): Origin => (doubt !== undefined && worse(origin, 'fetched') === origin ? 'fetched' : origin);
  const [a, b] = [weight(one), weight(other)];
  return a === b ? one.doubt === undefined && other.doubt !== undefined : worse(a, b) === a;
}

/** One more place behind the others. */
export function passing(judged: Judgement, step: Step): Judgement {
  if (isTame(judged) || (judged.trail?.length ?? 0) >= longestTrail) return judged;
  return { ...judged, trail: [...(judged.trail ?? []), step] };
}

const longestTrail = 8;

/** Lists are worse than single values where a caller can be the one who fills them. */
export function asList(value: Judgement, { scope }: Context): Judgement {
  if (isTame(value)) return value;
  if (scope.routine === undefined) return { ...value, type: value.type === 'object' ? 'object' : 'text', list: true };
  if (value.type === 'object') return { ...value, list: true };
  return { ...value, type: 'text', origin: value.origin === 'catalog' || value.origin === 'trigger' || value.origin === 'unknown' ? value.origin : worse(value.origin, 'list'), list: true };
}
