import { isOwnFunction, namesTrouble } from './known-functions.ts';
import { soughtForResult } from './null-results.ts';
import { askedIn } from './questions.ts';
import { closingOf, findWord, indexOf, partsOf, startsStatement, targetsOf } from './word-ranges.ts';

/** What a function does with what it is given, besides giving something back. Parameters are told by their places. */
export interface Refusals {
  /** It raises whatever it is given. */
  readonly raises: boolean;
  /** For their sake it may fail, other than that they are NULL, empty or too long. */
  readonly refuses: readonly Refused[];
  /** Its queries compare them with something of their rows. */
  readonly seeks: readonly number[];
  /** It gives NULL unless its query finds something for them. */
  readonly finds: readonly number[];
}

export interface Refused {
  readonly parameter: number;
  /** The functions that it asks about it; none when it asks by itself. */
  readonly asking: readonly string[];
}

/** Of a function's body by its words; `parameters`: the names of what it takes. */
export function readRefusals(words: readonly string[], parameters: readonly (string | undefined)[]): Refusals {
  const reader = new RefusalReader(words, parameters);
  const seeks = [...reader.sought].sort();
  const finds = seeks.length === 0 ? [] : soughtForResult(words, parameters);
  if (catchesErrors(words)) return { raises: false, refuses: [], seeks, finds };
  return { raises: alwaysRaises(words), refuses: [...reader.refused].map(([parameter, asking]) => ({ parameter, asking })), seeks, finds };
}

/** An error that a handler takes does not come to the caller, unless it is raised again. */
export function catchesErrors(words: readonly string[]): boolean {
  const handler = findWord(words, 0, words.length, (word, at) => word === 'exception' && words[at + 1] === 'when' && startsStatement.has(words[at - 1] ?? ';'));
  return handler >= 0 && findWord(words, handler, words.length, (word, at) => word === 'raise' && isError(words, at)) < 0;
}

function isError(words: readonly string[], at: number): boolean {
  return !/^(notice|warning|info|log|debug)$/.test(words[at + 1] ?? '');
}

/** `BEGIN v := …; RAISE EXCEPTION …; END` */
function alwaysRaises(words: readonly string[]): boolean {
  let at = words.indexOf('begin');
  while (at >= 0 && at < words.length) {
    const first = words[at + 1] ?? '';
    if (first === 'raise' && isError(words, at + 1)) return true;
    if (branches.has(first)) return false;
    at = words.indexOf(';', at + 1);
  }
  return false;
}

const branches = new Set(['if', 'case', 'for', 'foreach', 'while', 'loop', 'begin', 'declare', 'return', 'exit', 'end', 'exception', '<<', '']);

/** By the parameter, the functions that are asked about it. */
type Asked = ReadonlyMap<number, readonly string[]>;

class RefusalReader {
  readonly #words: readonly string[];
  /** The parameters that a variable holds, or was made of. */
  readonly #copies = new Map<string, Asked>();
  /** Those that decided what a query or another function has put into it. */
  readonly #answers = new Map<string, Asked>();
  readonly refused = new Map<number, readonly string[]>();
  readonly sought = new Set<number>();

  constructor(words: readonly string[], parameters: readonly (string | undefined)[]) {
    this.#words = words;
    for (const [index, name] of parameters.entries()) for (const one of [name, `$${index + 1}`]) if (one !== undefined) this.#copies.set(one, new Map([[index, []]]));
    for (let start = 0, at = 0; at <= words.length; at++) {
      // What is written in SQL may have no semicolon behind it.
      if (!startsStatement.has(words[at] ?? ';')) continue;
      if (at - start <= longestStatement) this.#readStatement(words[start] === 'declare' ? start + 1 : start, at);
      start = at + 1;
    }
  }

  #readStatement(start: number, end: number): void {
    const words = this.#words;
    for (const name of askedIn(words, start, end, (word) => this.#copies.has(word))) for (const index of this.#copies.get(name)!.keys()) this.sought.add(index);
    for (let at = start; at < end; at++) if (words[at] === '::' && failing.has(words[at + 1]!)) this.#refuse(this.#castAt(start, at));
    if (words[end] === 'then') {
      if (/^(if|elsif|elseif)$/.test(words[start] ?? '') && this.#raisesBehind(end)) this.#refuse(this.#decides(start + 1, end));
      return;
    }
    const equals = findWord(words, start + 1, Math.min(end, start + 6), (word) => word === ':=' || word === '=');
    const queries = /^(select|perform|update|delete|insert|with|execute|fetch)$/.test(words[start] ?? '');
    const { into, strict } = queries ? targetsOf(words, start, end) : { into: equals < 0 ? [] : [words[start]!], strict: false };
    const own = this.#ownFunctions(start, end);
    const asked = this.#parametersIn(start, end, own);
    if (strict) this.#refuse(asked);
    const answers = queries || own.length > 0 || indexOf(words, 'select', start, end) >= 0;
    for (const name of queries ? [...into, 'found'] : into) {
      this.#answers.set(name, answers ? asked : new Map());
      if (!answers) this.#copies.set(name, asked);
    }
  }

  #refuse(asked: Asked): void {
    for (const [index, asking] of asked) if (this.refused.get(index)?.length !== 0) this.refused.set(index, asking);
  }

  #ownFunctions(from: number, end: number): readonly string[] {
    return this.#words.slice(from, end).filter((word, index) => this.#words[from + index + 1] === '(' && isOwnFunction(word) && this.#words[from + index - 1] !== 'into');
  }

