/** A decoded literal, and for every character of its value where that is written. */
export interface Decoded {
  readonly value: string;
  /** `starts[i]` and `ends[i]` bound what is written for `value[i]`, in offsets of the literal. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/** The value of one string or dollar quoted constant, written as a token is. A missing end is forgiven. */
export function decodeLiteral(text: string): string {
  const open = contentStart(text);
  const content = text.slice(open, contentEnd(text, open));
  if (text[0] === '$') return content;
  const escapes = escapesOf(text);
  if (escapes === undefined || !content.includes('\\')) return content.includes("'") ? content.replaceAll("''", "'") : content;
  return decodeWithPlaces(text).value;
}

/** As `decodeLiteral`, with the way back. */
export function decodeWithPlaces(text: string): Decoded {
  const open = contentStart(text);
  const close = contentEnd(text, open);
  const escapes = text[0] === '$' ? undefined : escapesOf(text);
  const starts: number[] = [];
  const ends: number[] = [];
  let value = '';
  for (let i = open; i < close;) {
    const piece = text[0] === '$' ? undefined : readPiece(text, i, close, escapes);
    const length = piece?.length ?? 1;
    const decoded = piece?.value ?? text[i]!;
    for (let unit = 0; unit < decoded.length; unit++) {
      starts.push(i);
      ends.push(i + length);
    }
    value += decoded;
    i += length;
  }
  return { value, starts, ends };
}

/** The name that an identifier or word stands for: quotes removed, or folded to lower case as PostgreSQL does (ASCII only). */
export function identifierName(text: string): string {
  if (text[0] === '"') return unquoteName(text, 1);
  if (/^u&"/i.test(text)) return decodeUnicode(unquoteName(text, 3));
  return /[A-Z]/.test(text) ? text.replace(/[A-Z]+/g, (part) => part.toLowerCase()) : text;
}

/** Where the quotes of the literal end, counted from its start: `$tag$`, `E'`, `'`. */
export function contentStart(text: string): number {
  return text[0] === '$' ? text.indexOf('$', 1) + 1 : text.indexOf("'") + 1;
}

function contentEnd(text: string, open: number): number {
  if (text[0] === '$') return text.length >= 2 * open && text.endsWith(text.slice(0, open)) ? text.length - open : text.length;
  return text.length > open && text.endsWith("'") ? text.length - 1 : text.length;
}

type Escapes = 'c' | 'unicode' | undefined;

function escapesOf(text: string): Escapes {
  if (text[0] === 'e' || text[0] === 'E') return 'c';
  return text[0] === 'u' || text[0] === 'U' ? 'unicode' : undefined;
}

interface Piece {
  readonly value: string;
  readonly length: number;
}

const cEscape = /\\(?:([0-7]{1,3})|x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([^]))/y;
const unicodeEscape = /\\(?:([0-9A-Fa-f]{4})|\+([0-9A-Fa-f]{6})|(\\))/y;
const named: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

function readPiece(text: string, at: number, close: number, escapes: Escapes): Piece | undefined {
  const char = text[at];
  if (char === "'" && text[at + 1] === "'" && at + 1 < close) return { value: "'", length: 2 };
  if (char !== '\\' || escapes === undefined) return undefined;
  const pattern = escapes === 'c' ? cEscape : unicodeEscape;
  pattern.lastIndex = at;
  const found = pattern.exec(text);
  if (found === null || at + found[0].length > close) return undefined;
  const value = escapes === 'c' ? cValue(found) : unicodeValue(found);
  return { value, length: found[0].length };
}

function cValue([, octal, byte, short, long, other]: RegExpExecArray): string {
  if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 255);
  const hex = byte ?? short ?? long;
  if (hex !== undefined) return character(Number.parseInt(hex, 16));
  return named[other!] ?? other!;
}

function unicodeValue([, short, long, backslash]: RegExpExecArray): string {
  return backslash ?? character(Number.parseInt((short ?? long)!, 16));
}

function character(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
}

function unquoteName(text: string, open: number): string {
  const close = text.length > open && text.endsWith('"') ? text.length - 1 : text.length;
  return text.slice(open, close).replaceAll('""', '"');
}

function decodeUnicode(name: string): string {
  return name.replace(/\\(?:([0-9A-Fa-f]{4})|\+([0-9A-Fa-f]{6})|(\\))/g, (_all, short?: string, long?: string, backslash?: string) =>
    backslash ?? character(Number.parseInt((short ?? long)!, 16)));
}
