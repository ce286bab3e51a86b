import type { Edit, Span } from '../../text.ts';
import { lex } from '../../syntax/sql/lexer.ts';
import type { Group, Slot } from './pieces.ts';
import type { Replacement } from './rewrite.ts';
import type { Placed, Template } from './template.ts';
import type { Writer } from './written.ts';
import { outerSpan, sourceOf } from './written.ts';

/** Changes the template and the arguments one by one, so that everything between them stays. */
export function editsInPlace(group: Group, replacements: readonly Replacement[], template: Template, { source }: Writer): Edit[] | undefined {
  const edits: Edit[] = [];
  const slots = group.pieces.filter((piece): piece is Slot => piece.kind === 'slot');
  const mine = template.placed.filter((one) => one.group === group);
  for (const { start, end, letter, argument, changed, only } of replacements) {
    if (!changed) continue;
    const span = sourceSpan({ start, end }, mine);
    if (only?.specifier === undefined || span === undefined) return undefined;
    if (argument !== sourceOf(only, source)) {
      const shared = slots.filter((slot) => slot.span.start === only.span.start).length > 1;
      if (shared || !group.format!.args.some((one) => one.start === only.span.start && one.end === only.span.end)) return undefined;
      edits.push({ span: only.span, text: argument });
    }
    const specifier = source.slice(only.specifier.start, only.specifier.end).replace(/[sIL]$/, letter);
    if (source.slice(span.start, span.end) !== specifier) edits.push({ span, text: specifier });
  }
  return edits;
}

/** Where a stretch of the statement stands in the template as it is written. */
function sourceSpan({ start, end }: Span, mine: readonly Placed[]): Span | undefined {
  const first = mine.find((one) => one.start <= start && one.end > start);
  const last = mine.find((one) => one.start < end && one.end >= end);
  if (first === undefined || last === undefined) return undefined;
  const from = first.piece.kind === 'text' ? first.piece.placeOf?.(start - first.start) : first.piece.kind === 'slot' ? first.piece.specifier?.start : undefined;
  const to = last.piece.kind === 'text' ? last.piece.placeOf?.(end - last.start) : last.piece.kind === 'slot' ? last.piece.specifier?.end : undefined;
  return from === undefined || to === undefined ? undefined : { start: from, end: to };
}

/** The call of format() that stands in for the whole group, or a literal where nothing is left to format; undefined when a comment would be lost. */
export function formatCall(group: Group, replacements: readonly Replacement[], template: Template, writer: Writer): string | undefined {
  const args = argumentsOf(replacements, template);
  if (args === undefined) return undefined;
  const { lines, tail } = linesOf(group, args.numbered, template, writer.source);
  const quote = quoterFor(group, lines, writer);
  const written = lines.map(({ text, gap }) => gap + quote(text)).join('') + tail;
  const call = args.values.length === 0 ? written : `format(${[written, ...args.values].join(', ')})`;
  const before = commentsIn(writer.source.slice(group.span.start, group.span.end));
  return before.length <= commentsIn(call).length ? call : undefined;
}

/** The arguments of format(), and the specifiers with their numbers where a call that was made once serves several; undefined when it would be made twice. */
function argumentsOf(replacements: readonly Replacement[], template: Template): { values: string[]; numbered: readonly Numbered[] } | undefined {
  const formatted = replacements.filter((one) => one.parameter === undefined);
  const repeated = repeatedCalls(template);
  if (!formatted.some((one) => covers(one, repeated, template))) return { values: formatted.map((one) => one.argument), numbered: replacements };
  const values: string[] = [];
  const places = new Map<string, { argument: string; number: number }>();
  const numbered: Numbered[] = [];
  for (const one of replacements) {
    if (one.parameter !== undefined) {
      numbered.push(one);
      continue;
    }
    const key = covers(one, repeated, template) ? `${one.only?.span.start}` : `${one.start} alone`;
    const before = places.get(key);
    if (key === 'undefined' || (before !== undefined && before.argument !== one.argument)) return undefined;
    const number = before?.number ?? values.push(one.argument);
    places.set(key, { argument: one.argument, number });
    numbered.push({ ...one, number });
  }
  return { values, numbered };
}

type Numbered = Replacement & { readonly number?: number };

/** Where the values begin in the source that are calls and stand in several places of the statement: `format('%1$s %1$s', f())` makes one call. */
export function repeatedCalls({ placed }: Template): ReadonlySet<number> {
  const seen = new Set<number>();
  const repeated = new Set<number>();
  for (const { piece } of placed) {
    if (piece.kind !== 'slot' || piece.by !== 'format' || !/^(call|other|concat|cast)$/.test(piece.expression.kind)) continue;
    if (seen.has(piece.span.start)) repeated.add(piece.span.start);
    seen.add(piece.span.start);
  }
  return repeated;
}

export function covers(one: Span, repeated: ReadonlySet<number>, { placed }: Template): boolean {
  return repeated.size > 0 && placed.some(({ piece, start, end }) => piece.kind === 'slot' && repeated.has(piece.span.start) && start >= one.start && end <= one.end);
}

