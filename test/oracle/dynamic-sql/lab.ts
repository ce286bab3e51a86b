import type { Client } from 'pg';
import { newestVersion, noFiles } from '../../../server/src/document.ts';
import { lint } from '../../../server/src/lint.ts';
import type { LintFinding } from '../../../server/src/lint.ts';
import { applyEdits } from '../../../server/src/text.ts';

/** A routine that runs text as SQL, and what is to be asked of it before and after its fixes. Arguments and settings are SQL. */
export interface Case {
  readonly id: string;
  readonly params: string;
  /** Statements of the body; the answer is left in `r`. */
  readonly body: string;
  /** Arguments that mean no harm: the answer must be the same afterwards. */
  readonly honest: readonly string[];
  /** Arguments with which the statement fails before and runs afterwards. */
  readonly repaired?: readonly string[];
  /** Arguments with which the answer may differ, by the reason that a fix has to give for it. */
  readonly known?: Readonly<Partial<Record<Difference, readonly string[]>>>;
  /** At least one of them gets through before, none afterwards. */
  readonly attacks: readonly string[];
  /** Whether an attack gets through before depends on what stands around it. */
  readonly unsure?: true;
  /** A query about what the routine has left behind. */
  readonly check?: string;
  readonly settings?: string;
  /** The tables are created in another file. */
  readonly alone?: true;
  /** Of the routine, `text` by default. Behind it may stand further clauses. */
  readonly returns?: string;
  readonly procedure?: true;
  readonly language?: 'sql' | 'plpgsql';
  /** How it is called, as an expression: `{f}` is its name, `{args}` the arguments. `{f}({args})` by default. */
  readonly call?: string;
  /** How the body is written; dollar quoted by default. */
  readonly quoting?: 'single' | 'escape';
  /** `none`: nothing right can be offered. `maybe`: what is offered is right. `silent`: there is nothing to report. */
  readonly expect?: 'none' | 'maybe' | 'silent';
}

/**
 * `null`: `||` made the whole statement NULL, which the title tells. `late`: a value that USING casts fails only when a row is looked at.
 * `capitals`, `path`: %I takes a name as it is stored, with its capitals and without a schema. `backslash`: it was an escape.
 * `length`: regtype has none. `overloaded`: regproc takes a name only if there is one function of it.
 */
export type Difference = 'null' | 'late' | 'capitals' | 'path' | 'backslash' | 'length' | 'overloaded';

/** Whether a fix with this title may differ so. */
const excused: Readonly<Record<Difference, (title: string) => boolean>> = {
  null: (title) => title.includes('NULL') || title.includes('becomes'),
  late: (title) => title.includes('cast'),
  capitals: (title) => title.includes('capitals'),
  path: (title) => title.includes('without a schema'),
  backslash: () => true,
  length: (title) => title.includes('without a length'),
  overloaded: (title) => title.includes('with one list of parameters'),
};

/** What the file of a routine may tell about the tables that it uses. */
const tables = `CREATE TABLE lab.users (id int PRIMARY KEY, name text, email varchar(40), secret text, code char(6), born date, data jsonb, seen timestamptz DEFAULT now());
CREATE TABLE lab.log (msg text, at int);
`;

