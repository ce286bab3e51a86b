import type { Scope } from './scope.ts';
import type { Words } from '../sql/tokens.ts';
import { Notes } from '../../notes.ts';

/** Whether the body tells a NULL in this variable from a text: `q IS NULL`, `coalesce(q, '')`, `concat(q)`. */
export function isAskedForNull(name: string, scope: Scope): boolean {
  let asked = known.get(scope);
  if (asked === undefined) known.set(scope, (asked = mayAsk.test(scope.text) ? readAsked(scope.code) : new Set()));
  return asked.has(name);
}

/** Functions for which a NULL is no text like others. */
const tellsNull: ReadonlySet<string> = new Set([
  'coalesce', 'concat', 'concat_ws', 'format', 'nullif', 'num_nulls', 'num_nonnulls', 'array_to_string', 'string_agg', 'array_append', 'array_remove', 'array',
]);

const mayAsk = new RegExp(`\\bis\\s+(not\\s+)?(null|distinct)\\b|\\b(${[...tellsNull].join('|')})\\s*[(\\[]`, 'i');

const known = new Notes<Scope, ReadonlySet<string>>();

function readAsked({ tokens, words }: Words): ReadonlySet<string> {
  const asked = new Set<string>();
  const open: boolean[] = [];
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index]!;
    const word = words[index]!;
    if (token.kind === 'punctuation') {
      if (word === '(' || word === '[') open.push(tellsNull.has(words[index - 1] ?? ''));
      else if (word === ')' || word === ']') open.pop();
    } else if (token.kind === 'word' || token.kind === 'identifier') {
      if (open.at(-1) || nullTests.has(words[index + 1] ?? '')) asked.add(word);
    }
  }
  return asked;
}

const nullTests = new Set(['is', 'isnull', 'notnull']);
