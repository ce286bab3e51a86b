import type { Span } from '../../text.ts';
import { BodyReader } from './body-reader.ts';
import { contentStart, decodeWithPlaces, type Decoded } from './literals.ts';
import { decodeLiteral, identifierName, lex, tokenText, type Token } from './lexer.ts';

/** The body of a routine as text, with the way back to the statement. Offsets inside count from the start of `text`. */
export interface RoutineBody {
  /** Decoded: for `AS 'a''b'` it is `a'b`. */
  readonly text: string;
  /** Lower case; `plpgsql` for DO without LANGUAGE; undefined when the statement names none. */
  readonly language: string | undefined;
  /** How the body is quoted in the statement: text inserted into it has to be doubled when `single` or `escape`. */
  readonly quoting: 'dollar' | 'single' | 'escape';
  /** The tag of a dollar quoted body: `$tag$`. */
  readonly tag?: string;
  /** A span of `text` in the statement's offsets; it covers the written form, doubled quotes included. */
  inStatement(span: Span): Span;
  /** Text as it has to be written inside the quotes; undefined when it cannot (a dollar body that would contain its own tag). */
  quote(text: string): string | undefined;
  readonly plpgsql: PlpgsqlBody | undefined;
  /** The tokens of a body in LANGUAGE sql, which has nothing else of what PL/pgSQL has. */
  readonly sql: PlpgsqlBody | undefined;
}

/** What is written in a PL/pgSQL body, found by tokens, so broken code loses nothing but itself. Offsets count from the start of the body. */
export interface PlpgsqlBody {
  readonly tokens: readonly Token[];
  readonly declarations: readonly Declaration[];
  /** `x := …`, `x = …`; `SELECT … INTO x` is not one. */
  readonly assignments: readonly Assignment[];
  readonly executes: readonly ExecuteSite[];
  /** Innermost statements, for suppression comments. */
  readonly statements: readonly Span[];
}

export interface Declaration {
  /** Lower case unless quoted, quotes removed. */
  readonly name: string;
  readonly at: Span;
  /** The type as written, white space folded, without quotes where it needs none: `text`, `public.users%ROWTYPE`, `numeric(10,2)[]`; `alias` for ALIAS FOR, `cursor` for CURSOR. */
  readonly type: string;
  readonly constant: boolean;
  /** The initial value; for ALIAS FOR the name that it stands for, for CURSOR nothing. */
  readonly value: Span | undefined;
}

export interface Assignment {
  /** The target, folded as PostgreSQL folds names and without the quotes around them: `q`, `rec.field`, `a[1]`. */
  readonly target: string;
  readonly span: Span;
  readonly value: Span;
}

export interface ExecuteSite {
  readonly kind: 'execute' | 'for' | 'return-query' | 'open';
  /** From the first keyword of the statement to the end of the last operand. */
  readonly span: Span;
  /** The expression whose text is run. */
  readonly expression: Span;
  /** The expressions after USING, in order. */
  readonly using: readonly Span[];
}

export function parsePlpgsql(body: string): PlpgsqlBody {
  const tokens = lex(body, 'body');
  const reader = new BodyReader(body, tokens);
  reader.read();
  const { declarations, assignments, executes, statements } = reader;
  return { tokens, declarations, assignments, executes, statements };
}

/** The body of a CREATE FUNCTION, CREATE PROCEDURE or DO statement; undefined for BEGIN ATOMIC, RETURN and what is not finished. */
export function findRoutineBody(tokens: readonly Token[], text: string): RoutineBody | undefined {
  const code = tokens.filter((token) => token.kind !== 'comment' && token.kind !== 'meta');
  const isDo = code[0] !== undefined && wordOf(code[0], text) === 'do';
  let depth = 0;
  let language: string | undefined;
  let literals: readonly Token[] = [];
  for (let i = 1; i < code.length; i++) {
    const token = code[i]!;
    const before = code[i - 1]!;
    if (token.kind === 'punctuation') depth += nesting(text[token.start]!);
    if (depth !== 0) continue;
    if (wordOf(before, text) === 'language') language ??= languageName(token, text);
    else if (isText(token) && literals.length === 0 && (isDo || wordOf(before, text) === 'as')) literals = continued(code, i, text);
  }
  if (literals.length === 0) return undefined;
  return new WrittenBody(text, literals, language ?? (isDo ? 'plpgsql' : undefined));
}

