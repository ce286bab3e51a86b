import type { Edit, Span } from '../text.ts';
import { lex } from '../syntax/sql/lexer.ts';
import type { Group, Piece, Slot } from './pieces.ts';
import type { Placed, Template } from './template.ts';

/** Which values of a statement have to be quoted, and how a table that exists is named. */
export interface Order {
  /** The text of the routine body. */
  readonly source: string;
  needs(slot: Slot): boolean;
  /** `%s` with `x::regclass` instead of `%I` where a table stands that is there already. */
  readonly regclass: boolean;
}

/**
 * The edits that let format() quote every value of `group` that needs it; undefined when one of them cannot be quoted:
 * half of a fix would look like a whole one. Offsets count from the start of the body.
 */
export function rewriteGroup(group: Group, template: Template, order: Order): Edit[] | undefined {
  const replacements = replacementsOf(group, template, order);
  if (replacements === undefined) return undefined;
  const inPlace = group.format && editsInPlace(group, replacements, template, order);
  if (inPlace) return inPlace;
  const source = order.source.slice(group.span.start, group.span.end);
  if (lex(source).some((token) => token.kind === 'comment')) return undefined;
  return [{ span: group.span, text: formatCall(group, replacements, template, order) }];
}

/** A stretch of the template that becomes a specifier. */
interface Replacement extends Span {
  readonly letter: 's' | 'I' | 'L';
  readonly argument: string;
  /** Only the values in it that had to be changed count as such. */
  readonly changed: boolean;
  /** What it replaces, when that is one value and nothing else. */
  readonly only: Slot | undefined;
}

function replacementsOf(group: Group, template: Template, order: Order): Replacement[] | undefined {
  const inside = template.placed.filter((one) => one.group === group && one.piece.kind !== 'text');
  const bounds = template.groups.get(group);
  if (bounds === undefined || inside.some(({ piece }) => piece.kind === 'slot' && piece.padded)) return undefined;
  const done: Replacement[] = [];
  for (const one of inside) {
    if (done.some((other) => one.start >= other.start && one.end <= other.end && other.end > other.start && one.start < other.end)) continue;
    const made = replacementOf(one, inside, bounds, template, order);
    if (made === undefined) return undefined;
    done.push(made);
  }
  return done;
}

