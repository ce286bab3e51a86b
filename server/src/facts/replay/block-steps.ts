import type { Span } from '../../text.ts';
import type { WrittenCalls } from './calls.ts';
import type { CatalogQuery } from './catalog-query.ts';
import type { Constants } from './constant-value.ts';
import type { Condition } from './do-conditions.ts';
import type { Effect } from './effects.ts';

/** What decides whether a command of a block runs. The same object stands at every command that it decides about. */
export type Test =
  | IfTest
  /** A block with handlers gets to its end; `duplicates`: they catch nothing but what exists already. `other`: it does more than `effects`. */
  | { readonly kind: 'block'; readonly effects: readonly Effect[]; readonly duplicates: boolean; readonly other: boolean }
  /** How often a loop runs, or what a branch asks, is not known. */
  | { readonly kind: 'unknown' };

export interface IfTest {
  readonly kind: 'if';
  readonly condition: Condition;
  /** A later branch creates what this one finds missing. */
  creates: boolean;
}

export interface Circumstance {
  readonly test: Test;
  readonly is: boolean;
}

/** One command of a block. */
export interface DoStep {
  readonly effects: readonly Effect[];
  /** It runs only if all of them hold, outermost first. */
  readonly only: readonly Circumstance[];
  /** A loop over objects of the database: it does something for each of them. */
  readonly each?: Each;
  /** Routines that it may run. */
  readonly calls?: WrittenCalls;
  /** A span of the command in the offsets of the statement. */
  inStatement(span: Span): Span;
}

export interface Each {
  readonly query: CatalogQuery;
  steps(row: Constants): readonly DoStep[];
}

/** Who runs the commands of a block while it is read, and knows the database at that point. */
export interface Running {
  run(step: DoStep): void;
  /** Undefined when nobody knows. */
  holds(test: Test): boolean | undefined;
  /** Undefined when nobody knows. */
  rows(query: CatalogQuery): readonly Constants[] | undefined;
}
