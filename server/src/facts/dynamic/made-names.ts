import type { Token } from '../../syntax/sql/lexer.ts';
import { decodeLiteral, tokenText } from '../../syntax/sql/lexer.ts';

/** Where the body first makes a table, or a server, whose name somebody else may choose; Infinity when it does not. */
export function madeBefore(making: RegExp, tokens: readonly Token[], text: string): number {
  if (text.search(making) < 0) return Infinity;
  // What stands in a text may be replaced before it runs.
  const replaces = changesTexts.test(text);
  const every = new RegExp(making, 'gi');
  for (const token of tokens) {
    if (token.kind !== 'string' && token.kind !== 'dollar') continue;
    const written = decodeLiteral(tokenText(token, text));
    const chosen = [...written.matchAll(every)].some((one) => replaces || !constantName.test(written.slice(one.index + one[0].length)));
    if (chosen) return token.start;
  }
  return Infinity;
}

/** A statement of the routine's own makes what it says; in a text the name has to end before the text does. */
const constantName = /^\s+(?:if\s+not\s+exists\s+)?(?!if\s)(?:[a-z_]\w*\s*\.\s*)?[a-z_]\w*(?:\s*[(;]|\s+[a-z(])/i;
const changesTexts = /\b(?:replace|regexp_replace|translate|overlay)\s*\(/i;
