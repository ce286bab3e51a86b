import type { SqlFile, Statement, StatementText } from '../../syntax/sql/statements.ts';
import type { Span } from '../../text.ts';
import { shift } from '../../text.ts';
import { recently } from '../recent.ts';
import type { Circumstance, DoStep, Each } from './do-steps.ts';
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
  inFile(span: Span): Span;
}

export interface EachStep {
  readonly query: Each['query'];
  steps(row: ReadonlyMap<string, string>): readonly Step[];
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
    const { written } = statement;
    const inside = written.head === 'DO' ? insideDo(statement) : [];
    const effects = effectsOf(written);
    if ([...inside.flatMap((step) => step.effects), ...effects].some(reachesFar) && isUnfinished(statement)) continue;
    steps.push(...inside);
    if (effects.length > 0) steps.push({ effects, statement, sure: true, only: [], inFile: (span) => shift(span, start) });
  }
  return steps;
}

/** What changes other objects than the one that the statement is about; half of such a statement may mean something else. */
function reachesFar(effect: Effect): boolean {
  return !/^(?:create|alter|grant$|grant role|configure)/.test(effect.do) || (effect.do === 'grant' && effect.grant.everything);
}

/** Looks at the first word before anything else: a dump is mostly data. */
function isRead(text: string, start: number): boolean {
  const beginning = text.slice(start, start + 40);
  return mayHaveEffect.test(beginning) || !/^[a-z]/i.test(beginning) || (/^select/i.test(beginning) && /set_config/i.test(text.slice(start, start + 200)));
}

function insideDo(statement: Statement): Step[] {
  return doSteps(statement.written).map((step) => stepIn(statement, step));
}

function stepIn(statement: Statement, { effects, only, each, inStatement }: DoStep): Step {
  const inFile = (span: Span): Span => shift(inStatement(span), statement.span.start);
  const loop = each && { query: each.query, steps: (row: ReadonlyMap<string, string>) => each.steps(row).map((inner) => stepIn(statement, inner)) };
  return { effects, statement, sure: true, only, inFile, ...loop ? { each: loop } : {} };
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
