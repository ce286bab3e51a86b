import type { Token } from '../../syntax/sql/lexer.ts';
import type { Edit, Span } from '../../text.ts';
import { applyEdits } from '../../text.ts';
import type { Group, Slot } from './pieces.ts';
import type { Scope } from './scope.ts';
import type { Placed, Template } from './template.ts';
import { namesObject, templatesOf } from './template.ts';
import { problemOf } from './threat.ts';
import { holdsCode } from './code-literals.ts';
import { baseType, isShownOtherwise, typeOf } from './expression-types.ts';
import { editsInPlace, formatCall } from './format-call.ts';
import { names } from './known-functions.ts';
import { arrayOf, elementsAt, quotedElements } from './list-fixes.ts';
import { foldedName, joinParts, literalParts, partsOf, stringArgument } from './literal-argument.ts';
import { namesSchema, namesSeveral } from './misplaced.ts';
import type { NullNews } from './null-news.ts';
import { isLeftOut, nullsOf } from './null-news.ts';
import { quoteInPlace } from './quote-calls.ts';
import { isWordByDefault } from './word-defaults.ts';
import type { Writer } from './written.ts';
import { castTo, sourceOf, writerFor } from './written.ts';

/** Which values of a statement have to be quoted, and how a table that exists is named. */
export interface Order {
  /** The text of the routine body. */
  readonly source: string;
  readonly scope: Scope;
  needs(slot: Slot): boolean;
  /** `%s` with `x::regclass` instead of `%I` where a table stands that is there already. */
  readonly regclass: boolean;
  /** A list in `IN (…)` is to be passed as an array. */
  readonly arrays?: boolean;
}

export interface Rewritten {
  /** Offsets count from the start of the body. */
  readonly edits: readonly Edit[];
  readonly nulls: readonly NullNews[];
  /** The functions that quote now. */
  readonly by: readonly string[];
  /** PostgreSQL folded the letters of a name until now, and took what stood before a dot for its schema. */
  readonly asStored: boolean;
  /** What a value has to be now, to be taken at all. */
  readonly accepts: readonly string[];
}

/**
 * The edits that let format() quote every value of `group` that needs it; undefined when one of them cannot be quoted:
 * half of a fix would look like a whole one.
 */
export function rewriteGroup(group: Group, template: Template, order: Order): Rewritten | undefined {
  const writer = writerFor(order.source, group);
  const replacements = replacementsOf(group, template, order, writer);
  if (replacements === undefined) return undefined;
  const changed = replacements.filter((one) => one.changed);
  const asStored = changed.some((one) => one.letter === 'I' && isFolded(one, template));
  const accepts = changed.flatMap(({ only }) => acceptedFor(only, template, order) ?? []);
  if (group.keepsNull) {
    const edits = quoteInPlace(group, replacements, template, writer);
    return edits && { edits, nulls: [], by: quotingOf(changed), asStored, accepts };
  }
  const inPlace = group.format && editsInPlace(group, replacements, template, writer);
  if (inPlace) return { edits: inPlace, nulls: nullsOf(changed, group, order.source), by: ['format()'], asStored, accepts };
  const text = formatCall(group, replacements, template, writer);
  return text === undefined ? undefined : { edits: [{ span: group.span, text }], nulls: nullsOf(replacements, group, order.source), by: ['format()'], asStored, accepts };
}

/** Nobody has quoted it, and some of it comes from somebody who may write capitals where PostgreSQL takes none. */
function isFolded({ start, end }: Span, { text, placed }: Template): boolean {
  return text[start] !== '"' && placed.some(({ piece, ...at }) => piece.kind === 'slot' && at.start >= start && at.end <= end && piece.force === undefined && piece.judged.origin !== 'catalog');
}

function acceptedFor(slot: Slot | undefined, template: Template, { regclass }: Order): string | undefined {
  const place = slot && template.place(slot);
  if (place?.kind !== 'bare') return undefined;
  if (regclass && place.role === 'function') return 'functions that exist with one list of parameters (::regproc)';
  if (regclass && place.role === 'relation') return 'tables that exist (::regclass)';
  if (place.role === 'direction') return 'ASC and DESC';
  return place.role === 'number' ? 'numbers (::numeric)' : place.role === 'type' ? 'types, without a length (::regtype)' : undefined;
}

