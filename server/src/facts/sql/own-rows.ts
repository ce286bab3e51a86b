import { lex } from '../../syntax/sql/lexer.ts';
import { Cursor, type Name } from './cursor.ts';
import { closing } from './tokens.ts';

/** A query for the row of whoever is asking, as policies and their functions use it: `SELECT role FROM profiles WHERE id = auth.uid()`. */
export interface OwnRowQuery {
  readonly relation: Name;
  /** The column that is compared with who is asking. */
  readonly key: string;
  /** It stands in EXISTS, so that only its condition matters. */
  readonly exists: boolean;
  /** `IF EXISTS (…) THEN RAISE`: a row that is there gains nobody anything. */
  readonly refuses: boolean;
  /** Words of the rest that can be columns of that relation, in lower case unless quoted: what the query asks about the row. */
  readonly asked: ReadonlySet<string>;
}

/** The column by which an expression allows only rows of whoever is asking: `owner` of `owner = auth.uid() AND NOT locked`. */
export function ownKey(expression: string): string | undefined {
  for (const part of conjuncts(tokensOf(expression))) {
    const key = keyOf(part, undefined);
    if (key !== undefined) return key;
  }
  return undefined;
}

/** The expression asks only whether somebody is logged in: `auth.uid() IS NOT NULL`, `auth.role() = 'authenticated'`. */
export function asksForLoginOnly(expression: string): boolean {
  return conjuncts(tokensOf(expression)).every((part) => loginOnly.test(part.text));
}

/** Every query for one's own row in an expression or a body, those in parentheses too. */
export function ownRowQueries(text: string): readonly OwnRowQuery[] {
  return mayAsk.test(text) ? queries(tokensOf(text)) : [];
}

/** What AND joins in an expression, in one spelling: without the relation in front of a column, without casts, `= true` and the parentheses around it. */
export function conditionsIn(expression: string): readonly string[] {
  return conjuncts(tokensOf(expression)).map(({ text }) => text
    .replace(/'[^']*'|[^']+/g, (piece) => (piece.startsWith("'") ? piece : piece.toLowerCase()))
    .replace(/"?[\w$]+"? \. (?=["\w$]+(?![\w$"]| \())/g, '').replace(/ :: \w+/g, '').replace(/ (=|is) true$/, '')).filter((text) => text !== '');
}

/** Words that can be columns, in an expression. */
export function wordsIn(text: string): ReadonlySet<string> {
  return new Set(tokensOf(text).names.filter((name) => name !== undefined));
}

const mayAsk = /\bselect\b[^]*\bfrom\b[^]*\bwhere\b/i;

/** Who is asking, in Supabase, PostgREST and PostgreSQL itself. */
const asking = String.raw`(?:\( select )?(?:auth \. uid \( \)|current_user|session_user|(?:\( )?(?:auth \. jwt \( \)|current_setting \( 'request\.jwt\.claims' (?:, true )?\) :: jsonb?) ->> 'sub'(?: \))?|current_setting \( 'request\.jwt\.claim\.sub' (?:, true )?\))(?: as \w+)?(?: \))?(?: :: \w+)?`;
const column = String.raw`(?:(\S+) \. )?("?[\w$]+"?)(?: :: \w+)?`;
const columnFirst = new RegExp(`^${column} = ${asking}$`, 'i');
const columnLast = new RegExp(`^${asking} = ${column}$`, 'i');
const loginOnly = new RegExp(String.raw`^(?:${asking} is not null|(?:\( select )?auth \. role \( \)(?: as \w+)?(?: \))? = 'authenticated'(?: :: text)?)$`, 'i');

/** Tokens with single blanks between them, and each one's name when it can name something. */
class Tokens {
  readonly cursor: Cursor;

  constructor(cursor: Cursor) {
    this.cursor = cursor;
  }

  get length(): number {
    return this.cursor.tokens.length;
  }

  get text(): string {
    return this.cursor.tokens.map((token) => this.cursor.of(token)).join(' ');
  }

