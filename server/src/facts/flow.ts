import type { Fix, Related, Severity } from '../rules/rule.ts';
import type { SqlFile, StatementText } from '../syntax/sql/statements.ts';
import type { PlpgsqlBody, RoutineBody } from '../syntax/sql/plpgsql.ts';
import { parsePlpgsql } from '../syntax/sql/plpgsql.ts';
import { lex } from '../syntax/sql/lexer.ts';
import type { Edit, Span } from '../text.ts';
import { applyEdits } from '../text.ts';
import type { Reading, Unsafe } from './dynamic/candidates.ts';
import { candidatesFor } from './dynamic/candidates.ts';
import { holdsCode, parametersRun } from './dynamic/code-literals.ts';
import { definerClause, hasMoreRights, onlyCalledHere, routineAlterations } from './dynamic/definer.ts';
import { checkedBefore } from './dynamic/checked-later.ts';
import type { FoundName } from './dynamic/found-names.ts';
import { foundBy, foundBefore } from './dynamic/found-names.ts';
import type { Site, SiteRisk } from './dynamic/lowered-sites.ts';
import { asPassing, asRefused, asTrusted, asUnreached, isWarning, lowered } from './dynamic/lowered-sites.ts';
import type { Context, Step } from './dynamic/judgement.ts';
import { contextIn, isTame } from './dynamic/judgement.ts';
import type { Known } from './dynamic/known.ts';
import { readKnown } from './dynamic/known.ts';
import type { Group, Piece, Slot } from './dynamic/pieces.ts';
import { isGluedBefore, isNamedBefore } from './dynamic/named-before.ts';
import { afterCheck } from './dynamic/origin.ts';
import { readGroup } from './dynamic/pieces.ts';
import { refusalOfText } from './dynamic/refused-texts.ts';
import { RunBefore } from './dynamic/run-before.ts';
import { withoutRepeats } from './dynamic/repeats.ts';
import type { Origin } from './dynamic/scope.ts';
import { readScope } from './dynamic/scope.ts';
import type { SinkFunctions, SinkKind, SinkSite } from './dynamic/sinks.ts';
import { calledIn, mayCallSink, sitesOf } from './dynamic/sinks.ts';
import type { Template } from './dynamic/template.ts';
import { templatesOf } from './dynamic/template.ts';
import { isBodyOfCaller, isQuotedRightly } from './dynamic/misplaced.ts';
import type { Problem } from './dynamic/threat.ts';
import { levelOf, problemOf, sentenceOf, worstOf } from './dynamic/threat.ts';
import { toldOnce } from './dynamic/told-once.ts';
import { refusalOf } from './sql/refused.ts';
import { withCreatedInside, writtenWithCreatedInside } from './sql/created-inside.ts';
import type { SqlCommand } from './sql/sql-commands.ts';
import { wordsOf } from './sql/tokens.ts';
import { beginsQuery, isCallersQuery, takesQuery, wholeProblem } from './dynamic/whole.ts';
import { mayRunText, readableBody, wrappersOf } from './dynamic/wrappers.ts';
import { Notes } from '../notes.ts';

/** A place where text runs as SQL. Spans are offsets in the file. */
export interface DynamicSql {
  readonly kind: SinkKind;
  readonly expression: Span;
  /** From EXECUTE or the keyword before it to the last operand. */
  readonly statement: Span;
  /** The routine's SECURITY DEFINER clause. */
  readonly definer: Span | undefined;
  /** It is the code of a routine that another one creates, which may live longer and be called by others. */
  readonly madeInside: boolean;
  /** The text, when it is one constant and nothing is passed with USING. */
  readonly constant: string | undefined;
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
  /** The way from where the value comes to where the text runs, in this order. */
  readonly related: readonly Related[];
  /** Each of them quotes everything in the statement that needs it. */
  readonly fixes: readonly Fix[];
}