function quotingOf(replacements: readonly Replacement[]): string[] {
  return replacements.flatMap(({ letter }) => (letter === 's' ? [] : [letter === 'I' ? 'quote_ident()' : 'quote_literal()']));
}

/** A stretch of the template that becomes a specifier. */
export interface Replacement extends Span {
  readonly letter: 's' | 'I' | 'L';
  readonly argument: string;
  /** Only the values in it that had to be changed count as such. */
  readonly changed: boolean;
  /** What it replaces, when that is one value and nothing else. */
  readonly only: Slot | undefined;
  /** `$1` instead of a specifier: the argument is passed with USING. */
  readonly parameter?: string;
  /** What it replaces is `IN (…)` or `NOT IN (…)`, the argument an array. */
  readonly array?: '= ANY' | '<> ALL';
}

/** What the values of one group are replaced by; undefined when one of them cannot be quoted. */
export function replacementsOf(group: Group, template: Template, order: Order, writer: Writer): Replacement[] | undefined {
  const inside = template.placed.filter((one) => one.group === group && one.piece.kind !== 'text');
  const bounds = template.groups.get(group);
  if (bounds === undefined || inside.some(({ piece }) => piece.kind === 'slot' && piece.padded)) return undefined;
  const work: Work = { group, template, order, writer, inside, bounds };
  const done: Replacement[] = [];
  for (const one of inside) {
    if (done.some((other) => one.start >= other.start && one.end <= other.end && other.end > other.start && one.start < other.end)) continue;
    const made = replacementOf(one, work);
    if (made === undefined) return undefined;
    done.push(made);
  }
  return done;
}

interface Work {
  readonly group: Group;
  readonly template: Template;
  readonly order: Order;
  readonly writer: Writer;
  /** The values of the group. */
  readonly inside: readonly Placed[];
  /** The group in the template. */
  readonly bounds: Span;
}