  /** What may be a column: no function, no type of a cast. */
  get names(): readonly (string | undefined)[] {
    return this.cursor.tokens.map((token, i) => {
      if (token.kind !== 'word' && token.kind !== 'identifier') return undefined;
      if (this.at(i + 1) === '(' || this.at(i + 1) === '.' || this.at(i - 1) === '::') return undefined;
      const written = this.cursor.of(token);
      return token.kind === 'word' ? written.toLowerCase() : written.slice(1, -1).replaceAll('""', '"');
    });
  }

  at(index: number): string {
    const token = this.cursor.tokens[index];
    return token ? this.cursor.of(token) : '';
  }

  slice(begin: number, end: number): Tokens {
    return new Tokens(this.cursor.between(begin, end));
  }
}

function tokensOf(text: string): Tokens {
  return new Tokens(new Cursor(text, lex(text, 'body')));
}

/** The parts between ANDs; one part where OR stands beside them. */
function conjuncts(tokens: Tokens): readonly Tokens[] {
  const inner = closingOf(tokens, 0) === tokens.length - 1 && tokens.at(0) === '(' ? tokens.slice(1, tokens.length - 1) : undefined;
  if (inner && !/^select$/i.test(inner.at(0))) return conjuncts(inner);
  const words = topLevel(tokens);
  if (words.some(({ word }) => word === 'or')) return [tokens];
  const ends = [...words.filter(({ word }) => word === 'and').map(({ index }) => index), tokens.length];
  if (ends.length === 1) return [tokens];
  return ends.flatMap((end, i) => conjuncts(tokens.slice(i === 0 ? 0 : ends[i - 1]! + 1, end)));
}

/** The words outside of parentheses, in lower case. */
function topLevel(tokens: Tokens): readonly { readonly word: string; readonly index: number }[] {
  const found: { word: string; index: number }[] = [];
  for (let i = 0; i < tokens.length; i++) {
    if (tokens.at(i) === '(') i = closingOf(tokens, i);
    else found.push({ word: tokens.at(i).toLowerCase(), index: i });
  }
  return found;
}

function closingOf({ cursor }: Tokens, open: number): number {
  return closing(cursor.tokens, open, cursor.text);
}

function keyOf(part: Tokens, alias: ((name: string) => boolean) | undefined): string | undefined {
  const found = columnFirst.exec(part.text) ?? columnLast.exec(part.text);
  if (!found) return undefined;
  const [, qualifier, name] = found;
  if (qualifier !== undefined && alias && !alias(qualifier.toLowerCase())) return undefined;
  return name!.startsWith('"') ? name!.slice(1, -1) : name!.toLowerCase();
}

function queries(tokens: Tokens): readonly OwnRowQuery[] {
  const found: OwnRowQuery[] = [];
  for (let i = 0; i < tokens.length; i++) {
    if (!/^select$/i.test(tokens.at(i))) continue;
    const end = endOf(tokens, i);
    const exists = /^exists$/i.test(tokens.at(i - 2)) && tokens.at(i - 1) === '(';
    const refuses = exists && /^if$/i.test(tokens.at(i - 3)) && /^then raise$/i.test(`${tokens.at(end + 1)} ${tokens.at(end + 2)}`);
    found.push(...readQuery(tokens.slice(i + 1, end), exists).map((query) => ({ ...query, exists, refuses })));
  }
  return found;
}

/** A query ends with the parenthesis around it, or with its statement. */
function endOf(tokens: Tokens, select: number): number {
  for (let i = select; i < tokens.length; i++) {
    if (tokens.at(i) === '(') i = closingOf(tokens, i);
    else if (tokens.at(i) === ')' || tokens.at(i) === ';') return i;
  }
  return tokens.length;
}

