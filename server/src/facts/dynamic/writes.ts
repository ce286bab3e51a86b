import type { ExecuteSite, PlpgsqlBody } from '../../syntax/sql/plpgsql.ts';
import type { Span } from '../../text.ts';
import type { Derived, Item, Query } from './queries.ts';
import { readQuery } from './queries.ts';
import { indexOf } from './word-ranges.ts';
import { otherBranches } from './query-branches.ts';
import type { Origin } from './scope.ts';
import { closing, nameOf, pathName, spanOf, splitAtCommas, type Words } from '../sql/tokens.ts';
import { withoutComments } from './without-comments.ts';

/** Something that a body puts into a variable. Offsets count from the start of the body. */
export interface Write {
  /** Lower case, `rec.field` for a field. */
  readonly target: string;
  /** From here on the variable holds it. */
  readonly at: number;
  /** What does it. */
  readonly statement: Span;
  /** The expression; undefined when the body does not say it. */
  readonly value: Span | undefined;
  /** Where names in the expression come from that the body does not declare, or where the value itself comes from. */
  readonly origin: Origin;
  /** The calls that make the rows of the query, when they alone do. */
  readonly calls: readonly Span[];
  /** What the fields of a record come from. */
  readonly fields: readonly Item[];
  /** What the columns of the query's own sub-selects come from. */
  readonly derived: readonly Derived[];
  /** `append`: `q := q || …`, of which `value` is everything. `part`: what was there before stays beside it. `beside`: another row of the query that is put there. */
  readonly kind: 'set' | 'append' | 'part' | 'beside';
  /** One element of the array that `value` gives. */
  readonly element: boolean;
  /** The class of what is put there is known: a counter. */
  readonly number: boolean;
  /** The query whose rows it is, when EXECUTE runs it, and the place of the column; undefined when the target is the only one. */
  readonly executed?: { readonly site: ExecuteSite; readonly column: number | undefined };
  /** What CALL leaves in a variable that it is given. */
  readonly called?: { readonly routine: string; readonly argument: number; readonly call: Span };
}

/** In the order of the text. */
export function readWrites(code: Words, text: string, body: PlpgsqlBody): Write[] {
  const writes = [...declared(body), ...assigned(body, text), ...new QueryWrites(code, text, body.executes).read()];
  return writes.sort((a, b) => a.at - b.at);
}

/** The same, put into what is called otherwise. */
export function ofTarget(write: Write, target: string): Write {
  return write instanceof QueryWrite ? write.of(target) : { ...write, target };
}

const nothing = [] as const;
const plain = { origin: 'unknown', calls: nothing, fields: nothing, derived: nothing, kind: 'set', element: false, number: false } as const;

function declared(body: PlpgsqlBody): Write[] {
  return body.declarations.flatMap(({ name, at, type, value }): Write[] => {
    if (type === 'alias' || type === 'cursor' || value === undefined) return [];
    return [{ ...plain, target: name, at: value.end, statement: { start: at.start, end: value.end }, value }];
  });
}

