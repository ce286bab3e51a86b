import { lex } from '../../syntax/sql/lexer.ts';
import type { Candidate, Reading, Unsafe } from './candidates.ts';
import type { Slot } from './pieces.ts';
import { nameOf } from '../sql/tokens.ts';

/** Quotes the elements of lists where they stand, when nothing else in the statement has to be quoted. */
export function listCandidates({ unsafe }: Reading, source: string): Candidate[] {
  const texts = unsafe.map(({ slot, place }) => {
    const kind = place.kind === 'bare' && slot.specifier === undefined ? elementsAt(place.role) : undefined;
    return kind && { kind, text: quotedElements(slot, kind, ',', source) };
  });
  if (texts.length === 0 || texts.some((one) => one?.text === undefined)) return [];
  const kinds = new Set(texts.map((one) => one!.kind));
  const title = `Quote every element as a ${[...kinds].join(' or ')}`;
  return [{ title, edits: unsafe.map(({ slot }, index) => ({ span: slot.span, text: texts[index]!.text! })) }];
}

export type Elements = 'name' | 'value';

/** What the elements of a list are that stands where PostgreSQL reads this. */
export function elementsAt(role: Extract<Unsafe['place'], { kind: 'bare' }>['role']): Elements | undefined {
  if (role === 'list') return 'value';
  return role === 'identifier' || role === 'column' || role === 'relation' || role === 'function' ? 'name' : undefined;
}

/** `(SELECT string_agg(quote_ident(v), ', ') FROM unnest(a) v)` for `array_to_string(a, ', ')`; `between`: what stands between two elements but white space. */
export function quotedElements({ expression }: Slot, elements: Elements, between: string, source: string): string | undefined {
  if (expression.kind !== 'call' || expression.name !== 'array_to_string' || expression.args.length !== 2) return undefined;
  const [array, separator] = expression.args;
  if (array === undefined || separator?.kind !== 'literal' || separator.value.replace(/\s+/g, '') !== between) return undefined;
  const name = freeName(source);
  const quoting = elements === 'name' ? 'quote_ident' : 'quote_literal';
  const joint = separator.value.replaceAll(/['"]/g, '');
  return `(SELECT string_agg(${quoting}(${name}), '${joint}') FROM unnest(${source.slice(array.span.start, array.span.end)}) ${name})`;
}

/** `a` for `array_to_string(a, ',')`, and the items of a text that is a list. */
export function arrayOf({ expression, span }: Slot, source: string): string {
  const array = expression.kind === 'call' && expression.name === 'array_to_string' ? expression.args[0] : undefined;
  return array === undefined ? `string_to_array(${source.slice(span.start, span.end)}, ',')` : source.slice(array.span.start, array.span.end);
}

/** A variable of the same name would make it ambiguous. */
function freeName(source: string): string {
  const used = new Set(lex(source, 'body').map((token) => nameOf(token, source)));
  return ['v', 'e', 'element'].find((name) => !used.has(name)) ?? 'one_element';
}
