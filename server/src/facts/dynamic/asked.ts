import { decodeLiteral, tokenText } from '../../syntax/sql/lexer.ts';
import type { CheckedBody, Conclusion, Conditions, Outcome } from './conditions.ts';
import { mostFlags, nothing } from './conditions.ts';
import { aboutElements } from './element-queries.ts';
import { Flags } from './flags.ts';
import { Filling, lastBefore } from './filling.ts';
import { isOwnFunction, namesTrouble } from './known-functions.ts';
import { isNothing } from './marks.ts';
import type { Question, Questions } from './questions.ts';
import { argumentsAskedAbout, askedIn, Copies, nameAt, variablesBetween } from './questions.ts';
import { namesForbiddenSigns, saysWhichSigns } from './bounded-pattern.ts';
import type { Region } from './regions.ts';
import { closingOf, findWord, indexOf, joinedBy, partsOf } from './word-ranges.ts';
import { contains } from '../../text.ts';

/**
 * Reads conditions for checks of which nobody can tell here what they let through: queries of any shape, cursors, comparisons with what is
 * stored, functions of others, patterns that are not understood. What leaves one of them has been looked at by somebody.
 */
export class AskedReader implements Conditions {
  readonly #body: CheckedBody;
  /** Those that FOUND speaks of. */
  readonly #finding: readonly Question[];
  readonly #filling: Filling<Question>;
  readonly #copies: Copies;
  readonly #flags: Flags;
  readonly #loops: readonly { readonly loop: Region; readonly names: readonly string[] }[];
  readonly #stored = new Map<string, boolean>();
  #depth = 0;