function replacementOf(one: Placed, work: Work): Replacement | undefined {
  const { template, order, inside, bounds } = work;
  const token = template.tokens.find((candidate) => candidate.start <= one.start && candidate.end >= one.end && candidate.end > one.start);
  const around = token && token.kind !== 'comment' ? token : one;
  const neighbours = inside.filter((other) => other === one || (other.start >= around.start && other.end <= around.end && (other.end > other.start || other.start < around.end)));
  const slots = neighbours.flatMap(({ piece }) => (piece.kind === 'slot' ? [piece] : []));
  if (!slots.some((slot) => order.needs(slot))) return kept(one, work);
  if (slots.some((slot) => quotesInside.test(sourceOf(slot, order.source)))) return undefined;
  if (one.piece.kind === 'slot' && template.place(one.piece)?.kind === 'bare') return bareReplacement(one, one.piece, template, order);
  if (token === undefined || token.unterminated || token.start < bounds.start || token.end > bounds.end) return undefined;
  if (neighbours.some(({ piece, start, end }) => piece.kind === 'choice' && /['"\\]/.test(template.text.slice(start, end)))) return undefined;
  if (slots.some(isQuotedList)) return order.arrays ? arrayReplacement(token, one, template, order) : quotedListReplacement(token, neighbours, template, order);
  return inToken(token, one, neighbours, work);
}

/** The literal or the name that the value is a part of, as a whole. */
function inToken(token: Token, { piece }: Placed, neighbours: readonly Placed[], { group, template, order, writer }: Work): Replacement | undefined {
  const place = piece.kind === 'slot' ? template.place(piece)?.kind : token.kind;
  const only = neighbours.length === 1 && neighbours[0]!.piece.kind === 'slot' ? neighbours[0]!.piece : undefined;
  const make = (letter: 'I' | 'L', argument: string | undefined): Replacement | undefined => {
    if (argument === undefined) return undefined;
    const text = only && argument === sourceOf(only, order.source) ? textOf(only, group, order) : argument;
    return { start: token.start, end: token.end, letter, argument: text, changed: true, only };
  };
  const parts = (span: Span, decode: (text: string) => string) => partsOf(span, neighbours, template, writer, decode);
  // Its quotes are a part of the text between the dollar signs, most likely of code.
  if (place === 'dollar' && !holdsCode(token, template) && neighbours.some((one) => one.piece.kind === 'slot' && one.piece.force !== undefined)) return undefined;
  if (place === 'string' || place === 'dollar') {
    return make('L', holdsCode(token, template) ? codeArgument(token, neighbours, template, order, writer) : stringArgument(token, neighbours, template, writer));
  }
  if (place === 'quoted' || place === 'identifier') {
    if (template.text[token.start] !== '"') return undefined;
    return make('I', joinParts(parts({ start: token.start + 1, end: token.end - 1 }, (text) => text.replaceAll('""', '"')), writer));
  }
  if (place !== 'glued' && place !== 'word') return undefined;
  if (/[0-9]/.test(template.text[token.start - 1] ?? '')) return undefined;
  // `WHERE a ` || operator || number: what PostgreSQL cannot read may be more than a name.
  if (!template.parses && !namesObject(template, token)) return undefined;
  const last = neighbours.at(-1)!;
  // What stands behind the name of a table may also be a condition.
  if (last.piece.kind === 'slot' && order.needs(last.piece) && last.end === token.end && /[a-z]/i.test(template.text[last.start - 1] ?? '') && last.start > token.start) return undefined;
  if (neighbours.some((one) => one.piece.kind === 'slot' && isReadAsPath(one.piece, order))) return undefined;
  // PostgreSQL folds what is not quoted, and %I quotes.
  return make('I', joinParts(parts(token, foldedName), writer));
}

/** The elements are in quotes of their own: `'a','b'`. */
function isQuotedList({ judged, expression }: Slot): boolean {
  if (!judged.list) return false;
  const separator = expression.kind === 'call' ? expression.args[1] : undefined;
  return separator?.kind !== 'literal' || /['"]/.test(separator.value);
}

/** `'` || array_to_string(a, `','`) || `'` */
function quotedListReplacement(token: Span, neighbours: readonly Placed[], template: Template, { source }: Order): Replacement | undefined {
  const [only, other] = neighbours;
  if (other !== undefined || only?.piece.kind !== 'slot' || only.start !== token.start + 1 || only.end !== token.end - 1) return undefined;
  const quote = template.text[token.start]!;
  const argument = quotedElements(only.piece, quote === '"' ? 'name' : 'value', `${quote},${quote}`, source);
  return argument === undefined ? undefined : { start: token.start, end: token.end, letter: 's', argument, changed: true, only: only.piece };
}

/** `= ANY (…)` for `IN (…)` with nothing but the list in it. */
function arrayReplacement(list: Span, { piece }: Placed, { tokens, text }: Template, { source }: Order): Replacement | undefined {
  if (piece.kind !== 'slot') return undefined;
  const code = tokens.filter((token) => token.kind !== 'comment');
  const at = code.findIndex((token) => token.start === list.start && token.end === list.end);
  const word = (index: number): string => text.slice(code[index]?.start ?? 0, code[index]?.end ?? 0).toLowerCase();
  if (word(at - 2) !== 'in' || word(at - 1) !== '(' || word(at + 1) !== ')') return undefined;
  const negated = word(at - 3) === 'not';
  const start = code[negated ? at - 3 : at - 2]!.start;
  return { start, end: code[at + 1]!.end, letter: 'L', argument: arrayOf(piece, source), changed: true, only: piece, array: negated ? '<> ALL' : '= ANY' };
}

/** Quoting it once more would change what it says. */
const quotesInside = /\bquote_(ident|literal|nullable)\s*\(/i;

/** A value that may stay: it keeps its place and its quoting. */
function kept(one: Placed, { group, order }: Work): Replacement {
  const { piece, start, end } = one;
  const argument = sourceOf(piece, order.source);
  if (piece.kind !== 'slot') return { start, end, letter: 's', argument, changed: false, only: undefined };
  const letter = piece.force === 'identifier' ? 'I' : piece.force === 'literal' ? 'L' : 's';
  return { start, end, letter, argument: textOf(piece, group, order), changed: false, only: piece };
}

/** A value such that format() writes it as what joins it now does. */
function textOf(slot: Slot, group: Group, { source, scope }: Order): string {
  const argument = sourceOf(slot, source);
  const otherwise = slot.judged.type === 'boolean' || isShownOtherwise(slot.expression, scope);
  return otherwise && !isLeftOut(slot, group, source) ? castTo(argument, slot, 'text') : argument;
}

/** The code in a literal is quoted for itself first: `format('DO %L', format('BEGIN … %L', x))`. */
function codeArgument(token: Token, neighbours: readonly Placed[], template: Template, order: Order, writer: Writer): string | undefined {
  const parts = literalParts(token, neighbours, template, writer);
  if (parts === undefined) return undefined;
  const nowhere = { start: 0, end: 0 };
  const pieces = parts.map((part) => part.slot ?? { kind: 'text', value: part.text ?? '', span: nowhere } as const);
  if (parts.some((part) => part.slot === undefined && part.text === undefined)) return undefined;
  const code: Group = { span: nowhere, pieces, shape: 'format', agreed: true, keepsNull: false, format: { template: nowhere, args: [] } };
  const [inner] = templatesOf(code);
  if (inner === undefined) return undefined;
  const needs = (slot: Slot): boolean => problemOf(slot, inner.place(slot) ?? { kind: 'other' }) !== undefined;
  const replacements = replacementsOf(code, inner, { ...order, needs, regclass: false }, writer);
  return replacements && formatCall(code, replacements, inner, writer);
}

function bareReplacement(one: Placed, slot: Slot, template: Template, order: Order): Replacement | undefined {
  const place = template.place(slot);
  if (place?.kind !== 'bare') return undefined;
  const argument = textOf(slot, one.group, order);
  const make = (letter: Replacement['letter'], text: string): Replacement => ({ start: one.start, end: one.end, letter, argument: text, changed: true, only: slot });
  // Once more quoted it would be one name, with the quotes in it.
  if (slot.judged.cut) return undefined;
  if (namesOrValues.has(place.role) && isWordByDefault(slot, place.role, order.scope)) return undefined;
  if (order.arrays && place.role === 'list') return arrayReplacement(one, one, template, order);
  const elements = slot.judged.list && elementsAt(place.role);
  if (elements) {
    const quoted = quotedElements(slot, elements, ',', order.source);
    return quoted === undefined ? undefined : make('s', quoted);
  }
  switch (place.role) {
    case 'relation':
      if (!isOneName(slot)) return undefined;
      if (order.regclass) return make('s', castTo(argument, slot, 'regclass'));
      return isReadAsPath(slot, order) ? undefined : make('I', argument);
    case 'function':
      if (!isOneName(slot)) return undefined;
      return order.regclass ? make('s', castTo(argument, slot, 'regproc')) : make('I', argument);
    case 'identifier':
      if (order.regclass && isOneName(slot) && qualifiesItself(one, slot, template, order)) return make('s', castTo(argument, slot, 'regclass'));
      if (!isOneName(slot) || isReadAsPath(slot, order) || mayBeSignature(one, template)) return undefined;
      return holdsSql(slot, place.role) ? make('s', withQuotedResults(slot, 'quote_ident', order)) : make('I', argument);
    case 'schemas': return (namesSchema(slot) || isNameBeside(slot, template, order)) && isOneName(slot) ? make('I', argument) : undefined;
    case 'value': return holdsSql(slot, place.role) ? make('s', withQuotedResults(slot, 'quote_literal', order)) : make('L', argument);
    case 'number': return slot.judged.list ? undefined : make('s', castTo(argument, slot, 'numeric'));
    case 'type': return make('s', castTo(argument, slot, 'regtype'));
    case 'direction': return make('s', `CASE WHEN upper(${argument}) = 'DESC' THEN 'DESC' ${one.group.keepsNull ? `WHEN ${argument} IS NOT NULL THEN` : 'ELSE'} 'ASC' END`);
    case 'ambiguous': {
      const type = baseType(typeOf(slot.expression, order.scope) ?? '');
      return type === 'name' ? make('I', argument) : /^(jsonb?|xml|bytea)$|\[\]$/.test(type) ? make('L', argument) : undefined;
    }
    default: return undefined;
  }
}

const namesOrValues: ReadonlySet<string> = new Set(['relation', 'function', 'identifier', 'column', 'schemas', 'value', 'number', 'ambiguous']);

/** `ALTER ROLE x SET search_path = x` */
function isNameBeside(slot: Slot, { placed, place }: Template, { source }: Order): boolean {
  return placed.some(({ piece }) => {
    const at = piece.kind === 'slot' && piece !== slot && sourceOf(piece, source) === sourceOf(slot, source) ? place(piece) : undefined;
    return at?.kind === 'bare' && at.role === 'identifier';
  });
}

/** `DROP FUNCTION x`: the types of its arguments may stand behind the name. */
function mayBeSignature({ start, end }: Placed, { text }: Template): boolean {
  return signatureAfter.test(text.slice(0, start)) && !/^\s*\(/.test(text.slice(end));
}

const signatureAfter = /\b(?:function|procedure|routine|aggregate)\s+(?:if\s+exists\s+)?(?:[\w"$]+\s*\.\s*)?$/i;

/** `SELECT x.name FROM x`: the same value names the table, and its columns by it. */
function qualifiesItself({ start, end }: Placed, slot: Slot, { text, placed, place }: Template, { source }: Order): boolean {
  if (!/^\s*\./.test(text.slice(end)) || /\.\s*$/.test(text.slice(0, start))) return false;
  return placed.some(({ piece }) => {
    const at = piece.kind === 'slot' && sourceOf(piece, source) === sourceOf(slot, source) ? place(piece) : undefined;
    return at?.kind === 'bare' && at.role === 'relation';
  });
}

/** `coalesce(x, 'NULL')`: one of the constants that the value can be is more than a name or a number. */
function holdsSql({ expression }: Slot, role: 'identifier' | 'value'): boolean {
  const single = role === 'value' ? /^[-+]?[0-9.]+$/ : /^[a-z_][a-z0-9_]*$/;
  return resultsOf(expression).some((result) => result.kind === 'literal' && !single.test(result.value));
}

function withQuotedResults({ span, expression }: Slot, quoting: string, { source }: Order): string {
  const edits = resultsOf(expression).filter(({ kind }) => kind !== 'literal' && kind !== 'null').flatMap(({ span: { start, end } }) => [
    { span: { start: start - span.start, end: start - span.start }, text: `${quoting}(` }, { span: { start: end - span.start, end: end - span.start }, text: ')' },
  ]);
  return applyEdits(source.slice(span.start, span.end), edits);
}

function resultsOf(expression: Slot['expression']): readonly Slot['expression'][] {
  if (expression.kind === 'case') return expression.results;
  return expression.kind === 'call' && expression.name === 'coalesce' ? expression.args : [];
}

/** %I is right for one name as it is stored; text from elsewhere may be quoted or qualified already, and a list would become one name. */
function isOneName({ judged, force, expression }: Slot): boolean {
  if (force !== undefined) return true;
  const name = expression.kind === 'reference' ? expression.path.at(-1)!.toLowerCase() : '';
  if (judged.list || namesSeveral({ expression }) || /(columns|cols|fields|list|clause|cond|condition|filter|predicate|expr|expression|query|sql|stmt|keys|args|params|values)$/.test(name)) return false;
  if (judged.origin === 'param' || judged.origin === 'row' || judged.origin === 'setting') return true;
  if (judged.origin !== 'catalog') return false;
  const called = expression.kind === 'call' ? expression.name : name;
  return storedNames.test(name) || /^tg_/.test(name) || names.has(called);
}

/** The body itself takes the value for a name with a schema in front, which %I would make one name of. */
function isReadAsPath({ expression }: Slot, { source }: Order): boolean {
  if (expression.kind !== 'reference') return false;
  const name = expression.path.join('.').replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const copied = new RegExp(`(?<![\\w.$"])${name}\\s*(?:\\btext\\s*)?:?=\\s*([a-z_]\\w*)\\s*;`, 'i').exec(source)?.[1];
  const whole = `(?<![\\w.$"])${copied === undefined ? name : `(?:${name}|${copied})`}(?![\\w.$"])`;
  return [
    `${whole}\\s*::\\s*(text\\s*::\\s*)?regclass\\b`,
    `\\bcast\\s*\\(\\s*${whole}\\s+as\\s+regclass\\b`,
    `\\b(to_regclass|parse_ident)\\s*\\(\\s*${whole}`,
    `\\b(split_part|strpos|string_to_array)\\s*\\(\\s*${whole}\\s*,\\s*'\\.'`,
    `\\bposition\\s*\\(\\s*'\\.'\\s+in\\s+${whole}`,
    `'\\.'\\s*\\|\\|\\s*[\\w.]+\\s*=\\s*${whole}`,
    `${whole}\\s*=\\s*[\\w.]+\\s*\\|\\|\\s*'\\.'`,
  ].some((pattern) => new RegExp(pattern, 'i').test(source));
}

/** Columns of the system catalogues and of information_schema that hold one name without quotes. */
const storedNames = /^((rel|nsp|att|rol|dat|pro|con|typ|tg|ext|pol|coll|spc|srv|sub|pub|evt)name|(schema|table|index|view|matview|sequence|column|constraint|trigger|routine|policy|role)_?name|table_schema|usename|groname)$/;
