import type { StatementText } from '../../syntax/sql/statements.ts';
import { readHeader } from './header.ts';
import { isOwnFunction } from './known-functions.ts';
import { leavingBefore } from './leaving.ts';
import type { Refused } from './refusals.ts';
import { catchesErrors } from './refusals.ts';
import { readScope } from './scope.ts';
import { classOfType, isHarmless } from './sql-types.ts';
import { readableBody } from './wrappers.ts';

/** The parameters of which a check leaves little wherever a function ends without an error, so that whoever comes back from a call has passed it. */
export function refusedAtExits(written: StatementText): readonly Refused[] {
  const body = readableBody(written);
  if (body === undefined || written.body?.language !== 'plpgsql' || written.body.text.length > longestBody || !mayRefuse.test(written.body.text)) return [];
  const { text } = written.body;
  const scope = readScope(written, text, body);
  const { tokens, words } = scope.code;
  if (catchesErrors(words)) return [];
  const returns = words.flatMap((word, index) => (word === 'return' && !/^(next|query)$/.test(words[index + 1] ?? '') ? [tokens[index]!.start] : []));
  const exits = leavingBefore(words, words.lastIndexOf('end'), none) === undefined ? [...returns, text.length] : returns;
  if (exits.length === 0) return [];
  const asking = [...new Set(words.filter((word, index) => words[index + 1] === '(' && isOwnFunction(word)))];
  return readHeader(written).parameters.filter(({ input }) => input).flatMap(({ name, type }, parameter): Refused[] => {
    if (isHarmless(classOfType(type))) return [];
    // A text without one sign is still most of what there is.
    const holds = exits.every((offset) => scope.guard(name ?? `$${parameter + 1}`, offset)?.leaves.startsWith('without ') === false);
    return holds ? [{ parameter, asking }] : [];
  });
}

/** Without one of these no function fails for what it is given, other than by what it calls. */
const mayRefuse = /\braise\b|::|\bcast\b|\bstrict\b|\bcase\b|%(?:\d\$)?I|\bquote_ident\b/i;

const none: ReadonlySet<string> = new Set();

/** In characters. */
const longestBody = 20_000;
