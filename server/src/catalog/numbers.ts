/** A Boolean as the server reads it: any unambiguous beginning of true, false, yes, no, on, off, and 1 or 0, in any case. */
export function readBoolean(text: string): boolean | undefined {
  const word = text.toLowerCase();
  if (word === '') return undefined;
  if (word === '1' || 'true'.startsWith(word) || 'yes'.startsWith(word) || word === 'on') return true;
  if (word === '0' || 'false'.startsWith(word) || 'no'.startsWith(word) || word === 'of' || word === 'off') return false;
  return undefined;
}

/**
 * A number in the parameter's own unit, as guc.c reads it, or what is wrong: `number` it is none, `unit` its unit does not
 * fit (units are case-sensitive), `overflow` it fits no 32-bit integer.
 */
export function readNumber(text: string, type: 'integer' | 'real', unit: string | undefined): number | 'number' | 'unit' | 'overflow' {
  const found = type === 'integer' ? readInteger(text) : readReal(text);
  if (found === undefined) return 'number';
  const scaled = scale(found.value, found.rest, unit);
  if (scaled === undefined) return 'unit';
  if (type === 'real') return scaled;
  const rounded = roundHalfEven(scaled);
  return rounded > 2147483647 || rounded < -2147483648 ? 'overflow' : rounded;
}

/** The units that fit a parameter whose bare numbers are in `unit`. */
export function unitsFor(unit: string): readonly string[] {
  return Object.keys(tableOf(unit));
}

/** A number of the parameter's own unit as a person writes it: 16384 of `8kB` is `128MB`. Zero and less keep their special meaning, without a unit. */
export function writeNumber(value: number, unit: string | undefined): string {
  if (unit === undefined || value <= 0) return `${value}`;
  const table = tableOf(unit);
  const [, count, name] = /^(\d*)(\w+)$/.exec(unit)!;
  const size = value * table[name!]! * Number(count || 1);
  const largest = Object.keys(table).find((one) => size % table[one]! === 0);
  return largest === undefined ? `${value}${unit}` : `${size / table[largest]!}${largest}`;
}

/** The same for a number so large that only its size is of interest: 2147483647 of `kB` is about `2TB`. */
export function roundNumber(value: number, unit: string): string {
  const table = tableOf(unit);
  const [, count, name] = /^(\d*)(\w+)$/.exec(unit)!;
  const size = value * table[name!]! * Number(count || 1);
  const largest = Object.keys(table).find((one) => size >= 0.99 * table[one]!) ?? unit;
  return `${Math.round(size / table[largest]!)}${largest}`;
}

interface Found {
  readonly value: number;
  readonly rest: string;
}

/** `strtol` with base 0, and `strtod` where that stops at a decimal point or an exponent. */
function readInteger(text: string): Found | undefined {
  const match = /^([ \t\n\v\f\r]*)([-+]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)?/.exec(text)!;
  const digits = match[3];
  const end = digits === undefined ? 0 : match[0].length;
  const next = text[end];
  if (next === '.' || next === 'e' || next === 'E') return readReal(text);
  if (digits === undefined) return undefined;
  const value = /^0[0-7]+$/.test(digits) ? parseInt(digits, 8) : Number(digits);
  return { value: match[2] === '-' ? -value : value, rest: text.slice(end) };
}

/** `strtod` without its infinities and NaN, which no parameter takes. */
function readReal(text: string): Found | undefined {
  const match = /^[ \t\n\v\f\r]*([-+]?)(?:(0[xX][0-9a-fA-F]+)|([0-9]+\.?[0-9]*(?:[eE][-+]?[0-9]+)?|\.[0-9]+(?:[eE][-+]?[0-9]+)?))/.exec(text);
  if (match === null) return undefined;
  const value = Number(match[2] ?? match[3]);
  if (!Number.isFinite(value)) return undefined;
  return { value: match[1] === '-' ? -value : value, rest: text.slice(match[0].length) };
}

const bytes: Readonly<Record<string, number>> = { TB: 1024 ** 4, GB: 1024 ** 3, MB: 1024 ** 2, kB: 1024, B: 1 };
const microseconds: Readonly<Record<string, number>> = { d: 86_400_000_000, h: 3_600_000_000, min: 60_000_000, s: 1_000_000, ms: 1000, us: 1 };

function tableOf(unit: string): Readonly<Record<string, number>> {
  return unit.endsWith('B') ? bytes : microseconds;
}

/** Undefined when the unit does not fit. */
function scale(value: number, rest: string, base: string | undefined): number | undefined {
  const written = rest.replace(/^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g, '');
  if (written === '') return value;
  if (base === undefined) return undefined;
  const table = tableOf(base);
  const factor = Object.hasOwn(table, written) ? table[written]! : undefined;
  if (factor === undefined) return undefined;
  const [, count, name] = /^(\d*)(\w+)$/.exec(base)!;
  const baseSize = (table[name!] ?? 1) * Number(count || 1);
  return roundToSmallerUnit(value * (factor / baseSize), written, table, baseSize);
}

/** `30.1GB` becomes a multiple of the next smaller unit, as the server makes it. */
function roundToSmallerUnit(value: number, unit: string, table: Readonly<Record<string, number>>, baseSize: number): number {
  const names = Object.keys(table);
  const smaller = names[names.indexOf(unit) + 1];
  if (smaller === undefined) return value;
  const step = table[smaller]! / baseSize;
  return roundHalfEven(value / step) * step;
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const fraction = value - floor;
  if (fraction !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
