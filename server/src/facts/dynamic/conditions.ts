import type { Token } from '../../syntax/sql/lexer.ts';
import { decodeLiteral, tokenText } from '../../syntax/sql/lexer.ts';
import { booleans } from './known-functions.ts';
import type { IsVariable, Lookup } from './lookups.ts';
import { comparedIn } from './lookups.ts';
import type { Regions } from './regions.ts';
import { alphabetOf, alphabetWithout, lackingOf } from './safe-pattern.ts';
import type { Alphabet } from './safe-pattern.ts';
import { Filling } from './filling.ts';
import { firstWhere } from './first-where.ts';
import type { Spoilers } from './spoilers.ts';
import { closingOf, joinedBy } from './word-ranges.ts';

/**
 * What a check leaves: words of a list, the letters of a pattern, the name of something that exists or that a table holds, which may hold
 * any character (regclass takes `a;b` without quotes), a type with comments in it, a text without some sign, or what an unknown function lets through.
 * `asked`: something is asked about it in a way that cannot be judged.
 */
export type Left = 'listed' | Alphabet | 'existing' | 'stored' | 'type' | 'checked' | 'asked' | `without ${string}`;

/** What stands for every string in the words of a condition. */
export const literal = "'";

/** `quote_ident(x) <> x` */
const quotedFirst = /^quote_ident \( ([\w$.]+) \) (=|<>|!=) ([\w$.]+)$/;

/** How a comparison begins that can leave little of a variable. */
const comparisons = new Set(['=', '<>', '!=', '~', '!~', '~*', '!~*', 'in', 'not', 'similar', 'like', 'ilike']);

export type Conclusion = readonly [name: string, leaves: Left];

/** A routine body whose checks are read. */
export interface CheckedBody {
  readonly tokens: readonly Token[];
  /** The name of each token; `literal` for every string. */
  readonly words: readonly string[];
  readonly text: string;
  readonly spoilers: Spoilers;
  readonly regions: Regions;
  readonly isVariable: IsVariable;
  /** Functions that ask nothing of a text. */
  readonly idle: ReadonlySet<string>;
}

/** What variables can hold when a condition is true, and when it is not. */
export interface Outcome {
  readonly holds: readonly Conclusion[];
  readonly fails: readonly Conclusion[];
}

export interface Conditions {
  /** Of the condition in the words from `from` to `end`. */
  conclude(from: number, end: number): Outcome;
}

export const nothing: Outcome = { holds: [], fails: [] };

export function whenTold(conclusions: readonly Conclusion[], holds: boolean): Outcome {
  return holds ? { holds: conclusions, fails: [] } : { holds: [], fails: conclusions };
}

/** Asked of what does not exist they fail. */
const failsWithout: Readonly<Record<string, Left | undefined>> = {
  has_table_privilege: 'existing', has_any_column_privilege: 'existing', has_sequence_privilege: 'existing', has_schema_privilege: 'existing', has_database_privilege: 'existing',
};

/** Give Booleans that say nothing of what a text holds. */
const known: ReadonlySet<string> = new Set([...booleans, 'not', 'and', 'or', 'exists', 'any', 'all', 'in', 'some', 'coalesce', 'isnull', 'jsonb_exists', 'starts_with']);

/** Reads conditions by words. */
export class ConditionReader implements Conditions {
  readonly #body: CheckedBody;
  /** In the order of their ends. */
  readonly #lookups: readonly Lookup[];
  readonly #filling: Filling<Lookup>;

  constructor(body: CheckedBody, lookups: readonly Lookup[]) {
    this.#body = body;
    this.#lookups = lookups;
    this.#filling = new Filling(lookups);
  }