  constructor(body: CheckedBody, { all, filling, copies }: Questions) {
    this.#body = body;
    this.#flags = new Flags(body);
    this.#finding = all.filter(({ found }) => found);
    this.#loops = all.flatMap(({ names, passes, called, end }) => {
      const loop = passes === 'inside' && !called && names.length > 0 ? body.regions.at(body.tokens[end]!.end) : undefined;
      return loop === undefined ? [] : [{ loop, names }];
    });
    this.#filling = filling;
    this.#copies = copies;
  }

  conclude(from: number, end: number): Outcome {
    const { holds, fails } = this.#asked(from, end);
    if (holds.length + fails.length === 0) return nothing;
    const conclusions = (names: readonly string[]) => this.#copies.with(names, from).map((name): Conclusion => [name, 'asked']);
    return { holds: conclusions(holds), fails: conclusions(fails) };
  }

  /** One operand of AND or OR is enough. */
  #asked(from: number, end: number, isAlone = true): { readonly holds: readonly string[]; readonly fails: readonly string[] } {
    const words = this.#body.words;
    if (words[from] === '(' && closingOf(words, from, end) === end - 1) return this.#asked(from + 1, end - 1, isAlone);
    const parts = partsOf(words, from, end, 'and', 'or');
    if (parts.length > 1) {
      // What stands beside AND may not have been asked.
      const each = parts.map(([a, b]) => this.#asked(a, b, isAlone && joinedBy('and', words, from, end) === undefined));
      return { holds: each.flatMap(({ holds }) => holds), fails: each.flatMap(({ fails }) => fails) };
    }
    if (words[from] === 'not') {
      const { holds, fails } = this.#asked(from + 1, end, isAlone);
      return { holds: fails, fails: holds };
    }
    const flagged = this.#flagged(from, end) ?? this.#ofElements(from, end);
    if (flagged !== undefined) return flagged;
    const one = this.#question(from, end);
    if (one === undefined) return { holds: [], fails: [] };
    const isEither = one.holds === 'either';
    return { holds: isEither || one.holds === true ? one.names : [], fails: (isEither && isAlone) || one.holds === false ? one.names : [] };
  }

  /** What a variable holds the answer of: `ok := x = ANY (known); IF NOT ok THEN` */
  #flagged(from: number, end: number): { readonly holds: readonly string[]; readonly fails: readonly string[] } | undefined {
    const flag = this.#depth < mostFlags ? this.#flags.at(from, end) : undefined;
    if (flag === undefined) return undefined;
    this.#depth++;
    const { holds, fails } = this.#asked(flag.from, flag.end);
    this.#depth--;
    if (holds.length + fails.length === 0) return undefined;
    const offset = this.#body.tokens[from]!.start;
    const lasting = (names: readonly string[]) => names.filter((name) => !this.#body.spoilers.isWritten(name, flag.since, offset));
    return flag.holds ? { holds: lasting(holds), fails: lasting(fails) } : { holds: lasting(fails), fails: lasting(holds) };
  }

  /** `EXISTS (SELECT FROM unnest(list) x WHERE x NOT IN (SELECT …))` */
  #ofElements(from: number, end: number): { readonly holds: readonly string[]; readonly fails: readonly string[] } | undefined {
    const told = aboutElements(this.#body, from, end, (a, b, isVariable) => new AskedReader({ ...this.#body, isVariable }, { all: [], filling: new Filling([]), copies: new Copies() }).conclude(a, b));
    const names = (conclusions: readonly Conclusion[]) => conclusions.map(([name]) => name);
    return told && { holds: names(told.holds), fails: names(told.fails) };
  }

  /** Whom one test asks about, and with which answer it lets them pass. */
  #question(from: number, end: number): { names: readonly string[]; holds: boolean | 'either' } | undefined {
    return this.#byKind(from, end) ?? this.#byQuery(from, end) ?? this.#byAnswer(from, end) ?? this.#byPattern(from, end) ?? this.#byList(from, end) ?? this.#byFunction(from, end) ?? this.#byLoop(from, end);
  }

  /** `jsonb_typeof(x) = 'number'`: what is no string in JSON begins with a digit, a sign or a word of its own. */
  #byKind(from: number, end: number): { names: readonly string[]; holds: boolean } | undefined {
    const { words, tokens, text, isVariable } = this.#body;
    if (!/^jsonb?_typeof$/.test(words[from] ?? '') || words[from + 1] !== '(' || words[from + 3] !== ')' || !isVariable(words[from + 2]!)) return undefined;
    const kinds = tokens.slice(from + 4, end).filter(({ kind }) => kind === 'string').map((token) => decodeLiteral(tokenText(token, text)));
    const test = /^(=|<>|!=|in|not)$/.exec(words[from + 4] ?? '')?.[1];
    if (test === undefined || kinds.length === 0) return undefined;
    const equals = test === '=' || test === 'in';
    if (kinds.every((kind) => /^(number|boolean|null)$/.test(kind))) return { names: [words[from + 2]!], holds: equals };
    return undefined;
  }

  /** `EXISTS (SELECT … WHERE a = x OR …)`, `x IN (SELECT …)`, `(SELECT count(*) … WHERE a = x) = 0`, `0 < (SELECT count(*) …)` */
  #byQuery(from: number, end: number): { names: readonly string[]; holds: boolean } | undefined {
    const words = this.#body.words;
    const select = indexOf(words, 'select', from, end);
    if (select < 0) return undefined;
    const mirrored = /^\d+$/.test(words[from]!) && words[from + 2] === '(' && closingOf(words, from + 2, end) === end - 1 ? mirrors[words[from + 1]!] : undefined;
    if (mirrored !== undefined) {
      const holds = this.#passesTest(`${mirrored} ${words[from]!}`, end);
      return holds === undefined ? undefined : { names: askedIn(words, select, end, this.#body.isVariable), holds };
    }
    const operator = findWord(words, from, select, (word) => /^(in|=|<>|!=)$/.test(word));
    if (operator >= 0) {
      const names = variablesBetween(words, from, operator, this.#body.isVariable);
      return { names, holds: words[operator] === '=' || (words[operator] === 'in' && words[operator - 1] !== 'not') };
    }
    const names = askedIn(words, select, end, this.#body.isVariable);
    if (words[from] === 'exists') return { names, holds: true };
    const open = indexOf(words, '(', from, end);
    const close = closingOf(words, open, end);
    const holds = this.#passes(close + 1, end);
    return holds === undefined ? undefined : { names, holds };
  }

  /** FOUND, and what a query, a cursor or a function has written: `v IS NULL`, `NOT v`, `coalesce(n, 0) = 0` */
  #byAnswer(from: number, end: number): { names: readonly string[]; holds: boolean } | undefined {
    for (let at = from; at < end; at++) {
      const name = nameAt(this.#body.words, at);
      const question = name === 'found' ? lastBefore(this.#finding, at) : this.#questionBefore(name, at) ?? (name.includes('.') ? this.#questionBefore(name.replace(/\..*/s, ''), at) : this.#countedBefore(name, at));
      if (question === undefined) continue;
      const behind = at > from && this.#body.words[from + 1] === '(' ? closingOf(this.#body.words, from + 1, end) + 1 : at + name.split('.').length * 2 - 1;
      const holds = this.#passes(behind, end);
      const given = this.#body.words[at] === 'found' ? question.always !== undefined : question.always === 'value' || question.always === 'count';
      if (given && (this.#body.words[at] === 'found' || this.#body.words.slice(behind, end).includes('null'))) return undefined;
      const answered = this.#body.tokens[question.end]!.end;
      const asked = this.#body.tokens[from]!.start;
      const names = question.names.filter((one) => !this.#body.spoilers.isWritten(one, answered, asked));
      return holds === undefined || names.length === 0 ? undefined : { names, holds: question.trouble ? !holds : holds };
    }
    return undefined;
  }

  #questionBefore(name: string, at: number): Question | undefined {
    const question = this.#filling.before(name, at);
    if (question === undefined) return undefined;
    // What the other way leaves in it is NULL, unless something else has been put there.
    const missed = !this.#body.regions.dominates(this.#body.tokens[question.end]!.end, this.#body.tokens[at]!.start);
    if (missed && this.#body.spoilers.writesOf(name).length > this.#filling.countOf(name)) return undefined;
    return this.#body.spoilers.isWritten(name, this.#body.tokens[question.end]!.end, this.#body.tokens[at]!.start) ? undefined : question;
  }

  /** `n := coalesce(array_length(found, 1), 0)`: the question that the array is the answer of. */
  #countedBefore(name: string, at: number): Question | undefined {
    const { words, isVariable } = this.#body;
    if (!isVariable(name)) return undefined;
    const value = this.#flags.valueBefore(name, at);
    if (value === undefined || !counts.test(words.slice(value[0], Math.min(value[1], value[0] + 4)).join(' '))) return undefined;
    const [counted, ...others] = variablesBetween(words, value[0], value[1], isVariable);
    return counted === undefined || others.length > 0 ? undefined : this.#questionBefore(counted, value[0]);
  }

  /** `FOR r IN SELECT … WHERE name = x LOOP columns := columns || r.name; END LOOP; IF columns = '' THEN`: nothing else has put anything there. */
  #byLoop(from: number, end: number): { names: readonly string[]; holds: boolean } | undefined {
    const { words, tokens, text, spoilers, isVariable } = this.#body;
    if (this.#loops.length === 0) return undefined;
    const [name, ...others] = variablesBetween(words, from, end, isVariable);
    if (name === undefined || others.length > 0) return undefined;
    const behind = words[from + 1] === '(' ? closingOf(words, from + 1, end) + 1 : from + 1;
    const holds = this.#passes(behind, end);
    const filling = holds === undefined ? [] : spoilers.writesOf(name).filter((write) => !isNothing(write, tokens, words, text));
    const [first, ...more] = filling.slice(0, mostWrites + 1).map(({ at }) => this.#loops.filter(({ loop }) => contains(loop, at)));
    if (first === undefined || more.length >= mostWrites) return undefined;
    const offset = tokens[from]!.start;
    const names = first.filter(({ loop }) => loop.end <= offset).flatMap((one) => one.names.filter((asked) => !spoilers.isWritten(asked, one.loop.start, offset)));
    const everywhere = names.filter((asked) => more.every((loops) => loops.some((one) => one.names.includes(asked))));
    return everywhere.length === 0 ? undefined : { names: everywhere, holds: holds! };
  }

  /** What stands behind a value and asks whether there is one; undefined when it asks something else. */
  #passes(from: number, end: number): boolean | undefined {
    return this.#passesTest(this.#body.words.slice(from, end).join(' '), from);
  }

  /** `at`: the index of its first word. */
  #passesTest(written: string, at: number): boolean | undefined {
    const test = written.replace(/\b\d+\b/, (number) => (Number(number) === 0 ? '0' : '1'));
    if (/^(is not null|> 0|>= 1|(<>|!=) 0|= 1|(= |is )?true|is not false|is not distinct from .+)?$/.test(test)) return true;
    if (/^(is null|= 0|< 1|<= 0|(<>|!=) 1|(= |is )false|is not true|is distinct from .+)$/.test(test)) return false;
    const empty = test === "= '" || test === "<> '" ? decodeLiteral(tokenText(this.#body.tokens[at + 1]!, this.#body.text)) === '' : false;
    // Where nothing is found NULL is there, which comes past `<> 'a'`.
    return test.startsWith('= ') ? !empty : empty ? true : undefined;
  }

  /** `x ~ '^…$'` that says which signs there are, though not which can be told here. */
  #byPattern(from: number, end: number): { names: readonly string[]; holds: boolean } | undefined {
    const words = this.#body.words;
    const operator = findWord(words, from, end, (word) => /^(!?~\*?|similar)$/.test(word));
    if (operator < 0) return undefined;
    const similar = words[operator] === 'similar';
    const negated = words[operator]!.startsWith('!');
    const literal = this.#body.tokens[similar ? operator + 2 : operator + 1];
    if (literal?.kind !== 'string') return undefined;
    const pattern = decodeLiteral(tokenText(literal, this.#body.text));
    const names = variablesBetween(words, from, operator, this.#body.isVariable);
    if (!similar && namesForbiddenSigns(pattern)) return { names, holds: negated };
    return saysWhichSigns(pattern, similar) ? { names, holds: similar ? words[operator - 1] !== 'not' : !negated } : undefined;
  }

  /** `x = ANY (v)`, `v @> ARRAY[x]`, `array_position(v, x) IS NULL`, `x = r.name`: what stands there comes from somewhere else. */
  #byList(from: number, end: number): { names: readonly string[]; holds: boolean } | undefined {
    const words = this.#body.words;
    const names = variablesBetween(words, from, end, this.#body.isVariable);
    const asked = names.filter((name) => !this.#isStored(name));
    if (asked.length === names.length) return undefined;
    if (words[from] === 'array_position') {
      const holds = this.#passes(closingOf(words, from + 1, end) + 1, end);
      return holds === undefined ? undefined : { names: asked, holds };
    }
    const operator = findWord(words, from, end, (word) => /^(=|<>|!=|@>|<@|\?)$/.test(word));
    if (operator < 0) return undefined;
    const holds = !/^(<>|!=)$/.test(words[operator]!);
    return { names: asked, holds };
  }

  #isStored(name: string): boolean {
    let is = this.#stored.get(name);
    if (is === undefined) this.#stored.set(name, (is = this.#readStored(name)));
    return is;
  }

  #readStored(name: string): boolean {
    const writes = this.#body.spoilers.writesOf(name);
    return (writes.length > 0 ? writes : this.#body.spoilers.writesOf(name.replace(/\..*/s, ''))).some(({ origin }) => origin === 'fetched' || origin === 'catalog');
  }

  /** `app.check(a, x) IS NOT TRUE` */
  #byFunction(from: number, end: number): { names: readonly string[]; holds: boolean | 'either' } | undefined {
    const words = this.#body.words;
    const open = findWord(words, from + 1, end, (word, at) => word === '(' && isOwnFunction(words[at - 1]!) && !this.#body.idle.has(words[at - 1]!));
    if (open < 0) return undefined;
    const close = closingOf(words, open, end);
    const names = argumentsAskedAbout(words, open + 1, close, this.#body.isVariable);
    const outer = words[from + 1] === '(' ? from + 1 : open;
    const behind = closingOf(words, outer, end) + 1;
    // `app.kind_of(x) = 'N'`: nobody can tell what the answer means.
    const holds = behind + 2 === end && /^(=|<>|!=)$/.test(words[behind]!) && this.#body.tokens[behind + 1]!.kind === 'string' ? 'either' : this.#passes(behind, end);
    if (holds === 'either') return names.length === 0 ? undefined : { names, holds };
    return names.length === 0 || holds === undefined ? undefined : { names, holds: namesTrouble(words[open - 1]!) ? !holds : holds };
  }
}

const mirrors: Readonly<Record<string, string | undefined>> = { '=': '=', '<>': '<>', '!=': '!=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' };
const mostWrites = 20;
const counts = /^(?:coalesce \( )?(?:array_length|cardinality|array_upper|jsonb_array_length|json_array_length) \(/;