class WrittenBody implements RoutineBody {
  readonly text: string;
  readonly language: string | undefined;
  readonly quoting: RoutineBody['quoting'];
  readonly tag?: string;
  /** Where the text begins in the statement, or where every character of it is written. */
  readonly #places: number | Decoded;
  #plpgsql: PlpgsqlBody | undefined;
  #sql: PlpgsqlBody | undefined;

  constructor(statement: string, literals: readonly Token[], language: string | undefined) {
    const first = literals[0]!;
    const written = tokenText(first, statement);
    this.language = language;
    this.quoting = first.kind === 'dollar' ? 'dollar' : /^['n]/i.test(written) ? 'single' : 'escape';
    if (first.kind === 'dollar') {
      this.tag = written.slice(0, contentStart(written));
      this.text = decodeLiteral(written);
      this.#places = first.start + this.tag.length;
    } else {
      const decoded = join(statement, literals);
      this.text = decoded.value;
      this.#places = decoded;
    }
  }

  get plpgsql(): PlpgsqlBody | undefined {
    if (this.language !== 'plpgsql') return undefined;
    return this.#plpgsql ??= parsePlpgsql(this.text);
  }

  get sql(): PlpgsqlBody | undefined {
    if (this.language !== 'sql') return undefined;
    return this.#sql ??= { tokens: lex(this.text, 'body'), declarations: [], assignments: [], executes: [], statements: [] };
  }

  inStatement({ start, end }: Span): Span {
    const places = this.#places;
    if (typeof places === 'number') return { start: places + start, end: places + end };
    const { starts, ends } = places;
    const from = starts[start] ?? ends.at(-1)!;
    return { start: from, end: end <= start ? from : ends[end - 1] ?? ends.at(-1)! };
  }

  quote(text: string): string | undefined {
    if (this.quoting === 'single') return text.replaceAll("'", "''");
    if (this.quoting === 'escape') return text.replaceAll('\\', '\\\\').replaceAll("'", "''");
    const tag = this.tag!;
    // A `$` at the end could complete the tag with what comes after it.
    return text.includes(tag) || text.endsWith('$') ? undefined : text;
  }
}

/** The first literal has to begin the content even when it is empty, hence the place behind the last character at the end. */
function join(statement: string, literals: readonly Token[]): Decoded {
  const value: string[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  for (const literal of literals) {
    const decoded = decodeWithPlaces(prefixed(statement, literals[0]!, literal));
    const distance = literal.start - (literal === literals[0] ? 0 : prefixOf(statement, literals[0]!).length);
    value.push(decoded.value);
    for (let i = 0; i < decoded.starts.length; i++) {
      starts.push(decoded.starts[i]! + distance);
      ends.push(decoded.ends[i]! + distance);
    }
  }
  if (starts.length === 0) {
    const open = literals[0]!.start + contentStart(tokenText(literals[0]!, statement));
    starts.push(open);
    ends.push(open);
  }
  return { value: value.join(''), starts, ends };
}

/** `E'a' ⏎ '\n'`: the prefix of the first part holds for all of them. */
function prefixed(statement: string, first: Token, literal: Token): string {
  return literal === first ? tokenText(literal, statement) : prefixOf(statement, first) + tokenText(literal, statement);
}

function prefixOf(statement: string, literal: Token): string {
  return statement.slice(literal.start, statement.indexOf("'", literal.start));
}

/** A string and those that continue it on later lines. */
function continued(code: readonly Token[], at: number, text: string): Token[] {
  const literals = [code[at]!];
  if (literals[0]!.kind === 'dollar') return literals;
  for (let i = at + 1; i < code.length; i++) {
    const token = code[i]!;
    const gap = text.slice(code[i - 1]!.end, token.start);
    if (token.kind !== 'string' || text[token.start] !== "'" || !/[\r\n]/.test(gap)) break;
    literals.push(token);
  }
  return literals;
}

function languageName(token: Token, text: string): string | undefined {
  if (token.kind === 'word' || token.kind === 'identifier') return identifierName(tokenText(token, text)).toLowerCase();
  return token.kind === 'string' ? decodeLiteral(tokenText(token, text)).toLowerCase() : undefined;
}

function wordOf(token: Token, text: string): string {
  return token.kind === 'word' ? tokenText(token, text).toLowerCase() : '';
}

function isText(token: Token): boolean {
  return token.kind === 'string' || token.kind === 'dollar';
}

function nesting(mark: string): number {
  if (mark === '(') return 1;
  return mark === ')' ? -1 : 0;
}
