import type { Span } from '../../text.ts';
import { codeOf, lex, type Token } from '../../syntax/sql/lexer.ts';
import { holdsCode } from './code-literals.ts';
import { firstWhere } from './first-where.ts';
import type { Place } from './template.ts';
import { wordsOf } from '../sql/tokens.ts';
import { Notes } from '../../notes.ts';

/** The code that a value is in the body between the quotes of `token`. */
export function codeInString(token: Token, one: Span, text: string, tokens: readonly Token[]): 'statement' | 'expression' | undefined {
  const { source, body } = bodyOf(token, 1, text);
  const whole = wholeIn(body, source, { start: one.start - token.start - 1, end: one.end - token.start - 1 });
  return whole !== undefined && holdsCode(token, { text, tokens }) ? whole : undefined;
}

/** Where a value stands in the body between the dollar quotes of `token`. */
export function placeInBody(token: Token, one: Span, text: string, tokens: readonly Token[]): Place {
  const tag = /^\$\w*\$/.exec(text.slice(token.start, token.end))![0];
  const read = bodyOf(token, tag.length, text);
  const { source, body } = read;
  const inside = { start: one.start - token.start - tag.length, end: one.end - token.start - tag.length };
  read.code ??= holdsCode(token, { text, tokens });
  const place: Place = { kind: 'dollar', tag, ...(read.code && { runs: true as const }) };
  if (isQuotedIn(body, inside)) return { ...place, quoted: true };
  const whole = read.code && !isCommented(read.comments, inside) ? wholeIn(body, source, inside) : undefined;
  return whole === undefined ? place : { ...place, whole };
}

interface Body {
  readonly source: string;
  readonly body: readonly Token[];
  readonly comments: readonly Token[];
  /** It is read as code once more; worked out when first asked for. */
  code?: boolean;
}

/** The body is read once for all its values. */
function bodyOf(token: Token, tag: number, text: string): Body {
  let known = bodies.get(token);
  if (known === undefined) {
    const source = text.slice(token.start + tag, token.end - tag);
    const all = lex(source);
    bodies.set(token, (known = { source, body: codeOf(all), comments: all.filter(({ kind }) => kind === 'comment') }));
  }
  return known;
}

const bodies = new Notes<Token, Body>();

function isQuotedIn(body: readonly Token[], { start, end }: Span): boolean {
  const inside = body[tokenAt(body, start)];
  return (inside?.kind === 'string' || inside?.kind === 'identifier') && inside.start < start && inside.end > end;
}

function isCommented(comments: readonly Token[], { start, end }: Span): boolean {
  const around = comments[tokenAt(comments, start)];
  return around !== undefined && around.start < start && around.end > end;
}

function tokenAt(body: readonly Token[], offset: number): number {
  return firstWhere(body.length, (index) => body[index]!.end > offset);
}

/** Whether the value is code of its own there: statements from one semicolon to the next, or the one expression of a statement. */
function wholeIn(body: readonly Token[], source: string, { start, end }: Span): 'statement' | 'expression' | undefined {
  const at = tokenAt(body, start);
  if (body[at]?.start !== start || body[at].end !== end) return undefined;
  const { words } = wordsOf(body, source);
  const before = words[at - 1] ?? ';';
  const after = words[at + 1] ?? ';';
  if (startsStatement.has(before) && endsStatement.has(after)) return 'statement';
  const first = before === 'query' && words[at - 2] === 'return' ? words[at - 3] : words[at - 2];
  return /^(select|return|perform|query)$/.test(before) && after === ';' && startsStatement.has(first ?? ';') ? 'expression' : undefined;
}

const startsStatement = new Set([';', 'begin', 'then', 'else', 'loop']);
const endsStatement = new Set([';', 'end', 'exception', 'return', 'else', 'elsif', 'when']);
