import type { Span } from '../../text.ts';
import { codeOf, identifierName, tokenText, type Token } from './lexer.ts';
import type { Assignment, Declaration, ExecuteSite } from './plpgsql.ts';
import { withoutQuotes } from './written-type.ts';

/**
 * Reads a PL/pgSQL body statement by statement. It knows only what it needs: where a statement begins and ends, and the
 * few that matter. Whatever it does not understand reaches to the next semicolon.
 */
export class BodyReader {
  readonly declarations: Declaration[] = [];
  readonly assignments: Assignment[] = [];
  readonly executes: ExecuteSite[] = [];
  readonly statements: Span[] = [];
  readonly #text: string;
  readonly #tokens: readonly Token[];
  /** Lower case words, and the signs of punctuation and operators as they are; empty for everything else. */
  readonly #words: readonly string[];
  #at = 0;

  constructor(text: string, tokens: readonly Token[]) {
    this.#text = text;
    this.#tokens = codeOf(tokens);
    this.#words = this.#tokens.map((token) => signOf(token, text));
  }

  read(): void {
    while (this.#at < this.#tokens.length) this.#statement();
  }

  #statement(): void {
    switch (this.#words[this.#at]) {
      case ';': case 'begin': case 'else': case 'loop': case 'exception':
        this.#at++;
        return;
      case '<<':
        return this.#skipPast('>>');
      case '#':
        return this.#skipLine();
      case 'declare':
        this.#at++;
        return this.#declareSection();
      case 'if': case 'elsif': case 'elseif': case 'when':
        return this.#header('then');
      case 'case':
        return this.#header('when', false);
      case 'while': case 'foreach':
        return this.#header('loop');
      case 'for':
        return this.#forLoop();
      case 'end':
        this.#at = this.#find(this.#at + 1, []);
        return;
      default:
        return this.#simple();
    }
  }