/** `exists`: what it selects does not matter. */
function readQuery(tokens: Tokens, exists: boolean): readonly Omit<OwnRowQuery, 'exists' | 'refuses'>[] {
  const words = topLevel(tokens);
  const from = words.find(({ word }) => word === 'from')?.index;
  const where = words.find(({ word, index }) => word === 'where' && index > (from ?? 0))?.index;
  if (from === undefined || where === undefined) return [];
  const end = words.find(({ word, index }) => index > where && afterWhere.test(word))?.index ?? tokens.length;
  const relations = readRelations(tokens.slice(from + 1, where));
  const parts = [...relations.flatMap(({ on }) => (on ? conjuncts(on) : [])), ...conjuncts(tokens.slice(where + 1, end))];
  return relations.flatMap(({ name, alias }) => {
    const isIt = (qualifier: string) => qualifier === alias;
    const key = parts.map((part) => (relations.length === 1 || part.text.includes('.') ? keyOf(part, isIt) : undefined)).find((one) => one !== undefined);
    if (key === undefined) return [];
    const rest = [...exists ? [] : [tokens.slice(0, from)], ...parts.filter((part) => keyOf(part, isIt) === undefined)];
    const asked = new Set(rest.flatMap((part) => asksAbout(part, alias, relations.length === 1)));
    return [{ relation: name, key, asked: new Set([...asked].filter((column) => !rest.some((part) => verifies(part, alias, column)))) }];
  });
}

const byUser = new RegExp(asking, 'i');

/** A query inside of the condition looks up whether the value of the column is one that the user may have: whatever stands in the row, it has to be true. */
function verifies(part: Tokens, alias: string, column: string): boolean {
  const inner = part.at(0) === '(' && closingOf(part, 0) === part.length - 1 ? part.slice(1, part.length - 1) : part;
  const ends = [...topLevel(inner).filter(({ word }) => word === 'or').map(({ index }) => index), inner.length];
  const named = ` ${alias} . ${column} `;
  return ends.every((end, i) => {
    const { text } = inner.slice(i === 0 ? 0 : ends[i - 1]! + 1, end);
    return /^(?:\w+ in|exists) \( select /i.test(text) && ` ${text} `.toLowerCase().includes(named) && byUser.test(text);
  });
}

const afterWhere = /^(group|order|limit|offset|fetch|for|union|intersect|except|having|window)$/;

/** The columns of one relation that a part names. */
function asksAbout(part: Tokens, alias: string, alone: boolean): readonly string[] {
  return part.names.flatMap((name, i) => {
    if (name === undefined) return [];
    if (part.at(i - 1) === '.') return part.at(i - 2).toLowerCase() === alias ? [name] : [];
    return alone ? [name] : [];
  });
}

interface FromItem {
  readonly name: Name;
  /** By what columns of it are qualified, in lower case. */
  readonly alias: string;
  readonly on: Tokens | undefined;
}

/** The relations behind FROM; none where an outer join, a query or a function stands among them. */
function readRelations(from: Tokens): readonly FromItem[] {
  const cursor = from.cursor;
  const found: FromItem[] = [];
  cursor.index = 0;
  while (!cursor.done) {
    cursor.take('INNER');
    if (found.length > 0 && !cursor.take('JOIN') && !cursor.takeText(',')) return [];
    cursor.take('ONLY');
    const name = cursor.name();
    if (!name || cursor.here() === '(') return [];
    cursor.take('AS');
    const named = /^(INNER|JOIN|LEFT|RIGHT|FULL|CROSS|NATURAL|ON|USING)$/.test(cursor.word()) ? undefined : cursor.part();
    const begin = cursor.index + 1;
    if (cursor.take('ON')) while (!cursor.done && !/^(INNER|JOIN|LEFT|RIGHT|FULL|CROSS|NATURAL)$/.test(cursor.word()) && cursor.here() !== ',') cursor.skip();
    else if (cursor.take('USING')) cursor.skip();
    const on = cursor.index > begin ? from.slice(begin, cursor.index) : undefined;
    found.push({ name, alias: (named ?? name.parts.at(-1)!).name.toLowerCase(), on });
  }
  return found;
}
