import type { Token } from '../../syntax/sql/lexer.ts';
import { parsePostgres } from '../../syntax/sql/postgres.ts';
import type { StatementText } from '../../syntax/sql/statements.ts';
import type { Span } from '../../text.ts';
import { remembered } from '../remembered.ts';
import type { Reading } from './candidates.ts';
import { firstWhere } from './first-where.ts';
import type { Group } from './pieces.ts';
import type { Scope } from './scope.ts';
import type { SinkSite } from './sinks.ts';
import type { Template } from './template.ts';
import { statementsOf } from './template.ts';

/** What PostgreSQL refuses of a statement, whatever the values in it are; undefined when nothing tells. */
export function refusalOfText(site: SinkSite, reading: Reading, written: StatementText, scope: Scope): string | undefined {
  return refusalAsItIs(site, reading, written) ?? refusalOfSum(site.expression, scope);
}

/** As long as the text goes to the server as it is. */
function refusalAsItIs({ kind, part }: SinkSite, { group, templates }: Reading, written: StatementText): string | undefined {
  if (part || kind === 'remote' || kind === 'cron' || kind === 'wrapper') return undefined;
  const beginning = refusalOfBeginning(group, templates);
  if (beginning !== undefined) return `the text before it (${beginning})`;
  return kind === 'execute' && templates.every(({ text }) => changes.test(text)) && isReadOnly(written) ? 'such a statement in a function that is not VOLATILE' : undefined;
}

/** STABLE or IMMUTABLE, behind the parameters, where no name can stand. */
const isReadOnly = remembered(({ text, tokens }: StatementText): boolean => {
  // The body is one token among them.
  const words = tokens.filter(({ kind }) => kind !== 'comment').map(({ kind, start, end }) => (kind === 'string' || kind === 'dollar' ? '' : text.slice(start, end).toLowerCase()));
  let depth = 0;
  let closed = false;
  for (const [index, word] of words.entries()) {
    if (word === '(') depth++;
    else if (word === ')' && --depth === 0) closed = true;
    else if (closed && depth === 0 && (word === 'stable' || word === 'immutable') && !/^(?:returns|setof|\.)$/.test(words[index - 1]!)) return true;
  }
  return false;
});

/** What a function that only reads may not begin with; all commands but SELECT, VALUES and WITH. */
const changes = /^\s*(?:insert|update|delete|merge|create|alter|drop|truncate|grant|revoke|comment|listen|notify|vacuum|analyze|refresh|reindex|lock|set|reset|do|call)\b/i;

/**
 * What PostgreSQL says against the constant text that stands before the first value: it refuses such a statement before anything in it runs, whatever the
 * value brings. Undefined when it accepts that much, or when parts of the text may be left out.
 */
function refusalOfBeginning(group: Group, templates: readonly Template[]): string | undefined {
  const [template] = templates;
  if (template === undefined || template.parses) return undefined;
  const { text, tokens, placed } = template;
  const first = placed.find(({ piece }) => piece.kind === 'slot');
  if (first === undefined || first.start > longestBeginning) return undefined;
  const before = placed.filter(({ start, end }) => start < first.start && end > start);
  if (!before.every((one) => one.group === group && one.piece.kind === 'text')) return undefined;
  for (const { start, end } of statementsOf(text, tokens)) {
    if (start > first.start) break;
    const parsed = parsePostgres(text.slice(start, end));
    if (parsed.kind === 'error' && endOfToken(tokens, start + parsed.at) < first.start) return parsed.message;
  }
  return undefined;
}

/** `'SELECT … WHERE a = ' + x`: there is no such operator for a text. */
function refusalOfSum({ start, end }: Span, { code: { tokens, words }, text }: Scope): string | undefined {
  const isText = (token: Token | undefined) => token?.kind === 'string' && /[a-z]{2}\s/i.test(text.slice(token.start, token.end));
  for (let at = firstWhere(tokens.length, (index) => tokens[index]!.start >= start); at < tokens.length && tokens[at]!.end <= end; at++) {
    if (words[at] === '+' && (isText(tokens[at - 1]) || isText(tokens[at + 1]))) return 'to add texts with +';
  }
  return undefined;
}

/** Just behind the token at `offset`. */
function endOfToken(tokens: readonly Token[], offset: number): number {
  return tokens.find(({ end }) => end > offset)?.end ?? Number.MAX_SAFE_INTEGER;
}

/** In characters. */
const longestBeginning = 5_000;
