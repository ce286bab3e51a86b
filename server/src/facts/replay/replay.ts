import { splitStatements } from '../../syntax/sql/statements.ts';
import type { RoutineBody } from '../../syntax/sql/plpgsql.ts';
import { writtenCalls, type Calls } from './calls.ts';
import { foundBy, rowsOf } from './catalog-rows.ts';
import type { Value } from './constant-value.ts';
import { runBlock } from './do-steps.ts';
import type { Effect } from './effects.ts';
import { possibleSteps, stepIn, type Step } from './file-steps.ts';
import { calledRoutine, sessionInside, type CalledRoutine } from './routine-call.ts';
import { effectsOf } from './statement-effects.ts';
import { changePublication, changeSubscription, createEventTrigger, createExtension, createSchema, createType, drop, rename, setOwner, setSchema } from './replay-objects.ts';
import { alterPolicy, createPolicy, createTrigger, dropPolicy, dropTrigger, renamePolicy, renameTrigger } from './replay-policies.ts';
import { replayDefaultPrivileges, replayGrant } from './replay-privileges.ts';
import { alterRelation, createRelation } from './replay-relations.ts';
import { alterRole, configure, createRole, dropOwned, dropRoles, grantRoles, reassign } from './replay-roles.ts';
import { alterRoutine, createRoutine, mayBeList } from './replay-routines.ts';
import { answer, runs } from './replay-tests.ts';
import type { Answers } from './replay-tests.ts';
import { State, newSession } from './replay-state.ts';
import type { Run, Session } from './replay-state.ts';
import { mendingPart } from './softening.ts';
import type { Statement } from '../../syntax/sql/statements.ts';
import type { Span } from '../../text.ts';
import type { Place } from '../objects.ts';
import type { PathChange } from '../sql/routine-text.ts';

const deepestCall = 8;
/** By one statement, in characters of the bodies; the smallest takes some time too. */
const mostCalled = 1_000_000;

/** Runs what files do in thought, in order, and remembers what they leave behind. */
export class Replay {
  readonly state: State;
  #before: Session | undefined;
  #savepoints: { readonly name: string; readonly mark: number; readonly session: Session }[] = [];
  #path = '';
  /** In the file. */
  #transactions = 0;
  readonly #answers: Answers = new Map();
  #statement: Statement | undefined;
  /** Routines that have called each other, and how much one statement has run. */
  #calling = 0;
  #called = 0;
  /** Around the elements of CREATE SCHEMA. */
  #outside: Session | undefined;

  constructor(version: number) {
    this.state = new State(version);
  }

  /** Each file is applied in a session of its own. */
  file(path: string, steps: readonly Step[]): void {
    this.state.session = newSession;
    this.#statement = undefined;
    this.#path = path;
    this.#transactions = 0;
    for (const step of steps) this.#step(step);
    this.#end();
  }

  /** Only what makes things safer: nobody knows whether the file comes before or after. */
  soften(path: string, steps: readonly Step[]): void {
    this.file(path, possibleSteps(steps).map(({ calls: _calls, ...step }) => ({ ...step, sure: false })));
  }

  #step(step: Step): void {
    const { effects, statement, sure: ordered, only, each, block, calls, inFile } = step;
    if (statement !== this.#statement) {
      // The same block may stand in a file more than once.
      this.#answers.clear();
      this.#called = 0;
    }
    this.#statement = statement;
    if (block) return this.#run(block.body, new Map(), step);
    const happens = runs(this.state, only, this.#answers);
    if (happens === false && ordered) return;
    const sure = ordered && happens === true;
    for (const row of each ? rowsOf(this.state, each.query) ?? [] : []) for (const inner of each!.steps(row)) this.#step({ ...inner, sure });
    const path = this.#path;
    // One GRANT makes many privileges: they share their place.
    const places = new Map<Span, Place>();
    const place = (span: Span): Place => {
      let known = places.get(span);
      if (!known) places.set(span, known = { at: inFile(span), statement, path });
      return known;
    };
    const run: Run = { state: this.state, certainty: sure ? 'sure' : 'perhaps', place };
    for (const effect of effects) {
      const counted = sure ? effect : mendingPart(effect);
      if (counted) this.#apply(run, counted);
    }
    const called = calls?.names.some((name) => this.state.routines.named(name).length > 0) ? calls.read() : undefined;
    if (called) this.#call(called, { ...step, sure: sure && !called.perhaps });
  }

