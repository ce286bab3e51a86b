/**
 * What a text can hold that a regular expression lets through. `word`: letters, digits, `_` and dots, which do no harm anywhere.
 * `words`: also blanks, and the signs between Z and a. `quoteless`: also other signs, but nothing that ends a literal or a quoted name; `digits`: of these no letters. Undefined: anything, or nobody can tell.
 */
export type Alphabet = 'word' | 'words' | 'quoteless' | 'digits';

/** `x ~ pattern`: what x can hold then. The pattern has to speak of the whole text. */
export function alphabetOf(pattern: string): Alphabet | undefined {
  // Without (?n), which this does not know, the signs for both ends speak of the whole text, whatever lines it has.
  const inside = /^(?:\^|\\A)(.*?)(?:(?<!\\)\$|\\Z)$/s.exec(pattern)?.[1];
  return inside === undefined ? undefined : new PatternReader(inside).alphabet();
}

/** `x !~ pattern` with a pattern such as `[^a-z]`: what x can hold then. */
export function alphabetWithout(pattern: string): Alphabet | undefined {
  if (/^\\[WD]\+?$/.test(pattern)) return 'word';
  const members = /^\[\^(.*)\]\+?$/s.exec(pattern)?.[1];
  return members === undefined ? undefined : new PatternReader(`[${members}]`).alphabet();
}

/** `x !~ '['';]'`: the quote that x does not hold then. */
export function lackingOf(pattern: string): `without ${string}` | undefined {
  if (!/^(\[[^\]^\\][^\]\\-]*\]|['"])$/.test(pattern)) return undefined;
  const quote = ["'", '"'].find((sign) => pattern.includes(sign));
  return quote === undefined ? undefined : `without ${quote}`;
}

/** Knows the plain forms; everything else may let anything through. */
class PatternReader {
  readonly #pattern: string;
  #at = 0;
  #quoteless = false;
  #blanks = false;
  #letters = false;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  alphabet(): Alphabet | undefined {
    let depth = 0;
    while (this.#at < this.#pattern.length) {
      const sign = this.#pattern[this.#at]!;
      if (sign === '(') {
        // `(?` begins something that this reader does not know.
        if (this.#pattern[this.#at + 1] === '?' && this.#pattern[this.#at + 2] !== ':') return undefined;
        this.#at += this.#pattern[this.#at + 1] === '?' ? 3 : 1;
        depth++;
      } else if (sign === ')') {
        if (--depth < 0) return undefined;
        this.#at++;
      } else if (sign === '|') {
        // Outside of parentheses an anchor speaks of one alternative alone.
        if (depth === 0) return undefined;
        this.#at++;
      } else if (/[*+?]/.test(sign)) this.#at++;
      else if (sign === '{') {
        const count = /^\{\d+(,\d*)?\}/.exec(this.#pattern.slice(this.#at));
        if (count === null) return undefined;
        this.#at += count[0].length;
      } else if (sign === '[' ? !this.#bracket() : !this.#character()) return undefined;
    }
    if (depth !== 0) return undefined;
    if (this.#quoteless) return this.#letters ? 'quoteless' : 'digits';
    return this.#blanks ? 'words' : 'word';
  }

  #character(): boolean {
    const sign = this.#pattern[this.#at]!;
    if (sign === '\\') {
      const escaped = this.#pattern[this.#at + 1] ?? '';
      this.#at += 2;
      if (escaped === 'w') this.#letters = true;
      if (/[dw]/.test(escaped)) return true;
      if (escaped === 's') return this.#note(' ');
      return /[^A-Za-z0-9]/.test(escaped) && this.#note(escaped);
    }
    this.#at++;
    return !/[.^$]/.test(sign) && this.#note(sign);
  }

  #bracket(): boolean {
    const end = this.#pattern.indexOf(']', this.#at + 2);
    const inside = end < 0 ? '' : this.#pattern.slice(this.#at + 1, end);
    if (end < 0 || inside.startsWith('^')) return false;
    const named = inside.includes('[');
    if (named) return this.#named();
    this.#at = end + 1;
    for (let i = 0; i < inside.length; i++) {
      const from = inside[i]!;
      if (from === '\\') {
        const escaped = inside[++i] ?? '';
        if (escaped === 'w') this.#letters = true;
        if (!/[dw]/.test(escaped) && (/[A-Za-rt-z0-9]/.test(escaped) || !this.#note(escaped === 's' ? ' ' : escaped))) return false;
      } else if (inside[i + 1] === '-' && i + 2 < inside.length) {
        const range = `${from}-${inside[i + 2]!}`;
        if (range !== 'A-z' && !isPlainRange(from, inside[i + 2]!)) return false;
        if (range === 'A-z') this.#blanks = true;
        if (from !== from.toLowerCase() || from !== from.toUpperCase()) this.#letters = true;
        i += 2;
      } else if (!this.#note(from)) return false;
    }
    return true;
  }

  /** `[[:alnum:]_]` */
  #named(): boolean {
    const match = /^\[((?:\[:(?:alnum|alpha|digit|lower|upper|xdigit):\]|[A-Za-z0-9_.]|[A-Z]-[A-Z]|[a-z]-[a-z]|[0-9]-[0-9])+)(-?)\]/.exec(this.#pattern.slice(this.#at));
    if (match === null) return false;
    this.#at += match[0].length;
    if (match[2] === '-') this.#quoteless = true;
    if (match[1] !== '[:digit:]') this.#letters = true;
    return true;
  }

  #note(sign: string): boolean {
    if (/[\w.]/.test(sign) || sign > '\u007f') {
      if (!/[\d.]/.test(sign)) this.#letters = true;
      return true;
    }
    if (/['"\\$]/.test(sign) || sign === '') return false;
    if (sign === ' ') this.#blanks = true;
    else this.#quoteless = true;
    return true;
  }
}

function isPlainRange(from: string, to: string): boolean {
  return from <= to && [/[a-z]/, /[A-Z]/, /[0-9]/].some((range) => range.test(from) && range.test(to));
}