export const schema = `
  CREATE SCHEMA lab;
  ${tables}
  INSERT INTO lab.users VALUES (1, 'alice', 'alice@x', 'none', 'ab', '2024-01-02', '{"k":"alice"}'), (2, 'bob', 'bob@x', 's3cret', 'cd', '2024-03-04', '{"k":"v"}'), (3, 'carol', NULL, '', NULL, NULL, NULL);
  CREATE INDEX users_name ON lab.users (name);
  INSERT INTO lab.log VALUES ('first', 1);
  CREATE TABLE lab.tbl_2024 (n int);
  CREATE TABLE lab."Weird Table" (n int);
  CREATE TABLE lab."é%" (n int);
  CREATE TABLE lab.parts (k text) PARTITION BY LIST (k);
  CREATE SEQUENCE lab.users_seq;
  CREATE SEQUENCE lab.spied;
  CREATE TABLE lab.canary (n int, spied int DEFAULT nextval('lab.spied'));
  SELECT nextval('lab.spied');
  CREATE DOMAIN lab.short AS varchar(20);
  CREATE DOMAIN lab.padded AS char(6);
  CREATE TYPE lab.state AS ENUM ('open', 'closed');
  CREATE ROLE lab_reader;
  CREATE FUNCTION lab.spy() RETURNS text LANGUAGE plpgsql AS 'BEGIN RETURN nextval(''lab.spied''); END';
  CREATE FUNCTION lab.echo(v text) RETURNS text LANGUAGE sql AS 'SELECT v';
  CREATE PROCEDURE lab.note(v text) LANGUAGE sql AS 'INSERT INTO lab.log VALUES (v, 2)';
  CREATE FUNCTION lab.run(statement text) RETURNS text LANGUAGE plpgsql AS 'BEGIN EXECUTE statement; RETURN ''done''; END';
  CREATE FUNCTION lab.make(source text) RETURNS text LANGUAGE plpgsql AS $$
  BEGIN
    EXECUTE source;
    RETURN NULL;
  EXCEPTION WHEN others THEN RETURN sqlerrm;
  END $$;
  CREATE FUNCTION lab.trial(call text, asked text, settings text) RETURNS jsonb LANGUAGE plpgsql AS $$
  DECLARE
    answer text;
    seen text;
    failed text;
    before bigint := (SELECT last_value FROM lab.spied);
  BEGIN
    BEGIN
      EXECUTE settings;
      EXECUTE 'SELECT ' || call INTO answer;
      IF asked <> '' THEN EXECUTE 'SELECT (' || asked || ')::text' INTO seen; END IF;
      RAISE EXCEPTION USING errcode = 'LAB00';
    EXCEPTION WHEN others THEN
      IF sqlstate <> 'LAB00' THEN failed := sqlstate || ' ' || sqlerrm; END IF;
    END;
    RETURN jsonb_build_object('answer', answer, 'check', seen, 'error', failed, 'hit', (SELECT last_value FROM lab.spied) > before);
  END $$;
`;

export interface Outcome {
  readonly answer: string | null;
  readonly check: string | null;
  /** SQLSTATE and message. */
  readonly error: string | null;
  /** Code of the attacker has run. */
  readonly hit: boolean;
}

export function routineOf({ params, body, quoting, alone, procedure, returns, language = 'plpgsql' }: Case): string {
  const answer = returns === undefined && !procedure ? ' RETURN r;' : '';
  const text = language === 'sql' ? ` ${body} ` : ` DECLARE r text; q text; v text; cur refcursor; cnt int; rec record; BEGIN ${body}${answer} END `;
  const clauses = `${procedure ? '' : `RETURNS ${returns ?? 'text'} `}LANGUAGE ${language}`;
  return `${alone ? '' : tables}CREATE ${procedure ? 'PROCEDURE' : 'FUNCTION'} lab.f(${params}) ${clauses} AS ${quotedBody(text, quoting)};`;
}

