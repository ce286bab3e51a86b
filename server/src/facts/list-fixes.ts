import type { Candidate, Reading, Unsafe } from './candidates.ts';
import type { Context } from './origin.ts';
import type { Slot } from './pieces.ts';

/** Quotes the elements of lists one by one, when nothing else in the statement has to be quoted. */
export function listCandidates({ unsafe, templates }: Reading, { scope }: Context): Candidate[] {
  const quoted = unsafe.map((one) => quotedElements(one, templates[0]?.text ?? '', scope.text));
  if (quoted.length === 0 || quoted.some((one) => one === undefined)) return [];
  const names = quoted.every((one) => one!.names);
  const title = `Quote every element as a ${names ? 'name' : 'value'}`;
  return [{ title, edits: unsafe.map(({ slot }, index) => ({ span: slot.span, text: quoted[index]!.text })) }];
}

/** `(SELECT string_agg(quote_ident(v), ', ') FROM unnest(a) v)` for `array_to_string(a, ', ')` */
function quotedElements({ slot, place }: Unsafe, _template: string, source: string): { text: string; names: boolean } | undefined {
  const call = joinOf(slot);
  if (call === undefined || place.kind !== 'bare') return undefined;
  const names = place.role === 'identifier' || place.role === 'relation';
  if (!names && place.role !== 'list') return undefined;
  const [array, separator] = call.map(({ span }) => source.slice(span.start, span.end));
  return { text: `(SELECT string_agg(${names ? 'quote_ident' : 'quote_literal'}(v), ${separator}) FROM unnest(${array}) v)`, names };
}

function joinOf({ expression }: Slot) {
  if (expression.kind !== 'call' || expression.name !== 'array_to_string' || expression.args.length !== 2) return undefined;
  const separator = expression.args[1]!;
  return separator.kind === 'literal' && /^\s*,\s*$/.test(separator.value) ? expression.args : undefined;
}