  /** One operand of AND is enough; of OR each has to say the same. */
  conclude(from: number, end: number): Outcome {
    const inner = this.#unwrapped(from, end);
    if (inner.negated) {
      const { holds, fails } = this.conclude(inner.from, inner.end);
      return { holds: fails, fails: holds };
    }
    if (inner.end < end && inner.from === from) return this.conclude(inner.from, inner.end);
    const either = joinedBy('or', this.#body.words, inner.from, inner.end);
    if (either !== undefined) {
      const parts = either.map(([a, b]) => this.conclude(a, b));
      return { holds: agreed(parts.map(({ holds }) => holds)), fails: parts.flatMap(({ fails }) => fails) };
    }
    const both = joinedBy('and', this.#body.words, inner.from, inner.end);
    if (both !== undefined) {
      const parts = both.map(([a, b]) => this.conclude(a, b));
      const telling = parts.filter((_part, index) => !this.#isNullCheck(...both[index]!));
      return { holds: parts.flatMap(({ holds }) => holds), fails: agreed(telling.map(({ fails }) => fails)) };
    }
    const found = this.#found(inner.from, inner.end);
    if (found) return whenTold(found.compared.map(({ name, leaves }): Conclusion => [name, leaves]), found.holds);
    const one = this.#compare(inner.from, inner.end);
    return one === undefined ? this.#asked(inner.from, inner.end) : whenTold([[one.name, one.leaves]], one.holds);
  }

  /** `x IS NOT NULL AND …` adds nothing: a NULL is no text. */
  #isNullCheck(from: number, end: number): boolean {
    const words = this.#body.words;
    return end - from === 4 && words[from + 1] === 'is' && words[from + 2] === 'not' && words[from + 3] === 'null';
  }

  #unwrapped(from: number, end: number): { from: number; end: number; negated: boolean } {
    const words = this.#body.words;
    while (words[from] === '(' && closingOf(words, from, end) === end - 1) {
      from++;
      end--;
    }
    const verdict = this.#verdict(from, end);
    if (verdict) return { from, end: verdict.end, negated: verdict.negated };
    const negates = words[from] === 'not' && joinedBy('or', words, from, end) === undefined && joinedBy('and', words, from, end) === undefined;
    return negates && words[from + 1] !== 'exists' ? { from: from + 1, end, negated: true } : { from, end, negated: false };
  }

  /** `(…) IS FALSE`; a NULL has come from a NULL, which is no text. */
  #verdict(from: number, end: number): { end: number; negated: boolean } | undefined {
    const words = this.#body.words;
    if (!/^(true|false)$/.test(words[end - 1] ?? '')) return undefined;
    const length = words[end - 2] === '=' ? 2 : words[end - 2] === 'is' ? 2 : words.slice(end - 3, end - 1).join(' ') === 'is not' ? 3 : 0;
    const last = end - length - 1;
    if (length === 0 || words[last] !== ')' || joinedBy('or', words, from, end) !== undefined || joinedBy('and', words, from, end) !== undefined) return undefined;
    return { end: last + 1, negated: (words[end - 1] === 'false') !== (length === 3) };
  }