/** What people know better than the text tells. Names may have their schema. */
export interface FlowOptions {
  /** Functions whose result is SQL already, such as quote_ident(). */
  readonly trusted?: readonly string[];
  /** Functions that run their first argument, or the one whose number follows a colon. */
  readonly sinks?: readonly string[];
}

/** `others`: the rest of the workspace, whose routines and tables explain what this file calls. */
export function findDynamicSql(file: SqlFile, options: FlowOptions = {}, others: readonly SqlFile[] = []): readonly DynamicSql[] {
  if (!file.postgres) return [];
  const files = [file, ...others];
  const statements = files.flatMap(writtenWithCreatedInside);
  const wrappers = wrappersOf(statements, sinksOf(options.sinks));
  const called = new Set<string>();
  const running = withCreatedInside(file).filter(({ written }) => {
    if (!runsText(written, wrappers)) return false;
    for (const name of callsOf(written)) called.add(name);
    return true;
  });
  if (running.length === 0) return [];
  const known = readKnown(statements, called, wrappers, options.trusted ?? []);
  const alterations = routineAlterations(file);
  return running.flatMap((command) => {
    const definer = definerClause(command, alterations);
    const sites = readRoutine(command.written, known, definer !== undefined);
    const trusted = asTrusted(sites, () => definer !== undefined || hasMoreRights(command.written, files));
    const passing = asPassing(trusted, () => onlyCalledHere(command, file));
    return asRefused(passing, () => refusalOf(command.written)).map((site) => siteInFile(site, command, definer));
  });
}

function sinksOf(given: readonly string[] = []): SinkFunctions {
  return new Map(given.map((one) => {
    const [name = '', number] = one.toLowerCase().split(':');
    return [name.trim(), { kind: 'wrapper', argument: Math.max(0, Number(number ?? 1) - 1 || 0) }];
  }));
}

/** What is found in a routine, independent of its place: a keystroke leaves most routines of a file as they were. */
interface Found {
  readonly known: Known;
  readonly definer: boolean;
  readonly sites: readonly Site[];
}

const found = new Notes<StatementText, Found>();

function readRoutine(written: StatementText, known: Known, definer: boolean): readonly Site[] {
  const before = found.get(written);
  if (before?.known === known && before.definer === definer) return before.sites;
  const sites = readSites(written, known, definer);
  found.set(written, { known, definer, sites });
  return sites;
}

function siteInFile({ kind, expression, statement, constant, risks }: Site, command: SqlCommand, definer: Span | undefined): DynamicSql {
  return {
    kind, constant, expression: command.inFile(expression), statement: command.inFile(statement), definer, madeInside: command.inside === 'routine',
    risks: risks.map((risk) => new RiskInFile(risk, command, definer)),
  };
}

/** A risk with its offsets in the file. */
class RiskInFile implements Risk {
  readonly at: Span;
  readonly problem: Problem;
  readonly origin: Origin;
  readonly severity: Severity;
  readonly message: string;
  readonly related: readonly Related[];
  readonly #fixes: () => readonly Fix[];
  readonly #command: SqlCommand;

  constructor({ at, problem, origin, severity, message, related, fixes }: SiteRisk, command: SqlCommand, definer: Span | undefined) {
    const owner: Related[] = definer ? [{ at: definer, message: 'It runs with the rights of the routine\'s owner' }] : [];
    this.at = command.inFile(at);
    this.problem = problem;
    this.origin = origin;
    this.severity = severity;
    this.message = message;
    this.related = [...related.map((one) => ({ ...one, at: command.inFile(one.at) })), ...owner];
    this.#fixes = fixes;
    this.#command = command;
  }

  get fixes(): readonly Fix[] {
    const { inFile, quote } = this.#command;
    return this.#fixes().flatMap((fix): Fix[] => {
      const edits = fix.edits.flatMap(({ span, text }) => {
        const written = quote(text);
        return written === undefined ? [] : [{ span: inFile(span), text: written }];
      });
      return edits.length < fix.edits.length ? [] : [{ ...fix, edits }];
    });
  }
}

