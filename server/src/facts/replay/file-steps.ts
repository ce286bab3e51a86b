import type { RoutineBody } from '../../syntax/sql/plpgsql.ts';
import type { SqlFile, Statement, StatementText } from '../../syntax/sql/statements.ts';
import type { Span } from '../../text.ts';
import { shift } from '../../text.ts';
import { recently } from '../recent.ts';
import type { Circumstance, DoStep, Each } from './block-steps.ts';
import { writtenCalls, type WrittenCalls } from './calls.ts';
import type { Constants } from './constant-value.ts';
import { doSteps } from './do-steps.ts';
import type { Effect } from './effects.ts';
import { effectsOf, mayHaveEffect, readEffects } from './statement-effects.ts';
import { isUnfinished } from './unfinished.ts';

/** What one command of a file does. */
export interface Step {
  readonly effects: readonly Effect[];
  /** The statement of the file. */
  readonly statement: Statement;
  /** False: nobody knows whether the file is applied before others. */
  readonly sure: boolean;
  /** What decides in a DO block whether it runs. */
  readonly only: readonly Circumstance[];
  /** A loop of a DO block over objects of the database. */
  readonly each?: EachStep;
  /** What a DO statement does depends on what it finds when its turn comes. */
  readonly block?: Block;
  /** Routines that it may run. */
  readonly calls?: WrittenCalls;
  inFile(span: Span): Span;
}

export interface EachStep {
  readonly query: Each['query'];
  steps(row: Constants): readonly Step[];
}

export interface Block {
  readonly body: RoutineBody;
  /** What it may do, whatever it finds. */
  steps(): readonly Step[];
}

/** With what DO statements may do, for those who do not run them. */
export function possibleSteps(steps: readonly Step[]): readonly Step[] {
  return steps.some(({ block }) => block) ? steps.flatMap((step) => step.block?.steps() ?? [step]) : steps;
}

/** What a file does when it is applied, in order; the part of a migration that leads back is left out. */
export const stepsOf = recently(1_000_000, weightOf, (file) => read(file, effectsOf));

/** In characters; the smallest file takes some memory too. */
export function weightOf({ text }: SqlFile): number {
  return 1000 + text.length;
}

/** The same, and nobody is expected to ask again: what ten thousand files do takes far more memory than what they leave behind. */
export function readSteps(file: SqlFile): readonly Step[] {
  return read(file, readEffects);
}

function read(file: SqlFile, effectsOf: (written: StatementText) => readonly Effect[]): readonly Step[] {
  const steps: Step[] = [];
  const back = waysBack(file);
  for (const statement of file.statements) {
    const { start } = statement.span;
    if (back.some((span) => span.start < start && start < span.end)) continue;
    if (!isRead(file.text, start)) continue;
    const step = readStep(statement, effectsOf);
    if (step) steps.push(step);
  }
  return steps;
}

function readStep(statement: Statement, effectsOf: (written: StatementText) => readonly Effect[]): Step | undefined {
  const { written, span: { start } } = statement;
  const inFile = (span: Span): Span => shift(span, start);
  const step = { effects: effectsOf(written), statement, sure: true, only: [], inFile };
  const { body } = written;
  if (written.head === 'DO' && body) {
    const steps = (): readonly Step[] => doSteps(written).map((one) => stepIn(statement, one));
    return isUnfinished(statement) && steps().some(({ effects }) => effects.some(reachesFar)) ? undefined : { ...step, block: { body, steps } };
  }
  if (step.effects.some(reachesFar) && isUnfinished(statement)) return undefined;
  const calls = /^(?:SELECT|CALL)\b/.test(written.head) ? writtenCalls(written.text, new Map()) : undefined;
  if (calls) return { ...step, calls };
  return step.effects.length > 0 ? step : undefined;
}

/** What changes other objects than the one that the statement is about; half of such a statement may mean something else. */
function reachesFar(effect: Effect): boolean {
  return !/^(?:create|alter|grant$|grant role|configure)/.test(effect.do) || (effect.do === 'grant' && effect.grant.everything);
}

/** Looks at the first word before anything else: a dump is mostly data. */
function isRead(text: string, start: number): boolean {
  const beginning = text.slice(start, start + 40);
  return mayHaveEffect.test(beginning) || !/^[a-z]/i.test(beginning) || (/^(?:select|call)\b/i.test(beginning) && isAsked(text.slice(start, start + 300)));
}

/** It sets the path, or calls something that is not PostgreSQL's own; a dump sets thousands of sequences. */
function isAsked(text: string): boolean {
  return /set_config/i.test(text.slice(0, 200)) || /^(?:call|select)\s+(?:\*\s+from\s+)?(?!(?:pg_catalog\s*\.\s*)?(?:setval|nextval|count|now|version|max|min|sum|exists)\b)["\w.\s]{1,200}\(/i.test(text);
}

/** `inFile`: where the block stands; `sure`: it runs. */
export function stepIn(statement: Statement, { effects, only, each, calls, inStatement }: DoStep, sure = true, inFile = (span: Span): Span => shift(span, statement.span.start)): Step {
  const loop = each && { query: each.query, steps: (row: Constants) => each.steps(row).map((inner) => stepIn(statement, inner, sure, inFile)) };
  return { effects, statement, sure, only, inFile: (span) => inFile(inStatement(span)), ...loop ? { each: loop } : {}, ...calls ? { calls } : {} };
}

/** Migration tools keep the way back in the same file; it does not run after the way there. */
const downMark = /^--\s*(\+goose|\+migrate|\+micrate|migrate:|rambler)\s*down\b|^--\s*\/\/\s*@undo\b|^(--|#)\s*-*\s*!Downs\b/i;
const upMark = /^--\s*(\+goose|\+migrate|\+micrate|migrate:|rambler)\s*up\b|^(--|#)\s*-*\s*!Ups\b/i;

function waysBack(file: SqlFile): Span[] {
  if (!/down|undo/i.test(file.text)) return [];
  const spans: Span[] = [];
  let start: number | undefined;
  for (const comment of file.comments) {
    const text = file.text.slice(comment.start, comment.end);
    if (downMark.test(text)) start ??= comment.start;
    else if (start !== undefined && upMark.test(text)) {
      spans.push({ start, end: comment.start });
      start = undefined;
    }
  }
  return start === undefined ? spans : [...spans, { start, end: file.text.length }];
}
