import type { Token } from '../../syntax/sql/lexer.ts';
import { decodeLiteral, lex, tokenText } from '../../syntax/sql/lexer.ts';
import type { Span } from '../../text.ts';
import type { Words } from '../sql/tokens.ts';
import { wordsOf } from '../sql/tokens.ts';
import type { IsVariable } from './lookups.ts';

/** A value that is made of one variable and constants: `r.name`, `(p ->> 'kind')`, `names[i]`, `split_part(p, '.', 1)`. Numbers are indexes of words. */
export interface ValuePath {
  /** The same for the same value, however it is written; `r.name` for a field, the variable's name for `p::text`. */
  readonly key: string;
  /** What it changes with. */
  readonly roots: readonly string[];
  readonly first: number;
  readonly last: number;
}

/** All that are more than the name of a variable, the outer ones, in the order of the text. */
export function pathsIn(code: Words, text: string, isVariable: IsVariable): readonly ValuePath[] {
  const reader = new PathReader(code, text, isVariable);
  const { tokens, words } = code;
  const paths: ValuePath[] = [];
  let behind = 0;
  for (let at = 0; at < words.length; at++) {
    const next = words[at + 1]!;
    if (tokens[at]!.kind !== 'identifier' && !goesOn.has(next) && !(next === '(' && (words[at] === 'cast' || sameForSame.has(words[at]!)))) continue;
    let first = at;
    while (first > behind && words[first - 1] === '(') first--;
    for (; first <= at; first++) {
      const path = reader.at(first);
      if (path === undefined || path.last < at || (path.first === path.last && tokens[at]!.kind !== 'identifier')) continue;
      paths.push(path);
      behind = at + 1;
      break;
    }
  }
  return paths;
}

/** The same code with each of these values as one word, where `nameOf` gives it a name; of one within another the outer one. */
export function joinPaths({ tokens, words }: Words, paths: readonly ValuePath[], nameOf: (path: ValuePath) => string | undefined): Words {
  const joined: { tokens: Token[]; words: string[] } = { tokens: [], words: [] };
  let next = 0;
  for (let at = 0; at < words.length; at++) {
    while (next < paths.length && paths[next]!.first < at) next++;
    const path = paths[next]?.first === at ? paths[next] : undefined;
    const name = path && nameOf(path);
    joined.tokens.push(name === undefined ? tokens[at]! : { ...tokens[at]!, kind: 'word', end: tokens[path!.last]!.end });
    joined.words.push(name ?? words[at]!);
    if (name !== undefined) at = path!.last;
  }
  return joined;
}

/** The key of what is written at `span`, when that is one such value; undefined otherwise. */
export function keyAt(text: string, { start, end }: Span, isVariable: IsVariable): string | undefined {
  if (end - start > longestPath) return undefined;
  const written = text.slice(start, end);
  const code = wordsOf(lex(written, 'body'), written);
  const path = new PathReader(code, written, isVariable).at(0);
  return path?.last === code.words.length - 1 ? path.key : undefined;
}

/** In characters. */
const longestPath = 200;

interface Part {
  readonly key: string;
  readonly roots: readonly string[];
  readonly last: number;
}

class PathReader {
  readonly #tokens: readonly Token[];
  readonly #words: readonly string[];
  readonly #text: string;
  readonly #isVariable: IsVariable;

  constructor({ tokens, words }: Words, text: string, isVariable: IsVariable) {
    this.#tokens = tokens;
    this.#words = words;
    this.#text = text;
    this.#isVariable = isVariable;
  }

  at(first: number): ValuePath | undefined {
    if (this.#words[first - 1] === '.' || this.#words[first - 1] === '::') return undefined;
    const part = this.#path(first, 0);
    return part && { ...part, first };
  }

  #path(first: number, depth: number): Part | undefined {
    if (depth > deepest) return undefined;
    const begin = this.#inParentheses(first, depth) ?? this.#cast(first, depth) ?? this.#call(first, depth) ?? this.#variable(first);
    return begin && this.#withSuffixes(begin);
  }

  /** `(p ->> 'kind')`; behind the name of a function these are its arguments. */
  #inParentheses(first: number, depth: number): Part | undefined {
    if (this.#words[first] !== '(' || (depth === 0 && !this.#startsOperand(first - 1))) return undefined;
    const inner = this.#path(first + 1, depth + 1);
    return inner && this.#words[inner.last + 1] === ')' ? { ...inner, last: inner.last + 1 } : undefined;
  }

  #startsOperand(before: number): boolean {
    const token = this.#tokens[before];
    return token === undefined || token.kind === 'punctuation' || token.kind === 'operator' || beforeOperand.has(this.#words[before]!);
  }