  /** One comparison, and whether it leaves little of the variable when it holds or when it does not. */
  #compare(from: number, end: number): { name: string; leaves: Left; holds: boolean } | undefined {
    const existing = this.#registered(from, end) ?? this.#positioned(from, end) ?? this.#searched(from, end);
    if (existing) return existing;
    const [, quoted, operator, same] = quotedFirst.exec(this.#body.words[from] === 'quote_ident' ? this.#body.words.slice(from, end).join(' ') : '') ?? [];
    if (quoted !== undefined && quoted === same) return { name: quoted, leaves: 'word', holds: operator === '=' };
    const left = this.#operand(from);
    if (left === undefined) return undefined;
    const { name } = left;
    if (!comparisons.has(this.#body.words[left.end] ?? '')) return undefined;
    const rest = this.#body.words.slice(left.end, end);
    const text = rest.join(' ');
    if (/^(not )?in \( '( , ')* \)$/.test(text)) return { name, leaves: 'listed', holds: rest[0] === 'in' };
    if (/^= any \( (array \[ '( , ')* \]|')(( :: \w+)? \[ \])? \)$/.test(text)) return { name, leaves: 'listed', holds: true };
    if (/^(<>|!=) all \( (array \[ '( , ')* \]|')(( :: \w+)? \[ \])? \)$/.test(text)) return { name, leaves: 'listed', holds: false };
    if (/^(=|<>|!=) '$/.test(text)) return { name, leaves: 'listed', holds: rest[0] === '=' };
    if (/^(not )?i?like ('|any \( array \[ '( , ')* \]( :: \w+ \[ \])? \))$/.test(text)) return this.#like(name, left.end, end, rest[0] === 'not');
    if (/^!?~\*? '$/.test(text)) return this.#pattern(name, left.end, rest[0]!.startsWith('!'));
    if (/^(not )?similar to '$/.test(text)) return this.#similar(name, end - 1, rest[0] === 'not');
    if (/^(=|<>|!=) quote_ident \( [\w$.]+ \)$/.test(text) && rest[3] === name) return { name, leaves: 'word', holds: rest[0] === '=' };
    const list = /^(?:= any|(?:<>|!=) all) \( ([a-z_][\w$]*) \)$/.exec(text)?.[1];
    if (list !== undefined && this.#holdsWords(list, from)) return { name, leaves: 'listed', holds: rest[0] === '=' };
    return undefined;
  }

  #pattern(name: string, operator: number, negated: boolean): { name: string; leaves: Left; holds: boolean } | undefined {
    const pattern = decodeLiteral(tokenText(this.#body.tokens[operator + 1]!, this.#body.text));
    const whole = alphabetOf(pattern);
    if (whole !== undefined) return { name, leaves: whole, holds: !negated };
    const without = alphabetWithout(pattern) ?? lackingOf(pattern);
    return without && { name, leaves: without, holds: negated };
  }

  /** LIKE without a wildcard is `=`; `x LIKE '%a%'` asks whether a is in it. */
  #like(name: string, from: number, end: number, negated: boolean): { name: string; leaves: Left; holds: boolean } | undefined {
    const patterns = this.#body.tokens.slice(from, end).filter(({ kind }) => kind === 'string').map((token) => decodeLiteral(tokenText(token, this.#body.text)));
    if (patterns.every((pattern) => !/[%_\\]/.test(pattern))) return { name, leaves: 'listed', holds: !negated };
    const part = patterns.length === 1 ? /^%(.+)%$/s.exec(patterns[0]!)?.[1] : undefined;
    // `_` refuses more than itself, so the start of a tag is kept out all the same.
    return part === undefined || /[\\A-Za-z]/.test(part.replace(/^\$\w*$|\$\w*\$/, '')) ? undefined : { name, leaves: `without ${part}`, holds: negated };
  }

  /** `position('$$' IN x) > 0`, `strpos(x, '$$') = 0` */
  #searched(from: number, end: number): { name: string; leaves: Left; holds: boolean } | undefined {
    if (this.#body.words[from] !== 'position' && this.#body.words[from] !== 'strpos') return undefined;
    const [, inside, before, test] = /^(?:position \( ' in ([\w$.]+) \)|strpos \( ([\w$.]+) , ' \)) (.+)$/.exec(this.#body.words.slice(from, end).join(' ')) ?? [];
    const name = inside ?? before;
    if (name === undefined || !/^(> 0|>= 1|<> 0|!= 0|= 0|< 1|<= 0)$/.test(test!)) return undefined;
    const sought = this.#body.tokens.slice(from, end).find(({ kind }) => kind === 'string')!;
    return { name, leaves: `without ${decodeLiteral(tokenText(sought, this.#body.text))}`, holds: /^(=|<|<=) [01]$/.test(test!) };
  }

  /** `app.is_name(x)`: nobody can tell what that accepts, but somebody has thought of it. */
  #asked(from: number, end: number): Outcome {
    const words = this.#body.words;
    let open = from;
    while (/^[a-z_][\w$]*$/.test(words[open] ?? '') && words[open + 1] === '.') open += 2;
    const called = words[open] ?? '';
    open++;
    if (!/^[a-z_][\w$]*$/.test(called) || words[open] !== '(' || closingOf(words, open, end) !== end - 1) return nothing;
    const privileges = failsWithout[called];
    if (privileges !== undefined) {
      const [, name] = /(?:^|, )([a-z_][\w$]*|\$\d+)(?: :: text)? , '$/.exec(words.slice(open + 1, end - 1).join(' ')) ?? [];
      return name === undefined ? nothing : { holds: [[name, privileges]], fails: [[name, privileges]] };
    }
    if (known.has(called) || this.#body.idle.has(called)) return nothing;
    const names = words.slice(open + 1, end - 1).flatMap((word, index, inside): Conclusion[] => {
      const alone = /^[(,]$/.test(index === 0 ? '(' : inside[index - 1]!) && /^[,)]$/.test(inside[index + 1] ?? ')');
      return alone && this.#body.isVariable(word) ? [[word, 'checked']] : [];
    });
    return whenTold(names, true);
  }

  /** SIMILAR TO speaks of the whole value; `%` and `_` stand for anything. */
  #similar(name: string, at: number, negated: boolean): { name: string; leaves: Left; holds: boolean } | undefined {
    const pattern = decodeLiteral(tokenText(this.#body.tokens[at]!, this.#body.text));
    const leaves = /[%_\\]/.test(pattern.replace(/\[[^\]]*\]/g, '')) ? undefined : alphabetOf(`^(${pattern})$`);
    return leaves && { name, leaves, holds: !negated };
  }

  /** A variable that gets a list of constants and nothing else. */
  #holdsWords(list: string, at: number): boolean {
    const writes = this.#body.spoilers.writesOf(list);
    const [only] = writes;
    if (writes.length !== 1 || only!.value === undefined || only!.at > this.#body.tokens[at]!.start) return false;
    const { start, end } = only!.value;
    const first = firstWhere(this.#body.tokens.length, (index) => this.#body.tokens[index]!.start >= start);
    const words = this.#body.words.slice(first, firstWhere(this.#body.tokens.length, (index) => this.#body.tokens[index]!.end > end)).join(' ');
    return /^(array \[ '( , ')* \]|')( :: \w+ \[ \])?$/.test(words);
  }

  /** A name, possibly in a function that changes its case or takes blanks away, or behind a cast to text. */
  #operand(at: number): { name: string; end: number } | undefined {
    const words = this.#body.words;
    let end: number;
    let name: string;
    if (/^(lower|upper|trim|btrim)$/.test(words[at] ?? '') && words[at + 1] === '(' && words[at + 3] === ')') {
      name = words[at + 2]!;
      end = at + 4;
    } else if (words[at] === 'coalesce' && words[at + 1] === '(' && words.slice(at + 3, at + 6).join(' ') === `, ${literal} )`) {
      name = words[at + 2]!;
      end = at + 6;
    } else {
      const token = this.#body.tokens[at];
      if (token === undefined || !/^(word|identifier|parameter)$/.test(token.kind)) return undefined;
      name = words[at]!;
      end = at + 1;
      for (; words[end] === '.'; end += 2) name += '.' + (words[end + 1] ?? '');
    }
    if (words[end] === '::' && /^(text|varchar)$/.test(words[end + 1] ?? '')) end += 2;
    return { name, end };
  }

  /** `to_regclass(x) IS NULL` */
  #registered(from: number, end: number): { name: string; leaves: Left; holds: boolean } | undefined {
    if (!/^to_reg(class|type|namespace|role)$/.test(this.#body.words[from] ?? '') || this.#body.words[from + 1] !== '(') return undefined;
    const words = this.#body.words.slice(from, end);
    const close = words[3] === ')' ? 3 : words[3] === '::' && /^(text|cstring)$/.test(words[4] ?? '') && words[5] === ')' ? 5 : -1;
    return close < 0 || words[close + 1] !== 'is' ? undefined : { name: words[2]!, leaves: words[0] === 'to_regtype' ? 'type' : 'existing', holds: words[close + 2] === 'not' };
  }

  /** `array_position(list, x) IS NULL` */
  #positioned(from: number, end: number): { name: string; leaves: Left; holds: boolean } | undefined {
    if (this.#body.words[from] !== 'array_position') return undefined;
    const [, list, name, not] = /^array_position \( (array \[ '(?: , ')* \]|[a-z_][\w$]*) , ([a-z_][\w$]*|\$\d+) \) is (not )?null$/.exec(this.#body.words.slice(from, end).join(' ')) ?? [];
    if (list === undefined || !(list.startsWith('array [') || this.#holdsWords(list, from))) return undefined;
    return { name: name!, leaves: 'listed', holds: not !== undefined };
  }

  /** Whether a query has found what it looked for: `EXISTS (SELECT … WHERE relname = x)`, FOUND, what the query has written. */
  #found(from: number, end: number): { compared: Lookup['compared']; holds: boolean } | undefined {
    const words = this.#body.words;
    const exists = words[from] === 'not' ? from + 1 : from;
    if (words[exists] === 'exists' && closingOf(words, exists + 1, end) === end - 1) {
      return { compared: comparedIn(words, exists + 2, end - 1, this.#body.isVariable), holds: exists === from };
    }
    const name = words[from]!;
    const lookup = this.#lookupBefore(from, name);
    if (lookup === undefined || lookup.into.indexOf(name) > 0 && lookup.always !== undefined) return undefined;
    const test = words.slice(from + 1, end);
    const holds = whenFound(lookup, name === 'found', test.join(' ').replace(/\d+/, (number) => (this.#isZero(number) ? '0' : '1')));
    if (holds === undefined) return undefined;
    const offset = this.#body.tokens[from]!.start;
    const compared = lookup.compared.filter((one) => !this.#body.spoilers.isWritten(one.name, this.#body.tokens[lookup.end]!.start, offset));
    return compared.length === 0 ? undefined : { compared, holds };
  }

  #isZero(number: string): boolean {
    return Number(number) === 0;
  }

  /** The query whose result is in the variable here, or which FOUND speaks of. */
  #lookupBefore(at: number, name: string): Lookup | undefined {
    const offset = this.#body.tokens[at]!.start;
    if (name === 'found') {
      const before = this.#body.words.lastIndexOf(';', at);
      const lookup = this.#lookups[firstWhere(this.#lookups.length, (index) => this.#lookups[index]!.end >= before)];
      return lookup?.end === before && lookup.always === undefined ? lookup : undefined;
    }
    const lookup = this.#filling.before(name, at);
    if (lookup === undefined) return undefined;
    const written = this.#body.tokens[lookup.end]!.end;
    return this.#body.spoilers.isWritten(name, written, offset) || !this.#body.regions.dominates(written, offset) ? undefined : lookup;
  }
}

/** Whether a row was there when the test holds, or when it does not. */
function whenFound({ always }: Lookup, found: boolean, test: string): boolean | undefined {
  if (found) return test === '' ? true : undefined;
  if (always === 'exists') return /^((= |is )true)?$/.test(test) ? true : /^(= |is )false$/.test(test) ? false : undefined;
  if (always === 'count') return /^(> 0|>= 1|(<>|!=) 0|= 1)$/.test(test) ? true : /^(= 0|< 1|<= 0|(<>|!=) 1)$/.test(test) ? false : undefined;
  return always === undefined && /^is (not )?null$/.test(test) ? test === 'is not null' : undefined;
}

/** All parts speak of one variable. */
export function agreed(parts: readonly (readonly Conclusion[])[]): readonly Conclusion[] {
  const found = parts.flat();
  const [first] = found;
  if (first === undefined || parts.some((part) => part.length === 0) || found.some(([name]) => name !== first[0])) return [];
  return [found.reduce((a, b) => (weightOf(a[1]) > weightOf(b[1]) ? a : b))];
}

function weightOf(leaves: Left): number {
  return order.indexOf(leaves.replace(/ .*/s, ''));
}

const order: readonly string[] = ['listed', 'word', 'words', 'quoteless', 'without', 'existing', 'stored', 'type', 'checked', 'asked'];
