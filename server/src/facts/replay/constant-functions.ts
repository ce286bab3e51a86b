import { quoteName } from '../sql/cursor.ts';
import { textOf, type Value } from './constant-value.ts';

/** What a function of PostgreSQL makes of constants; undefined for one that is not known here, or that would fail. */
export function calledWith(name: string, args: readonly Value[]): Value | undefined {
  const [first, second, third] = args;
  switch (name) {
    case 'concat': return args.every((arg) => arg === null || textOf(arg) !== undefined) ? args.map((arg) => textOf(arg) ?? '').join('') : undefined;
    case 'concat_ws': return typeof first === 'string' ? args.slice(1).flatMap((arg) => textOf(arg) ?? []).join(first) : undefined;
    case 'format': return quotedWith(name, args);
    case 'array_append': return Array.isArray(first) && second !== undefined ? [...first as readonly Value[], second] : undefined;
    // A file that asks for a setting of its own says what holds where nobody has set it.
    case 'current_setting': return typeof first === 'string' && first.includes('.') && second === true ? null : undefined;
  }
  if (args.includes(null)) return null;
  if (Array.isArray(first)) return ofArray(name, first as readonly Value[], textOf(second));
  const texts = args.map((arg) => textOf(arg));
  const [a, b, c] = texts;
  if (a === undefined || texts.includes(undefined)) return undefined;
  switch (name) {
    case 'quote_ident': return quoteName(a);
    case 'lower': return a.toLowerCase();
    case 'upper': return a.toUpperCase();
    case 'btrim': case 'trim': return b === undefined ? trimmed(a, / */) : undefined;
    case 'replace': return b !== undefined && c !== undefined ? (b === '' ? a : a.replaceAll(b, c)) : undefined;
    case 'left': return Number(b) >= 0 ? [...a].slice(0, Number(b)).join('') : undefined;
    case 'right': return Number(b) > 0 ? [...a].slice(-Number(b)).join('') : undefined;
    case 'substr': case 'substring': return /^[1-9]\d*$/.test(b ?? '') ? [...a].slice(Number(b) - 1, third === undefined ? undefined : Number(b) - 1 + Number(c)).join('') : undefined;
    case 'split_part': return b !== undefined && b !== '' && Number(c) > 0 ? a.split(b)[Number(c) - 1] ?? '' : undefined;
    case 'length': case 'char_length': return String([...a].length);
    case 'string_to_array': return b === undefined || b === '' || c !== undefined ? undefined : a === '' ? [] : a.split(b);
    case 'pg_get_function_identity_arguments': case 'pg_get_function_arguments': return /\((.*)\)$/s.exec(a)?.[1];
    case 'starts_with': return b === undefined ? undefined : a.startsWith(b);
    case 'text': case 'name': case 'varchar': return a;
    default: return undefined;
  }
}

/** Those that put values into quotes. What a value that nobody knows is does not matter to a command, which goes on behind its quotes. */
export function quotedWith(name: string, [first, ...others]: readonly (Value | undefined)[]): Value | undefined {
  if (name === 'format') return typeof first === 'string' ? formatted(first, others) : undefined;
  if (first === null) return name === 'quote_literal' ? null : 'NULL';
  const text = first === undefined ? unknownText : textOf(first);
  return text === undefined ? undefined : quoteLiteral(text);
}

const unknownText = '…';

function ofArray(name: string, list: readonly Value[], second: string | undefined): Value | undefined {
  switch (name) {
    case 'array_length': return second !== '1' ? undefined : list.length === 0 ? null : String(list.length);
    case 'cardinality': return String(list.length);
    case 'array_to_string': return second === undefined ? undefined : list.flatMap((one) => textOf(one) ?? []).join(second);
    default: return undefined;
  }
}

function trimmed(text: string, ends: RegExp): string {
  return text.replace(new RegExp(`^${ends.source}|${ends.source}$`, 'g'), '');
}

function quoteLiteral(text: string): string {
  return text.includes('\\') ? `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'` : `'${text.replaceAll("'", "''")}'`;
}

/** What format() makes of it; undefined where it would fail, or where it pads. */
function formatted(template: string, args: readonly (Value | undefined)[]): string | undefined {
  let next = 0;
  let fails = false;
  const text = template.replace(/%(?:(%)|(?:(\d+)\$)?([sIL]))?/g, (_all, percent: string | undefined, position: string | undefined, letter: string | undefined) => {
    if (percent) return '%';
    if (position) next = Number(position) - 1;
    if (letter === undefined || next >= args.length) fails = true;
    const value = args[next++];
    if (letter === 'L') return value === null ? 'NULL' : quoteLiteral(value === undefined ? unknownText : textOf(value) ?? unknownText);
    const written = textOf(value);
    if (written === undefined && (value !== null || letter === 'I')) fails = true;
    return letter === 'I' ? quoteName(written ?? '') : written ?? '';
  });
  return fails ? undefined : text;
}
