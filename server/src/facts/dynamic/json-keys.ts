import { lex } from '../../syntax/sql/lexer.ts';
import type { Span } from '../../text.ts';
import type { Asking, Guard } from './guards.ts';
import { readGuards } from './guards.ts';
import { joinAccess } from './json-access.ts';
import type { Context } from './judgement.ts';
import type { IsVariable } from './lookups.ts';
import type { Regions } from './regions.ts';
import { Spoilers } from './spoilers.ts';
import type { Words } from '../sql/tokens.ts';
import { wordsOf } from '../sql/tokens.ts';
import type { Write } from './writes.ts';

/** What checks leave of `p ->> 'type'`, as they do of a variable, as long as nothing else is put into p. */
export function guardsOfKeys(
  code: Words, text: string, regions: Regions, writes: readonly Write[], isVariable: IsVariable, asking: Asking,
): ReadonlyMap<string, readonly Guard[]> {
  const found = new Map<string, readonly Guard[]>();
  if (!code.words.includes('->>')) return found;
  const roots = new Map<string, string>();
  const joined = joinAccess(code, text, (subject, field, keys) => {
    const root = field === undefined ? subject : `${subject}.${field}`;
    if (!isVariable(root)) return undefined;
    const name = keyName(root, keys);
    roots.set(name, root);
    return name;
  });
  if (roots.size === 0) return found;
  const guards = readGuards(joined, text, regions, writes, (name) => roots.has(name) || isVariable(name), asking);
  const spoilers = new Spoilers(code.tokens, code.words, writes, regions, asking.onlyRead);
  for (const [name, root] of roots) {
    const held = (guards.get(name) ?? []).flatMap((guard) => spoilers.limited(root, guard, guard.leaves === 'asked') ?? []);
    if (held.length > 0) found.set(name, held);
  }
  return found;
}

/** What a check has left of `p ->> 'type'`, where it is used. */
export function guardOfKey({ start, end }: Span, { scope }: Context): Guard | undefined {
  if (end - start > longestAccess) return undefined;
  const written = scope.text.slice(start, end);
  if (!written.includes('->>')) return undefined;
  const { words } = joinAccess(wordsOf(lex(written, 'body').filter(({ kind }) => kind !== 'comment'), written), written, (subject, field, keys) => keyName(field === undefined ? subject : `${subject}.${field}`, keys));
  return words.length === 1 ? scope.guard(words[0]!, start) : undefined;
}

const longestAccess = 200;

/** A word like others, which nobody writes. */
function keyName(root: string, keys: readonly string[]): string {
  return [root.replaceAll('.', '$'), ...keys.map((key) => key.replace(/\W/g, (sign) => `$${sign.charCodeAt(0)}$`))].join('$key$');
}
