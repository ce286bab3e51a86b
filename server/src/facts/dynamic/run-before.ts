import type { Severity } from '../../rules/rule.ts';
import type { Span } from '../../text.ts';
import type { Expression } from '../../syntax/sql/expression.ts';
import type { Unsafe } from './candidates.ts';
import type { Scope, Variable } from './scope.ts';
import type { Problem } from './threat.ts';
import { worstOf } from './threat.ts';

/** A value that a statement has run as it is. */
interface Run {
  readonly variable: Variable;
  readonly severity: Severity;
  readonly at: Span;
  /** The offset behind the statement. */
  readonly end: number;
}

/** What is wrong with a value that nothing quotes. */
const asItIs: ReadonlySet<Problem> = new Set(['concatenated', 'formatted', 'fragment', 'direction', 'list', 'dollar']);

/** Values that stand without quotes in one statement after another: who puts SQL into them has done so in the first. */
export class RunBefore {
  readonly #scope: Scope;
  readonly #runs = new Map<string, Run[]>();

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  /** Where the same value has become a part of a statement that comes before in every case, and is no less bad there. `statement`: the one that it stands in. */
  find(mistake: Unsafe, severity: Severity, statement: Span): Span | undefined {
    const { name, variable } = this.#valueOf(mistake) ?? {};
    if (name === undefined) return undefined;
    const run = this.#runs.get(name)?.find((one) => one.variable === variable && worstOf([one.severity, severity]) === one.severity && this.#scope.dominates(one.end, statement.start));
    return run?.at;
  }

  add(mistake: Unsafe, severity: Severity, statement: Span): void {
    const { name, variable } = this.#valueOf(mistake) ?? {};
    if (name === undefined) return;
    const run = { variable: variable!, severity, at: mistake.slot.span, end: statement.end };
    const before = this.#runs.get(name);
    if (before) before.push(run);
    else this.#runs.set(name, [run]);
  }

  /** What stands there, with the variable in it and what has been put into that until then: `x`, `r.name`, `lower(x)`, `p ->> 'name'`. */
  #valueOf({ slot: { expression, span }, problem }: Unsafe): { readonly name: string; readonly variable: Variable } | undefined {
    if (!asItIs.has(problem)) return undefined;
    const subject = subjectOf(expression);
    const root = subject.kind === 'other' ? keyOfOne.exec(this.#scope.text.slice(subject.span.start, Math.min(subject.span.end, subject.span.start + longestKey)))?.[1]!.toLowerCase() : undefined;
    const path = subject.kind === 'reference' ? subject.path : subject.kind === 'parameter' ? [`$${subject.number}`] : root === undefined ? undefined : [root];
    if (path === undefined) return undefined;
    const find = (name: string) => (name.startsWith('$') ? this.#scope.parameter(Number(name.slice(1)), span.start) : this.#scope.find(name, span.start));
    const variable = find(path.join('.')) ?? (path.length === 2 ? find(path[0]!) : undefined);
    const written = subject === expression && root === undefined ? path.join('.') : this.#scope.text.slice(span.start, span.end).replace(/\s+/g, '').toLowerCase();
    return variable && { name: written, variable };
  }
}

/** `p ->> 'name'` */
const keyOfOne = /^\(*\s*([a-z_]\w*|\$\d+)\s*(?:->>?|#>>?)\s*'[^']*'\s*\)*$/i;
const longestKey = 100;

/** What a function that gives the same for the same text is given. */
function subjectOf(expression: Expression): Expression {
  return expression.kind === 'call' && expression.args.length === 1 && sameForSame.has(expression.name) ? subjectOf(expression.args[0]!) : expression;
}

const sameForSame = new Set(['lower', 'upper', 'initcap', 'trim', 'btrim', 'ltrim', 'rtrim']);
