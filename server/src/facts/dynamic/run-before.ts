import type { Severity } from '../../rules/rule.ts';
import type { Span } from '../../text.ts';
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

  /** The variable that stands there, with what has been put into it until then. */
  #valueOf({ slot: { expression, span }, problem }: Unsafe): { readonly name: string; readonly variable: Variable } | undefined {
    if (!asItIs.has(problem)) return undefined;
    const name = expression.kind === 'reference' ? expression.path.join('.') : expression.kind === 'parameter' ? `$${expression.number}` : undefined;
    const variable = expression.kind === 'parameter' ? this.#scope.parameter(expression.number, span.start) : name && this.#scope.find(name, span.start);
    return name === undefined || !variable ? undefined : { name, variable };
  }
}
