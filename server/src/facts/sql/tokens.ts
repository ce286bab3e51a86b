import type { Span } from '../../text.ts';
import { codeOf, type Token } from '../../syntax/sql/lexer.ts';
import { Notes } from '../../notes.ts';

/** The token's text; unquoted names in lower case, quotes of others removed. */
export function nameOf(token: Token | undefined, text: string): string {
  if (token === undefined) return '';
  const written = text.slice(token.start, token.end);
  if (token.kind === 'identifier') return written.replace(/^"|"$/g, '').replaceAll('""', '"');
  return written.toLowerCase();
}

/** The same for a written path: `App."Run"` is `app.Run`. */
export function pathName(written: string): string {
  return written.replace(/"((?:[^"]|"")*)"|[^".]+/g, (part, quoted?: string) => quoted?.replaceAll('""', '"') ?? part.toLowerCase());
}

/** What stands in a text besides comments: the tokens, and the name of each. */
export interface Words {
  readonly tokens: readonly Token[];
  readonly words: readonly string[];
}

const known = new Notes<readonly Token[], Words>();

/** `all` with its comments. Whatever reads a text by words shares what is read here. */
export function wordsOf(all: readonly Token[], text: string): Words {
  let read = known.get(all);
  if (read === undefined) {
    const tokens = codeOf(all);
    known.set(all, (read = { tokens, words: tokens.map((token) => (token.kind === 'punctuation' ? text[token.start]! : nameOf(token, text))) }));
  }
  return read;
}

/** The parts of `tokens` between commas that stand in no parentheses. */
export function splitAtCommas(tokens: readonly Token[], text: string): Token[][] {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    const sign = token.kind === 'punctuation' ? text[token.start] : undefined;
    if (sign === '(' || sign === '[') depth++;
    if (sign === ')' || sign === ']') depth--;
    if (sign === ',' && depth === 0) parts.push([]);
    else parts.at(-1)!.push(token);
  }
  return parts.filter((part) => part.length > 0);
}

export function spanOf(tokens: readonly Token[]): Span {
  return { start: tokens[0]?.start ?? 0, end: tokens.at(-1)?.end ?? 0 };
}

/** The index of the parenthesis that closes the one at `open`. */
export function closing(tokens: readonly Token[], open: number, text: string): number {
  let depth = 0;
  for (let i = open; i < tokens.length; i++) {
    if (tokens[i]!.kind !== 'punctuation') continue;
    if (text[tokens[i]!.start] === '(') depth++;
    if (text[tokens[i]!.start] === ')' && --depth === 0) return i;
  }
  return tokens.length;
}