  /** Runs a block where a statement stands. */
  #run(body: RoutineBody, parameters: ReadonlyMap<string, Value>, { statement, sure, inFile }: Step): void {
    runBlock(body, {
      run: (inner) => this.#step(stepIn(statement, inner, sure, inFile)),
      holds: (test) => answer(this.state, test),
      rows: (query) => rowsOf(this.state, query),
    }, parameters);
  }

  #call(calls: Calls, step: Step): void {
    for (const row of calls.query ? foundBy(this.state, calls.query) ?? [] : [new Map<string, Value>()]) {
      for (const call of calls.of(row)) {
        const called = this.#calling < deepestCall && this.#called < mostCalled ? calledRoutine(this.state, call) : undefined;
        if (called) this.#inside(called, step);
      }
    }
  }

  /** Runs a routine. What it does stands where it is called. */
  #inside({ routine, body, parameters }: CalledRoutine, step: Step): void {
    const outside = this.state.session;
    const whole: Step = { ...step, inFile: () => step.inFile({ start: 0, end: step.statement.written.text.length }) };
    this.#calling++;
    this.#called += 2000 + body.text.length;
    this.state.session = sessionInside(this.state, routine);
    if (body.language === 'plpgsql') this.#run(body, parameters, whole);
    else if (body.language === 'sql') {
      for (const { written } of splitStatements(body.text).statements) {
        const inner = writtenCalls(written.text, parameters);
        this.#step({ effects: effectsOf(written), statement: step.statement, sure: step.sure, only: [], inFile: whole.inFile, ...inner ? { calls: inner } : {} });
      }
    }
    if (routine.definer || routine.path.kind === 'list') this.state.session = outside;
    this.#calling--;
  }

  #apply(run: Run, effect: Effect): void {
    switch (effect.do) {
      case 'begin': return this.#begin();
      case 'commit': return this.#end();
      case 'rollback': return this.#rollback();
      case 'savepoint': return void this.#savepoints.push({ name: effect.name, mark: this.state.journal.mark, session: this.state.session });
      case 'rollback to': return this.#rollbackTo(effect.name);
      case 'release': return this.#release(effect.name);
      case 'discard': return this.#session(newSession);
      case 'set path': return this.#setPath(effect.change, effect.local);
      case 'set role': return this.#session(effect.local ? { localRole: effect.role } : { role: effect.role, localRole: undefined });
      case 'set session': return this.#session(effect.local ? { localUser: effect.role, localRole: undefined } : { user: effect.role, role: undefined, localUser: undefined, localRole: undefined });
      case 'create role': return createRole(run, effect);
      case 'alter role': return alterRole(run, effect);
      case 'configure': return configure(run, effect);
      case 'drop role': return dropRoles(run, effect);
      case 'grant role': return grantRoles(run, effect);
      case 'reassign': return reassign(run, effect);
      case 'drop owned': return dropOwned(run, effect);
      case 'grant': return replayGrant(run, effect.grant);
      case 'default privileges': return replayDefaultPrivileges(run, effect);
      case 'create routine': return createRoutine(run, effect.text);
      case 'alter routine': return alterRoutine(run, effect);
      case 'create relation': return createRelation(run, effect);
      case 'alter relation': return alterRelation(run, effect);
      case 'create policy': return createPolicy(run, effect);
      case 'alter policy': return alterPolicy(run, effect);
      case 'rename policy': return renamePolicy(run, effect);
      case 'drop policy': return dropPolicy(run, effect);
      case 'create trigger': return createTrigger(run, effect);
      case 'rename trigger': return renameTrigger(run, effect);
      case 'drop trigger': return dropTrigger(run, effect);
      case 'create schema': return createSchema(run, effect);
      case 'enter schema': return this.#enter(effect);
      case 'leave schema': return this.#leave();
      case 'create type': return createType(run, effect);
      case 'create aggregate': return this.state.addHome('routine', effect.name);
      case 'create extension': return createExtension(run, effect);
      case 'create event trigger': return createEventTrigger(run, effect);
      case 'create publication': case 'add to publication': case 'set publication': case 'drop from publication': return changePublication(run, effect);
      case 'create subscription': case 'alter subscription': return changeSubscription(run, effect);
      case 'rename': return rename(run, effect.object, effect.to);
      case 'set schema': return setSchema(run, effect.object, effect.to);
      case 'set owner': return setOwner(run, effect.object, effect.to);
      case 'drop': return drop(run, effect);
    }
  }

  #enter({ name, owner }: Extract<Effect, { do: 'enter schema' }>): void {
    this.#outside = this.state.session;
    const path = this.state.writtenPath ?? [{ ...name, name: '$user' }, { ...name, name: 'public' }];
    const localRole = owner && this.state.roleOf(owner) !== this.state.role ? owner : this.state.session.localRole;
    this.#session({ localPath: [name, ...path], localRole });
  }

  #leave(): void {
    if (this.#outside) this.state.session = this.#outside;
  }

  #session(change: Partial<Session>): void {
    this.state.session = { ...this.state.session, ...change };
  }

  #setPath(change: PathChange, local: boolean): void {
    if (change.kind === 'current') return;
    const entries = change.kind === 'list' && !mayBeList(change.entries) ? change.entries.filter((entry) => entry.name !== '') : undefined;
    this.#session(local ? { localPath: entries } : { path: entries, localPath: undefined });
  }

  #begin(): void {
    if (this.#before) return;
    this.#before = this.state.session;
    this.state.journal.open = true;
    this.state.transaction = `${this.#path} ${++this.#transactions}`;
  }

  #rollback(): void {
    this.state.journal.back(0);
    if (this.#before) this.state.session = this.#before;
    this.#end();
  }

  #rollbackTo(name: string): void {
    const at = this.#savepoints.findLastIndex((point) => point.name === name);
    const savepoint = this.#savepoints[at];
    if (!savepoint) return;
    this.state.journal.back(savepoint.mark);
    this.state.session = savepoint.session;
    this.#savepoints.length = at + 1;
  }

  #release(name: string): void {
    const at = this.#savepoints.findLastIndex((point) => point.name === name);
    if (at >= 0) this.#savepoints.length = at;
  }

  #end(): void {
    this.#before = undefined;
    this.#savepoints = [];
    this.state.journal.close();
    this.state.transaction = '';
    this.#session({ localPath: undefined, localRole: undefined, localUser: undefined });
  }
}
