import type { Document } from '../document.ts';
import type { Fix, Related, Severity } from '../rules/rule.ts';
import type { SqlFile, Statement, StatementText } from '../syntax/sql/statements.ts';
import type { ExecuteSite, PlpgsqlBody, RoutineBody } from '../syntax/sql/plpgsql.ts';
import { parsePlpgsql } from '../syntax/sql/plpgsql.ts';
import type { Edit, Span } from '../text.ts';
import { applyEdits, shift } from '../text.ts';
import type { Reading, Unsafe } from './candidates.ts';
import { candidatesFor } from './candidates.ts';
import type { Context } from './origin.ts';
import { contextIn } from './origin.ts';
import type { Group, Slot } from './pieces.ts';
import { readGroup } from './pieces.ts';
import type { Known } from './known.ts';
import { readKnown } from './known.ts';
import type { Origin } from './scope.ts';
import { readScope } from './scope.ts';
import { templatesOf } from './template.ts';
import type { Problem } from './threat.ts';
import { levelOf, problemOf, sentenceOf } from './threat.ts';
import { nameOf } from './tokens.ts';

/** A place where a routine body runs text as SQL. Spans are offsets in the file. */
export interface DynamicSql {
  readonly expression: Span;
  /** From EXECUTE or the keyword before it to the last operand. */
  readonly statement: Span;
  /** The routine's SECURITY DEFINER clause. */
  readonly definer: Span | undefined;
  /** The values in it that are not proven harmless. */
  readonly risks: readonly Risk[];
}

export interface Risk {
  /** The value, or the quoting that protects nothing. */
  readonly at: Span;
  readonly problem: Problem;
  readonly origin: Origin;
  readonly severity: Severity;
  readonly message: string;
  readonly related: readonly Related[];
  /** Each of them quotes everything in the statement that needs it. */
  readonly fixes: readonly Fix[];
}

export function findDynamicSql(file: SqlFile, _document: Document): readonly DynamicSql[] {
  if (!file.postgres) return [];
  const called = new Set<string>();
  const running = file.statements.filter(({ written }) => {
    const names = callsOf(written);
    for (const name of names ?? []) called.add(name);
    return names !== undefined;
  });
  if (running.length === 0) return [];
  const known = readKnown(file, called);
  const alterations = file.statements.filter(({ written }) => /^ALTER (FUNCTION|PROCEDURE|ROUTINE)\b/.test(written.head));
  return running.flatMap((statement) => {
    const definer = definerClause(statement, alterations);
    return readRoutine(statement.written, known, definer !== undefined).map((site) => siteInFile(site, statement.span.start, definer));
  });
}

/** What is found in a routine, independent of its place: a keystroke leaves most routines of a file as they were. */
interface Found {
  readonly known: Known;
  readonly definer: boolean;
  readonly sites: readonly Site[];
}

const found = new WeakMap<StatementText, Found>();

function readRoutine(written: StatementText, known: Known, definer: boolean): readonly Site[] {
  const before = found.get(written);
  if (before?.known === known && before.definer === definer) return before.sites;
  const sites = readSites(written, known, definer);
  found.set(written, { known, definer, sites });
  return sites;
}

/** One place where text runs; spans are offsets in the statement. */
interface Site {
  readonly expression: Span;
  readonly statement: Span;
  readonly risks: readonly Omit<Risk, 'related'>[];
}

function siteInFile({ expression, statement, risks }: Site, start: number, definer: Span | undefined): DynamicSql {
  const runs = shift(statement, start);
  return {
    expression: shift(expression, start), statement: runs, definer,
    risks: risks.map((risk) => ({
      ...risk, at: shift(risk.at, start), related: relatedTo(runs, definer),
      fixes: risk.fixes.map((fix) => ({ ...fix, edits: fix.edits.map((edit) => ({ ...edit, span: shift(edit.span, start) })) })),
    })),
  };
}

const calls = new WeakMap<StatementText, ReadonlySet<string> | null>();

/** The functions that a routine may call, as calls name them; undefined for one that runs no text as SQL. */
function callsOf(written: StatementText): ReadonlySet<string> | undefined {
  let names = calls.get(written);
  if (names === undefined) calls.set(written, (names = readCalls(written) ?? null));
  return names ?? undefined;
}