  /** `CAST(p AS text)` */
  #cast(first: number, depth: number): Part | undefined {
    if (this.#words[first] !== 'cast' || this.#words[first + 1] !== '(') return undefined;
    const inner = this.#path(first + 2, depth + 1);
    if (inner === undefined || this.#words[inner.last + 1] !== 'as' || !keepsText.has(this.#words[inner.last + 2] ?? '')) return undefined;
    const last = inner.last + 3;
    return this.#words[last] === ')' ? { ...inner, last } : undefined;
  }

  /** `split_part(p, '.', 1)`, `jsonb_extract_path_text(p, 'a', 'b')` */
  #call(first: number, depth: number): Part | undefined {
    const name = this.#words[first]!;
    if (!sameForSame.has(name) || this.#words[first + 1] !== '(') return undefined;
    const keys: string[] = [];
    const roots: string[] = [];
    for (let at = first + 2; ;) {
      const argument = this.#constant(at) ?? this.#path(at, depth + 1);
      if (argument === undefined) return undefined;
      keys.push(argument.key);
      roots.push(...argument.roots);
      at = argument.last + 1;
      if (this.#words[at] === ',') at++;
      else if (this.#words[at] === ')') return { key: `${name}(${keys.join(', ')})`, roots, last: at };
      else return undefined;
    }
  }

  /** `p`, `r.name`, `$1` */
  #variable(at: number): Part | undefined {
    const kind = this.#tokens[at]?.kind;
    if (kind !== 'word' && kind !== 'identifier' && kind !== 'parameter') return undefined;
    const name = this.#words[at]!;
    const field = this.#words[at + 1] === '.' && this.#isName(at + 2) ? this.#words[at + 2] : undefined;
    const last = field === undefined ? at : at + 2;
    const key = field === undefined ? name : `${name}.${field}`;
    const follows = this.#words[last + 1];
    if (follows === '(' || follows === '.' || (!this.#isVariable(name) && !this.#isVariable(key))) return undefined;
    return { key, roots: field === undefined ? [name] : [name, key], last };
  }

  #isName(at: number): boolean {
    const kind = this.#tokens[at]?.kind;
    return kind === 'word' || kind === 'identifier';
  }

  /** `[1]`, `-> 'a' ->> 'b'`, `.name` behind parentheses, and casts that keep the text. */
  #withSuffixes(begin: Part): Part {
    let part = begin;
    for (;;) {
      const { key, roots, last } = part;
      const sign = this.#words[last + 1];
      const type = sign === '::' && keepsText.has(this.#words[last + 2] ?? '') ? (this.#words[last + 3] === 'varying' ? last + 3 : last + 2) : -1;
      if (type >= 0 && this.#words[type + 1] !== '[' && this.#words[type + 1] !== '(') {
        part = { ...part, last: type };
      } else if (sign === '[' || takesOut.has(sign ?? '')) {
        const index = this.#constant(last + 2) ?? this.#variable(last + 2);
        const end = sign === '[' ? (index?.last ?? 0) + 1 : index?.last ?? 0;
        if (index === undefined || (sign === '[' && this.#words[end] !== ']')) return part;
        part = { key: `${key} ${sign!} ${index.key}`, roots: [...roots, ...index.roots], last: end };
      } else if (sign === '.' && this.#words[last] === ')' && this.#isName(last + 2)) {
        const field = `${key}.${this.#words[last + 2]!}`;
        part = { key: field, roots: [...roots, field], last: last + 2 };
      } else {
        return part;
      }
    }
  }

  #constant(at: number): Part | undefined {
    const token = this.#tokens[at];
    if (token?.kind === 'string') return { key: `'${decodeLiteral(tokenText(token, this.#text))}'`, roots: [], last: at };
    return token?.kind === 'number' ? { key: this.#words[at]!, roots: [], last: at } : undefined;
  }
}

const deepest = 4;
/** What stands behind a name of which a part is meant. */
const goesOn = new Set(['.', '[', '->', '->>', '#>', '#>>', '::', ')']);
const takesOut = new Set(['->', '->>', '#>', '#>>']);
const keepsText = new Set(['text', 'varchar', 'character', 'json', 'jsonb']);
/** Words behind which a value may stand in parentheses of its own. */
const beforeOperand = new Set(['if', 'case', 'elsif', 'elseif', 'and', 'or', 'not', 'when', 'then', 'else', 'return', 'perform', 'select', 'where', 'execute', 'using', 'like', 'ilike', 'to', 'while']);

/** Functions that give the same for the same arguments, as long as a routine runs; not those in which a check looks for the value itself. */
const sameForSame = new Set([
  'split_part', 'ltrim', 'rtrim', 'left', 'right', 'substr', 'substring', 'replace', 'translate', 'nullif',
  'json_extract_path_text', 'jsonb_extract_path_text', 'json_extract_path', 'jsonb_extract_path', 'current_setting', 'to_json', 'to_jsonb', 'row_to_json', 'regexp_replace',
]);
