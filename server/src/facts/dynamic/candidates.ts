import type { Edit, Span } from '../../text.ts';
import { overlaps } from '../../text.ts';
import { listCandidates } from './list-fixes.ts';
import type { Context } from './judgement.ts';
import type { Group, Slot } from './pieces.ts';
import { makesList } from './misplaced.ts';
import type { NullNews } from './null-news.ts';
import { isNameElsewhere } from './named-elsewhere.ts';
import { rewriteGroup } from './rewrite.ts';
import type { Scope } from './scope.ts';
import type { SinkSite } from './sinks.ts';
import type { Place, Template } from './template.ts';
import type { Problem } from './threat.ts';
import { isStatement, usingCandidate } from './using.ts';
import type { KnownTypes } from './known-types.ts';

/** A dynamic statement, read: every text it can have, and what is wrong in them. */
export interface Reading {
  readonly group: Group;
  readonly templates: readonly Template[];
  readonly unsafe: readonly Unsafe[];
  /** A query of the caller's own. */
  readonly query: Span | undefined;
}

export interface Unsafe {
  /** The value as it is known where the statement runs. */
  readonly slot: Slot;
  readonly piece: Slot;
  readonly place: Place;
  readonly problem: Problem;
}

/** A fix that has yet to be proven. Offsets count from the start of the body. */
export interface Candidate {
  readonly title: string;
  readonly edits: readonly Edit[];
}

/** What could quote everything in the statement that needs it, the best first. */
export function candidatesFor(reading: Reading, site: SinkSite, context: Context, types: KnownTypes): Candidate[] {
  if (reading.unsafe.some(({ problem }) => problem === 'whole' || problem === 'template')) return [];
  if (reading.unsafe.some(({ problem, slot }) => problem === 'list' && makesList(slot.expression))) return [];
  // In quotes it would be right here, and wrong in the statement that comes out.
  if (reading.unsafe.some(({ place }) => place.kind === 'string' || place.kind === 'dollar') && isRunNext(site, context.scope)) return [];
  const existing = reading.unsafe.some((one) => isExisting(one, reading, context.scope.text));
  const formatted = (existing ? [false, true] : [false]).flatMap((regclass) => formatCandidate(reading, regclass, site, context.scope) ?? []);
  const lists = listCandidates(reading, context.scope.text);
  const quoting = lists.length > 0 ? lists : formatted;
  const ways = reading.unsafe.some(({ problem }) => problem === 'list') ? [true, false] : [false];
  const using = ways.flatMap((arrays) => usingCandidate(reading, site, context, types, arrays) ?? []);
  return [...using.filter(({ first }) => first), ...quoting, ...using.filter(({ first }) => !first)];
}

/** `EXECUTE … INTO q` and then `EXECUTE q` */
function isRunNext({ expression }: SinkSite, { code: { tokens, words } }: Scope): boolean {
  const behind = tokens.findIndex(({ start }) => start >= expression.end);
  const into = behind < 0 ? -1 : words.indexOf('into', behind);
  if (into < 0 || into > words.indexOf(';', behind)) return false;
  const target = words[words[into + 1] === 'strict' ? into + 2 : into + 1]!;
  return words.some((word, index) => word === 'execute' && index > into && words.slice(index, index + 4).includes(target));
}

/** A table that is there before the statement is put together, or a function. */
function isExisting({ place, slot }: Unsafe, { templates }: Reading, source: string): boolean {
  if (place.kind !== 'bare' || slot.force !== undefined) return false;
  if (place.role === 'function') return true;
  if (place.role !== 'relation') return false;
  if (templates.some(({ text }) => /\b(create|rename)\b.*;\s*\S/is.test(text))) return false;
  const name = source.slice(slot.span.start, slot.span.end).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return !new RegExp(`\\bcreate\\s[^;']*\\b(table|view)\\b[^;']*'\\s*\\|\\|\\s*${name}(?![\\w.])`, 'i').test(source);
}

function formatCandidate(reading: Reading, regclass: boolean, site: SinkSite, scope: Scope): Candidate | undefined {
  const unsafe = new Set(reading.unsafe.map(({ piece }) => piece));
  const order = { source: scope.text, scope, needs: (slot: Slot) => unsafe.has(slot), regclass };
  const edits = new Map<string, Edit>();
  // Without a statement EXECUTE fails, and a function gives NULL.
  const nulls = new Set<NullNews>(isStatement(site) ? [] : ['an error']);
  const by = new Set<string>();
  const accepts = new Set<string>();
  let asStored = false;
  for (const template of reading.templates) {
    for (const group of template.groups.keys()) {
      if (!group.pieces.some((piece) => piece.kind === 'slot' && unsafe.has(piece))) continue;
      const made = group.agreed ? rewriteGroup(group, template, order) : undefined;
      if (made === undefined || isNameElsewhere(group, template, scope)) return undefined;
      for (const edit of made.edits) edits.set(`${edit.span.start} ${edit.span.end} ${edit.text}`, edit);
      for (const news of made.nulls) nulls.add(news);
      for (const one of made.by) by.add(one);
      for (const one of made.accepts) accepts.add(one);
      asStored ||= made.asStored;
    }
  }
  const all = [...edits.values()];
  const clash = all.some((one, at) => all.some((other, index) => index > at && overlaps(one.span, other.span)));
  return clash || all.length === 0 ? undefined : { title: titleOf([...by], [...accepts], nulls, asStored), edits: all };
}

function titleOf(by: readonly string[], accepted: readonly string[], nulls: ReadonlySet<NullNews>, asStored: boolean): string {
  const how = [...(by.length > 0 ? [`Quote with ${[...by].sort().join(', ')}`] : []), ...(accepted.length > 0 ? [`accept only ${accepted.join(' and ')}`] : [])].join(' and ');
  if (how === '') return 'Quote every element';
  const title = `${how.charAt(0).toUpperCase()}${how.slice(1)}${asStored ? '; a name is taken as it is stored, with its capitals and without a schema' : ''}`;
  return nulls.size === 0 ? title : `${title}; a NULL value becomes ${[...nulls].sort().reverse().join(' or ')}`;
}
