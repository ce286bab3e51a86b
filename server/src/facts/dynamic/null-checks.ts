import { lex } from '../../syntax/sql/lexer.ts';
import type { Scope } from './scope.ts';
import { nameOf } from '../sql/tokens.ts';

/** Whether the body tells a NULL in this variable from a text: `q IS NULL`, `coalesce(q, '')`, `concat(q)`. */
export function isAskedForNull(name: string, scope: Scope): boolean {
  let asked = known.get(scope);
  if (asked === undefined) known.set(scope, (asked = mayAsk.test(scope.text) ? readAsked(scope.text) : new Set()));
  return asked.has(name);
}

/** Functions for which a NULL is no text like others. */
export const tellsNull: ReadonlySet<string> = new Set([
  'coalesce', 'concat', 'concat_ws', 'format', 'nullif', 'num_nulls', 'num_nonnulls', 'array_to_string', 'string_agg', 'array_append', 'array_remove', 'array',
]);

const mayAsk = new RegExp(`\\bis\\s+(not\\s+)?(null|distinct)\\b|\\b(${[...tellsNull].join('|')})\\s*[(\\[]`, 'i');

const known = new WeakMap<Scope, ReadonlySet<string>>();

function readAsked(text: string): ReadonlySet<string> {
  const tokens = lex(text, 'body').filter((token) => token.kind !== 'comment');
  const asked = new Set<string>();
  const open: boolean[] = [];
  for (const [index, token] of tokens.entries()) {
    const sign = text[token.start]!;
    if (token.kind === 'punctuation' && /[([]/.test(sign)) open.push(tellsNull.has(nameOf(tokens[index - 1], text)));
    else if (token.kind === 'punctuation' && /[)\]]/.test(sign)) open.pop();
    else if (token.kind !== 'word' && token.kind !== 'identifier') continue;
    else if (open.at(-1) || /^(is|isnull|notnull)$/.test(nameOf(tokens[index + 1], text))) asked.add(nameOf(token, text));
  }
  return asked;
}