function assigned(body: PlpgsqlBody, text: string): Write[] {
  return body.assignments.map(({ target, span, value }) => {
    const isPart = target.includes('[');
    const whole = isPart ? target.replace(/\s*\[.*$/s, '') : target;
    const name = whole.includes('.') ? whole.replace(/\s*\.\s*/g, '.') : whole;
    const kind = isPart ? 'part' : appends(name, text.slice(value.start, Math.min(value.end, value.start + name.length + longestStart))) ? 'append' : 'set';
    return { target: name, at: value.end, statement: span, value, origin: 'unknown', calls: nothing, fields: nothing, derived: nothing, kind, element: false, number: false };
  });
}

/** In characters: how much of a value is looked at for what it begins with. */
const longestStart = 400;

/** Also `coalesce(q, '') || …`, as NULL holds no text, `concat(q, …)` and `format('%s …', q, …)`. */
function appends(name: string, written: string): boolean {
  const value = withoutComments(written).trimStart();
  if (!/^(?:coalesce|concat|format)\b/i.test(value)) return startsWith(name, value);
  const [, kept, joined, filled] = keepsFirst.exec(value) ?? [];
  return isNamed(kept ?? joined ?? filled, name);
}

const path = String.raw`((?:[\w$.\u0080-\uffff]|"[^"]+")+)`;
const keepsFirst = new RegExp(String.raw`^(?:coalesce\s*\(\s*${path}\s*,\s*''\s*\)\s*\|\||concat\s*\(\s*${path}\s*,|format\s*\(\s*'%(?:1\$)?s(?:[^']|'')*'\s*,\s*${path}\s*,)`, 'i');
const beginsJoin = new RegExp(String.raw`^${path}\s*\|\|`);

function startsWith(name: string, value: string): boolean {
  return isNamed(beginsJoin.exec(value)?.[1], name);
}

function isNamed(written: string | undefined, name: string): boolean {
  return written !== undefined && (written === name || pathName(written) === name);
}

/** `SELECT … INTO x`, `FETCH c INTO x`, `… RETURNING … INTO x`, `EXECUTE … INTO x`, FOR and FOREACH, GET DIAGNOSTICS. */
class QueryWrites {
  readonly #tokens: Words['tokens'];
  readonly #text: string;
  readonly #words: Words['words'];
  readonly #cursors = new Map<string, Asked>();
  /** The names of what a cursor is given, and where its query begins. */
  readonly #parameters = new Map<string, { readonly names: readonly string[]; readonly at: number }>();
  readonly #writes: Write[] = [];
  /** Between this index and the other there is no semicolon. */
  #known = 0;
  #semicolon = -1;

  readonly #executes: ReadonlyMap<number, ExecuteSite>;

  constructor({ tokens, words }: Words, text: string, executes: readonly ExecuteSite[]) {
    this.#executes = new Map(executes.map((site) => [site.expression.start, site]));
    this.#tokens = tokens;
    this.#text = text;
    this.#words = words;
  }

  read(): Write[] {
    let begin = 0;
    let cases = 0;
    for (let index = 0; index < this.#words.length; index++) {
      const word = this.#words[index]!;
      // At its beginning it is a statement with others behind THEN.
      if (word === 'case' && index !== begin) cases++;
      else if (word === 'end' && cases > 0) cases--;
      else if (word === 'cursor') this.#cursor(index);
      else if (word === 'into') this.#into(begin, index);
      else if ((word === 'for' || word === 'foreach') && index === begin) this.#loop(index, word);
      else if (word === 'diagnostics') this.#diagnostics(index);
      else if (word === 'call' && index === begin) this.#call(index);
      else if (word === 'open' && index === begin) this.#open(index + 1);
      if (word === ';' || word === 'begin' || word === 'loop' || (cases === 0 && (word === 'then' || word === 'else'))) begin = index + 1;
      if (word === '>>') begin = index + 1;
      if (word === ';') cases = 0;
    }
    return this.#writes;
  }

  #find(from: number, word: string, end = this.#words.length): number {
    for (let at = from; at < end; at++) {
      if (this.#words[at] === word) return at;
      if (this.#words[at] === ';') return -1;
    }
    return -1;
  }

  /** The index of the next semicolon, or the end. */
  #end(from: number): number {
    if (from > this.#semicolon || this.#known > from) {
      const at = this.#words.indexOf(';', from);
      this.#known = from;
      this.#semicolon = at < 0 ? this.#words.length : at;
    }
    return this.#semicolon;
  }

  /** `c CURSOR (key int) FOR SELECT …` */
  #cursor(at: number): void {
    const before = this.#words[at - 1] === 'scroll' ? (this.#words[at - 2] === 'no' ? at - 3 : at - 2) : at - 1;
    const keyword = Math.max(this.#find(at, 'for'), this.#find(at, 'is'));
    if (keyword < 0) return;
    const name = this.#name(before);
    this.#cursors.set(name, this.#query([keyword + 1, this.#end(keyword)]));
    if (this.#words[at + 1] !== '(') return;
    const names = splitAtCommas(this.#tokens.slice(at + 2, closing(this.#tokens, at + 1, this.#text)), this.#text).map((part) => nameOf(part[0], this.#text));
    this.#parameters.set(name, { names, at: this.#tokens[keyword]!.end });
  }

  /** `OPEN c FOR SELECT …`, `OPEN c(x)` */
  #open(cursor: number): void {
    const keyword = this.#find(cursor, 'for', cursor + 5);
    if (keyword < 0) this.#give(cursor);
    else if (this.#words[keyword + 1] !== 'execute') this.#cursors.set(this.#name(cursor), this.#query([keyword + 1, this.#end(keyword)]));
  }

  /** `OPEN c(x)`, `FOR r IN c(x)`: what the query of the cursor is given, known from its beginning on. */
  #give(cursor: number): void {
    const parameters = this.#words[cursor + 1] === '(' ? this.#parameters.get(this.#words[cursor]!) : undefined;
    if (parameters === undefined) return;
    const close = closing(this.#tokens, cursor + 1, this.#text);
    for (const [index, part] of splitAtCommas(this.#tokens.slice(cursor + 2, close), this.#text).entries()) {
      const named = /^(:=|=>)$/.test(nameOf(part[1], this.#text)) ? part.slice(2) : undefined;
      const target = named === undefined ? parameters.names[index] : nameOf(part[0], this.#text);
      if (target !== undefined) this.#writes.push({ ...plain, target, at: parameters.at, statement: spanOf(part), value: spanOf(named ?? part), kind: 'part' });
    }
  }

  #loop(start: number, word: 'for' | 'foreach'): void {
    const into = this.#find(start, 'in', start + 14);
    const loop = into < 0 ? -1 : this.#find(into, 'loop');
    if (loop < 0) return;
    const targets = splitAtCommas(this.#tokens.slice(start + 1, into), this.#text).map((part) => {
      const names = part.map((token) => nameOf(token, this.#text));
      // FOREACH a SLICE 1 IN ARRAY
      return (names.at(-2) === 'slice' ? names.slice(0, -2) : names).join('');
    });
    if (targets.length === 0) return;
    const source = this.#tokens.slice(into + 1, loop);
    const statement = { start: this.#tokens[start]!.start, end: this.#tokens[loop]!.end };
    const at = this.#tokens[loop]!.end;
    const first = targets[0]!;
    if (word === 'foreach') {
      const value = spanOf(source.slice(1));
      return void this.#writes.push({ ...plain, target: first, at, statement, value, element: true });
    }
    if (source.some((one) => this.#text.slice(one.start, one.end) === '..')) {
      return void this.#writes.push({ ...plain, target: first, at, statement, value: undefined, origin: 'constant', number: true });
    }
    this.#give(into + 1);
    if (this.#words[into + 1] === 'execute' && this.#fillExecuted(targets, into + 2, at, statement)) return;
    this.#fill(targets, this.#cursors.get(this.#words[into + 1]!) ?? this.#query([into + 1, loop]), at, statement);
  }

  #into(begin: number, at: number): void {
    if (/^(insert|merge)$/.test(this.#words[at - 1] ?? '')) return;
    const end = this.#end(at);
    const targets: string[] = [];
    let last = this.#words[at + 1] === 'strict' ? at + 2 : at + 1;
    for (;;) {
      let name = this.#name(last);
      for (; this.#words[last + 1] === '.'; last += 2) name += '.' + this.#name(last + 2);
      targets.push(name);
      if (this.#words[last + 1] !== ',') break;
      last += 2;
    }
    const cursor = this.#words[begin] === 'fetch' ? this.#cursors.get(this.#name(at - 1)) : undefined;
    const statement = { start: this.#tokens[begin]?.start ?? 0, end: this.#tokens[Math.min(end, this.#tokens.length) - 1]!.end };
    if (this.#words[begin] === 'execute' && this.#fillExecuted(targets, begin + 1, statement.end, statement)) return;
    this.#fill(targets, cursor ?? this.#query([begin, at], [last + 1, end]), statement.end, statement);
  }

  /** Item by item for scalars, field by field for a record. */
  #fill(targets: readonly string[], { query, branches }: Asked, at: number, statement: Span): void {
    for (const [index, target] of targets.entries()) {
      for (let branch = 0; branch <= branches; branch++) this.#writes.push(new QueryWrite(target, at, statement, query, targets.length === 1 ? undefined : index, branch));
    }
  }

  /** What EXECUTE runs begins at the index `first`. */
  #fillExecuted(targets: readonly string[], first: number, at: number, statement: Span): boolean {
    const site = this.#executes.get(this.#tokens[first]?.start ?? -1);
    if (site === undefined) return false;
    for (const [index, target] of targets.entries()) {
      this.#writes.push({ ...plain, origin: 'fetched', target, at, statement, value: undefined, executed: { site, column: targets.length === 1 ? undefined : index } });
    }
    return true;
  }

  /** `CALL p(a, b)`: the variables among what it is given may be INOUT. */
  #call(start: number): void {
    let open = start + 1;
    while (this.#words[open + 1] === '.') open += 2;
    const routine = this.#words[open++];
    if (routine === undefined || this.#words[open] !== '(') return;
    const close = Math.min(closing(this.#tokens, open, this.#text), this.#tokens.length - 1);
    const call = { start: this.#tokens[start + 1]!.start, end: this.#tokens[close]!.end };
    for (const [argument, part] of splitAtCommas(this.#tokens.slice(open + 1, close), this.#text).entries()) {
      if (part.some(({ kind }, index) => (index % 2 === 0 ? kind !== 'word' && kind !== 'identifier' : this.#text[part[index]!.start] !== '.'))) continue;
      const target = part.map((token) => nameOf(token, this.#text)).join('');
      this.#writes.push({ ...plain, target, at: call.end, statement: { start: this.#tokens[start]!.start, end: call.end }, value: undefined, kind: 'part', called: { routine, argument, call } });
    }
  }

  #query(...parts: readonly (readonly [from: number, end: number])[]): Asked {
    let query: Query | undefined;
    const tokens = () => parts.flatMap(([from, end]) => this.#tokens.slice(from, end));
    const words = () => parts.flatMap(([from, end]) => this.#words.slice(from, end));
    const branched = this.#words[parts[0]![0]] === 'values' || parts.some(([from, end]) => indexOf(this.#words, 'union', from, end) >= 0);
    return { query: () => query ??= readQuery(tokens(), this.#text), branches: branched ? otherBranches(tokens(), words(), this.#text).length : 0 };
  }

  /** Empty where no name stands. */
  #name(at: number): string {
    const kind = this.#tokens[at]?.kind;
    return kind === undefined || kind === 'string' || kind === 'dollar' ? '' : this.#words[at]!;
  }

  /** `GET STACKED DIAGNOSTICS x = MESSAGE_TEXT`; without STACKED there are numbers and the context. */
  #diagnostics(at: number): void {
    const stacked = this.#words[at - 1] === 'stacked';
    const end = this.#end(at);
    for (const part of splitAtCommas(this.#tokens.slice(at + 1, end), this.#text)) {
      const statement = spanOf(part);
      const origin = diagnosed.get(nameOf(part.at(-1), this.#text)) ?? (stacked ? 'error' : 'constant');
      this.#writes.push({ ...plain, target: nameOf(part[0], this.#text), at: statement.end, statement, value: undefined, origin });
    }
  }
}

/** A query that is read when somebody asks, and how many of its parts give rows beside the first. */
interface Asked {
  readonly query: () => Query;
  readonly branches: number;
}

/** The context shows the statements that led here, and the caller writes those; the code of an error is made of digits and capitals. */
const diagnosed: ReadonlyMap<string, Origin> = new Map([['pg_context', 'param'], ['pg_exception_context', 'param'], ['returned_sqlstate', 'constant'], ['pg_datatype_name', 'catalog']]);

/** Most queries fill what never becomes a part of dynamic SQL, so each is read when somebody asks. */
class QueryWrite implements Write {
  readonly target: string;
  readonly at: number;
  readonly statement: Span;
  readonly kind: 'set' | 'beside';
  readonly element = false;
  readonly number = false;
  readonly #query: () => Query;
  /** The place of the item; undefined when the target is the only one, which may be a record. */
  readonly #index: number | undefined;
  /** Above 0, another part of the query, whose rows stand beside those of the first. */
  readonly #branch: number;

  constructor(target: string, at: number, statement: Span, query: () => Query, index: number | undefined, branch: number) {
    this.kind = branch === 0 ? 'set' : 'beside';
    this.#branch = branch;
    this.target = target;
    this.at = at;
    this.statement = statement;
    this.#query = query;
    this.#index = index;
  }

  of(target: string): QueryWrite {
    return new QueryWrite(target, this.at, this.statement, this.#query, this.#index, this.#branch);
  }

  get value(): Span | undefined {
    const items = this.#items();
    return this.#index === undefined && items.length !== 1 ? undefined : items[this.#index ?? 0]?.span;
  }

  get origin(): Origin {
    return this.#query().origin;
  }

  get calls(): readonly Span[] {
    return this.#query().calls;
  }

  get fields(): readonly Item[] {
    return this.#index === undefined ? this.#items() : [];
  }

  #items(): readonly Item[] {
    const { items, branches } = this.#query();
    return branches[this.#branch - 1] ?? items;
  }

  get derived(): readonly Derived[] {
    return this.#query().derived;
  }
}
