import type { Span } from '../text.ts';
import { DecodedBuilder, type Decoded } from './decoded.ts';

/** A token of the server's own lexer (guc-file.l). `bad` is one character that starts no token. */
export interface Lexeme {
  readonly kind: 'id' | 'qualified' | 'string' | 'unquoted' | 'integer' | 'real' | 'equals' | 'bad';
  readonly span: Span;
}

/** Tokens never cross a line, so one line is all that has to be read at a time. */
export function lexLine(text: string, start: number, end: number): { lexemes: Lexeme[]; comment: Span | undefined } {
  const lexemes: Lexeme[] = [];
  // When one quote finds no partner on its line, none of the later ones does: they all stand behind a backslash.
  let unclosed = false;
  for (let at = start; at < end;) {
    const char = text[at]!;
    if (char === ' ' || char === '\t' || char === '\r') {
      at++;
      continue;
    }
    if (char === '#') return { lexemes, comment: { start: at, end: text[end - 1] === '\r' ? end - 1 : end } };
    const found = read(text, at, unclosed);
    if (char === "'" && found.kind === 'bad') unclosed = true;
    lexemes.push(found);
    at = found.span.end;
  }
  return { lexemes, comment: undefined };
}

/** Undoes the quotes and escapes of a string as written. */
export function decodeString(raw: string): string {
  return /\\|''/.test(raw) ? decodeQuoted(raw, 0).text : raw.slice(1, -1);
}

/** The same for a string that stands at `offset` of a document, with the place of every character. */
export function decodeQuoted(raw: string, offset: number): Decoded {
  const builder = new DecodedBuilder();
  for (const match of raw.slice(1, -1).matchAll(/''|\\([0-7]{1,3})|\\([^])|[^]/g)) {
    const [written, octal, char] = match;
    const start = offset + 1 + match.index;
    const decoded = octal !== undefined ? String.fromCharCode(parseInt(octal, 8) & 0xff) : char !== undefined ? escapes[char] ?? char : written[0]!;
    builder.add(decoded, start, start + written.length);
  }
  return builder.finish(offset + raw.length - 1);
}

/** A value as it is written in single quotes. */
export function quoteString(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''").replaceAll('\n', '\\n')}'`;
}

/** True for what needs no quotes: one token that the server takes as a value. */
export function isPlainValue(value: string): boolean {
  const { lexemes, comment } = lexLine(value, 0, value.length);
  const only = lexemes[0];
  return comment === undefined && lexemes.length === 1 && only!.span.start === 0 && only!.span.end === value.length
    && (only!.kind === 'id' || only!.kind === 'unquoted' || only!.kind === 'integer' || only!.kind === 'real');
}

const escapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

// Every byte from 0x80 on is a letter for the server, so every character beyond ASCII is one here.
const wordPattern = /[A-Za-z_\x80-\uffff][A-Za-z0-9_\x80-\uffff\-.:/]*/y;
const idPattern = /^[A-Za-z_\x80-\uffff][A-Za-z0-9_\x80-\uffff]*$/;
const qualifiedPattern = /^[A-Za-z_\x80-\uffff][A-Za-z0-9_\x80-\uffff]*\.[A-Za-z_\x80-\uffff][A-Za-z0-9_\x80-\uffff]*$/;
const stringPattern = /'(?:[^'\\\n]|\\[^\n]|'')*'/y;
const integerPattern = /[-+]?(?:0x[0-9a-fA-F]+|[0-9]+)[a-zA-Z]*/y;
const realPattern = /[-+]?[0-9]*\.[0-9]*(?:[Ee][-+]?[0-9]+)?/y;

/** The longest token that starts here; of equally long ones the first that guc-file.l lists. */
function read(text: string, at: number, unclosed: boolean): Lexeme {
  if (text[at] === '=') return { kind: 'equals', span: { start: at, end: at + 1 } };
  const string = unclosed ? undefined : matchAt(stringPattern, text, at);
  if (string !== undefined) return { kind: 'string', span: string };
  const word = matchAt(wordPattern, text, at);
  if (word !== undefined) return { kind: kindOfWord(text.slice(word.start, word.end)), span: word };
  const integer = matchAt(integerPattern, text, at);
  const real = matchAt(realPattern, text, at);
  if (real !== undefined && (integer === undefined || real.end > integer.end)) return { kind: 'real', span: real };
  if (integer !== undefined) return { kind: 'integer', span: integer };
  return { kind: 'bad', span: { start: at, end: at + 1 } };
}

function kindOfWord(word: string): 'id' | 'qualified' | 'unquoted' {
  if (idPattern.test(word)) return 'id';
  return qualifiedPattern.test(word) ? 'qualified' : 'unquoted';
}

function matchAt(pattern: RegExp, text: string, at: number): Span | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? { start: at, end: pattern.lastIndex } : undefined;
}
