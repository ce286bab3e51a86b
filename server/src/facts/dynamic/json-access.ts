import type { Token } from '../../syntax/sql/lexer.ts';
import { decodeLiteral, tokenText } from '../../syntax/sql/lexer.ts';
import type { Words } from '../sql/tokens.ts';

/** How a value that is taken out of JSON is to be called; undefined leaves it as it is. `field`: of a row, in `r.value ->> 'type'`. */
export type NameAccess = (subject: string, field: string | undefined, keys: readonly string[]) => string | undefined;

/** The words with each `p ->> 'type'`, `p -> 'part' ->> 'type'`, `r.value::jsonb ->> 'type'` as one of them, as if it were a variable. */
export function joinAccess({ tokens, words }: Words, text: string, nameAccess: NameAccess): Words {
  const joined: { tokens: Token[]; words: string[] } = { tokens: [], words: [] };
  for (let at = 0; at < words.length; at++) {
    const access = words[at - 1] === '.' ? undefined : accessAt(tokens, words, at, text);
    const name = access && nameAccess(words[at]!, access.field, access.keys);
    if (access === undefined || name === undefined) {
      joined.tokens.push(tokens[at]!);
      joined.words.push(words[at]!);
      continue;
    }
    const wrapped = joined.words.at(-1) === '(' && words[access.last + 1] === ')' && !/^(?!(?:if|elsif|elseif|and|or|not|when)$)[a-z_]/.test(joined.words.at(-2) ?? '');
    if (wrapped) {
      joined.tokens.pop();
      joined.words.pop();
    }
    joined.tokens.push({ ...tokens[at]!, kind: 'word', end: tokens[access.last]!.end });
    joined.words.push(name);
    at = access.last + (wrapped ? 1 : 0);
  }
  return joined;
}

interface Access {
  readonly field: string | undefined;
  readonly keys: readonly string[];
  /** The index of the last key. */
  readonly last: number;
}

function accessAt(tokens: readonly Token[], words: readonly string[], at: number, text: string): Access | undefined {
  if (!/^([a-z_]|\$\d)/.test(words[at]!)) return undefined;
  const field = words[at + 1] === '.' ? words[at + 2] : undefined;
  let operator = field === undefined ? at + 1 : at + 3;
  if (words[operator] === '::' && /^jsonb?$/.test(words[operator + 1] ?? '')) operator += 2;
  const keys: string[] = [];
  for (; words[operator] === '->' || words[operator] === '->>'; operator += 2) {
    const key = tokens[operator + 1];
    if (key?.kind !== 'string') return undefined;
    keys.push(decodeLiteral(tokenText(key, text)));
    if (words[operator] === '->>') return { field, keys, last: operator + 1 };
  }
  return undefined;
}
