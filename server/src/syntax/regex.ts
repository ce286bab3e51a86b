/**
 * What a server of this version refuses in a regular expression (an ARE), as something that it "has"; undefined when it takes it.
 * The dialects that `(?b)`, `(?e)` and `(?x)` switch to are not judged, nor what is only too large.
 */
export function regexError(pattern: string, version: number): string | undefined {
  if (pattern.startsWith('***')) {
    if (pattern[3] === '=') return undefined;
    return pattern[3] === ':' ? readOptions(pattern.slice(4), version) : 'a quantifier with nothing before it';
  }
  return readOptions(pattern, version);
}

/** `(?i)` and the like at the beginning. */
function readOptions(pattern: string, version: number): string | undefined {
  const options = /^\(\?([a-zA-Z]+)(\)?)/.exec(pattern);
  if (options === null) return new Reader(pattern, version).error();
  if (options[2] === '' || /[^bceimnpqstwx]/.test(options[1]!)) return 'an option that does not exist';
  if (/[beqx]/.test(options[1]!)) return undefined;
  return new Reader(pattern.slice(options[0].length), version).error();
}

type Group = { readonly kind: 'capture' | 'plain' | 'look'; readonly number: number };
/** What a backslash makes: a character or a class of them, a condition such as `\y`, a reference to a group. */
type Escape = 'character' | 'class' | 'complement' | 'condition' | number;

/** With the code of the character that each means. */
const characterEscapes: Readonly<Record<string, number>> = { a: 7, b: 8, B: 92, e: 27, f: 12, n: 10, r: 13, t: 9, v: 11 };
const conditionEscapes = 'AmMyYZ';
const classNames = new Set(['alnum', 'alpha', 'ascii', 'blank', 'cntrl', 'digit', 'graph', 'lower', 'print', 'punct', 'space', 'upper', 'xdigit']);
/** What `[.comma.]` and `[=comma=]` may name beside single characters. */
const elementNames = new Set((
  'NUL SOH STX ETX EOT ENQ ACK BEL alert BS backspace HT tab LF newline VT vertical-tab FF form-feed CR carriage-return SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC IS4 FS IS3 GS IS2 RS IS1 US '
  + 'space exclamation-mark quotation-mark number-sign dollar-sign percent-sign ampersand apostrophe left-parenthesis right-parenthesis asterisk plus-sign comma hyphen hyphen-minus period full-stop slash solidus '
  + 'zero one two three four five six seven eight nine colon semicolon less-than-sign equals-sign greater-than-sign question-mark commercial-at left-square-bracket backslash reverse-solidus right-square-bracket '
  + 'circumflex circumflex-accent underscore low-line grave-accent left-brace left-curly-bracket vertical-line right-brace right-curly-bracket tilde DEL'
).split(' '));
const brokenBracket = 'a bracket that is not closed';
const brokenRange = 'a range that makes no sense';

class Wrong {
  readonly reason: string;
  constructor(reason: string) {
    this.reason = reason;
  }
}

/** Walks along the pattern as the server's own parser does. Nesting costs no stack. */
class Reader {
  readonly #chars: readonly string[];
  readonly #version: number;
  #at = 0;
  readonly #groups: Group[] = [];
  readonly #closed = new Set<number>();
  #captures = 0;
  #looks = 0;
  /** The code of the character that an escape meant last. */
  #escaped = 0;
  /** What a quantifier could repeat was just read. */
  #repeatable = false;

  constructor(pattern: string, version: number) {
    this.#chars = [...pattern];
    this.#version = version;
  }