const head = /CREATE (FUNCTION|PROCEDURE) lab\.f\(/;

/** The routine alone, for a server that has the tables. */
export function withoutTables(text: string): string {
  return text.slice(text.search(head));
}

function withName(text: string, name: string): string {
  return withoutTables(text).replace(head, (_, kind) => `CREATE ${kind} ${name}(`);
}

function quotedBody(text: string, quoting: Case['quoting']): string {
  if (quoting === 'single') return `'${text.replaceAll("'", "''")}'`;
  return quoting === 'escape' ? `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'` : `$fn$${text}$fn$`;
}

export function findingsIn(text: string): LintFinding[] {
  return lint({ path: 'a.sql', text, language: 'sql', version: newestVersion, files: noFiles }).findings.filter(({ rule }) => rule.startsWith('sql/dynamic-sql'));
}

/** The routine after each of its fixes; where one leaves something to report, the first fix of that follows. */
export interface Fixed {
  readonly titles: readonly string[];
  readonly text: string;
}

export function fixedTexts(text: string): Fixed[] {
  const all = new Map<string, Fixed>();
  for (const { fixes } of findingsIn(text)) {
    for (const fix of fixes) {
      const one = completed(applyEdits(text, fix.edits), [fix.title]);
      if (!all.has(one.text)) all.set(one.text, one);
    }
  }
  return [...all.values()];
}

function completed(text: string, titles: readonly string[]): Fixed {
  const next = findingsIn(text).flatMap(({ fixes }) => fixes)[0];
  return next === undefined || titles.length > 8 ? { text, titles } : completed(applyEdits(text, next.edits), [...titles, next.title]);
}

export interface Proof {
  readonly problems: readonly string[];
  /** Cases in which an attack got through before. */
  readonly attacked: number;
  /** Cases that have something to report. */
  readonly unsafe: number;
}

export async function proveAll(client: Client, cases: readonly Case[]): Promise<Proof> {
  const proofs: Proof[] = [];
  for (let at = 0; at < cases.length; at += 100) proofs.push(await prove(client, cases.slice(at, at + 100)));
  const sum = (count: (proof: Proof) => number): number => proofs.reduce((total, proof) => total + count(proof), 0);
  return { problems: proofs.flatMap(({ problems }) => problems), attacked: sum(({ attacked }) => attacked), unsafe: sum(({ unsafe }) => unsafe) };
}

/** Runs the cases in one transaction that is rolled back, and tells what is wrong with each. */
async function prove(client: Client, cases: readonly Case[]): Promise<Proof> {
  const subjects = cases.map((one) => {
    const text = routineOf(one);
    const findings = findingsIn(text);
    return { one, text, findings, fixed: findings.length > 0 ? fixedTexts(text) : [] };
  });
  await client.query('BEGIN; SET LOCAL escape_string_warning = off; SET LOCAL client_min_messages = error');
  try {
    const routines = await make(client, subjects.flatMap(({ text, fixed }) => [text, ...fixed.map((after) => after.text)]));
    const outcomes = await ask(client, subjects.flatMap(({ one, text, fixed }) => [text, ...fixed.map((after) => after.text)].flatMap((source) => trialsOf(one, routines.get(source)!))));
    const outcome = (one: Case) => (source: string, args: string): Outcome => outcomes.get(callOf(one, routines.get(source)!.name, args))!;
    const unsafe = subjects.filter(({ one, text }) => one.expect !== 'silent' && routines.get(text)!.error === null);
    return {
      problems: subjects.flatMap((subject) => problemsOf(subject, outcome(subject.one), routines).map((problem) => `${subject.one.id}: ${problem}\n    ${withoutTables(subject.text)}`)),
      attacked: unsafe.filter(({ one, text }) => one.attacks.some((args) => outcome(one)(text, args).hit)).length,
      unsafe: unsafe.length,
    };
  } finally {
    await client.query('ROLLBACK');
  }
}

interface Subject {
  readonly one: Case;
  readonly text: string;
  readonly findings: readonly LintFinding[];
  readonly fixed: readonly Fixed[];
}

interface Made {
  readonly name: string;
  readonly error: string | null;
}

async function make(client: Client, texts: readonly string[]): Promise<Map<string, Made>> {
  const named = [...new Set(texts)].map((text, index) => ({ text, name: `lab.f${index}` }));
  const sources = named.map(({ text, name }) => withName(text, name));
  const { rows } = await client.query<{ error: string | null }>('SELECT lab.make(source) AS error FROM unnest($1::text[]) WITH ORDINALITY AS t(source, place) ORDER BY place', [sources]);
  return new Map(named.map(({ text, name }, index) => [text, { name, error: rows[index]!.error }]));
}

interface Trial {
  readonly call: string;
  readonly asked: string;
  readonly settings: string;
}

function argumentsOf({ honest, attacks, repaired = [], known = {} }: Case): string[] {
  return [...honest, ...attacks, ...repaired, ...Object.values(known).flat()];
}

function trialsOf(one: Case, { name, error }: Made): Trial[] {
  if (error !== null) return [];
  return argumentsOf(one).map((args) => ({
    call: callOf(one, name, args),
    asked: one.check ?? '',
    settings: (one.settings ?? 'SET LOCAL search_path = pg_catalog, lab').replaceAll('{f}', () => name),
  }));
}

function callOf({ call = '{f}({args})' }: Case, name: string, args: string): string {
  return `${call}/* {f} */`.replaceAll('{f}', () => name).replaceAll('{args}', () => args);
}

async function ask(client: Client, trials: readonly Trial[]): Promise<Map<string, Outcome>> {
  const { rows } = await client.query<{ call: string; outcome: Outcome }>(
    `SELECT call, lab.trial(call, asked, settings) AS outcome FROM jsonb_to_recordset($1) AS t(call text, asked text, settings text)`,
    [JSON.stringify(trials)],
  );
  return new Map(rows.map(({ call, outcome }) => [call, outcome]));
}

function problemsOf({ one, text, findings, fixed }: Subject, outcome: (source: string, args: string) => Outcome, routines: ReadonlyMap<string, Made>): string[] {
  const broken = [text, ...fixed.map((after) => after.text)].flatMap((source) => routines.get(source)!.error ?? []);
  if (broken.length > 0) return broken.map((error) => `cannot be created: ${error}`);
  if (one.expect === 'silent') {
    return [
      ...findings.map(({ rule }) => `${rule} is reported`),
      ...one.attacks.filter((args) => outcome(text, args).hit).map((args) => `nothing is reported, but ${args} gets through`),
    ];
  }
  const problems: string[] = [];
  if (findings.length === 0) problems.push('nothing is found');
  if (!one.unsure && one.attacks.length > 0 && !one.attacks.some((args) => outcome(text, args).hit)) {
    problems.push(`no attack gets through: ${one.attacks.map((args) => outcome(text, args).error ?? 'no error').join(' | ')}`);
  }
  if (one.expect === 'none') return [...problems, ...fixed.map((after) => `a fix is offered: ${after.titles.join(', ')}`)];
  if (findings.length > 0 && fixed.length === 0 && one.expect !== 'maybe') problems.push('no fix is offered');
  return [...problems, ...fixed.flatMap((after) => problemsOfFix(one, text, after, outcome).map((problem) => `${problem}\n    ${after.titles.join(', ')}: ${withoutTables(after.text)}`))];
}

function problemsOfFix(one: Case, text: string, after: Fixed, outcome: (source: string, args: string) => Outcome): string[] {
  const problems = findingsIn(after.text).map(({ rule }) => `${rule} is still reported`);
  for (const args of argumentsOf(one)) {
    if (outcome(after.text, args).hit) problems.push(`${args.slice(0, 80)} still gets through`);
  }
  const changed = (args: string): boolean => !isSame(outcome(text, args), outcome(after.text, args));
  const shown = ({ answer, check, error }: Outcome): string => JSON.stringify([answer, check, error]).slice(0, 200);
  for (const args of one.honest) {
    if (changed(args)) problems.push(`${args.slice(0, 80)} gave ${shown(outcome(text, args))}, now ${shown(outcome(after.text, args))}`);
  }
  for (const args of one.repaired ?? []) {
    if (outcome(text, args).error === null) problems.push(`${args} did not fail before`);
    if (outcome(after.text, args).error !== null) problems.push(`${args} still fails: ${shown(outcome(after.text, args))}`);
  }
  const surprises = (args: string): boolean => changed(args) && (outcome(text, args).error === null || outcome(after.text, args).error === null);
  for (const [difference, all] of Object.entries(one.known ?? {}) as [Difference, readonly string[]][]) {
    if (after.titles.some(excused[difference])) continue;
    for (const args of all.filter(surprises)) {
      problems.push(`${difference}: ${args.slice(0, 80)} gave ${shown(outcome(text, args))}, now ${shown(outcome(after.text, args))}, and the title does not tell`);
    }
  }
  return problems;
}

/** Two errors are the same by their code; the message may show the statement. */
function isSame(before: Outcome, after: Outcome): boolean {
  if (before.error !== null || after.error !== null) return before.error?.slice(0, 5) === after.error?.slice(0, 5);
  return before.answer === after.answer && before.check === after.check;
}
