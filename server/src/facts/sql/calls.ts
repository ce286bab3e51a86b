import type { Token } from '../../syntax/sql/lexer.ts';
import type { StatementText } from '../../syntax/sql/statements.ts';
import type { Span } from '../../text.ts';
import { commandsAndTexts } from './executed-text.ts';
import { readRoutine } from './routine-text.ts';
import { literalOf, type Literal } from './sql-literals.ts';
import type { SqlCommand } from './sql-commands.ts';
import type { SqlFacts } from '../sql.ts';
import { closing, nameOf, splitAtCommas, spanOf } from './tokens.ts';
import { Notes } from '../../notes.ts';

/** One call of a function. Spans count from the start of the command. */
export interface Call {
  readonly name: string;
  readonly schema: string | undefined;
  /** The name, with its schema. */
  readonly at: Span;
  /** From the name to the closing parenthesis. */
  readonly span: Span;
  readonly arguments: readonly Argument[];
  /** Place of the name among the command's tokens without comments, and of the parenthesis that closes the call. */
  readonly first: number;
  readonly last: number;
}

export interface Argument extends Span {
  readonly tokens: readonly Token[];
  /** The whole argument is this constant, cast to a type or not. */
  readonly literal: Literal | undefined;
}

export interface CallSite {
  readonly command: SqlCommand;
  readonly call: Call;
}

/** The calls of these functions in a file, in routine bodies and in the texts that EXECUTE runs too. Functions that the file creates itself are others. */
export function* callsOf(facts: SqlFacts, names: readonly string[]): Iterable<CallSite> {
  const any = new RegExp(`\\b(?:${names.join('|')})\\b`, 'i');
  if (!any.test(facts.document.text)) return;
  const own = ownRoutines(facts);
  for (const command of commandsAndTexts(facts)) {
    if (/^(GRANT|REVOKE|DROP|COMMENT)\b/i.test(command.written.text) || !any.test(command.written.text)) continue;
    for (const call of callsIn(command.written)) {
      if (names.includes(call.name) && !own.has(call.name)) yield { command, call };
    }
  }
}

const known = new Notes<StatementText, readonly Call[]>();

/** Every call in a command, outer before inner. What stands in a routine's body belongs to other commands. */
export function callsIn(written: StatementText): readonly Call[] {
  const before = known.get(written);
  if (before) return before;
  const found = [...read(written)];
  known.set(written, found);
  return found;
}

function* read({ text, tokens: all }: StatementText): Iterable<Call> {
  const tokens = all.filter(({ kind }) => kind !== 'comment');
  for (let open = 1; open < tokens.length; open++) {
    const last = tokens[open - 1]!;
    if (text[tokens[open]!.start] !== '(' || tokens[open]!.kind !== 'punctuation') continue;
    if (last.kind !== 'word' && last.kind !== 'identifier') continue;
    const qualified = text[tokens[open - 2]?.start ?? -1] === '.' && isName(tokens[open - 3]);
    const first = qualified ? open - 3 : open - 1;
    if (declares.has(nameOf(tokens[first - 1], text))) continue;
    const close = closing(tokens, open, text);
    const end = tokens[close]?.end ?? text.length;
    yield {
      name: nameOf(last, text), schema: qualified ? nameOf(tokens[first], text) : undefined,
      at: { start: tokens[first]!.start, end: last.end }, span: { start: tokens[first]!.start, end },
      arguments: splitAtCommas(tokens.slice(open + 1, close), text).map((part) => ({ ...spanOf(part), tokens: part, literal: onlyLiteral(part, text) })),
      first, last: close,
    };
  }
}

/** A name behind one of these words with a parenthesis behind it is no call. */
const declares = new Set(['function', 'procedure', 'routine', 'aggregate', 'table', 'into', 'references', 'index', 'type', 'as', 'view', 'exists', 'only']);

function isName(token: Token | undefined): boolean {
  return token?.kind === 'word' || token?.kind === 'identifier';
}

/** `'a'`, `'a'::bytea`, `name => 'a'`. */
function onlyLiteral(tokens: readonly Token[], text: string): Literal | undefined {
  const written = (index: number) => text.slice(tokens[index]?.start, tokens[index]?.end);
  const start = /^(=>|:=)$/.test(written(1)) ? 2 : 0;
  const literal = literalOf(tokens[start], text);
  return literal && (tokens.length === start + 1 || written(start + 1) === '::') ? literal : undefined;
}

const creates = /^CREATE (OR REPLACE )?(FUNCTION|PROCEDURE)$/;
const ownNames = new Notes<object, ReadonlySet<string>>();

function ownRoutines({ file }: SqlFacts): ReadonlySet<string> {
  const before = ownNames.get(file);
  if (before) return before;
  const found = new Set<string>();
  for (const { written } of file.statements) {
    const name = creates.test(written.head) ? readRoutine(written)?.name.parts.at(-1)?.name : undefined;
    if (name !== undefined) found.add(name);
  }
  ownNames.set(file, found);
  return found;
}