  /** Up to `last`, which only a semicolon can forestall. WHEN stays, as it begins the next part of a CASE. */
  #header(last: string, consume = true): void {
    const start = this.#at;
    const end = this.#find(start + 1, [last]);
    this.#note(start, end);
    this.#at = consume && this.#words[end] === last ? end + 1 : Math.max(end, start + 1);
  }

  #forLoop(): void {
    const start = this.#at;
    const end = this.#find(start + 1, ['loop']);
    const execute = this.#find(start + 1, ['execute'], end);
    if (execute < end && this.#words[execute - 1] === 'in') this.#execute('for', start, execute + 1, end);
    this.#note(start, end);
    this.#at = this.#words[end] === 'loop' ? end + 1 : end;
  }

  #simple(): void {
    const start = this.#at;
    const end = this.#find(start, []);
    const words = this.#words;
    if (words[start] === 'execute') this.#execute('execute', start, start + 1, end);
    else if (words[start] === 'return' && words[start + 1] === 'query' && words[start + 2] === 'execute') {
      this.#execute('return-query', start, start + 3, end);
    } else if (words[start] === 'open') this.#open(start, end);
    else this.#assignment(start, end);
    this.#note(start, end);
    this.#at = Math.max(end, start + 1);
  }

  #open(start: number, end: number): void {
    const execute = this.#find(start, ['execute'], end);
    if (execute < end && this.#words[execute - 1] === 'for') this.#execute('open', start, execute + 1, end);
  }

  /** `from` is behind EXECUTE. INTO and USING come in either order. */
  #execute(kind: ExecuteSite['kind'], start: number, from: number, end: number): void {
    const stop = this.#find(from, ['into', 'using'], end);
    if (stop <= from) return;
    const using: Span[] = [];
    let last = stop;
    for (let at = stop; at < end; at = this.#find(at + 1, ['into', 'using'], end)) {
      if (this.#words[at] !== 'using') continue;
      const close = this.#find(at + 1, ['into', 'using'], end);
      using.push(...this.#list(at + 1, close));
      last = close;
    }
    this.executes.push({ kind, span: this.#span(start, last), expression: this.#span(from, stop), using });
  }

  #list(from: number, end: number): Span[] {
    const items: Span[] = [];
    for (let at = from; at < end;) {
      const comma = this.#find(at, [','], end);
      if (comma > at) items.push(this.#span(at, comma));
      at = comma + 1;
    }
    return items;
  }

  #assignment(start: number, end: number): void {
    const first = this.#tokens[start]!;
    if (!isName(first) && first.kind !== 'parameter') return;
    let at = start + 1;
    for (; at < end; at++) {
      const word = this.#words[at];
      if (word === '.' && isName(this.#tokens[at + 1]!)) at++;
      else if (word === '[') at = this.#find(at + 1, [']'], end);
      else break;
    }
    const sign = this.#words[at];
    if ((sign !== ':=' && sign !== '=') || at + 1 >= end) return;
    const target = this.#tokens.slice(start, at).map((token) => (token.kind === 'identifier' ? nameOf(token, this.#text) : tokenText(token, this.#text).toLowerCase())).join('');
    this.assignments.push({ target, span: this.#span(start, end), value: this.#span(at + 1, end) });
  }

  #declareSection(): void {
    while (this.#at < this.#tokens.length && this.#words[this.#at] !== 'begin') {
      const word = this.#words[this.#at];
      if (word === ';' || word === 'declare') this.#at++;
      else if (word === '<<') this.#skipPast('>>');
      else if (word === '#') this.#skipLine();
      else this.#declaration();
    }
  }

  #declaration(): void {
    const start = this.#at;
    const end = this.#find(start, ['begin']);
    this.#at = Math.max(end, start + 1);
    if (!isName(this.#tokens[start]!) || end <= start + 1) return;
    this.#note(start, end);
    const at = this.#tokens[start]!;
    const name = nameOf(at, this.#text);
    const add = (type: string, constant: boolean, value: Span | undefined) =>
      this.declarations.push({ name, at: { start: at.start, end: at.end }, type, constant, value });
    const words = this.#words;
    if (words[start + 1] === 'alias') {
      const from = words[start + 2] === 'for' ? start + 3 : start + 2;
      return void add('alias', false, from < end ? this.#span(from, end) : undefined);
    }
    const cursor = words[start + 1] === 'no' ? start + 3 : words[start + 1] === 'scroll' ? start + 2 : start + 1;
    if (words[cursor] === 'cursor') return void add('cursor', false, undefined);
    const constant = words[start + 1] === 'constant';
    const from = constant ? start + 2 : start + 1;
    const sign = this.#find(from, [':=', '=', 'default'], end);
    const typeEnd = Math.min(sign, this.#find(from, ['collate', 'not'], end));
    if (typeEnd <= from) return;
    add(withoutQuotes(fold(this.#span(from, typeEnd), this.#text)), constant, sign + 1 < end ? this.#span(sign + 1, end) : undefined);
  }

  /**
   * The first of `stops` outside of parentheses and of CASE expressions, or the next semicolon wherever it stands, or `end`.
   */
  #find(from: number, stops: readonly string[], end = this.#tokens.length): number {
    let depth = 0;
    for (let at = from; at < end; at++) {
      const word = this.#words[at]!;
      if (word === ';') return at;
      if (depth === 0 && word !== '' && stops.includes(word)) return at;
      if (word === '(' || word === '[' || word === 'case') depth++;
      else if ((word === ')' || word === ']' || word === 'end') && depth > 0) depth--;
    }
    return end;
  }

  #skipPast(sign: string): void {
    const end = this.#find(this.#at, [sign]);
    this.#at = Math.max(end, this.#at) + 1;
  }

  /** `#option dump`, `#variable_conflict use_column` */
  #skipLine(): void {
    const line = this.#text.slice(this.#tokens[this.#at]!.start).search(/[\r\n]/);
    const end = line < 0 ? this.#text.length : this.#tokens[this.#at]!.start + line;
    while (this.#at < this.#tokens.length && this.#tokens[this.#at]!.start < end) this.#at++;
  }

  #note(from: number, to: number): void {
    if (to > from) this.statements.push(this.#span(from, to));
  }

  /** From the token `from` to the last one before `to`. */
  #span(from: number, to: number): Span {
    return { start: this.#tokens[from]!.start, end: this.#tokens[to - 1]!.end };
  }
}

function signOf(token: Token, text: string): string {
  if (token.kind === 'word') return token.end - token.start > 20 ? '' : tokenText(token, text).toLowerCase();
  return token.kind === 'punctuation' || token.kind === 'operator' ? tokenText(token, text) : '';
}

function isName(token: Token | undefined): boolean {
  return token !== undefined && (token.kind === 'word' || token.kind === 'identifier' || token.kind === 'template' || token.kind === 'parameter');
}

function nameOf(token: Token, text: string): string {
  return identifierName(tokenText(token, text));
}

/** As written, white space folded. */
function fold(span: Span, text: string): string {
  return tokenText(span, text).replace(/\s+/g, ' ');
}
