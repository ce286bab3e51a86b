import type { Span } from '../../text.ts';
import type { Slot } from './pieces.ts';
import type { Placed, Template } from './template.ts';
import type { Writer } from './written.ts';
import { sourceOf } from './written.ts';

/** A text or a value that goes into an argument of format(). */
export interface Part {
  readonly text?: string;
  readonly source?: string;
  readonly slot?: Slot;
}

/** The text and the values between `start` and `end` of the template. */
export function partsOf(span: Span, neighbours: readonly Placed[], template: Template, { source }: Writer, decode: (text: string) => string): Part[] {
  const parts: Part[] = [];
  let done = span.start;
  for (const { piece, start, end } of neighbours) {
    if (start > done) parts.push({ text: decode(template.text.slice(done, start)) });
    parts.push({ source: sourceOf(piece, source), ...(piece.kind === 'slot' ? { slot: piece } : {}) });
    done = end;
  }
  if (span.end > done) parts.push({ text: decode(template.text.slice(done, span.end)) });
  return parts;
}

export function joinParts(parts: readonly Part[], { literal }: Writer): string {
  if (parts.length === 1) return parts[0]!.source ?? literal(parts[0]!.text!);
  // What format() leaves out and shows in its way, concat() does too.
  if (parts.every(({ text, slot }) => text !== undefined || slot?.specifier !== undefined)) return `concat(${parts.map(({ text, source }) => source ?? literal(text!)).join(', ')})`;
  const written = parts.map((part) => (part.text !== undefined ? literal(part.text) : operand(part)));
  const textual = parts.some((part) => part.text !== undefined || part.slot?.judged.type === 'text');
  return (textual ? written : ["''", ...written]).join(' || ');
}

/** Operators inside bind as they did before `||` came beside them. */
function operand({ source, slot }: Part): string {
  return slot?.expression.kind === 'other' && !/^\(.*\)$/s.test(source!) && /\s|[-+*/<>=]/.test(source!) ? `(${source})` : source!;
}

/** The argument for the %L that replaces a literal with values in it. */
export function stringArgument(token: Span, neighbours: readonly Placed[], template: Template, writer: Writer): string | undefined {
  const parts = literalParts(token, neighbours, template, writer);
  if (parts === undefined) return undefined;
  if (parts.some((part) => part.slot?.force === 'identifier')) return nested(parts, writer);
  const lone = parts.length === 1;
  return !lone && namesObject(token, template) ? nestedName(parts, writer) : joinParts(parts, writer);
}

/** What is between the quotes of a literal, decoded; undefined when that takes more than to halve the quotes. */
export function literalParts(token: Span, neighbours: readonly Placed[], template: Template, writer: Writer): Part[] | undefined {
  const written = template.text.slice(token.start, token.end);
  const tag = /^\$\w*\$/.exec(written)?.[0];
  if (tag !== undefined) return partsOf({ start: token.start + tag.length, end: token.end - tag.length }, neighbours, template, writer, (text) => text);
  const open = /^'/.exec(written) ?? (written.includes('\\') ? null : /^e'/i.exec(written));
  if (open === null || isContinued(token, template)) return undefined;
  return partsOf({ start: token.start + open[0].length, end: token.end - 1 }, neighbours, template, writer, (text) => text.replaceAll("''", "'"));
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
function nested(parts: readonly Part[], { literal, keepsNull }: Writer): string {
  if (keepsNull) {
    return parts.map(({ text, source, slot }) => (text !== undefined ? literal(text) : slot?.force === 'identifier' ? `quote_ident(${source})` : source!)).join(' || ');
  }
  const text = parts.map((part) => part.text?.replaceAll('%', '%%') ?? (part.slot?.force === 'identifier' ? '%I' : '%s')).join('');
  return `format(${[literal(text), ...parts.flatMap((part) => part.source ?? [])].join(', ')})`;
}

/** The parts between the dots are names of their own; those with a value in them are quoted. */
function nestedName(parts: readonly Part[], writer: Writer): string {
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
  if (writer.keepsNull) return names.map((name) => (name.every((part) => part.text !== undefined) ? joinParts(name, writer) : `quote_ident(${joinParts(unquotedName(name), writer)})`)).join(` || '.' || `);
  const args: string[] = [];
  const text = names.map((name) => {
    if (name.every((part) => part.text !== undefined)) return name.map((part) => part.text!.replaceAll('%', '%%')).join('');
    args.push(joinParts(unquotedName(name), writer));
    return '%I';
  }).join('.');
  return `format(${[writer.literal(text), ...args].join(', ')})`;
}

/** PostgreSQL folds no letters beyond ASCII where a character takes several bytes. */
export function foldedName(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
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
  return name.map((part) => (part.text === undefined ? part : { text: foldedName(part.text) }));
}
