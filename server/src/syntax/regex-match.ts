/**
 * Whether a PostgreSQL regular expression matches somewhere in `text`, as the server sees it in the C locale. Undefined when
 * the expression uses what is not understood here, or would take too long. Takes no more time than the sizes call for.
 */
export function regexMatches(pattern: string, text: string): boolean | undefined {
  if (/^(\*\*\*|\(\?[a-z])/.test(pattern)) return undefined;
  const characters = [...text];
  const work: Work = { characters, left: mostSteps };
  try {
    const node = new Reader(pattern).whole();
    return node(work, new Set(characters.keys()).add(characters.length)).size > 0;
  } catch (error) {
    if (error !== notUnderstood) throw error;
    return undefined;
  }
}

const mostSteps = 50_000;
/** Thrown inside this file only. */
const notUnderstood = new Error('not understood');

interface Work {
  readonly characters: readonly string[];
  left: number;
}

/** From the places where a match may stand to the places where it may stand behind this part of the expression. */
type Node = (work: Work, places: ReadonlySet<number>) => ReadonlySet<number>;
type Test = (character: string) => boolean;

class Reader {
  readonly #pattern: readonly string[];
  #at = 0;

  constructor(pattern: string) {
    this.#pattern = [...pattern];
  }

  whole(): Node {
    const node = this.#alternatives();
    if (this.#at < this.#pattern.length) throw notUnderstood;
    return node;
  }

  #alternatives(): Node {
    const branches = [this.#branch()];
    while (this.#take('|')) branches.push(this.#branch());
    return branches.length === 1 ? branches[0]! : (work, places) => new Set(branches.flatMap((branch) => [...branch(work, places)]));
  }

  #branch(): Node {
    const parts: Node[] = [];
    while (this.#at < this.#pattern.length && this.#next !== '|' && this.#next !== ')') parts.push(this.#quantified());
    return (work, places) => parts.reduce((reached, part) => part(work, reached), places);
  }

  #quantified(): Node {
    const atom = this.#atom();
    const bounds = this.#bounds();
    if (!bounds) return atom;
    // Whether as much or as little as possible is taken makes no difference to whether there is a match.
    this.#take('?');
    if (this.#next !== undefined && '*+?'.includes(this.#next)) throw notUnderstood;
    return repeated(atom, ...bounds);
  }

  #bounds(): [least: number, most: number] | undefined {
    if (this.#take('*')) return [0, Infinity];
    if (this.#take('+')) return [1, Infinity];
    if (this.#take('?')) return [0, 1];
    if (this.#next !== '{' || !/\d/.test(this.#pattern[this.#at + 1] ?? '')) return undefined;
    const close = this.#pattern.indexOf('}', this.#at);
    const [, least, comma, most] = /^\{(\d{1,3})(,?)(\d{0,3})\}$/.exec(this.#pattern.slice(this.#at, close + 1).join('')) ?? [];
    if (least === undefined) throw notUnderstood;
    this.#at = close + 1;
    return [Number(least), comma === '' ? Number(least) : most === '' ? Infinity : Number(most)];
  }

  #atom(): Node {
    const character = this.#pattern[this.#at++];
    switch (character) {
      case '^': return (_, places) => new Set([...places].filter((place) => place === 0));
      case '$': return ({ characters }, places) => new Set([...places].filter((place) => place === characters.length));
      case '.': return one(() => true);
      case '[': return one(this.#bracket());
      case '(': return this.#group();
      case '\\': return one(this.#escape());
      case undefined: case '*': case '+': case '?': throw notUnderstood;
      default: return one((other) => other === character);
    }
  }

  #group(): Node {
    if (this.#take('?') && !this.#take(':')) throw notUnderstood;
    const inner = this.#alternatives();
    if (!this.#take(')')) throw notUnderstood;
    return inner;
  }

  #escape(): Test {
    const character = this.#pattern[this.#at++] ?? '';
    const shorthand = shorthands[character];
    if (shorthand) return (other) => shorthand.test(other);
    if (/[a-zA-Z0-9]|^$/.test(character)) throw notUnderstood;
    return (other) => other === character;
  }

  #bracket(): Test {
    const negated = this.#take('^');
    const tests: Test[] = [];
    for (let first = true; first || this.#next !== ']'; first = false) tests.push(this.#bracketItem());
    this.#at++;
    return (character) => tests.some((test) => test(character)) !== negated;
  }

  #bracketItem(): Test {
    const character = this.#pattern[this.#at++];
    if (character === undefined) throw notUnderstood;
    if (character === '\\') return this.#escape();
    if (character === '[' && this.#next !== undefined && ':.='.includes(this.#next)) return this.#namedClass();
    if (this.#next !== '-' || this.#pattern[this.#at + 1] === ']') return (other) => other === character;
    const last = this.#pattern[this.#at + 1];
    if (last === undefined || last === '[' || last === '\\') throw notUnderstood;
    this.#at += 2;
    return (other) => other.codePointAt(0)! >= character.codePointAt(0)! && other.codePointAt(0)! <= last.codePointAt(0)!;
  }

  #namedClass(): Test {
    const close = this.#pattern.indexOf(']', this.#at);
    const name = /^:([a-z]+):$/.exec(this.#pattern.slice(this.#at, close).join(''))?.[1];
    const characters = name === undefined ? undefined : classes[name];
    if (!characters) throw notUnderstood;
    this.#at = close + 1;
    return (other) => characters.test(other);
  }

  get #next(): string | undefined {
    return this.#pattern[this.#at];
  }

  #take(character: string): boolean {
    if (this.#next !== character) return false;
    this.#at++;
    return true;
  }
}

const shorthands: Readonly<Record<string, RegExp>> = {
  d: /^\d$/, D: /^\D$/u, s: /^[ \t\n\v\f\r]$/, S: /^[^ \t\n\v\f\r]$/u, w: /^[A-Za-z0-9_]$/, W: /^[^A-Za-z0-9_]$/u,
};
const classes: Readonly<Record<string, RegExp>> = {
  alnum: /^[A-Za-z0-9]$/, alpha: /^[A-Za-z]$/, digit: /^\d$/, lower: /^[a-z]$/, upper: /^[A-Z]$/, xdigit: /^[A-Fa-f0-9]$/,
  space: /^[ \t\n\v\f\r]$/, blank: /^[ \t]$/, punct: /^[!-/:-@[-`{-~]$/,
};

function one(test: Test): Node {
  return ({ characters }, places) => new Set([...places].filter((place) => place < characters.length && test(characters[place]!)).map((place) => place + 1));
}

function repeated(atom: Node, least: number, most: number): Node {
  return (work, places) => {
    let here = places;
    for (let i = 0; i < least && here.size > 0; i++) here = spent(work, atom, here);
    const reached = new Set(here);
    for (let i = least; i < most && here.size > 0; i++) {
      here = new Set([...spent(work, atom, here)].filter((place) => !reached.has(place)));
      for (const place of here) reached.add(place);
    }
    return reached;
  };
}

function spent(work: Work, atom: Node, places: ReadonlySet<number>): ReadonlySet<number> {
  work.left -= places.size;
  if (work.left < 0) throw notUnderstood;
  return atom(work, places);
}
