import type { Span } from '../../text.ts';
import { lex, type Token } from '../../syntax/sql/lexer.ts';
import { contentStart } from '../../syntax/sql/literals.ts';
import { mayCallSink, sitesOf } from './sinks.ts';
import type { Template } from './template.ts';
import { nameOf } from '../sql/tokens.ts';
import { noSinks } from './wrappers.ts';

/** The literal is read as code once more: the body of a routine or of DO, what EXECUTE or a function like query_to_xml() runs. */
export function holdsCode({ start }: Span, { text, tokens }: Pick<Template, 'text' | 'tokens'>): boolean {
  const body = tokens.find((token) => token.kind === 'dollar' && token.start < start && start < token.end);
  if (body !== undefined) return holdsCode(...insideOf(body, start, text));
  const before = tokens.filter((token) => token.kind !== 'comment' && token.start < start);
  const word = (index: number): string => wordOf(before.at(index), text);
  if (word(-1) === 'execute') return true;
  if (word(-1) === '(' || word(-1) === ',') return mayCallSink.test(text) && sitesOf(text, { tokens, executes: [] }, noSinks).some(({ expression }) => expression.start === start);
  const first = before.findLastIndex((token) => text[token.start] === ';') + 1;
  const head = before.slice(first, first + 4).map((token) => wordOf(token, text));
  if (head[0] === 'do') return word(-1) !== 'language';
  return head[0] === 'create' && head.some((one) => one === 'function' || one === 'procedure') && word(-1) === 'as';
}

/** The numbers of what USING gives to functions that run it: 2 in `SELECT dblink_exec($1, $2)`. */
export function parametersRun({ text, tokens }: Pick<Template, 'text' | 'tokens'>): number[] {
  if (!mayCallSink.test(text)) return [];
  return sitesOf(text, { tokens, executes: [] }, noSinks).flatMap(({ expression: { start, end } }) => {
    const number = /^\$(\d+)$/.exec(text.slice(start, end))?.[1];
    return number === undefined ? [] : Number(number);
  });
}

/** The body between dollar quotes by itself: `DO $b$ BEGIN EXECUTE %L; END $b$` */
function insideOf(body: Span, start: number, text: string): [Span, Pick<Template, 'text' | 'tokens'>] {
  const tag = contentStart(text.slice(body.start, body.end));
  const inside = text.slice(body.start + tag, body.end - tag);
  const at = start - body.start - tag;
  return [{ start: at, end: at }, { text: inside, tokens: lex(inside, 'body') }];
}

function wordOf(token: Token | undefined, text: string): string {
  return token === undefined || token.kind === 'string' ? '' : nameOf(token, text);
}
