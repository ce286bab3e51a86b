import { codeInString, placeInBody } from './dollar-bodies.ts';
import { firstWhere } from './first-where.ts';
import type { Span } from '../../text.ts';
import type { Token } from '../../syntax/sql/lexer.ts';
import { lex } from '../../syntax/sql/lexer.ts';
import { Lru } from '../../syntax/sql/lru.ts';
import type { Group, Piece, Slot } from './pieces.ts';
import type { Role } from './roles.ts';
import { askRoles } from './roles.ts';

/** Where a value lands in the statement. `token` is the literal or name around it, in the offsets of the template. */
export type Place =
  /** `backslashes`: the literal is an E'…' of the statement; `whole`: as below. */
  | { readonly kind: 'string' | 'quoted' | 'glued'; readonly token: Span; readonly backslashes?: true; readonly whole?: 'statement' | 'expression' | undefined }
  /** `tag`: `$$` or `$tag$`; `runs`: the body is code, in which it does harm without ending it; `quoted`: it stands in a string or a quoted name of the body; `whole`: it is code of its own in a body that runs. */
  | { readonly kind: 'dollar'; readonly tag?: string; readonly runs?: true; readonly quoted?: true; readonly whole?: 'statement' | 'expression' }
  | { readonly kind: 'comment' | 'other' }
  /** `noName`: PostgreSQL accepts no column there. */
  | { readonly kind: 'bare'; readonly role: Role; readonly noName?: true };

/** One statement that the pieces can make, with a name of its own in the place of every value. */
export interface Template {
  readonly text: string;
  readonly tokens: readonly Token[];
  /** PostgreSQL accepts it, perhaps without the values that stand for keywords. */
  readonly parses: boolean;
  readonly placed: readonly Placed[];
  readonly groups: ReadonlyMap<Group, Span>;
  place(piece: Slot): Place | undefined;
}

export interface Placed extends Span {
  readonly piece: Piece;
  readonly group: Group;
}

/** A template for every branch, as far as there are few. */
export function templatesOf(group: Group): Template[] {
  const count = Math.min(8, branchCount(group));
  return Array.from({ length: count }, (_, branch) => templateOf(group, branch));
}

function branchCount(group: Group): number {
  let most = 1;
  for (const piece of group.pieces) {
    if (piece.kind !== 'choice') continue;
    most = Math.max(most, piece.branches.length);
    for (const branch of piece.branches) most = Math.max(most, branchCount(branch));
  }
  return most;
}

function templateOf(group: Group, branch: number): Template {
  const { layout: { text, placed, groups, slots }, read: { tokens, parses, places: found } } = readLayout(group, branch);
  const places = new Map<Piece, Place>(slots.map(({ piece }, index) => [piece, isCertain(found[index]!, index, slots, text) ? found[index]! : { kind: 'other' }]));
  return { text, tokens, parses, placed, groups, place: (piece) => places.get(piece) };
}

