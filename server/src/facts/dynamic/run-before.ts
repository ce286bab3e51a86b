import type { Severity } from '../../rules/rule.ts';
import type { Span } from '../../text.ts';
import type { Expression } from '../../syntax/sql/expression.ts';
import type { Unsafe } from './candidates.ts';
import { texts } from './known-functions.ts';
import type { Scope, Variable } from './scope.ts';
import type { Problem } from './threat.ts';
import { worstOf } from './threat.ts';

/** A value that a statement has run as it is. */
interface Run {
  readonly variables: Held;
  readonly severity: Severity;
  readonly at: Span;
  /** The offset behind the statement. */
  readonly end: number;
}

/** What the variable, and the record that it is a field of, hold at some place; undefined for what the body puts nothing into, and for what is none. */
type Held = readonly [own: Variable | undefined, record: Variable | undefined];

const nothing: Held = [undefined, undefined];

/** What is wrong with a value that nothing quotes. */
const asItIs: ReadonlySet<Problem> = new Set(['concatenated', 'formatted', 'fragment', 'direction', 'list', 'dollar']);

/** Values that stand without quotes in one statement after another: who puts SQL into them has done so in the first. */
export class RunBefore {
  readonly #scope: Scope;
  readonly #runs = new Map<string, Run[]>();

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  /** Where the same value, or what it is made of, has become a part of a statement that is tried before in every case, and is no less bad there. `statement`: the one that it stands in. */
  find(mistake: Unsafe, severity: Severity, statement: Span): Span | undefined {
    const { names, variables } = this.#valueOf(mistake) ?? { names: [], variables: nothing };
    const runs = names.flatMap((name) => this.#runs.get(name) ?? []);
    // What is written once is told once by others.
    return runs.find((one) => one.variables.every((held, index) => held === variables[index]) && one.at.start !== mistake.slot.span.start && worstOf([one.severity, severity]) === one.severity && this.#scope.attempts(one.end, statement.start))?.at;
  }

  add(mistake: Unsafe, severity: Severity, statement: Span): void {
    const { names: [name], variables } = this.#valueOf(mistake) ?? { names: [], variables: nothing };
    if (name === undefined) return;
    const run = { variables, severity, at: mistake.slot.span, end: statement.end };
    const before = this.#runs.get(name);
    if (before) before.push(run);
    else this.#runs.set(name, [run]);
  }

  /** What stands there and what it is made of, with the variable in it and what has been put into that until then: `x`, `r.name`, `lower(x)` and `x`, `p ->> 'name'`, `app.name_of(x)`. */
  #valueOf({ slot: { expression, span }, problem }: Unsafe): { readonly names: readonly string[]; readonly variables: Held } | undefined {
    if (!asItIs.has(problem)) return undefined;
    const subject = subjectOf(expression);
    const root = subject.kind === 'other' ? keyOfOne.exec(this.#scope.text.slice(subject.span.start, Math.min(subject.span.end, subject.span.start + longestKey)))?.[1]!.toLowerCase() : undefined;
    const given = subject.kind === 'call' ? givenTo(subject) : subject;
    const path = given.kind === 'reference' ? given.path : given.kind === 'parameter' ? [`$${given.number}`] : root === undefined ? undefined : [root];
    if (path === undefined) return undefined;
    const find = (name: string) => (name.startsWith('$') ? this.#scope.parameter(Number(name.slice(1)), span.start) : this.#scope.find(name, span.start));
    const [own, record] = [find(path.join('.')), path.length === 2 ? find(path[0]!) : undefined];
    if (own === undefined && record === undefined) return undefined;
    const name = root === undefined && given === subject ? [path.join('.')] : [];
    const written = given === expression && root === undefined ? [] : [this.#scope.text.slice(span.start, span.end).replace(/\s+/g, '').toLowerCase()];
    const held = (one: Variable | undefined) => (one !== undefined && (one.values.length > 0 || one.parameter !== undefined) ? one : undefined);
    return { names: [...written, ...name], variables: [held(own), held(record)] };
  }
}

/** `p ->> 'name'` */
const keyOfOne = /^\(*\s*([a-z_]\w*|\$\d+)\s*(?:->>?|#>>?)\s*'[^']*'\s*\)*$/i;
const longestKey = 100;

/** The one value that is not a constant of those that functions make text of. */
function subjectOf(expression: Expression): Expression {
  if (expression.kind !== 'call' || !(texts.has(expression.name) || expression.name === 'coalesce')) return expression;
  const given = givenTo(expression);
  return given === expression ? expression : subjectOf(given);
}

/** The one argument that is not a constant; the call itself when there are others. */
function givenTo(call: Extract<Expression, { kind: 'call' }>): Expression {
  const [subject, ...others] = call.args.filter(({ kind }) => kind !== 'literal' && kind !== 'number');
  return subject === undefined || others.length > 0 ? call : subject;
}
