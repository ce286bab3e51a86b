import { decodeLiteral } from '../../syntax/sql/lexer.ts';
import type { Slot } from './pieces.ts';
import type { Scope } from './scope.ts';

/** `p text DEFAULT 'null'`: who leaves the parameter out means SQL that quotes would change. */
export function isWordByDefault({ expression }: Slot, role: string, { plain, fallback }: Scope): boolean {
  const written = expression.kind === 'reference' ? fallback(plain(expression.path).join('.')) : undefined;
  const literal = /^\s*(E?'(?:[^']|'')*')\s*(?:::\s*[\w.]+\s*)?$/i.exec(written ?? '')?.[1];
  if (literal === undefined) return false;
  const value = decodeLiteral(literal).trim();
  if (role === 'value' || role === 'number') return /^(|null|default|current_\w+|localtime\w*|.*\(.*)$/is.test(value);
  // `"id"` is what PostgreSQL makes of id, but not of ID.
  return !/^[a-z_][a-z0-9_$]*$/.test(value) || /^(null|true|false|default|all|current_\w+|session_user|user|asc|desc)$/.test(value);
}