function runsText(written: StatementText, wrappers: SinkFunctions): boolean {
  const body = bodyOf(written);
  if (body === undefined) return false;
  if (!mayRunText(written) && !mayCallSink.test(body.text) && wrappers.size === 0) return false;
  return sitesOf(body.text, body.read, wrappers).length > 0;
}

/** The code in which text can run: a routine's body, or the statement itself. */
interface Code {
  readonly text: string;
  readonly read: PlpgsqlBody;
  readonly routine: Pick<RoutineBody, 'text' | 'inStatement' | 'quote'>;
}

const codes = new Notes<StatementText, Code | null>();

function bodyOf(written: StatementText): Code | undefined {
  let code = codes.get(written);
  if (code === undefined) codes.set(written, (code = readCode(written) ?? null));
  return code ?? undefined;
}

function readCode(written: StatementText): Code | undefined {
  const { body, text, tokens } = written;
  const read = readableBody(written);
  if (body !== undefined) return read && { text: body.text, read, routine: body };
  // `RETURN x` and `BEGIN ATOMIC …` are parts of the statement.
  const isRoutine = /^CREATE (OR REPLACE )?(FUNCTION|PROCEDURE)\b/.test(written.head);
  if (!mayCallSink.test(text) || (!isRoutine && /^(CREATE|DROP|ALTER|COMMENT|GRANT|REVOKE)\b/.test(written.head))) return undefined;
  const itself = { text, inStatement: (span: Span) => span, quote: (inserted: string) => inserted };
  return { text, read: { tokens, declarations: [], assignments: [], executes: [], statements: [] }, routine: itself };
}

const calls = new Notes<StatementText, ReadonlySet<string>>();

/** The functions that a statement may call, as calls name them. */
function callsOf(written: StatementText): ReadonlySet<string> {
  let names = calls.get(written);
  if (names === undefined) calls.set(written, (names = readCalls(written)));
  return names;
}