  /** What stands before `::`, alone or in parentheses. */
  #castAt(start: number, at: number): Asked {
    const words = this.#words;
    let open = at - 1;
    for (let depth = 0; open >= start; open--) {
      if (words[open] === ')') depth++;
      else if (words[open] === '(') depth--;
      if (depth === 0) break;
    }
    const from = Math.max(open, start);
    return this.#parametersIn(from, at, this.#ownFunctions(from, at));
  }

  /** `own`: the functions that stand between them. */
  #parametersIn(from: number, end: number, own: readonly string[]): Asked {
    const found = new Map<number, readonly string[]>();
    for (let at = from; at < end; at++) {
      if (this.#words[at + 1] === '(') continue;
      for (const [index] of this.#copies.get(this.#words[at]!) ?? []) found.set(index, own);
      for (const [index, asking] of this.#answers.get(this.#words[at]!) ?? []) found.set(index, asking);
    }
    return found;
  }

  /** Those for which the condition holds unless they are known or look as they should, part by part. */
  #decides(from: number, end: number): Asked {
    const found = new Map<number, readonly string[]>();
    for (const [start, last] of this.#partsOf(from, end)) {
      const part = this.#words.slice(start, last).join(' ');
      const own = this.#ownFunctions(start, last);
      const absent = isAbsent.test(part);
      const refuses = own.length > 0 || /\bselect\b/.test(part) ? absent || own.some(namesTrouble) : unlike.test(part) && !asksLittle.test(part);
      for (let index = start; index < last; index++) {
        const word = this.#words[index]!;
        for (const [one] of refuses ? this.#copies.get(word) ?? [] : []) found.set(one, own);
        for (const [one, asking] of absent ? this.#answers.get(word) ?? [] : []) found.set(one, asking);
      }
    }
    return found;
  }

  /** What AND and OR join, without the parentheses around it. */
  #partsOf(from: number, end: number): readonly (readonly [from: number, end: number])[] {
    const words = this.#words;
    if (words[from] === '(' && words[from + 1] !== 'select' && closingOf(words, from, end) === end - 1) return this.#partsOf(from + 1, end - 1);
    const parts = partsOf(words, from, end, 'and', 'or');
    return parts.length === 1 ? parts : parts.flatMap(([a, b]) => this.#partsOf(a, b));
  }

  /** The branch behind THEN ends with an error before anything else is decided. */
  #raisesBehind(then: number): boolean {
    for (let at = then; at < this.#words.length && at - then < longestBranch; at++) {
      const first = startsStatement.has(this.#words[at]!) ? this.#words[at + 1] ?? '' : undefined;
      if (first === 'raise' && isError(this.#words, at + 1)) return true;
      if (first !== undefined && /^(if|case|for|while|foreach|loop|begin|return|end|else|elsif|elseif|when)$/.test(first)) return false;
    }
    return false;
  }
}

/** In words. */
const longestStatement = 400;
const longestBranch = 200;

const failing = new Set(['regclass', 'regproc', 'regprocedure', 'regtype', 'regrole', 'regnamespace']);

/** `NOT FOUND`, `v IS NULL`, `n = 0`, `NOT EXISTS (…)`, `app.is_known(x) IS NOT TRUE`: what holds when nothing has been found. */
const isAbsent = /^not\b(?!.*\bis null$)|(?: is null| = 0| < 1| <= 0| is not true| is false| = false| is distinct from .*)$/;

/** `x !~ '^[a-z]+$'`, `x NOT IN (…)`, `x <> quote_ident(x)`, `x ~ '[^a-z]'` */
const unlike = /\bnot\b| (?:!~\*?|<>|!=) |\bdistinct from\b| ~\*? '\[\^/;

/** NULL, an empty text, a length. */
const asksLittle = /\bis (?:not )?null\b|(?:<>|!=) ''|\b(?:length|char_length|octet_length|array_length|cardinality|num_nulls)\b/;

/** The values at these places of a call; `open`: the parenthesis behind its name. */
export function argumentsAt(places: readonly number[], words: readonly string[], open: number, end: number): readonly (readonly [from: number, end: number])[] {
  const close = closingOf(words, open, end);
  const found: (readonly [number, number])[] = [];
  for (let at = open + 1, start = open + 1, depth = 0, index = 0; at <= close; at++) {
    const word = words[at]!;
    if (word === '(' || word === '[') depth++;
    else if ((word === ')' || word === ']') && at < close) depth--;
    if (at < close && (depth > 0 || word !== ',')) continue;
    // Arguments by their names may stand anywhere.
    if (places.includes(index) || indexOf(words, '=>', start, at) >= 0) found.push([start, at]);
    start = at + 1;
    index++;
  }
  return found;
}
