import type { Token } from '../../syntax/sql/lexer.ts';
import type { StatementText } from '../../syntax/sql/statements.ts';
import type { Call } from './calls.ts';
import { readRoutine } from './routine-text.ts';
import type { SqlCommand } from './sql-commands.ts';
import { closing, nameOf, splitAtCommas } from './tokens.ts';
import { Notes } from '../../notes.ts';

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
  const tokens = codeOf(written);
  const found = [...before(tokens, call.first, text), ...behind(tokens, call, text), ...inserted(tokens, call, text)];
  if (inside === 'routine' && found.length === 0) {
    const routine = readRoutine(statement.written)?.name.parts.at(-1)?.name;
    if (routine !== undefined) found.push({ name: routine, how: 'returned' });
  }
  return found;
}

const code = new Notes<StatementText, readonly Token[]>();

function codeOf(written: StatementText): readonly Token[] {
  const before = code.get(written);
  if (before) return before;
  const tokens = written.tokens.filter(({ kind }) => kind !== 'comment');
  code.set(written, tokens);
  return tokens;
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
      const name = nameOf(here === ':=' ? declared(tokens, i) : tokens[i - 1], text);
      return /^[a-z_]/i.test(name) ? [{ name, how: here === ':=' || here === '=>' || assigns(tokens, i, text) ? 'stored' : 'compared' }] : [];
    }
    if (here === 'DEFAULT') return defaultOf(tokens, i, text);
    if (stops.has(here)) return [];
  }
  return [];
}

const stops = new Set(['SELECT', 'WHERE', 'FROM', 'AND', 'OR', 'VALUES', 'RETURN', 'THEN', 'ELSE', 'IF', 'WHEN', ',', ';']);

/** In `DECLARE token text := …` the name is not what stands in front of the sign. */
function declared(tokens: readonly Token[], sign: number): Token | undefined {
  const [first, second] = tokens[0]?.kind === 'word' && tokens[1]?.kind === 'word' && tokens[2]?.kind === 'word' ? tokens.slice(1) : tokens;
  const named = second !== undefined && second.start < tokens[sign]!.start && (second.kind === 'word' || second.kind === 'identifier');
  return named ? first : tokens[sign - 1];
}

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
function behind(tokens: readonly Token[], { first, last }: Call, text: string): ValueTarget[] {
  const outermost = -nestingOf(tokens, first, text);
  for (let i = last + 1, depth = 0; i < tokens.length; i++) {
    const here = text.slice(tokens[i]!.start, tokens[i]!.end).toUpperCase();
    if (here === '(') depth++;
    if (here === ')') depth--;
    if (here === '=' && i === last + 1) return [{ name: nameOf(tokens[i + 1], text), how: 'compared' }];
    if (depth < outermost || here === ';') return [];
    if (depth > outermost) continue;
    if (here === 'AS') return [{ name: nameOf(tokens[i + 1], text), how: 'returned' }];
    if (here === 'INTO') return [{ name: nameOf(tokens[i + 1], text), how: 'stored' }];
    if (here === ',' || here === 'FROM' || here === 'WHERE') return [];
  }
  return [];
}

const longest = 500;

/** In how many parentheses an expression stands; no expression is longer than `longest` tokens. */
function nestingOf(tokens: readonly Token[], first: number, text: string): number {
  let nesting = 0;
  for (let i = first - 1, depth = 0; i >= Math.max(0, first - longest); i--) {
    const here = text.slice(tokens[i]!.start, tokens[i]!.end).toUpperCase();
    if (here === ')') depth++;
    else if (here === '(' && depth > 0) depth--;
    else if (here === '(') nesting++;
    else if (depth === 0 && /^(SELECT|VALUES|WHERE|FROM|SET|RETURN|:=|;)$/.test(here)) return nesting;
  }
  return nesting;
}

/** The column of INSERT INTO t (a, b) VALUES (x, …) or SELECT x, …; looks no further back than the row begins. */
function inserted(tokens: readonly Token[], { first }: Call, text: string): ValueTarget[] {
  const columns = columnsOf(tokens, text);
  if (columns.length === 0) return [];
  let column = 0;
  for (let i = first - 1, depth = 0; i >= 0; i--) {
    const here = text.slice(tokens[i]!.start, tokens[i]!.end).toUpperCase();
    const before = i > 0 ? text.slice(tokens[i - 1]!.start, tokens[i - 1]!.end).toUpperCase() : '';
    if (here === ')') depth++;
    else if (here === '(' && depth > 0) depth--;
    else if (depth > 0) continue;
    else if (here === '(' && before !== 'VALUES' && before !== ',') column = 0;
    else if (here === ',') column++;
    else if (here === '(' || here === 'SELECT') return columns[column] === undefined ? [] : [{ name: columns[column]!, how: 'stored' }];
    else if (/^(FROM|WHERE|ON|RETURNING|SET|;)$/.test(here)) return [];
  }
  return [];
}

const known = new Notes<readonly Token[], readonly string[]>();

function columnsOf(tokens: readonly Token[], text: string): readonly string[] {
  const before = known.get(tokens);
  if (before) return before;
  const columns = readColumns(tokens, text);
  known.set(tokens, columns);
  return columns;
}

function readColumns(tokens: readonly Token[], text: string): readonly string[] {
  const word = (i: number) => (tokens[i]?.kind === 'word' ? text.slice(tokens[i]!.start, tokens[i]!.end).toUpperCase() : '');
  const into = tokens.findIndex((_, i) => word(i) === 'INSERT' && word(i + 1) === 'INTO');
  if (into < 0) return [];
  const open = tokens.findIndex((token, i) => i > into && text[token.start] === '(');
  const close = open < 0 ? tokens.length : closing(tokens, open, text);
  if (word(close + 1) !== 'VALUES' && word(close + 1) !== 'SELECT' && word(close + 1) !== 'OVERRIDING') return [];
  return splitAtCommas(tokens.slice(open + 1, close), text).map((part) => nameOf(part[0], text));
}

/** Names among the tokens of an argument. */
export function namesIn(tokens: readonly Token[], { text }: StatementText): string[] {
  return tokens.filter(({ kind }) => kind === 'word' || kind === 'identifier' || kind === 'parameter').map((token) => nameOf(token, text));
}
