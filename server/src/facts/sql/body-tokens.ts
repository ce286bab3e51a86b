import { lex } from '../../syntax/sql/lexer.ts';
import type { Token } from '../../syntax/sql/lexer.ts';
import type { StatementText } from '../../syntax/sql/statements.ts';
import type { Span } from '../../text.ts';
import { readRoutine } from './routine-text.ts';

/** In characters. A routine with more is made by a machine, and nobody waits for it at every keystroke. */
export const longestBody = 500_000;

/** What a routine runs, as tokens of SQL and PL/pgSQL. */
export interface BodyTokens {
  readonly text: string;
  readonly tokens: readonly Token[];
  /** A span of `text` as one of the statement. */
  inStatement(span: Span): Span;
  /** Text as it has to be written in there; undefined when it cannot be. */
  quote(text: string): string | undefined;
}

/** Undefined for other languages, and where there is no body. */
export function bodyTokens(written: StatementText): BodyTokens | undefined {
  const { body } = written;
  if (readRoutine(written)?.atomic) return { text: written.text, tokens: afterHead(written), inStatement: (span) => span, quote: (text) => text };
  if (body?.language !== 'plpgsql' && body?.language !== 'sql') return undefined;
  const tokens = body.plpgsql?.tokens ?? lex(body.text);
  return { text: body.text, tokens, inStatement: (span) => body.inStatement(span), quote: (text) => body.quote(text) };
}

/** The tokens of a body that is part of the statement: BEGIN ATOMIC … END or RETURN …. */
function afterHead(written: StatementText): readonly Token[] {
  const start = written.tokens.findIndex((token) => token.kind === 'word' && /^(atomic|return)$/i.test(written.text.slice(token.start, token.end)));
  return written.tokens.slice(start + 1);
}