function readCalls({ body }: StatementText): ReadonlySet<string> | undefined {
  if (body?.plpgsql === undefined || sitesOf(body.text, body.plpgsql).length === 0) return undefined;
  const tokens = body.plpgsql.tokens.filter((token) => token.kind !== 'comment');
  const called = tokens.filter((_token, index) => body.text[tokens[index + 1]?.start ?? -1] === '(');
  const names = called.map((token) => nameOf(token, body.text));
  return new Set(names.flatMap((name) => [name, name.split('.').at(-1)!]));
}

function readSites(written: StatementText, known: Known, definer: boolean): Site[] {
  const { body } = written;
  if (body?.plpgsql === undefined) return [];
  const sites = sitesOf(body.text, body.plpgsql);
  const routine: Routine = { written, body, known, definer };
  const context = contextOf(routine, body.text, body.plpgsql);
  const seen = new Set<string>();
  return sites.map((site, index) => {
    const found = readSite(site, index, routine, context);
    const risks = found.risks.filter((risk) => !seen.has(`${risk.problem} ${risk.at.start} ${risk.at.end}`));
    for (const risk of risks) seen.add(`${risk.problem} ${risk.at.start} ${risk.at.end}`);
    return { ...found, risks };
  });
}

interface Routine {
  readonly written: StatementText;
  readonly body: RoutineBody;
  readonly known: Known;
  readonly definer: boolean;
}

function readSite(site: ExecuteSite, index: number, routine: Routine, context: Context): Site {
  const { definer, body } = routine;
  const place = (span: Span) => body.inStatement(span);
  const result = { expression: place(site.expression), statement: place(site.span), risks: [] as Site['risks'][number][] };
  const reading = read(site, context);
  if (reading === undefined || reading.unsafe.length === 0) return result;
  const fixes = fixesFor(reading, site, index, routine, context);
  for (const { slot, place: spot, problem } of reading.unsafe) {
    const at = place(problem === 'misquoted' && slot.quoting ? slot.quoting : slot.span);
    const name = body.text.slice(slot.span.start, slot.span.end).replace(/\s+/g, ' ');
    result.risks.push({
      at,
      problem,
      origin: slot.judged.origin,
      severity: levelOf(slot, spot, problem, definer),
      message: sentenceOf(slot, problem, name, definer),
      fixes: problem === 'whole' ? [] : fixes,
    });
  }
  return result;
}

function relatedTo(statement: Span, definer: Span | undefined): Related[] {
  const related: Related[] = [{ at: statement, message: 'The text runs here' }];
  if (definer) related.push({ at: definer, message: 'It runs with the rights of the routine\'s owner' });
  return related;
}

function contextOf(routine: Routine, text: string, body: PlpgsqlBody): Context {
  const { routines, types } = routine.known;
  return contextIn(readScope(routine.written, text, body, types), routines);
}

function read(site: ExecuteSite, context: Context): Reading | undefined {
  const group = readGroup(site.expression, context);
  if (group === undefined) return undefined;
  const templates = templatesOf(group);
  const unsafe = new Map<Slot, Unsafe>();
  for (const template of templates) {
    for (const { piece: slot, start, end } of template.placed) {
      if (slot.kind !== 'slot') continue;
      const place = template.place(slot)!;
      const problem = template.text.trim() === template.text.slice(start, end) ? wholeProblem(slot) : problemOf(slot, place);
      if (problem !== undefined) unsafe.set(slot, { slot, place, problem });
    }
  }
  return { group, templates, unsafe: [...unsafe.values()] };
}

/** A statement that is nothing but one value is reported only when somebody else is known to choose it. */
function wholeProblem({ force, judged, expression }: Slot): Problem | undefined {
  if (force !== undefined || judged.quoted || judged.type === 'number') return undefined;
  if (judged.origin !== 'param' && judged.origin !== 'row') return undefined;
  return expression.kind === 'call' && /^(format|concat|concat_ws)$/.test(expression.name) ? 'formatted' : 'whole';
}

