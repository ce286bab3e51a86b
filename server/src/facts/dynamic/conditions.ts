import type { Token } from '../../syntax/sql/lexer.ts';
import { Comparisons } from './comparisons.ts';
import { aboutElements, rootOf } from './element-queries.ts';
import { booleans } from './known-functions.ts';
import type { IsVariable, Lookup } from './lookups.ts';
import { comparedIn } from './lookups.ts';
import type { Regions } from './regions.ts';
import type { Alphabet } from './safe-pattern.ts';
import { Filling } from './filling.ts';
import { Flags } from './flags.ts';
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
  has_table_privilege: 'existing', has_any_column_privilege: 'existing', has_sequence_privilege: 'existing', has_schema_privilege: 'existing', has_database_privilege: 'existing', pg_has_role: 'existing',
};

/** Give Booleans that say nothing of what a text holds. */
const known: ReadonlySet<string> = new Set([...booleans, 'not', 'and', 'or', 'exists', 'any', 'all', 'in', 'some', 'coalesce', 'isnull', 'jsonb_exists', 'starts_with']);

/** `ok := ok AND x ~ '^[a-z]+$'` */
export const mostFlags = 5;

/** Reads conditions by words. */
export class ConditionReader implements Conditions {
  readonly #body: CheckedBody;
  /** In the order of their ends. */
  readonly #lookups: readonly Lookup[];
  readonly #filling: Filling<Lookup>;
  readonly #flags: Flags;
  readonly #comparisons: Comparisons;
  /** How many variables that hold the answers of others are being read. */
  #depth = 0;

  constructor(body: CheckedBody, lookups: readonly Lookup[]) {
    this.#body = body;
    this.#flags = new Flags(body);
    this.#comparisons = new Comparisons(body, this.#flags);
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
    const elements = aboutElements(this.#body, inner.from, inner.end, (a, b, isVariable) => new ConditionReader({ ...this.#body, isVariable }, []).conclude(a, b));
    if (elements !== undefined) return elements;
    const found = this.#found(inner.from, inner.end);
    if (found) return whenTold(found.compared.map(({ name, leaves }): Conclusion => [name, leaves]), found.holds);
    return this.#flagged(inner.from, inner.end) ?? this.#comparisons.conclude(inner.from, inner.end) ?? this.#asked(inner.from, inner.end);
  }

  /** Of a variable that holds the answer of another condition, what that says, as long as nothing else is put into what it speaks of. */
  #flagged(from: number, end: number): Outcome | undefined {
    const flag = this.#depth < mostFlags ? this.#flags.at(from, end) : undefined;
    if (flag === undefined) return undefined;
    this.#depth++;
    const { holds, fails } = this.conclude(flag.from, flag.end);
    this.#depth--;
    const offset = this.#body.tokens[from]!.start;
    const lasting = (conclusions: readonly Conclusion[]) => conclusions.filter(([name]) => !this.#body.spoilers.isWritten(rootOf(name), flag.since, offset));
    const outcome = flag.holds ? { holds: lasting(holds), fails: lasting(fails) } : { holds: lasting(fails), fails: lasting(holds) };
    return outcome.holds.length + outcome.fails.length === 0 ? undefined : outcome;
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

const order: readonly string[] = ['listed', 'word', 'words', 'digits', 'quoteless', 'without', 'existing', 'stored', 'type', 'checked', 'asked'];
