import type { Token } from '../syntax/sql/lexer.ts';
import type { StatementText } from '../syntax/sql/statements.ts';
import type { Call } from './calls.ts';
import { readRoutine } from './routine-text.ts';
import type { SqlCommand } from './sql-commands.ts';
import { closing, nameOf, splitAtCommas } from './tokens.ts';

/** Where the value of an expression goes. */
export interface ValueTarget {
  /** A column, a variable, an alias, a parameter or the routine that returns it; lower case unless quoted. */
  readonly name: string;
  /** `compared`: it is only compared with it. */
  readonly how: 'stored' | 'returned' | 'compared';
}

/** Where what a call returns goes, as far as its command says; several names may say so at once. */
export function targetsOf({ written, statement, inside }: SqlCommand, call: Call): readonly ValueTarget[] {
  const { text } = written;
  const tokens = written.tokens.filter(({ kind }) => kind !== 'comment');
  const found = [...before(tokens, call.first, text), ...behind(tokens, call.last, text), ...inserted(tokens, call, text)];
  if (inside === 'routine' && found.length === 0) {
    const routine = readRoutine(statement.written)?.name.parts.at(-1)?.name;
    if (routine !== undefined) found.push({ name: routine, how: 'returned' });
  }
  return found;
}

/** `password = md5(…)`, `x := md5(…)`, `token text DEFAULT md5(…)`, and that inside of other calls and parentheses. */
function before(tokens: readonly Token[], first: number, text: string): ValueTarget[] {
  for (let i = first - 1, depth = 0; i >= 0; i--) {
    const token = tokens[i]!;
    const here = token.kind === 'word' ? text.slice(token.start, token.end).toUpperCase() : text.slice(token.start, token.end);
    if (here === ')') depth++;
    if (here === '(') depth = Math.max(0, depth - 1);
    if (depth > 0) continue;
    if (here === ':=' || here === '=' || here === '<>' || here === '!=' || here === '=>') {
      const name = nameOf(tokens[i - 1], text);
      return /^[a-z_]/i.test(name) ? [{ name, how: here === ':=' || here === '=>' || assigns(tokens, i, text) ? 'stored' : 'compared' }] : [];
    }
    if (here === 'DEFAULT') return defaultOf(tokens, i, text);
    if (stops.has(here)) return [];
  }
  return [];
}

const stops = new Set(['SELECT', 'WHERE', 'FROM', 'AND', 'OR', 'VALUES', 'RETURN', 'THEN', 'ELSE', 'IF', 'WHEN', ',', ';']);

/** The `=` of UPDATE … SET and of a PL/pgSQL assignment. */
function assigns(tokens: readonly Token[], at: number, text: string): boolean {
  for (let i = at - 1; i >= 0; i--) {
    const word = tokens[i]!.kind === 'word' ? text.slice(tokens[i]!.start, tokens[i]!.end).toUpperCase() : '';
    if (word === 'SET') return true;
    if (/^(WHERE|ON|HAVING|WHEN|IF|AND|OR|SELECT|RETURN|WHILE|ELSIF|CHECK|USING)$/.test(word)) return false;
  }
  return true;
}

/** The column or parameter that has this default. */
function defaultOf(tokens: readonly Token[], at: number, text: string): ValueTarget[] {
  for (let i = at - 1, depth = 0; i > 0; i--) {
    const here = text.slice(tokens[i]!.start, tokens[i]!.end);
    if (here === ')') depth++;
    if (depth === 0 && (here === '(' || here === ',' || /^(column|set)$/i.test(here))) {
      const named = /^set$/i.test(here) ? tokens[i - 1] : tokens[i + 1];
      return [{ name: nameOf(named, text), how: 'stored' }];
    }
    if (here === '(') depth--;
  }
  // DECLARE token text DEFAULT …
  return [{ name: nameOf(tokens[0], text), how: 'stored' }];
}

/** `md5(…) AS password`, also where the alias stands behind a bigger expression. */
function behind(tokens: readonly Token[], last: number, text: string): ValueTarget[] {
  for (let i = last + 1, depth = 0; i < tokens.length; i++) {
    const here = text.slice(tokens[i]!.start, tokens[i]!.end);
    if (here === '(') depth++;
    if (here === ')') depth--;
    if (depth === 0 && /^as$/i.test(here)) return [{ name: nameOf(tokens[i + 1], text), how: 'returned' }];
    if (depth === 0 && here === '=' && i === last + 1) return [{ name: nameOf(tokens[i + 1], text), how: 'compared' }];
    if (depth <= 0 && /^(,|;|from|where|into)$/i.test(here)) {
      return /^into$/i.test(here) ? [{ name: nameOf(tokens[i + 1], text), how: 'stored' }] : [];
    }
  }
  return [];
}

/** The column of INSERT INTO t (a, b) VALUES (x, …) or SELECT x, … */
function inserted(tokens: readonly Token[], { first }: Call, text: string): ValueTarget[] {
  const word = (i: number) => (tokens[i]?.kind === 'word' ? text.slice(tokens[i]!.start, tokens[i]!.end).toUpperCase() : '');
  const into = tokens.findIndex((_, i) => word(i) === 'INSERT' && word(i + 1) === 'INTO');
  if (into < 0) return [];
  const open = tokens.findIndex((token, i) => i > into && text[token.start] === '(');
  const close = open < 0 ? -1 : closing(tokens, open, text);
  const start = tokens.findIndex((_, i) => i > close && (word(i) === 'VALUES' || word(i) === 'SELECT'));
  if (close < 0 || start < 0 || start > close + 4 || first < start) return [];
  const columns = splitAtCommas(tokens.slice(open + 1, close), text).map((part) => nameOf(part[0], text));
  let depth = 0;
  let column = 0;
  const level = word(start) === 'VALUES' ? 1 : 0;
  for (let i = start + 1; i < first; i++) {
    const here = text.slice(tokens[i]!.start, tokens[i]!.end);
    if (here === '(' && ++depth === level) column = 0;
    if (here === ')') depth--;
    if (here === ',' && depth === level) column++;
    if (depth === 0 && /^(FROM|WHERE|ON|RETURNING)$/.test(word(i))) return [];
  }
  return columns[column] === undefined ? [] : [{ name: columns[column]!, how: 'stored' }];
}

/** Names among the tokens of an argument. */
export function namesIn(tokens: readonly Token[], { text }: StatementText): string[] {
  return tokens.filter(({ kind }) => kind === 'word' || kind === 'identifier' || kind === 'parameter').map((token) => nameOf(token, text));
}