function fixesFor(reading: Reading, site: ExecuteSite, index: number, routine: Routine, context: Context): Fix[] {
  if (routine.body.text.length * (index + 1) > longestProof) return [];
  return candidatesFor(reading, site, context, routine.known.types).flatMap(({ title, edits }): Fix[] => {
    if (!isProven(edits, reading, index, routine)) return [];
    const written = edits.flatMap((edit) => writtenInStatement(edit, routine) ?? []);
    return written.length === edits.length ? [{ title, safety: 'review', edits: written }] : [];
  });
}

/** Every fix is proven on the whole body, which a generated one with thousands of statements would not finish. */
const longestProof = 5_000_000;

/** Reads the changed body again: both parsers have to agree, and nothing may be left to report. */
function isProven(edits: readonly Edit[], before: Reading, index: number, routine: Routine): boolean {
  const text = applyEdits(routine.body.text, edits);
  const body = parsePlpgsql(text);
  const site = sitesOf(text, body)[index];
  if (site === undefined) return false;
  const after = read(site, contextOf(routine, text, body));
  if (after === undefined || after.unsafe.length > 0 || !agrees(after.group)) return false;
  const parses = (reading: Reading) => reading.templates.every((template) => template.parses);
  return parses(after) || !parses(before);
}

function agrees(group: Group): boolean {
  return group.agreed && group.pieces.every((piece) => piece.kind !== 'choice' || piece.branches.every(agrees));
}

function writtenInStatement(edit: Edit, routine: Routine): Edit | undefined {
  const text = routine.body.quote(edit.text);
  return text === undefined ? undefined : { span: routine.body.inStatement(edit.span), text };
}

/** EXECUTE in its forms, and the functions that run their first argument as a query. */
function sitesOf(text: string, body: PlpgsqlBody): ExecuteSite[] {
  const tokens = body.tokens.filter((token) => token.kind !== 'comment');
  const calls = tokens.flatMap((token, index): ExecuteSite[] => {
    if (token.kind !== 'word' || !runsQuery.test(nameOf(token, text)) || nameOf(tokens[index + 1], text) !== '(') return [];
    let depth = 0;
    let last = index + 1;
    for (let i = index + 1; i < tokens.length; i++) {
      const written = text.slice(tokens[i]!.start, tokens[i]!.end);
      if (written === '(') depth++;
      if (written === ')') depth--;
      if (depth === 0 || (depth === 1 && written === ',')) break;
      last = i;
    }
    if (last === index + 1) return [];
    const expression = { start: tokens[index + 2]!.start, end: tokens[last]!.end };
    return [{ kind: 'execute', span: { start: token.start, end: expression.end }, expression, using: [] }];
  });
  return [...body.executes, ...calls];
}

const runsQuery = /^(query_to_xml|query_to_xmlschema|query_to_xml_and_xmlschema|ts_stat|crosstab)$/;

/** The clause in force: a later ALTER FUNCTION in the file counts. */
function definerClause(statement: Statement, alterations: readonly Statement[]): Span | undefined {
  let clause = securityClause(statement);
  const name = alterations.length > 0 ? routineName(statement) : undefined;
  for (const other of alterations) {
    if (other.span.start <= statement.span.start || routineName(other) !== name) continue;
    const changed = securityClause(other);
    if (changed) clause = changed;
  }
  return clause?.definer ? clause.at : undefined;
}

function securityClause({ written: { text, tokens }, span }: Statement): { definer: boolean; at: Span } | undefined {
  for (const [index, token] of tokens.entries()) {
    const next = tokens[index + 1];
    if (token.kind !== 'word' || nameOf(token, text) !== 'security' || next === undefined) continue;
    if (!/^(definer|invoker)$/i.test(text.slice(next.start, next.end))) continue;
    return { definer: nameOf(next, text) === 'definer', at: shift({ start: token.start, end: next.end }, span.start) };
  }
  return undefined;
}

/** The last part of the routine's name. */
function routineName({ written: { text, tokens } }: Statement): string | undefined {
  const at = tokens.findIndex((token) => token.kind === 'word' && /^(function|procedure|routine)$/i.test(text.slice(token.start, token.end)));
  if (at < 0) return undefined;
  let last = at + 1;
  while (nameOf(tokens[last + 1], text) === '.') last += 2;
  return nameOf(tokens[last], text);
}