/** The quotes that nothing here ends may end in a value that is not known: `'a = ''' || f(x) || ' AND b = ' || quote_literal(y)` */
function isCertain(place: Place, index: number, slots: readonly Placed[], text: string): boolean {
  if ((place.kind !== 'string' && place.kind !== 'quoted') || place.token.end < text.length || /['"]$/.test(text)) return true;
  return !slots.slice(0, index).some(({ piece, start }) => start > place.token.start && piece.kind === 'slot' && piece.force === undefined && piece.judged.origin === 'unknown');
}

/** `date %L` is only read as one value when a literal stands there, and `FROM %L` only when a name does. */
function readLayout(group: Group, branch: number): { layout: Layout; read: ReadText } {
  const named = layOut(group, branch, new Set());
  const byName = { layout: named, read: readText(named) };
  const literals = new Set(named.slots.flatMap(({ piece }, index) => (byName.read.lone.has(index) && piece.kind === 'slot' && piece.force === 'literal' ? [piece] : [])));
  if (literals.size === 0) return byName;
  const layout = layOut(group, branch, literals);
  const read = readText(layout);
  return read.parses || !byName.read.parses ? { layout, read } : byName;
}

/** What a text says of the values in it: the same for every statement that is put together in the same way. */
interface ReadText {
  readonly tokens: readonly Token[];
  readonly parses: boolean;
  /** The values that are a token of their own, by their place in the order of the text. */
  readonly lone: ReadonlySet<number>;
  readonly places: readonly Place[];
}

/** Of all the statements of a routine a keystroke changes one. */
const known = new Lru<ReadText>(2_000, 2_000_000);

function readText({ text, slots }: Layout): ReadText {
  return known.get(`${slots.map(({ start, end }) => `${start} ${end}`).join(' ')}\n${text}`, () => {
    const tokens = lex(text);
    const lone = new Set(slots.keys());
    for (const [index, { start, end }] of slots.entries()) {
      const token = tokenAt(tokens, start);
      if (token?.start !== start || token.end !== end) lone.delete(index);
    }
    const { roles, parses } = readRoles(text, tokens, slots.filter((_slot, index) => lone.has(index)));
    return { tokens, parses, lone, places: slots.map((one) => placeOf(one, text, tokens, roles)) };
  });
}

/** The first one that ends behind `offset`. */
function tokenAt(tokens: readonly Token[], offset: number): Token | undefined {
  return tokens[firstWhere(tokens.length, (index) => tokens[index]!.end > offset)];
}

interface Layout {
  readonly text: string;
  readonly placed: readonly Placed[];
  readonly groups: ReadonlyMap<Group, Span>;
  readonly slots: readonly Placed[];
}

const longestTag = 64;

function layOut(group: Group, branch: number, literals: ReadonlySet<Slot>): Layout {
  const placed: Placed[] = [];
  const groups = new Map<Group, Span>();
  let text = '';
  let next = 0;
  const tags = new Map<string, string>();
  const name = (slot: Slot): string => {
    const { expression } = slot;
    // `$%1$s_body$ … $%1$s_body$`: the tag at the end has to be the one at the beginning.
    if (expression.kind === 'reference' && slot.force === undefined && /\$\w*$/.test(text.slice(-longestTag))) {
      const value = expression.path.join('.');
      tags.set(value, tags.get(value) ?? `pgsx${next++}z`);
      return tags.get(value)!;
    }
    if (slot.force === undefined && slot.judged.type === 'number') return '1'; // legal where only a number can stand
    return literals.has(slot) ? `'pgsx${next++}z'` : `pgsx${next++}z`;
  };
  const write = (from: Group): void => {
    const start = text.length;
    for (const piece of from.pieces) {
      const begin = text.length;
      if (piece.kind === 'text') text += piece.value;
      else if (piece.kind === 'choice') write(piece.branches[Math.min(branch, piece.branches.length - 1)]!);
      else text += name(piece);
      placed.push({ piece, group: from, start: begin, end: text.length });
    }
    groups.set(from, { start, end: text.length });
  };
  write(group);
  return { text, placed, groups, slots: placed.filter(({ piece }) => piece.kind === 'slot') };
}

function placeOf(one: Span, text: string, tokens: readonly Token[], roles: ReadonlyMap<Span, Role>): Place {
  const token = tokenAt(tokens, one.start);
  if (token === undefined || token.start >= one.end) return { kind: 'other' };
  if (token.kind === 'comment') return { kind: 'comment' };
  if (token.kind === 'dollar') return placeInBody(token, one, text, tokens);
  if (token.kind === 'string' && token.start === one.start && token.end === one.end) return { kind: 'bare', role: 'value' };
  if (token.kind === 'string') return /^e/i.test(text[token.start]!) ? { kind: 'string', token, backslashes: true } : { kind: 'string', token, whole: codeInString(token, one, text, tokens) };
  if (token.kind === 'identifier') return { kind: 'quoted', token };
  if (text[one.start - 1] === '$') return { kind: 'dollar' };
  if (token.start === one.start && token.end === one.end) {
    if (/[0-9]/.test(text[one.start - 1] ?? '')) return { kind: 'other' };
    // Any expression can stand there, such as now(), which a literal would not be.
    const found = /\bdefault\s*$/i.test(text.slice(0, one.start)) ? 'fragment' : roles.get(one) ?? 'unknown';
    const role = found === 'alias' ? (/\bas\s*$/i.test(text.slice(0, one.start)) ? 'identifier' : 'fragment') : found;
    return (role === 'value' || role === 'number') && takesNoName(text, tokens, token) ? { kind: 'bare', role, noName: true } : { kind: 'bare', role };
  }
  return token.kind === 'word' ? { kind: 'glued', token } : { kind: 'other' };
}

/** `LIMIT x`, `VALUES (1, x)` */
function takesNoName(text: string, tokens: readonly Token[], token: Token): boolean {
  const before = tokens.slice(0, tokens.indexOf(token)).filter((one) => one.kind !== 'comment').map((one) => text.slice(one.start, one.end).toLowerCase());
  if (/^(limit|offset)$/.test(before.at(-1) ?? '')) return true;
  const open = before.lastIndexOf('(');
  return before[open - 1] === 'values' && before.slice(open).every((word) => /^(\(|,|-?[\d.]+|'.*'|pgsx\d+z)$/s.test(word));
}

function readRoles(text: string, tokens: readonly Token[], lone: readonly Span[]): { roles: Map<Span, Role>; parses: boolean } {
  const roles = new Map<Span, Role>();
  let parses = true;
  for (const statement of statementsOf(text, tokens)) {
    const inside = lone.filter((one) => one.start >= statement.start && one.end <= statement.end);
    const found = rolesOfStatement(text, tokens, statement, inside);
    if (found === undefined) parses = false;
    for (const one of inside) roles.set(one, found?.get(one) ?? roleByNeighbours(text, tokens, one));
  }
  return { roles, parses };
}

/** The statements of a text, without their semicolons. */
export function statementsOf(text: string, tokens: readonly Token[]): Span[] {
  const statements: Span[] = [];
  let start = 0;
  for (const token of tokens) {
    if (token.kind !== 'punctuation' || text[token.start] !== ';') continue;
    statements.push({ start, end: token.start });
    start = token.end;
  }
  statements.push({ start, end: text.length });
  return statements.filter((one) => text.slice(one.start, one.end).trim() !== '');
}

/** Tries the statement whole, then with queries and words of SQL where only these can stand, then without one or two values, which then stand for words of SQL. */
function rolesOfStatement(text: string, tokens: readonly Token[], statement: Span, inside: readonly Span[]): Map<Span, Role> | undefined {
  const names = new Map(inside.map((one) => [text.slice(one.start, one.end), one]));
  const whole = text.slice(statement.start, statement.end);
  const asked = askRoles(whole, new Set(names.keys()));
  const words = asked === 'error' ? wordsFor(inside, text, tokens) : noWords;
  for (const left of leftOut(inside, words)) {
    const blanks = new Map(left.map((one) => [one, words.get(one) ?? '']));
    const source = [...blanks].sort(([a], [b]) => b.start - a.start)
      .reduce((now, [{ start, end }, word]) => now.slice(0, start - statement.start) + word + now.slice(end - statement.start), whole);
    const found = left.length === 0 ? asked : askRoles(source, new Set(names.keys()));
    if (found === 'unknown') return undefined;
    if (found === 'error') {
      const numbers = left.length === 0 ? rolesBesideNumber(source, statement.start, inside, names) : undefined;
      if (numbers !== undefined) return numbers;
      continue;
    }
    const roles = new Map<Span, Role>(left.map((one) => [one, isDirection(text, tokens, one) ? 'direction' : 'fragment']));
    for (const [name, role] of found) roles.set(names.get(name)!, role);
    return roles;
  }
  return undefined;
}

/** `RESTART WITH x`: where PostgreSQL reads a number and no name. */
function rolesBesideNumber(source: string, start: number, inside: readonly Span[], names: ReadonlyMap<string, Span>): Map<Span, Role> | undefined {
  for (const number of [...inside].reverse().slice(0, 6)) {
    const [from, to] = [number.start - start, number.end - start];
    const found = askRoles(source.slice(0, from) + '1'.repeat(to - from) + source.slice(to), new Set(names.keys()));
    if (typeof found === 'string') continue;
    const roles = new Map<Span, Role>([[number, 'number']]);
    for (const [name, role] of found) roles.set(names.get(name)!, role);
    return roles;
  }
  return undefined;
}

function leftOut(inside: readonly Span[], words: ReadonlyMap<Span, string>): Span[][] {
  const always = [...words.keys()];
  const last = inside.filter((one) => !words.has(one)).reverse().slice(0, 6);
  const pairs = last.flatMap((one, index) => last.slice(index + 1).map((other) => [one, other]));
  return [[], ...words.size > 0 ? [always] : [], ...[...last.map((one) => [one]), ...pairs].map((left) => [...always, ...left])];
}

const noWords: ReadonlyMap<Span, string> = new Map();

/** What can stand for values where PostgreSQL reads a query, `FROM (x) AS q`, or the event of a trigger. */
function wordsFor(inside: readonly Span[], text: string, tokens: readonly Token[]): Map<Span, string> {
  const code = tokens.filter((token) => token.kind !== 'comment');
  const word = (index: number) => text.slice(code[index]?.start ?? 0, code[index]?.end ?? 0).toLowerCase();
  const isTrigger = /^\s*create\s+(?:or\s+replace\s+)?(?:constraint\s+)?trigger\b/i.test(text);
  return new Map(inside.flatMap((one): [Span, string][] => {
    const at = code.findIndex(({ start }) => start === one.start);
    if (word(at - 1) === '(' && word(at + 1) === ')' && takesQuery.has(word(at - 2))) return [[one, 'SELECT 1']];
    return isTrigger && takesEvent.has(word(at - 1)) && /^(on|or|of)$/.test(word(at + 1)) ? [[one, 'INSERT']] : [];
  }));
}

const takesQuery = new Set(['from', 'join', 'exists', 'as', 'union', 'all', 'except', 'intersect']);
const takesEvent = new Set(['before', 'after', 'of', 'or']);

/** Behind the expression of an ORDER BY, before its end. */
function isDirection(text: string, tokens: readonly Token[], one: Span): boolean {
  const words = tokens.filter((token) => token.kind !== 'comment');
  const at = words.findIndex((token) => token.start === one.start);
  const after = words[at + 1];
  if (after !== undefined && !/^([,);]|limit|offset|fetch|for|nulls)$/i.test(text.slice(after.start, after.end))) return false;
  let depth = 0;
  for (let i = at - 1; i > 0; i--) {
    const word = text.slice(words[i]!.start, words[i]!.end).toLowerCase();
    if (word === ')') depth++;
    if (word === '(' && depth-- === 0) return false;
    if (depth === 0 && word === 'by') return /^order$/i.test(text.slice(words[i - 1]!.start, words[i - 1]!.end)) && i < at - 1;
  }
  return false;
}

/** Whether the words before it say that it names an object, whatever PostgreSQL can make of the statement. */
export function namesObject({ text, tokens }: Pick<Template, 'text' | 'tokens'>, one: Span): boolean {
  return roleByNeighbours(text, tokens, one) === 'identifier';
}

/** What the words around a value say when PostgreSQL cannot read the statement. */
function roleByNeighbours(text: string, tokens: readonly Token[], one: Span): Role {
  const words = tokens.filter((token) => token.kind !== 'comment');
  const at = words.findIndex((token) => token.start === one.start);
  const word = (index: number) => text.slice(words[index]?.start ?? 0, words[index]?.end ?? 0).toLowerCase();
  const [before, after] = [word(at - 1), word(at + 1)];
  if (at === 0 || insideOperator.test(text.slice(0, one.start))) return 'fragment';
  if (before === '.' || after === '.' || identifierAfter.has(before)) return 'identifier';
  if (before === '(' && word(at - 2) === 'in') return 'list';
  if (valueAfter.has(before)) return 'value';
  return fragmentAfter.has(before) ? 'fragment' : 'unknown';
}

/** `OPERATOR(pg_catalog.x)` */
const insideOperator = /\boperator\s*\(\s*(?:[\w"$]+\s*\.\s*)*$/i;
const identifierAfter = new Set([
  'from', 'join', 'into', 'update', 'table', 'only', 'view', 'index', 'sequence', 'schema', 'truncate', 'references', 'trigger', 'column', 'constraint',
  'role', 'user', 'database', 'exists', 'policy',
]);
const valueAfter = new Set(['=', '<>', '!=', '<', '>', '<=', '>=', 'like', 'ilike', 'limit', 'offset', 'between']);
const fragmentAfter = new Set(['where', 'and', 'or', 'on', 'having', 'set', ';']);
