import type { Token } from '../../syntax/sql/lexer.ts';
import { decodeLiteral, tokenText } from '../../syntax/sql/lexer.ts';
import { nameOf } from '../sql/tokens.ts';
import { alphabetOf } from './safe-pattern.ts';
import type { TypeClass } from './sql-types.ts';

/** What a CHECK holds a text to: `(VALUE ~ '^[a-z_]+$')`, `(kind IN ('a', 'b') AND …)`, also as pg_dump writes them. `tokens`: with the parentheses around it. */
export function heldByCheck(tokens: readonly Token[], text: string): Held | undefined {
  const check = tokens.map((token) => (token.kind === 'string' ? "'" : nameOf(token, text))).join(' ');
  if (check.length > longestCheck) return undefined;
  let strings = tokens.filter(({ kind }) => kind === 'string');
  for (const part of operandsOfAnd(inside(plain(check)))) {
    const held = heldByTest(part, strings, text);
    if (held !== undefined) return held;
    strings = strings.slice(part.split("'").length - 1);
  }
  return undefined;
}

interface Held {
  readonly subject: string;
  readonly holds: TypeClass;
}

function heldByTest(part: string, [first]: readonly Token[], text: string): Held | undefined {
  // A NULL is no text.
  const [, missing, rest] = /^(\S+) is null or (.+)$/.exec(inside(part)) ?? [];
  const [, folded, bare, test] = /^(?:(?:lower|upper) \( (\S+) \)|(\S+)) (.+)$/.exec(inside(rest ?? part)) ?? [];
  const subject = folded ?? bare;
  if (subject === undefined || !/^[a-z_][\w$]*$/.test(subject) || (missing !== undefined && missing !== subject)) return undefined;
  if (/^(= '|in \( '( , ')* \)|= any \( (array \[ '( , ')* \]|') \))$/.test(test!)) return { subject, holds: 'plain' };
  const alphabet = /^~\*? '$/.test(test!) ? alphabetOf(decodeLiteral(tokenText(first!, text))) : undefined;
  return alphabet === undefined ? undefined : { subject, holds: alphabet === 'word' ? 'plain' : 'quoteless' };
}

/** The check itself where it has none. */
function operandsOfAnd(check: string): readonly string[] {
  const parts: string[][] = [[]];
  let depth = 0;
  for (const word of check.split(' ')) {
    if (word === '(' || word === '[') depth++;
    else if (word === ')' || word === ']') depth--;
    if (depth === 0 && (word === 'or' || word === 'between')) return [check];
    if (depth === 0 && word === 'and') parts.push([]);
    else parts.at(-1)!.push(word);
  }
  return parts.map((words) => words.join(' '));
}

/** In characters. */
const longestCheck = 20_000;

/** Without casts that leave all of a text, and without parentheses around one value. */
function plain(check: string): string {
  let before: string;
  let now = check.replace(/ :: (?:text|varchar|character varying)(?! \()(?: \[ \])?/g, '');
  do {
    before = now;
    now = now.replace(/(?<![\w$] )\( ([\w$]+(?: is null)?|'|array \[ '(?: , ')* \]) \)/g, '$1');
  } while (now !== before);
  return now;
}

function inside(check: string): string {
  let now = check;
  for (let inner = outermost.exec(now); inner !== null; inner = outermost.exec(now)) now = inner[1]!;
  return now;
}

/** What is left of `(a) OR (b)` without them is no check that is known here. */
const outermost = /^\( (.*) \)$/;
