import type { Span } from '../../text.ts';
import type { Expression } from './expression.ts';
import { ExpressionText } from './expression-text.ts';
import { lex, tokenText, type Token } from './lexer.ts';
import { lastOfLiteral } from './normalise.ts';

/** What tokens alone can say of an expression that pgsql-ast-parser does not accept: the operands of `||` and the arguments of calls. */
export function readByTokens(text: string): Expression {
  return readTokens(lex(text, 'body').filter((token) => token.kind !== 'comment'), text, maximumDepth);
}

const maximumDepth = 20;

function readTokens(tokens: readonly Token[], text: string, depth: number): Expression {
  const whole = spanOf(tokens) ?? { start: 0, end: text.length };
  const parts = depth === 0 ? undefined : operands(tokens, text);
  if (parts === undefined) return { kind: 'other', span: whole };
  const read = parts.map((part) => operand(part, text, depth));
  return read.length === 1 ? read[0]! : { kind: 'concat', span: whole, parts: read };
}

/** Parted at every `||` outside of parentheses; undefined when other operators stand there too. */
function operands(tokens: readonly Token[], text: string): Token[][] | undefined {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    const sign = token.kind === 'punctuation' || token.kind === 'operator' ? tokenText(token, text) : '';
    if (sign === '(' || sign === '[') depth++;
    if (sign === ')' || sign === ']') depth--;
    if (depth > 0 || token.kind !== 'operator' || sign === '::') parts.at(-1)!.push(token);
    else if (sign === '||') parts.push([]);
    else return undefined;
  }
  return parts.some((part) => part.length === 0) ? undefined : parts;
}

function operand(tokens: readonly Token[], text: string, depth: number): Expression {
  const span = spanOf(tokens)!;
  const first = tokens[0]!;
  const written = new ExpressionText(text, tokens);
  if ((first.kind === 'string' || first.kind === 'dollar') && lastOfLiteral(tokens, 0, text) === tokens.length - 1) return written.literal(span, span);
  const trimmed = trimOf(tokens, text);
  if (trimmed !== undefined) {
    const read = [trimmed.subject, trimmed.characters].filter((item) => item.length > 0).map((item) => readTokens(item, text, depth - 1));
    return { kind: 'call', span, name: trimmed.name, nameSpan: spanOf(tokens.slice(0, 1))!, args: read, variadic: false };
  }
  const args = argumentsOf(tokens, text);
  if (args !== undefined) {
    const nameSpan = spanOf(tokens.slice(0, args.open))!;
    const read = args.items.map((item) => readTokens(item, text, depth - 1));
    return { kind: 'call', span, name: written.functionName(nameSpan), nameSpan, args: read, variadic: false };
  }
  const isPath = tokens.every((token, i) => (i % 2 === 0 ? isName(token) : text[token.start] === '.'));
  return isPath && tokens.length % 2 === 1 ? written.reference(span, span) : { kind: 'other', span };
}

/** Of `name(a, b)` and nothing else: the index of the parenthesis, and the tokens of each argument. */
function argumentsOf(tokens: readonly Token[], text: string): { open: number; items: Token[][] } | undefined {
  const open = tokens.findIndex((token) => text[token.start] === '(');
  if (open < 1 || !tokens.slice(0, open).every((token) => isName(token) || text[token.start] === '.')) return undefined;
  if (syntaxCalls.has(tokenText(tokens[0]!, text).toLowerCase())) return undefined;
  const items: Token[][] = [[]];
  let depth = 0;
  for (let i = open; i < tokens.length; i++) {
    const sign = tokens[i]!.kind === 'punctuation' ? text[tokens[i]!.start]! : '';
    if (sign === '(' || sign === '[') depth++;
    if (sign === ')' || sign === ']') depth--;
    if (depth === 0) return i === tokens.length - 1 ? { open, items: items[0]!.length === 0 ? [] : items } : undefined;
    if (depth === 1 && sign === ',') items.push([]);
    else if (i > open) items.at(-1)!.push(tokens[i]!);
  }
  return undefined;
}

/** `trim(trailing ',' FROM x)` is rtrim(x, ','). */
function trimOf(tokens: readonly Token[], text: string): { name: string; subject: Token[]; characters: Token[] } | undefined {
  const word = (at: number): string => (tokens[at]?.kind === 'word' ? tokenText(tokens[at], text).toLowerCase() : '');
  const name = word(0) === 'trim' ? trims.get(word(2)) : undefined;
  const from = tokens.findIndex((_, at) => word(at) === 'from');
  const closing = tokens.length - 1;
  if (name === undefined || from < 3 || from > 4 || text[tokens[1]!.start] !== '(' || text[tokens[closing]!.start] !== ')') return undefined;
  const characters = tokens.slice(3, from);
  return characters.every(({ kind }) => kind === 'string') ? { name, subject: tokens.slice(from + 1, closing), characters } : undefined;
}

const trims = new Map([['leading', 'ltrim'], ['trailing', 'rtrim'], ['both', 'btrim']]);

/** What stands in their parentheses is no list of arguments. */
const syntaxCalls = new Set(['exists', 'array', 'row', 'cast', 'extract', 'trim', 'overlay', 'position', 'substring', 'any', 'all', 'some', 'not', 'interval']);

function isName(token: Token): boolean {
  return token.kind === 'word' || token.kind === 'identifier';
}

function spanOf(tokens: readonly Token[]): Span | undefined {
  const first = tokens[0];
  return first === undefined ? undefined : { start: first.start, end: tokens.at(-1)!.end };
}
