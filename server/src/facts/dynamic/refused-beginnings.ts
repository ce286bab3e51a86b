import type { Token } from '../../syntax/sql/lexer.ts';
import { parsePostgres } from '../../syntax/sql/postgres.ts';
import type { Group } from './pieces.ts';
import type { Template } from './template.ts';

/**
 * What PostgreSQL says against the constant text that stands before the first value: it refuses such a statement before anything in it runs, whatever the
 * value brings. Undefined when it accepts that much, or when parts of the text may be left out.
 */
export function refusalOfBeginning(group: Group, templates: readonly Template[]): string | undefined {
  const [template] = templates;
  if (template === undefined || template.parses) return undefined;
  const { text, tokens, placed } = template;
  const first = placed.find(({ piece }) => piece.kind === 'slot');
  if (first === undefined || first.start > longestBeginning) return undefined;
  const before = placed.filter(({ start, end }) => start < first.start && end > start);
  if (!before.every((one) => one.group === group && one.piece.kind === 'text')) return undefined;
  const statements = tokens.filter((token) => token.kind === 'punctuation' && text[token.start] === ';' && token.end <= first.start).map(({ end }) => end);
  const starts = [0, ...statements];
  for (const [index, start] of starts.entries()) {
    const end = starts[index + 1] ?? tokens.find((token) => token.start >= first.end && text[token.start] === ';' && token.kind === 'punctuation')?.start ?? text.length;
    const parsed = text.slice(start, end).trim() === '' ? undefined : parsePostgres(text.slice(start, end));
    if (parsed?.kind === 'error' && endOfToken(tokens, start + parsed.at) < first.start) return parsed.message;
  }
  return undefined;
}

/** Just behind the token at `offset`. */
function endOfToken(tokens: readonly Token[], offset: number): number {
  return tokens.find(({ end }) => end > offset)?.end ?? Number.MAX_SAFE_INTEGER;
}

/** In characters. */
const longestBeginning = 5_000;