  error(): string | undefined {
    try {
      while (this.#at < this.#chars.length) this.#step(this.#chars[this.#at++]!);
      return this.#groups.length > 0 ? 'a parenthesis that is not closed' : undefined;
    } catch (wrong) {
      if (wrong instanceof Wrong) return wrong.reason;
      throw wrong;
    }
  }

  #step(char: string): void {
    switch (char) {
      case '*': case '+': case '?': return this.#quantifier();
      case '{': return this.#isDigit() ? this.#bounds() : this.#atom();
      case '(': return this.#open();
      case ')': return this.#close();
      case '[': return this.#bracket();
      case '|': case '^': case '$': this.#repeatable = false; return;
      case '\\': return this.#backslash();
      default: return this.#atom();
    }
  }

  #atom(): void {
    this.#repeatable = true;
  }

  #quantifier(): void {
    if (!this.#repeatable) throw new Wrong('a quantifier with nothing before it');
    this.#repeatable = false;
    this.#eat('?');
  }

  #bounds(): void {
    const [least, most] = [this.#number(), this.#eat(',') ? (this.#isDigit() ? this.#number() : Infinity) : undefined];
    if (!this.#eat('}')) throw new Wrong('a repetition that is not valid');
    if (least > 255 || (most !== undefined && (most < least || (most > 255 && most !== Infinity)))) throw new Wrong('a repetition that is not valid');
    this.#quantifier();
  }

  #number(): number {
    let digits = '';
    while (this.#isDigit()) digits += this.#chars[this.#at++];
    return Number(digits);
  }

  #open(): void {
    if (!this.#eat('?')) return this.#push(this.#looks > 0 ? 'plain' : 'capture');
    if (this.#eat(':')) return this.#push('plain');
    if (this.#eat('#')) {
      while (this.#at < this.#chars.length && this.#chars[this.#at++] !== ')');
      return;
    }
    this.#eat('<');
    if (!this.#eat('=') && !this.#eat('!')) throw new Wrong('a quantifier with nothing before it');
    this.#push('look');
  }

  #push(kind: Group['kind']): void {
    if (kind === 'capture') this.#captures++;
    if (kind === 'look') this.#looks++;
    this.#groups.push({ kind, number: kind === 'capture' ? this.#captures : 0 });
    this.#repeatable = false;
  }

  #close(): void {
    const group = this.#groups.pop();
    if (group === undefined) throw new Wrong('a closing parenthesis too many');
    if (group.kind === 'look') this.#looks--;
    this.#closed.add(group.number);
    this.#repeatable = group.kind !== 'look';
  }

  #backslash(): void {
    const escape = this.#escape();
    if (typeof escape === 'number' && (this.#looks > 0 || !this.#closed.has(escape))) throw new Wrong('a reference to a group that is not there');
    this.#repeatable = escape !== 'condition';
  }

  #escape(): Escape {
    const char = this.#chars[this.#at++];
    if (char === undefined) throw new Wrong('a backslash at its end');
    if (!isAlphanumeric(char) || characterEscapes[char] !== undefined) return this.#character(characterEscapes[char] ?? char.codePointAt(0)!);
    if (conditionEscapes.includes(char)) return 'condition';
    if ('dsw'.includes(char)) return 'class';
    if ('DSW'.includes(char)) return 'complement';
    switch (char) {
      case 'c':
        if (this.#at >= this.#chars.length) throw new Wrong('a backslash at its end');
        return this.#character(this.#chars[this.#at++]!.codePointAt(0)! & 31);
      case 'u': return this.#code(4, 4);
      case 'U': return this.#code(8, 8);
      case 'x': return this.#code(1, 255);
      default: return /[0-9]/.test(char) ? this.#digits(char) : this.#badEscape();
    }
  }

  /** A hexadecimal code; the server counts in 32 bits. */
  #code(least: number, most: number): 'character' {
    let length = 0;
    let code = 0;
    for (; length < most && /^[0-9a-fA-F]$/.test(this.#chars[this.#at] ?? ''); length++) code = (Math.imul(code, 16) + Number.parseInt(this.#chars[this.#at++]!, 16)) >>> 0;
    return length < least || code > 0x7ffffffe ? this.#badEscape() : this.#character(code);
  }

  /** One digit refers to a group, and so do more when there are as many groups; else it is an octal code. */
  #digits(first: string): Escape {
    const digits = /^[0-9]*/.exec(this.#chars.slice(this.#at, this.#at + 254).join(''))![0];
    const number = Number(first + digits);
    if (first !== '0' && (digits === '' || (number > 0 && number <= this.#captures))) {
      this.#at += digits.length;
      return number;
    }
    if (!/[0-7]/.test(first)) this.#badEscape();
    const octal = /^[0-7]{0,2}/.exec(digits)![0];
    const code = Number.parseInt(first + octal, 8);
    this.#at += code > 0xff ? octal.length - 1 : octal.length;
    return this.#character(code > 0xff ? code >> 3 : code);
  }

  #character(code: number): 'character' {
    this.#escaped = code;
    return 'character';
  }

  #badEscape(): never {
    throw new Wrong('a backslash before something that it does not go with');
  }

  #bracket(): void {
    const rest = this.#chars.slice(this.#at, this.#at + 6).join('');
    if (rest === '[:<:]]' || rest === '[:>:]]') {
      this.#at += 6;
      this.#repeatable = false;
      return;
    }
    this.#eat('^');
    for (let first = true; first || this.#chars[this.#at] !== ']'; first = false) this.#part(first);
    this.#at++;
    this.#atom();
  }

  /** A character, a class or a range of a bracket expression. */
  #part(first: boolean): void {
    if (!first && this.#isDash()) throw new Wrong(this.#chars[this.#at + 1] === undefined ? brokenBracket : brokenRange);
    const start = this.#member();
    if (start === undefined || !this.#isDash()) return;
    this.#at++;
    const end = this.#member();
    if (end === undefined || (start >= 0 && end >= 0 && start > end)) throw new Wrong(brokenRange);
  }

  /** A dash that makes a range; the last one in the brackets stands for itself. */
  #isDash(): boolean {
    return this.#chars[this.#at] === '-' && this.#chars[this.#at + 1] !== ']';
  }

  /** The code of a character, -1 for one that is not looked up, undefined for a class. */
  #member(): number | undefined {
    const char = this.#chars[this.#at++];
    if (char === undefined) throw new Wrong(brokenBracket);
    if (char === '\\') {
      const escape = this.#escape();
      if (escape === 'character') return this.#escaped;
      return escape === 'class' || (escape === 'complement' && this.#version >= 14) ? undefined : this.#badEscape();
    }
    const kind = this.#chars[this.#at];
    if (char !== '[' || (kind !== '.' && kind !== '=' && kind !== ':')) return char.codePointAt(0)!;
    this.#at++;
    return this.#named(kind);
  }

  /** `[:alpha:]`, `[.a.]`, `[=a=]` */
  #named(kind: '.' | '=' | ':'): number | undefined {
    const start = this.#at;
    while (this.#chars[this.#at] !== kind || this.#chars[this.#at + 1] !== ']') if (this.#at++ >= this.#chars.length) throw new Wrong(brokenBracket);
    const name = this.#chars.slice(start, this.#at);
    this.#at += 2;
    if (kind === ':') {
      if (!classNames.has(name.join('')) && !(name.join('') === 'word' && this.#version >= 14)) throw new Wrong('a character class that does not exist');
      return undefined;
    }
    if (name.length !== 1 && !elementNames.has(name.join(''))) throw new Wrong('a collating element that does not exist');
    return kind === '=' ? undefined : name.length === 1 ? name[0]!.codePointAt(0)! : -1;
  }

  #isDigit(): boolean {
    return /^[0-9]$/.test(this.#chars[this.#at] ?? '');
  }

  #eat(char: string): boolean {
    if (this.#chars[this.#at] !== char) return false;
    this.#at++;
    return true;
  }
}

function isAlphanumeric(char: string): boolean {
  return /^[0-9A-Za-z]$/.test(char);
}