function readCalls(written: StatementText): ReadonlySet<string> {
  const { text, read } = bodyOf(written)!;
  const code = wordsOf(read.tokens, text);
  const names = new Set<string>();
  for (const index of calledIn(code)) {
    const name = code.words[index]!;
    names.add(name).add(name.slice(name.lastIndexOf('.') + 1));
  }
  for (const { expression: { start, end } } of read.executes) {
    for (const [, name] of text.slice(start, Math.min(end, start + longestQuery)).matchAll(/([a-z_]\w*)\s*\(/gi)) names.add(name!.toLowerCase());
  }
  return names;
}

/** What a query that EXECUTE runs calls is of interest as long as somebody can have written it for what it gives. */
const longestQuery = 2_000;

function readSites(written: StatementText, known: Known, definer: boolean): readonly Site[] {
  const { text, read: body, routine: source } = bodyOf(written)!;
  const routine: Routine = { written, body: source, plpgsql: written.body?.plpgsql !== undefined, known, definer };
  const context = contextOf(routine, text, body);
  const before: Before = { told: new Set(), found: [], run: new RunBefore(context.scope) };
  const found = sitesOf(text, body, known.wrappers).slice(0, mostSites);
  const sites = found.map((site, index) => readSite(site, index, routine, context, before));
  return toldOnce<SiteRisk, Site>(routine.plpgsql ? asUnreached(sites, found, context) : sites);
}

/** Nobody writes a routine with more; what generates one does not read findings either. */
const mostSites = 400;

interface Routine {
  readonly written: StatementText;
  readonly body: Code['routine'];
  readonly plpgsql: boolean;
  readonly known: Known;
  readonly definer: boolean;
}

/** What the sites before say of one. */
interface Before {
  /** What they have reported already. */
  readonly told: Set<string>;
  readonly found: FoundName[];
  readonly run: RunBefore;
}

function readSite(site: SinkSite, index: number, routine: Routine, context: Context, { told, found, run }: Before): Site {
  const { definer, body } = routine;
  const place = (span: Span) => body.inStatement(span);
  const statement = place(site.span);
  const result = { kind: site.kind, expression: place(site.expression), statement, constant: undefined as string | undefined, beginning: '', text: undefined as string | undefined, risks: [] as SiteRisk[], query: undefined as Span | undefined };
  const reading = read(site, context, found);
  if (reading === undefined) return result;
  result.beginning = reading.templates[0]?.text.slice(0, longestBeginning) ?? '';
  if (site.kind === 'execute') found.push(...foundBy(reading.templates, site.span.end, context.scope));
  result.query = reading.query && place(reading.query);
  const [template, ...others] = reading.templates;
  if (others.length === 0 && template?.placed.every(({ piece }) => piece.kind !== 'slot')) result.text = template.text;
  if (site.using.length === 0 && !site.part && reading.group.pieces.every((piece) => piece.kind === 'text')) result.constant = reading.templates[0]!.text;
  if (reading.unsafe.length === 0) return result;
  let known: readonly Fix[] | undefined;
  // What was read of all statements is much to keep for the few whose fixes somebody asks for.
  const fixes = () => known ??= fixesFor(read(site, context, found)!, site, index, routine, context);
  for (const [first, ...others] of mistakesOf(reading.unsafe, body.text, told)) {
    const { slot, problem } = first;
    const at = place(spotOf(first));
    const severity = worstOf([first, ...others].map((one) => levelOf(one.slot, one.place, problem, definer)));
    const ran = run.find(first, severity, site.span);
    run.add(first, severity, site.span);
    const risk: SiteRisk = {
      at,
      problem,
      origin: slot.judged.origin,
      severity,
      message: sentenceOf(slot, first.place, problem, nameIn(body.text, slot), definer),
      related: [...pathOf(slot, at, statement, place), ...others.slice(0, mostOthers).map((one) => ({ at: place(spotOf(one)), message: 'The same value stands here too' }))],
      fixes: problem === 'whole' || problem === 'result' || site.part ? () => [] : fixes,
      given: slot.judged.trail?.[0]?.header === true,
    };
    result.risks.push(ran === undefined || !isWarning(risk) ? risk : {
      ...lowered(risk, 'it is already a part of a statement that runs before'),
      related: [...risk.related, { at: place(ran), message: 'It runs here before' }],
    });
  }
  return withRefusal(result, site, reading, routine, context);
}

/** A statement that PostgreSQL refuses whatever the values are does nothing. */
function withRefusal(read: Site, site: SinkSite, reading: Reading, { written }: Routine, { scope }: Context): Site {
  const why = read.risks.some(isWarning) ? refusalOfText(site, reading, written, scope) : undefined;
  return why === undefined ? read : { ...read, risks: read.risks.map((risk) => (isWarning(risk) ? lowered(risk, `but PostgreSQL refuses ${why}`) : risk)) };
}

/** In characters. */
const longestBeginning = 100;
const mostOthers = 20;

/**
 * The values by mistake, in the order of the text: one that comes the same way to several places of a statement is one mistake,
 * and so is a text that runs twice.
 */
function mistakesOf(unsafe: readonly Unsafe[], text: string, seen: Set<string>): [Unsafe, ...Unsafe[]][] {
  const mistakes = new Map<string, [Unsafe, ...Unsafe[]]>();
  for (const one of [...withoutRepeats(unsafe)].sort((a, b) => spotOf(a).start - spotOf(b).start)) {
    const spot = spotOf(one);
    const place = `${one.problem} ${spot.start} ${spot.end}`;
    if (seen.has(place)) continue;
    seen.add(place);
    const value = valueOf(one, text);
    const known = mistakes.get(value);
    if (known) known.push(one);
    else mistakes.set(value, [one]);
  }
  return [...mistakes.values()];
}

/** The value, how it came, and what is wrong with it. */
function valueOf({ slot, problem }: Unsafe, text: string): string {
  const name = nameIn(text, slot);
  return [problem, slot.judged.origin, /["']/.test(name) ? name : name.toLowerCase(), ...(slot.judged.trail ?? []).map(({ at }) => at.start)].join(' ');
}

/** Where a mistake is shown: the value, or the quoting that protects nothing. */
function spotOf({ slot, problem }: Unsafe): Span {
  return problem === 'misquoted' && slot.quoting ? slot.quoting : slot.span;
}

function nameIn(text: string, { span }: Slot): string {
  return text.slice(span.start, span.end).replace(/\s+/g, ' ');
}

/** From where the value comes to where the text runs; in the offsets of the statement. */
function pathOf({ judged, through }: Slot, at: Span, statement: Span, place: (span: Span) => Span): Related[] {
  const steps = [...(judged.trail ?? []), ...through].map((step: Step) => ({ at: step.header ? step.at : place(step.at), message: step.message }));
  const path = [...steps, { at: statement, message: 'The text runs here' }];
  const same = (a: Span, b: Span) => a.start === b.start && a.end === b.end;
  return path.filter((step, index) => !same(step.at, at) && !path.slice(index + 1).some((later) => same(later.at, step.at)));
}

function contextOf(routine: Routine, text: string, body: PlpgsqlBody): Context {
  return contextIn(readScope(routine.written, text, body, routine.known), routine.known.routines);
}

function read(site: SinkSite, context: Context, found: readonly FoundName[] = []): Reading | undefined {
  const read = readGroup(site.expression, context);
  if (read === undefined) return undefined;
  const group = site.part ? asPart(read) : read;
  const templates = templatesOf(group);
  const unsafe = new Map<Slot, Unsafe>();
  let query: Span | undefined;
  for (const template of templates) {
    const codes = codeLiterals(template);
    if (templates.length < mostTemplates) templates.push(...codesIn(template, codes, site.using, context));
    query ??= codes.find((piece) => template.place(piece)?.kind === 'bare' && isGiven(piece))?.span;
    for (const { piece, start, end } of template.placed) {
      if (piece.kind !== 'slot') continue;
      const place = template.place(piece)!;
      if (isQuotedRightly(piece, place)) continue;
      const checked = piece.through.length === 0 && piece.expression.kind !== 'reference' ? piece.judged : checkedBefore(piece, site.expression.start, context);
      const leaves = isGluedBefore(piece, start, template, context.scope.text) ? 'word'
        : foundBefore(piece, site.span.start, found, context.scope) ?? (isNamedBefore(piece, start, template, context.scope.text) ? 'existing' : undefined);
      const judged = leaves === undefined ? checked : afterCheck(checked, leaves);
      const slot = judged === piece.judged ? piece : { ...piece, judged };
      const whole = takesQuery(template, start, end) || (beginsQuery(template, start, end) && wholeProblem(slot, context) === 'whole');
      const problem = whole ? wholeProblem(slot, context) : problemOf(slot, place);
      if (isCallersQuery(slot, problem, context) || (problem !== undefined && slot.judged.origin === 'param' && isBodyOfCaller(slot, place))) query ??= slot.span;
      if (problem !== undefined) unsafe.set(piece, { slot, piece, place, problem });
    }
  }
  return { group, templates, unsafe: asOneName([...unsafe.values()], context.scope.text), query };
}

/** What a function puts into a query of its own stands where the names of columns do. */
function asPart(group: Group): Group {
  const text = (value: string): Piece => ({ kind: 'text', value, span: group.span });
  return { ...group, pieces: [text('SELECT '), ...group.pieces, text(' FROM t')] };
}

/** `SELECT ' || x || ', ARRAY[' || x || ']`, `ALTER ROLE ' || x || ' SET search_path = ' || x`: what is one name at one place is no list at another one. */
function asOneName(unsafe: readonly Unsafe[], text: string): readonly Unsafe[] {
  const names = new Set(unsafe.flatMap(({ slot, place, problem }) => (place.kind === 'bare' && place.role === 'identifier' && problem !== 'list' ? [nameIn(text, slot)] : [])));
  const isList = ({ problem, place, slot }: Unsafe) => (problem === 'list' && !slot.judged.list) || (problem === 'fragment' && place.kind === 'bare' && place.role === 'schemas');
  return unsafe.map((one) => (isList(one) && names.has(nameIn(text, one.slot)) ? { ...one, problem: one.slot.by === 'format' ? 'formatted' : 'concatenated' } : one));
}

const mostTemplates = 16;

/** What is quoted as a whole and then runs as code, such as the body of DO, is a text of its own; so is what USING hands to a function that runs it. */
function codesIn(template: Template, codes: readonly Slot[], using: readonly Span[], context: Context): Template[] {
  const read = (span: Span) => readGroup(span, context) ?? [];
  const quoted = codes.flatMap(({ expression }) => read(expression.span)).filter((group) => !isOneValue(group));
  const handed = using.length === 0 ? [] : parametersRun(template).flatMap((number) => using[number - 1] ?? []).flatMap(read);
  return [...quoted, ...handed].flatMap(templatesOf);
}

/** The values that are quoted as a whole and run as code. */
function codeLiterals(template: Template): Slot[] {
  return template.placed.flatMap((one) => (
    one.piece.kind === 'slot' && one.piece.force === 'literal' && /^(bare|dollar)$/.test(template.place(one.piece)?.kind ?? '') && holdsCode(one, template) ? [one.piece] : []
  ));
}

/** The caller's own, with nothing put to it. */
function isGiven({ expression, judged }: Slot): boolean {
  return (expression.kind === 'reference' || expression.kind === 'parameter') && judged.origin === 'param' && judged.built === undefined && !isTame(judged);
}

/** A body that is given as a whole is quoted as it has to be. */
function isOneValue({ pieces }: Group): boolean {
  return pieces.every(({ kind }) => kind === 'slot');
}

function fixesFor(reading: Reading, site: SinkSite, index: number, routine: Routine, context: Context): Fix[] {
  if (routine.body.text.length > longestBody || routine.body.text.length * (index + 1) > longestProof) return [];
  return candidatesFor(reading, site, context, routine.known.types).flatMap(({ title, edits }): Fix[] => {
    if (!isProven(edits, reading, index, routine)) return [];
    const written = edits.flatMap((edit) => writtenInStatement(edit, routine) ?? []);
    return written.length === edits.length ? [{ title, safety: 'review', edits: written }] : [];
  });
}

/** Every fix is proven on the whole body, which a generated one with thousands of statements would not finish. */
const longestProof = 5_000_000;
const longestBody = 300_000;

/** Reads the changed body again: both parsers have to agree, and nothing may be left to report. */
function isProven(edits: readonly Edit[], before: Reading, index: number, routine: Routine): boolean {
  const text = applyEdits(routine.body.text, edits);
  const body = readAgain(text, routine);
  const site = sitesOf(text, body, routine.known.wrappers)[index];
  if (site === undefined) return false;
  const after = read(site, contextOf(routine, text, body));
  if (after === undefined || after.unsafe.length > 0 || !agrees(after.group)) return false;
  // Code in a literal may be PL/pgSQL, which the parser does not know.
  const parses = ({ group, templates }: Reading) => templates.every((template) => template.parses || !template.groups.has(group));
  return parses(after) || !parses(before);
}

function readAgain(text: string, { plpgsql }: Routine): PlpgsqlBody {
  return plpgsql ? parsePlpgsql(text) : { tokens: lex(text, 'body'), declarations: [], assignments: [], executes: [], statements: [] };
}

function agrees(group: Group): boolean {
  return group.agreed && group.pieces.every((piece) => piece.kind !== 'choice' || piece.branches.every(agrees));
}

function writtenInStatement(edit: Edit, routine: Routine): Edit | undefined {
  const text = routine.body.quote(edit.text);
  return text === undefined ? undefined : { span: routine.body.inStatement(edit.span), text };
}
