import type { Span } from '../../text.ts';
import type { Expression } from './expression.ts';
import { ExpressionText } from './expression-text.ts';
import { lex, tokenText, type Token } from './lexer.ts';
import { lastOfLiteral } from './normalise.ts';

/** What tokens alone can say of an expression that pgsql-ast-parser does not accept: the operands of `||`. */
export function readByTokens(text: string): Expression {
  const tokens = lex(text, 'body').filter((token) => token.kind !== 'comment');
  const whole = spanOf(tokens) ?? { start: 0, end: text.length };
  const parts = operands(tokens, text);
  if (parts === undefined) return { kind: 'other', span: whole };
  const read = parts.map((part) => operand(part, text));
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

function operand(tokens: readonly Token[], text: string): Expression {
  const span = spanOf(tokens)!;
  const first = tokens[0]!;
  const written = new ExpressionText(text, tokens);
  if ((first.kind === 'string' || first.kind === 'dollar') && lastOfLiteral(tokens, 0, text) === tokens.length - 1) return written.literal(span, span);
  const isPath = tokens.every((token, i) => (i % 2 === 0 ? isName(token) : text[token.start] === '.'));
  return isPath && tokens.length % 2 === 1 ? written.reference(span, span) : { kind: 'other', span };
}

function isName(token: Token): boolean {
  return token.kind === 'word' || token.kind === 'identifier';
}

function spanOf(tokens: readonly Token[]): Span | undefined {
  const first = tokens[0];
  return first === undefined ? undefined : { start: first.start, end: tokens.at(-1)!.end };
}
