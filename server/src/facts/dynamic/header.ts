import type { Token } from '../../syntax/sql/lexer.ts';
import type { StatementText } from '../../syntax/sql/statements.ts';
import type { Span } from '../../text.ts';
import { withoutQuotes } from '../../syntax/sql/written-type.ts';
import { closing, nameOf, spanOf, splitAtCommas } from '../sql/tokens.ts';

/** What CREATE FUNCTION says before its body, as far as dynamic SQL needs it. Spans count from the start of the statement. */
export interface Header {
  /** The last part of the routine's name; undefined for a DO block. */
  readonly name: string | undefined;
  readonly parameters: readonly HeaderParameter[];
  /** The settings that SET clauses fix while it runs. */
  readonly settings: ReadonlySet<string>;
  /** SECURITY DEFINER */
  readonly definer: boolean;
}

export interface HeaderParameter {
  readonly name: string | undefined;
  readonly type: string;
  readonly input: boolean;
  /** OUT, INOUT, or a column of RETURNS TABLE. */
  readonly output: boolean;
  /** It takes all arguments that are left. */
  readonly variadic: boolean;
  readonly at: Span;
  /** What stands behind DEFAULT or =. */
  readonly fallback: Span | undefined;
}

/** Read by tokens, so that a statement which does not parse still has parameters. */
export function readHeader(statement: StatementText): Header {
  const { text } = statement;
  const tokens = statement.tokens.filter((token) => token.kind !== 'comment');
  const keyword = tokens.findIndex((token) => /^(function|procedure)$/i.test(text.slice(token.start, token.end)));
  if (keyword < 0 || !/^CREATE\b/.test(statement.head)) return none;
  const open = tokens.findIndex((token, index) => index > keyword && text[token.start] === '(' && token.kind === 'punctuation');
  if (open < 0) return none;
  const parameters = parametersAt(tokens, open, text);
  const close = closing(tokens, open, text);
  if (nameOf(tokens[close + 1], text) === 'returns' && nameOf(tokens[close + 2], text) === 'table') {
    parameters.push(...parametersAt(tokens, close + 3, text).map((one) => ({ ...one, input: false, output: true })));
  }
  const settings = tokens.flatMap((token, index) => (index > close && nameOf(token, text) === 'set' && nameOf(tokens[index + 2], text) !== 'from' ? [nameOf(tokens[index + 1], text)] : []));
  const definer = tokens.some((token, index) => index > close && nameOf(token, text) === 'security' && nameOf(tokens[index + 1], text) === 'definer');
  return { name: nameOf(tokens[open - 1], text), parameters, settings: new Set(settings), definer };
}

const none: Header = { name: undefined, parameters: [], settings: new Set(), definer: false };

function parametersAt(tokens: readonly Token[], open: number, text: string): HeaderParameter[] {
  const inside = tokens.slice(open + 1, closing(tokens, open, text));
  return splitAtCommas(inside, text).map((part) => readParameter(part, text));
}

function readParameter(part: readonly Token[], text: string): HeaderParameter {
  const end = part.findIndex((token) => /^(default|=|:=)$/i.test(text.slice(token.start, token.end)));
  let words = end < 0 ? part : part.slice(0, end);
  let mode = 'in';
  // PostgreSQL accepts the mode before and behind the name.
  const modes = words.findIndex((token, index) => index < 2 && token.kind === 'word' && /^(in|out|inout|variadic)$/.test(nameOf(token, text)));
  if (modes >= 0 && words.length > 1) {
    mode = nameOf(words[modes], text);
    words = words.filter((_, index) => index !== modes);
  }
  const first = nameOf(words[0], text);
  const second = nameOf(words[1], text);
  const unnamed = words.length < 2 || !/^[\w"$@{]/.test(second) || (typeHeads.has(first) && typeTails.has(second));
  const type = words.slice(unnamed ? 0 : 1);
  const { start, end: last } = spanOf(type);
  return { name: unnamed ? undefined : first, type: withoutQuotes(text.slice(start, last)), input: mode !== 'out', output: mode.endsWith('out'), variadic: mode === 'variadic', at: spanOf(words), fallback: end < 0 || end + 1 >= part.length ? undefined : spanOf(part.slice(end + 1)) };
}

const typeHeads = new Set(['double', 'character', 'char', 'bit', 'timestamp', 'time', 'national', 'interval']);
const typeTails = new Set(['precision', 'varying', 'with', 'without', 'character', 'year', 'month', 'day', 'hour', 'minute', 'second']);
