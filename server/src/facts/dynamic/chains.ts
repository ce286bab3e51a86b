import type { StatementText } from '../../syntax/sql/statements.ts';
import type { Result, Summaries } from './judgement.ts';
import { constant, isTame } from './judgement.ts';
import { isOwnFunction } from './known-functions.ts';
import { calledIn } from './sinks.ts';
import type { Summary } from './summaries.ts';
import { createdFunction, readSummary, summariesOf } from './summaries.ts';
import { readableBody } from './wrappers.ts';
import { remembered } from '../remembered.ts';
import { wordsOf } from '../sql/tokens.ts';
import { Notes } from '../../notes.ts';

/** The statements that create what is called, and what these call in turn. `created`: by the name of what they create. */
export function calledStatements(created: ReadonlyMap<string, readonly StatementText[]>, called: ReadonlySet<string>): StatementText[] {
  const seen = new Set<string>();
  const found: StatementText[] = [];
  let names = [...called];
  for (let round = 0; round < longestChain && names.length > 0; round++) {
    const next = names.filter((name) => !seen.has(name) && created.has(name));
    for (const name of next) seen.add(name);
    const statements = [...new Set(next)].flatMap((name) => created.get(name)!);
    found.push(...statements);
    if (found.length > mostStatements) break;
    names = statements.flatMap(callsOf);
  }
  return found;
}

/** A sanitizer calls one that calls another one; nobody follows more by eye either. */
const longestChain = 6;
const mostStatements = 400;

/**
 * What these statements tell, where some call what others of them create: what is known of one says more of those that call it.
 * One that leads back to itself gives what its other ways out give, so all begin with nothing and grow until none changes. `raises`: functions that always do.
 */
export function settle(statements: readonly StatementText[], trusted: Summaries, raises: ReadonlySet<string>): ReadonlyMap<StatementText, Summary> {
  const names = new Set(statements.flatMap((written) => createdFunction(written) ?? []));
  const first = new Map(statements.map((written) => [written, readAlone(written, raises)]));
  const open = statements.filter((written) => mayChange(first.get(written)) && callsOf(written).some((name) => names.has(name) || trusted.has(name)));
  const now = new Map([...first].flatMap(([written, summary]) => (summary === undefined ? [] : [[written, summary] as const])));
  for (const written of open) now.set(written, emptied(first.get(written)!));
  for (let round = 0; open.length > 0; round++) {
    const routines = new Map([...summariesOf([...now.values()]), ...trusted]);
    const changed = open.flatMap((written) => {
      const summary = readAgain(written, routines, raises);
      return summary === undefined || isSame(summary, now.get(written)!) ? [] : [[written, summary] as const];
    });
    if (changed.length === 0) break;
    // What does not come to rest is not known.
    for (const [written, summary] of changed) now.set(written, round < mostRounds ? summary : first.get(written)!);
    if (round > mostRounds) break;
  }
  return now;
}

const mostRounds = 10;

/** Something that is called may decide what it gives. */
function mayChange(summary: Summary | undefined): boolean {
  if (summary === undefined) return false;
  return [summary.gives, ...summary.outputs ?? []].some((one) => one === undefined || 'passes' in one || !isTame(one));
}

function emptied(summary: Summary): Summary {
  const { name, outputs } = summary;
  return outputs === undefined ? { ...summary, gives: constant } : { name, gives: undefined, outputs: outputs.map(() => constant) };
}

function isSame(a: Summary, b: Summary): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** By what is known of what it calls: most of that stays as it was with every keystroke, and is the same in the next version of a file. */
const read = new Notes<StatementText, Map<string, Summary | undefined>>();
const mostRemembered = 8;

function readAgain(written: StatementText, routines: Summaries, raises: ReadonlySet<string>): Summary | undefined {
  const of = callsOf(written).flatMap((name): [string, Result][] => {
    const gives = routines.get(name);
    return gives === undefined ? [] : [[name, gives]];
  });
  const given = JSON.stringify([of, raisedBy(written, raises)]);
  const before = read.get(written) ?? new Map<string, Summary | undefined>();
  if (before.has(given)) return before.get(given);
  const summary = readSummary(written, routines, raises);
  if (before.size >= mostRemembered) before.delete(before.keys().next().value!);
  read.set(written, before.set(given, summary));
  return summary;
}

const alone = new Notes<StatementText, { readonly raised: string; readonly summary: Summary | undefined }>();

function readAlone(written: StatementText, raises: ReadonlySet<string>): Summary | undefined {
  const raised = raisedBy(written, raises).join(' ');
  const before = alone.get(written);
  if (before?.raised === raised) return before.summary;
  const summary = readSummary(written, new Map(), raises);
  alone.set(written, { raised, summary });
  return summary;
}

/** Those of them that it calls. */
function raisedBy(written: StatementText, raises: ReadonlySet<string>): readonly string[] {
  return raises.size === 0 ? [] : callsOf(written).filter((name) => raises.has(name));
}

/** The names of the functions that a routine may call and that are not PostgreSQL's own; with their schema, too, as people trust them. */
const callsOf = remembered((written: StatementText): readonly string[] => {
  const body = readableBody(written);
  const code = body === undefined ? wordsOf(written.tokens, written.text) : wordsOf(body.tokens, written.body!.text);
  return [...new Set(calledIn(code).flatMap((index) => {
    const name = code.words[index]!;
    // With its schema before it even one that is called like those of PostgreSQL may be somebody's own: `app.json_number(p, 'n')`.
    if (code.words[index - 1] === '.') return [name, `${code.words[index - 2]}.${name}`];
    return isOwnFunction(name) ? [name] : [];
  }))];
});