function replacementOf(one: Placed, inside: readonly Placed[], bounds: Span, template: Template, order: Order): Replacement | undefined {
  const token = template.tokens.find((candidate) => candidate.start <= one.start && candidate.end >= one.end && candidate.end > one.start);
  const around = token && token.kind !== 'dollar' && token.kind !== 'comment' ? token : one;
  const neighbours = inside.filter((other) => other.start >= around.start && other.end <= around.end);
  const needy = neighbours.some(({ piece }) => piece.kind === 'slot' && order.needs(piece));
  if (!needy) return kept(one, order);
  if (neighbours.some(({ piece }) => piece.kind === 'slot' && quotesInside.test(sourceOf(piece, order)))) return undefined;
  if (one.piece.kind === 'slot' && template.place(one.piece)?.kind === 'bare') return bareReplacement(one, one.piece, template, order);
  if (token === undefined || token.unterminated || token.start < bounds.start || token.end > bounds.end) return undefined;
  if (neighbours.some(({ piece, start, end }) => piece.kind === 'choice' && /['"\\]/.test(template.text.slice(start, end)))) return undefined;
  const place = one.piece.kind === 'slot' ? template.place(one.piece)?.kind : token.kind;
  const only = neighbours.length === 1 && neighbours[0]!.piece.kind === 'slot' ? neighbours[0]!.piece : undefined;
  const make = (letter: 'I' | 'L', argument: string | undefined): Replacement | undefined =>
    argument === undefined ? undefined : { start: token.start, end: token.end, letter, argument, changed: true, only };
  if (place === 'string') return make('L', stringArgument(token, neighbours, template, order));
  if (place === 'quoted' || place === 'identifier') {
    return template.text[token.start] === '"' ? make('I', joinParts(partsOf({ start: token.start + 1, end: token.end - 1 }, neighbours, template, order, (text) => text.replaceAll('""', '"')))) : undefined;
  }
  if (place === 'glued' || place === 'word') {
    if (/[0-9]/.test(template.text[token.start - 1] ?? '')) return undefined;
    if (neighbours.some(({ piece }) => piece.kind === 'slot' && isReadAsPath(piece, order))) return undefined;
    // PostgreSQL folds what is not quoted, and %I quotes.
    return make('I', joinParts(partsOf(token, neighbours, template, order, (text) => text.toLowerCase())));
  }
  return undefined;
}

/** Quoting it once more would change what it says. */
const quotesInside = /\bquote_(ident|literal|nullable)\s*\(/i;

/** A value that may stay: it keeps its place and its quoting. */
function kept(one: Placed, order: Order): Replacement {
  const { piece, start, end } = one;
  const argument = sourceOf(piece, order);
  if (piece.kind !== 'slot') return { start, end, letter: 's', argument, changed: false, only: undefined };
  const letter = piece.force === 'identifier' ? 'I' : piece.force === 'literal' ? 'L' : 's';
  // `||` writes a Boolean as true, %s as t.
  const text = letter === 's' && piece.judged.type === 'boolean' && piece.by === 'concat' ? castTo(argument, piece, 'text') : argument;
  return { start, end, letter, argument: text, changed: false, only: piece };
}

function bareReplacement(one: Placed, slot: Slot, template: Template, order: Order): Replacement | undefined {
  const place = template.place(slot);
  if (place?.kind !== 'bare') return undefined;
  const argument = sourceOf(slot, order);
  const make = (letter: Replacement['letter'], text: string): Replacement => ({ start: one.start, end: one.end, letter, argument: text, changed: true, only: slot });
  switch (place.role) {
    case 'relation':
      if (!isOneName(slot)) return undefined;
      if (order.regclass) return make('s', castTo(argument, slot, 'regclass'));
      return isReadAsPath(slot, order) ? undefined : make('I', argument);
    case 'identifier': return isOneName(slot) && !isReadAsPath(slot, order) ? make('I', argument) : undefined;
    case 'value': return make('L', argument);
    case 'type': return make('s', castTo(argument, slot, 'regtype'));
    case 'direction': return make('s', `CASE WHEN upper(${argument}) = 'DESC' THEN 'DESC' ELSE 'ASC' END`);
    default: return undefined;
  }
}

/** %I is right for one name as it is stored; text from elsewhere may be quoted or qualified already, and a list would become one name. */
function isOneName({ judged, force, expression }: Slot): boolean {
  if (force !== undefined) return true;
  const name = expression.kind === 'reference' ? expression.path.at(-1)!.toLowerCase() : '';
  if (judged.list || /(columns|cols|fields|list|clause|cond|condition|filter|predicate|expr|expression|query|sql|stmt|keys|args|params|values)$/.test(name)) return false;
  if (judged.origin === 'param' || judged.origin === 'row' || judged.origin === 'setting') return true;
  return judged.origin === 'catalog' && (storedNames.test(name) || /^tg_/.test(name));
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

interface Part {
  readonly text?: string;
  readonly source?: string;
  readonly slot?: Slot;
}

/** The text and the values between `start` and `end` of the template. */
function partsOf(span: Span, neighbours: readonly Placed[], template: Template, order: Order, decode: (text: string) => string): Part[] {
  const parts: Part[] = [];
  let done = span.start;
  for (const { piece, start, end } of neighbours) {
    if (start > done) parts.push({ text: decode(template.text.slice(done, start)) });
    parts.push({ source: sourceOf(piece, order), ...(piece.kind === 'slot' ? { slot: piece } : {}) });
    done = end;
  }
  if (span.end > done) parts.push({ text: decode(template.text.slice(done, span.end)) });
  return parts;
}

function joinParts(parts: readonly Part[]): string {
  const written = parts.map((part) => (part.text !== undefined ? literal(part.text) : operand(part)));
  if (written.length === 1) return parts[0]!.source ?? written[0]!;
  const textual = parts.some((part) => part.text !== undefined || part.slot?.judged.type === 'text');
  return (textual ? written : ["''", ...written]).join(' || ');
}

/** Operators inside bind as they did before `||` came beside them. */
function operand({ source, slot }: Part): string {
  return slot?.expression.kind === 'other' && !/^\(.*\)$/s.test(source!) && /\s|[-+*/<>=]/.test(source!) ? `(${source})` : source!;
}

function stringArgument(token: Span, neighbours: readonly Placed[], template: Template, order: Order): string | undefined {
  const written = template.text.slice(token.start, token.end);
  const open = written[0] === "'" ? 1 : /^e'/i.test(written) && !written.includes('\\') ? 2 : 0;
  if (open === 0 || isContinued(token, template)) return undefined;
  const content = { start: token.start + open, end: token.end - 1 };
  const parts = partsOf(content, neighbours, template, order, (text) => text.replaceAll("''", "'"));
  if (parts.some((part) => part.slot?.force === 'identifier')) return nested(parts);
  const lone = parts.length === 1;
  return !lone && namesObject(token, template) ? nestedName(parts) : joinParts(parts);
}

/** `'a'` and `'b'` on the next line are one literal. */
function isContinued(token: Span, template: Template): boolean {
  const at = template.tokens.findIndex((one) => one.start === token.start);
  return [template.tokens[at - 1], template.tokens[at + 1]].some((one) => {
    if (one?.kind !== 'string') return false;
    return /^\s*$/.test(template.text.slice(Math.min(one.end, token.end), Math.max(one.start, token.start)));
  });
}

/** The literal is read as the name of an object: `nextval('…')`, `'…'::regclass`. */
function namesObject(token: Span, template: Template): boolean {
  const word = (index: number) => template.text.slice(template.tokens[index]?.start ?? 0, template.tokens[index]?.end ?? 0).toLowerCase();
  const at = template.tokens.findIndex((one) => one.start === token.start);
  if (word(at + 1) === '::' && word(at + 2).startsWith('reg')) return true;
  if (word(at - 1) === '(') return /^(nextval|currval|setval|to_reg\w+|pg_get_serial_sequence|pg_(total_)?relation_size|pg_table_size)$/.test(word(at - 2));
  return false;
}

/** `'lab.%I'` inside quotes: the name is quoted first, then the whole as a literal. */
function nested(parts: readonly Part[]): string {
  const text = parts.map((part) => part.text?.replaceAll('%', '%%') ?? (part.slot?.force === 'identifier' ? '%I' : '%s')).join('');
  return `format(${[literal(text), ...parts.flatMap((part) => part.source ?? [])].join(', ')})`;
}

/** The parts between the dots are names of their own; those with a value in them are quoted. */
function nestedName(parts: readonly Part[]): string {
  const names: Part[][] = [[]];
  for (const part of parts) {
    if (part.text === undefined) {
      names.at(-1)!.push(part);
      continue;
    }
    for (const [index, text] of part.text.split('.').entries()) {
      if (index > 0) names.push([]);
      if (text !== '') names.at(-1)!.push({ text });
    }
  }
  const args: string[] = [];
  const text = names.map((name) => {
    if (name.every((part) => part.text !== undefined)) return name.map((part) => part.text!.replaceAll('%', '%%')).join('');
    args.push(joinParts(unquotedName(name)));
    return '%I';
  }).join('.');
  return `format(${[literal(text), ...args].join(', ')})`;
}

function unquotedName(name: readonly Part[]): Part[] {
  const first = name[0]!.text;
  const last = name.at(-1)!.text;
  if (first?.startsWith('"') && last?.endsWith('"')) {
    return name.map((part, index) => {
      if (part.text === undefined) return part;
      return { text: part.text.slice(index === 0 ? 1 : 0, index === name.length - 1 ? -1 : undefined) };
    }).filter((part) => part.text !== '');
  }
  return name.map((part) => (part.text === undefined ? part : { text: part.text.toLowerCase() }));
}

/** Changes the template and the arguments one by one, so that everything between them stays. */
function editsInPlace(group: Group, replacements: readonly Replacement[], template: Template, order: Order): Edit[] | undefined {
  const edits: Edit[] = [];
  const slots = group.pieces.filter((piece): piece is Slot => piece.kind === 'slot');
  const mine = template.placed.filter((one) => one.group === group);
  for (const { start, end, letter, argument, changed, only } of replacements) {
    if (!changed) continue;
    const span = sourceSpan({ start, end }, mine);
    if (only?.specifier === undefined || span === undefined) return undefined;
    if (argument !== sourceOf(only, order)) {
      const shared = slots.filter((slot) => slot.span.start === only.span.start).length > 1;
      if (shared || !group.format!.args.some((one) => one.start === only.span.start && one.end === only.span.end)) return undefined;
      edits.push({ span: only.span, text: argument });
    }
    const specifier = order.source.slice(only.specifier.start, only.specifier.end).replace(/[sIL]$/, letter);
    if (order.source.slice(span.start, span.end) !== specifier) edits.push({ span, text: specifier });
  }
  return edits;
}

/** Where a stretch of the statement stands in the template as it is written. */
function sourceSpan({ start, end }: Span, mine: readonly Placed[]): Span | undefined {
  const first = mine.find((one) => one.start <= start && one.end > start);
  const last = mine.find((one) => one.start < end && one.end >= end);
  if (first === undefined || last === undefined) return undefined;
  const from = first.piece.kind === 'text' ? first.piece.places?.[start - first.start] : first.piece.kind === 'slot' ? first.piece.specifier?.start : undefined;
  const to = last.piece.kind === 'text' ? last.piece.places?.[end - last.start] : last.piece.kind === 'slot' ? last.piece.specifier?.end : undefined;
  return from === undefined || to === undefined ? undefined : { start: from, end: to };
}

function formatCall(group: Group, replacements: readonly Replacement[], template: Template, order: Order): string {
  const bounds = template.groups.get(group)!;
  const breaks = breaksOf(group, replacements, template, order);
  const tag = group.format && order.source.slice(group.format.template.start).match(/^\$\w*\$/)?.[0];
  let text = '';
  let done = bounds.start;
  const copy = (end: number): void => {
    for (let at = done; at < end; at++) {
      text += (breaks.get(at) ?? '') + escaped(template.text[at]!);
    }
    done = Math.max(done, end);
  };
  const escaped = (character: string): string => (character === '%' ? '%%' : character === "'" && !tag ? "''" : character);
  for (const one of replacements) {
    copy(one.start);
    text += `${breaks.get(one.start) ?? ''}%${one.letter}`;
    breaks.delete(one.start);
    done = Math.max(done, one.end);
  }
  copy(bounds.end);
  const quoted = tag ? tag + text + tag : `'${text}'`;
  return `format(${[quoted, ...replacements.map((one) => one.argument)].join(', ')})`;
}

/** Where the source goes to a new line between two pieces, the template does too. */
function breaksOf(group: Group, replacements: readonly Replacement[], template: Template, order: Order): Map<number, string> {
  const breaks = new Map<number, string>();
  const bounds = template.groups.get(group)!;
  const mine = template.placed.filter((one) => one.group === group);
  for (const [index, one] of mine.entries()) {
    const previous = mine[index - 1];
    if (previous === undefined || group.format) continue;
    const gap = order.source.slice(outer(previous.piece).end, outer(one.piece).start);
    const line = gap.match(/\r?\n[ \t]*/g)?.at(-1);
    if (line === undefined) continue;
    const around = replacements.find((other) => one.start > other.start && one.start < other.end);
    const at = around?.end ?? one.start;
    if (at > bounds.start && at < bounds.end) breaks.set(at, `'${line}|| '`);
  }
  return breaks;
}

function outer(piece: Piece): Span {
  return piece.kind === 'slot' && piece.quoting && piece.specifier === undefined ? piece.quoting : piece.span;
}

function sourceOf(piece: Piece, order: Order): string {
  return order.source.slice(piece.span.start, piece.span.end);
}

function castTo(argument: string, slot: Slot, type: string): string {
  const simple = /^(reference|parameter|call|cast)$/.test(slot.expression.kind) || /^\(.*\)$/s.test(argument);
  return simple ? `${argument}::${type}` : `(${argument})::${type}`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