function commentsIn(source: string): string[] {
  return lex(source).flatMap((token) => (token.kind === 'comment' ? [source.slice(token.start, token.end)] : []));
}

/** Dollar quotes stay when they save quotes. */
function quoterFor({ format, pieces }: Group, lines: readonly Line[], { source, literal }: Writer): (text: string) => string {
  const literals = format ? [format.template] : pieces.flatMap((piece) => (piece.kind === 'text' ? [piece.span] : []));
  const tags = new Set(literals.map((span) => /^\$\w*\$/.exec(source.slice(span.start, span.end))?.[0]));
  const [tag] = tags;
  const useful = format !== undefined || lines.some(({ text }) => text.includes("'"));
  const possible = tag !== undefined && tags.size === 1 && !lines.some(({ text }) => text.includes(tag) || text.endsWith('$'));
  return possible && useful ? (text) => tag + text + tag : literal;
}

interface Line {
  /** What the source has before the literal: the operator, white space and comments. */
  readonly gap: string;
  /** A part of the template of format(). */
  readonly text: string;
}

/** The template, going to a new line where the source does. */
function linesOf(group: Group, replacements: readonly Numbered[], template: Template, source: string): { lines: Line[]; tail: string } {
  const bounds = template.groups.get(group)!;
  const gaps = gapsOf(group, replacements, template, source);
  const places = [...gaps.keys()].filter((at) => at > bounds.start && at < bounds.end).sort((a, b) => a - b);
  const formatted = replacements.some((one) => one.parameter === undefined);
  const lines: Line[] = [];
  let gap = '';
  let start = bounds.start;
  for (const end of [...places, bounds.end]) {
    // A value that is nothing in this template may stand at the end.
    const inside = replacements.filter((one) => one.start >= start && (one.start < end || end === bounds.end));
    lines.push({ gap, text: formatText(start, end, inside, template, formatted) });
    gap = joinedGaps(gaps.get(end) ?? []);
    start = end;
  }
  return { lines, tail: withoutOperator(gap).replace(/[ \t]+$/, '') };
}

function formatText(start: number, end: number, replacements: readonly Numbered[], { text }: Template, formatted: boolean): string {
  const escaped = (from: number, to: number): string => text.slice(from, to).replaceAll('%', formatted ? '%%' : '%');
  let written = '';
  let done = start;
  for (const one of replacements) {
    written += escaped(done, one.start) + (one.parameter ?? `%${one.number === undefined ? '' : `${one.number}$`}${one.letter}`);
    done = one.end;
  }
  return written + escaped(done, end);
}

/** What stands between two pieces that are not on one line or have a comment between them, by its place in the template. */
function gapsOf(group: Group, replacements: readonly Replacement[], template: Template, source: string): Map<number, string[]> {
  const gaps = new Map<number, string[]>();
  const mine = template.placed.filter((one) => one.group === group);
  let lineStart = template.groups.get(group)!.start;
  for (const [index, one] of mine.entries()) {
    const previous = mine[index - 1];
    if (previous === undefined || group.format) continue;
    const gap = source.slice(outerSpan(previous.piece).end, outerSpan(one.piece).start);
    if (!/\n|--|\/\*/.test(gap) || !isPlainGap(gap)) continue;
    const around = replacements.find((other) => one.start > other.start && one.start < other.end);
    const at = around?.end ?? one.start;
    if (!begins(one, template) && at - lineStart < shortLine && commentsIn(gap).length === 0) continue;
    gaps.set(at, [...gaps.get(at) ?? [], gap]);
    lineStart = at;
  }
  return gaps;
}

/** What the author put on a line of its own because of a value goes back into the line while it is short. */
const shortLine = 80;

/** The piece begins a part of the statement: ` AND a = `, a value in a line of its own. */
function begins({ piece, start, end }: Placed, { text }: Template): boolean {
  return piece.kind === 'text' && /^\s*[\w"(]/.test(text.slice(start, end));
}

function isPlainGap(gap: string): boolean {
  const signs = lex(gap).filter((token) => token.kind !== 'comment');
  return signs.length === 0 || (signs.length === 1 && /^(\|\||,)$/.test(gap.slice(signs[0]!.start, signs[0]!.end)));
}

function joinedGaps(gaps: readonly string[]): string {
  return gaps.map((gap, index) => (index < gaps.length - 1 ? withoutOperator(gap) : withPipes(gap))).join('');
}

/** concat() has commas. */
function withPipes(gap: string): string {
  const comma = lex(gap).find((token) => gap.slice(token.start, token.end) === ',');
  return comma === undefined ? gap : `${gap.slice(0, comma.start)} ||${/^\s/.test(gap.slice(comma.end)) ? '' : ' '}${gap.slice(comma.end)}`;
}

function withoutOperator(gap: string): string {
  const sign = lex(gap).find((token) => token.kind !== 'comment');
  return sign === undefined ? gap : gap.slice(0, sign.start).replace(/[ \t]+$/, '') + gap.slice(sign.end);
}
