import { builtins } from '../../catalog/builtins.ts';
import { lex, tokenText, type Token } from '../../syntax/sql/lexer.ts';
import type { StatementText } from '../../syntax/sql/statements.ts';
import { bodyTokens } from './body-tokens.ts';
import { Cursor } from './cursor.ts';
import { NameScan } from './name-scan.ts';
import { readRoutine } from './routine-text.ts';
import type { ObjectKind } from '../schema.ts';
import { Notes } from '../../notes.ts';

/** The names without a schema in a routine's body: those that search_path decides about. */
export interface BodyNames {
  /** In order of use, each once. Names of built-in objects are among them. */
  readonly names: readonly NamedObject[];
  /** The routines that it calls by schema and name. */
  readonly calls: readonly { readonly schema: string; readonly name: string }[];
  /** The types of its parameters are found when it is created, but their operators and functions when it runs. */
  readonly parameters: readonly NamedObject[];
  /** False when the body may use more names than those: text that is run as SQL, other languages, templates. */
  readonly complete: boolean;
}

export interface NamedObject {
  readonly kind: ObjectKind;
  readonly name: string;
}

const cache = new Notes<StatementText, BodyNames>();

export function bodyNames(written: StatementText): BodyNames {
  let names = cache.get(written);
  if (!names) cache.set(written, names = read(written));
  return names;
}

/** True when pg_catalog has such an object. */
export function isBuiltin(kind: ObjectKind, name: string): boolean {
  return builtins[kind].has(name);
}

/** True when nothing in the body depends on search_path: no name, no operator, and only built-in routines are called, by their schema. */
export function looksNothingUp(written: StatementText): boolean {
  const { names, calls, complete } = bodyNames(written);
  if (!complete || names.length > 0 || calls.some(({ schema }) => schema !== 'pg_catalog')) return false;
  const body = bodyTokens(written);
  if (body === undefined) return false;
  const tokens = body.tokens.filter(({ kind }) => kind !== 'comment');
  return !tokens.some((token, i) => token.kind === 'operator' && !/^(:=|::|\.\.)$/.test(tokenText(token, body.text)) && !isStar(tokens, i, body.text));
}

/** `SELECT *`, `t.*`, `count(*)`: no operator. */
function isStar(tokens: readonly Token[], i: number, text: string): boolean {
  return tokenText(tokens[i]!, text) === '*' && i > 0 && /^(select|all|distinct|returning|,|\.|\()$/i.test(tokenText(tokens[i - 1]!, text));
}

function read(written: StatementText): BodyNames {
  const tokens = bodyTokens(written);
  const parameters = (readRoutine(written)?.parameters ?? []).flatMap((parameter) => declaredType(parameter.written)).filter(isLookedUp);
  if (!tokens) return { names: [], calls: [], parameters, complete: false };
  const scan = new NameScan();
  let complete = scan.read(new Cursor(tokens.text, tokens.tokens));
  for (const inner of innerBlocks(tokens.text, tokens.tokens)) if (!scan.read(new Cursor(inner, lex(inner, 'body')))) complete = false;
  for (const { type } of written.body?.plpgsql?.declarations ?? []) {
    for (const { kind, name } of declaredType(type)) scan.add(kind, name);
  }
  for (const execute of written.body?.plpgsql?.executes ?? []) {
    const text = constantText(tokens.text.slice(execute.expression.start, execute.expression.end));
    if (text === undefined || !scan.read(new Cursor(text, lex(text)))) complete = false;
  }
  return { names: scan.names().filter(isLookedUp), calls: scan.calls, parameters, complete };
}

/** The bodies of DO blocks in a body. */
function innerBlocks(text: string, all: readonly Token[]): string[] {
  const tokens = all.filter(({ kind }) => kind !== 'comment');
  const word = (i: number) => (tokens[i]?.kind === 'word' ? text.slice(tokens[i].start, tokens[i].end).toUpperCase() : '');
  return tokens.flatMap(({ kind, start, end }, i) => {
    if (kind !== 'dollar' || !(word(i - 1) === 'DO' || (word(i - 2) === 'LANGUAGE' && word(i - 3) === 'DO'))) return [];
    const body = text.slice(start, end).replace(/^\$[^$]*\$|\$[^$]*\$$/g, '');
    return [body, ...innerBlocks(body, lex(body, 'body'))];
  });
}

function isLookedUp({ kind, name }: NamedObject): boolean {
  return kind !== 'type' || !grammarTypes.has(name);
}

const typeName = /^(?:setof\s+)?("[^"]+"|[\w$]+)\s*(\.\s*(?:"[^"]+"|[\w$]+)\s*)*(?:%\s*(rowtype|type))?/i;

function declaredType(type: string): NamedObject[] {
  const [, first, rest, reference] = typeName.exec(type) ?? [];
  if (first === undefined || /^(alias|cursor)$/i.test(first)) return [];
  if (reference === undefined) return rest === undefined ? [{ kind: 'type', name: plain(first) }] : [];
  // `x%TYPE` is the type of a variable, `t.c%TYPE` that of a column, and `s.t%ROWTYPE` has its schema.
  const ofColumn = reference.toLowerCase() === 'type';
  const qualified = /\..*\./.test(type);
  return ofColumn === (rest !== undefined) && !qualified ? [{ kind: 'relation', name: plain(first) }] : [];
}

function plain(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1) : name.toLowerCase();
}

/** The text of one string constant; undefined for any other expression. */
function constantText(expression: string): string | undefined {
  const tokens = lex(expression).filter((token) => token.kind !== 'comment');
  if (tokens.length !== 1) return undefined;
  const text = expression.slice(tokens[0]!.start, tokens[0]!.end);
  const dollar = /^\$[^$]*\$/.exec(text);
  if (dollar) return text.slice(dollar[0].length, -dollar[0].length);
  return text.startsWith("'") ? text.slice(1, -1).replaceAll("''", "'") : undefined;
}

/** Type names that are words of the grammar: no object can take their place. */
const grammarTypes = new Set([
  'int', 'integer', 'bigint', 'smallint', 'boolean', 'real', 'float', 'double', 'decimal', 'dec', 'numeric', 'character', 'char',
  'varchar', 'nchar', 'national', 'bit', 'timestamp', 'time', 'interval',
]);
