import { decodeLiteral, tokenText } from '../../syntax/sql/lexer.ts';
import type { CheckedBody, Conclusion, Left, Outcome } from './conditions.ts';
import { literal, whenTold } from './conditions.ts';
import type { Flags } from './flags.ts';
import { firstWhere } from './first-where.ts';
import { joinedBefore } from './joined-names.ts';
import { alphabetOf, alphabetWithout, lackingOf } from './safe-pattern.ts';
import { closingOf, findWord } from './word-ranges.ts';
import type { Write } from './writes.ts';

/** Reads one comparison: what it leaves of a variable when it holds, or when it does not. */
export class Comparisons {
  readonly #body: CheckedBody;
  readonly #flags: Flags;

  constructor(body: CheckedBody, flags: Flags) {
    this.#body = body;
    this.#flags = flags;
  }

  /** In the words from `from` to `end`; undefined when it tells nothing. */
  conclude(from: number, end: number): Outcome | undefined {
    const registered = this.#registered(from, end);
    if (registered !== undefined) return registered;
    const one = this.#positioned(from, end) ?? this.#within(from, end) ?? this.#searched(from, end) ?? this.#contained(from, end) ?? this.#keyed(from, end) ?? this.#emptied(from, end) ?? this.#matched(from, end) ?? this.#unchanged(from, end) ?? this.#swapped(from, end) ?? this.#compared(from, end);
    return one && whenTold([[one.name, one.leaves]], one.holds);
  }

  #compared(from: number, end: number): Told | undefined {
    const [, quoted, operator, same] = quotedFirst.exec(this.#body.words[from] === 'quote_ident' ? this.#shown(from, end) : '') ?? [];
    if (quoted !== undefined && quoted === same) return { name: quoted, leaves: 'word', holds: operator === '=' };
    const left = this.#operand(from);
    if (left === undefined) return undefined;
    const { name } = left;
    if (!comparisons.has(this.#body.words[left.end] ?? '')) return undefined;
    const text = this.#shown(left.end, end);
    const negated = /^(not|<>|!)/.test(text);
    if (inList.test(text) || anyOfList.test(text) || /^(=|<>|!=) '$/.test(text)) return { name, leaves: 'listed', holds: !negated };
    if (/^(not )?i?like ('|any \( array \[ '( , ')* \]( :: \w+ \[ \])? \))$/.test(text)) return this.#like(name, left.end, end, negated);
    if (/^!?~\*? '$/.test(text)) return this.#pattern(name, this.#literal(left.end + 1), negated);
    const pattern = /^!?~\*? ([a-z_][\w$]*)$/.exec(text)?.[1];
    const written = pattern === undefined ? undefined : this.#constantIn(pattern, from);
    if (written !== undefined) return this.#pattern(name, written, negated);
    if (/^(not )?similar to '$/.test(text)) return this.#similar(name, end - 1, negated);
    if (/^(=|<>|!=) quote_ident \( [\w$.]+ \)$/.test(text) && this.#body.words[left.end + 3] === name) return { name, leaves: 'word', holds: !negated };
    const other = /^(?:=|<>|!=) ([a-z_][\w$]*)$/.exec(text)?.[1];
    if (other !== undefined && this.#isOfWords(name)) return { name: other, leaves: 'listed', holds: !negated };
    if (other !== undefined && this.#isOfWords(other)) return { name, leaves: 'listed', holds: !negated };
    const list = /^(?:= any|(?:<>|!=) all) \( ([a-z_][\w$]*) \)$/.exec(text)?.[1];
    return list !== undefined && this.#holdsWords(list, from) ? { name, leaves: 'listed', holds: !negated } : undefined;
  }

  #shown(from: number, end: number): string {
    return this.#body.words.slice(from, end).join(' ');
  }

  #literal(at: number): string {
    return decodeLiteral(tokenText(this.#body.tokens[at]!, this.#body.text));
  }

  /** The variable of a loop over constants: `FOREACH v IN ARRAY ARRAY['a', 'b'] LOOP` */
  #isOfWords(name: string): boolean {
    const writes = this.#body.spoilers.writesOf(name);
    return writes.length > 0 && writes.length <= mostWrites && writes.every((write) => write.element && write.value !== undefined && wholeList.test(this.#valueOf(write).join(' ')));
  }

  /** What a variable holds that gets a constant and nothing else. */
  #constantIn(name: string, at: number): string | undefined {
    const [only, ...others] = this.#body.spoilers.writesOf(name);
    if (only?.value === undefined || others.length > 0 || only.at > this.#body.tokens[at]!.start) return undefined;
    const first = firstWhere(this.#body.tokens.length, (index) => this.#body.tokens[index]!.start >= only.value!.start);
    return /^'(?: :: \w+)?$/.test(this.#valueOf(only).join(' ')) ? this.#literal(first) : undefined;
  }

  #pattern(name: string, pattern: string, negated: boolean): Told | undefined {
    const whole = alphabetOf(pattern);
    if (whole !== undefined) return { name, leaves: whole, holds: !negated };
    const without = alphabetWithout(pattern) ?? lackingOf(pattern);
    return without && { name, leaves: without, holds: negated };
  }

  /** LIKE without a wildcard is `=`, and `_` lets one sign through; `x LIKE '%a%'` asks whether a is in it. */
  #like(name: string, from: number, end: number, negated: boolean): Told | undefined {
    const patterns = this.#body.tokens.slice(from, end).filter(({ kind }) => kind === 'string').map((token) => decodeLiteral(tokenText(token, this.#body.text)));
    if (patterns.every((pattern) => !/[%_\\]/.test(pattern))) return { name, leaves: 'listed', holds: !negated };
    if (patterns.every((pattern) => !/[%\\]/.test(pattern) && pattern.split('_').length - 1 <= mostSigns)) return { name, leaves: 'asked', holds: !negated };
    const part = patterns.length === 1 ? /^%(.+)%$/s.exec(patterns[0]!)?.[1] : undefined;
    // `_` refuses more than itself, so the start of a tag is kept out all the same.
    return part === undefined || /[\\A-Za-z]/.test(part.replace(/^\$\w*$|\$\w*\$/, '')) ? undefined : { name, leaves: `without ${part}`, holds: negated };
  }

  /** SIMILAR TO speaks of the whole value; `%` and `_` stand for anything. */
  #similar(name: string, at: number, negated: boolean): Told | undefined {
    const pattern = this.#literal(at);
    const leaves = /[%_\\]/.test(pattern.replace(/\[[^\]]*\]/g, '')) ? undefined : alphabetOf(`^(${pattern})$`);
    return leaves && { name, leaves, holds: !negated };
  }

  /** `strpos(',a,b,', ',' || x || ',') > 0`: x is a part of the constant. */
  #within(from: number, end: number): Told | undefined {
    if (this.#body.words[from] !== 'position' && this.#body.words[from] !== 'strpos') return undefined;
    const [, first, second, test] = partOfConstant.exec(this.#shown(from, end)) ?? [];
    const name = first ?? second;
    if (name === undefined || !/^(> 0|>= 1|<> 0|!= 0|= 0|< 1|<= 0)$/.test(test!)) return undefined;
    const whole = this.#literal(this.#body.words[from] === 'strpos' ? from + 2 : this.#body.words.lastIndexOf(literal, end - 1));
    // What stands in it may be cut out anywhere.
    return /['"\\;()-]/.test(whole) ? undefined : { name, leaves: 'listed', holds: !/^(=|<|<=) [01]$/.test(test!) };
  }

  /** `position('$$' IN x) > 0`, `strpos(x, '$$') = 0` */
  #searched(from: number, end: number): Told | undefined {
    if (this.#body.words[from] !== 'position' && this.#body.words[from] !== 'strpos') return undefined;
    const [, inside, before, test] = /^(?:position \( ' in ([\w$.]+) \)|strpos \( ([\w$.]+) , ' \)) (.+)$/.exec(this.#shown(from, end)) ?? [];
    const name = inside ?? before;
    if (name === undefined || !/^(> 0|>= 1|<> 0|!= 0|= 0|< 1|<= 0)$/.test(test!)) return undefined;
    const sought = this.#body.tokens.slice(from, end).find(({ kind }) => kind === 'string')!;
    return { name, leaves: `without ${decodeLiteral(tokenText(sought, this.#body.text))}`, holds: /^(=|<|<=) [01]$/.test(test!) };
  }

  /** `regexp_match(x, '^[a-z]+$') IS NULL`, `regexp_like(x, '^[a-z]+$')`, `regexp_replace(x, '[^a-z]', '', 'g') <> x` */
  #matched(from: number, end: number): Told | undefined {
    const { words } = this.#body;
    if (!takesPattern.has(words[from] ?? '') || words[from + 1] !== '(') return undefined;
    const left = this.#operand(from + 2);
    if (left === undefined || (words[left.end] !== ',' && words[left.end] !== 'from') || words[left.end + 1] !== literal) return undefined;
    const { name } = left;
    const test = this.#shown(left.end + 2, end);
    if (words[from] === 'regexp_replace') {
      const [, operator, same] = /^, ' , ' \) (=|<>|!=|is distinct from|is not distinct from) (\S+)$/.exec(test) ?? [];
      const empties = same === name && this.#literal(left.end + 3) === '' && this.#literal(left.end + 5) === 'g';
      const leaves = empties ? alphabetWithout(this.#literal(left.end + 1)) : undefined;
      return leaves && { name, leaves, holds: operator === '=' || operator === 'is not distinct from' };
    }
    const holds = test === (words[from] === 'regexp_like' ? ')' : ') is not null') ? true : test === ') is null' ? false : undefined;
    return holds === undefined ? undefined : this.#pattern(name, this.#literal(left.end + 1), !holds);
  }

  /** `x <> regexp_replace(x, '[^a-z]', '', 'g')` */
  #unchanged(from: number, end: number): Told | undefined {
    const left = this.#operand(from);
    if (left === undefined) return undefined;
    const [, operator, same] = /^(=|<>|!=|is distinct from|is not distinct from) regexp_replace \( (\S+) , ' , ' , ' \)$/.exec(this.#shown(left.end, end)) ?? [];
    if (same !== left.name) return undefined;
    const [pattern, put, flags] = [end - 6, end - 4, end - 2].map((at) => this.#literal(at));
    const leaves = put === '' && flags === 'g' ? alphabetWithout(pattern!) : undefined;
    return leaves && { name: left.name, leaves, holds: operator === '=' || operator === 'is not distinct from' };
  }

  /** `translate(x, 'abc', '') = ''`, `btrim(x, 'abc') = ''`, `length(regexp_replace(x, '[a-z_]', '', 'g')) > 0`: nothing is left of x without these signs. */
  #emptied(from: number, end: number): Told | undefined {
    const { words } = this.#body;
    const measured = /^(?:length|char_length)$/.test(words[from] ?? '') && words[from + 1] === '(';
    const at = measured ? from + 2 : from;
    const left = takesSigns.has(words[at] ?? '') && words[at + 1] === '(' ? this.#operand(at + 2) : undefined;
    if (left === undefined) return undefined;
    const close = closingOf(words, at + 1, end);
    const test = this.#shown(measured ? close + 2 : close + 1, end);
    const empty = measured ? /^(?:= 0|< 1|<= 0)$/.test(test) : test === "= '";
    const isTest = measured ? empty || /^(?:> 0|>= 1|<> 0|!= 0)$/.test(test) : /^(?:=|<>|!=) '$/.test(test) && this.#literal(close + 2) === '';
    const given = this.#shown(left.end, close);
    const replaces = words[at] === 'regexp_replace';
    const isTaken = given === (replaces ? ", ' , ' , '" : words[at] === 'translate' ? ", ' , '" : ", '") && (given === ", '" || this.#literal(left.end + 3) === '') && (!replaces || this.#literal(left.end + 5).includes('g'));
    if (!isTest || !isTaken) return undefined;
    const signs = this.#literal(left.end + 1);
    const leaves = alphabetOf(replaces ? `^(?:${signs})*$` : `^[${signs.replace(/[^\w]/g, '\\$&')}]*$`);
    return leaves && { name: left.name, leaves, holds: empty };
  }

  /** `'{"a": 1}'::jsonb ? x`, also of a variable that holds such a constant */
  #keyed(from: number, end: number): Told | undefined {
    const at = findWord(this.#body.words, from, end, (word) => word === '?');
    const right = at < 0 ? undefined : this.#operand(at + 1);
    if (right === undefined || right.end !== end) return undefined;
    const map = this.#shown(from, at);
    const isConstant = /^(?:' :: (?:jsonb|hstore)|\( ' :: (?:jsonb|hstore) \))$/.test(map) || (/^[a-z_][\w$]*$/.test(map) && this.#constantIn(map, from) !== undefined);
    return isConstant ? { name: right.name, leaves: 'listed', holds: true } : undefined;
  }

  /** `'a' = x` */
  #swapped(from: number, end: number): Told | undefined {
    const { words } = this.#body;
    if (words[from] !== literal || !/^(=|<>|!=)$/.test(words[from + 1] ?? '')) return undefined;
    const right = this.#operand(from + 2);
    return right?.end === end ? { name: right.name, leaves: 'listed', holds: words[from + 1] === '=' } : undefined;
  }

  /** `ARRAY[x] <@ ARRAY['a', 'b']`, `list @> ARRAY[x]`, `names <@ ARRAY['a', 'b']` */
  #contained(from: number, end: number): Told | undefined {
    const at = findWord(this.#body.words, from, end, (word) => word === '<@' || word === '@>');
    if (at < 0) return undefined;
    const sides = [this.#shown(from, at), this.#shown(at + 1, end)];
    const [one, list] = this.#body.words[at] === '<@' ? sides : sides.reverse();
    const [, element, whole] = /^(?:array \[ ([a-z_][\w$]*|\$\d+)(?: :: text)? \](?: :: \w+ \[ \])?|([a-z_][\w$]*|\$\d+)(?: :: text \[ \])?)$/.exec(one!) ?? [];
    const name = element ?? whole;
    // `p <@ '…'` may be JSON or a range.
    const isList = wholeList.test(list!) && (whole === undefined || list !== literal);
    const held = name !== undefined && (isList || (/^[a-z_][\w$]*$/.test(list!) && this.#holdsWords(list!, from)));
    return held ? { name, leaves: 'listed', holds: true } : undefined;
  }

  /** A variable that gets a list of constants and nothing else. */
  #holdsWords(list: string, at: number): boolean {
    const writes = this.#body.spoilers.writesOf(list);
    const [only] = writes;
    if (writes.length !== 1 || only!.value === undefined || only!.at > this.#body.tokens[at]!.start) return false;
    return wholeList.test(this.#valueOf(only!).join(' '));
  }

  #valueOf({ value }: Write): readonly string[] {
    const { tokens, words } = this.#body;
    return words.slice(firstWhere(tokens.length, (index) => tokens[index]!.start >= value!.start), firstWhere(tokens.length, (index) => tokens[index]!.end > value!.end));
  }

  /** A name, possibly in functions that change its case, take blanks away or replace NULL, or behind a cast to text. */
  #operand(at: number, depth = 0): { name: string; end: number } | undefined {
    const { words, tokens } = this.#body;
    let end: number;
    let name: string;
    if (depth < deepest && keepsLetters.has(words[at] ?? '') && words[at + 1] === '(') {
      const inner = this.#operand(at + 2, depth + 1);
      const close = inner === undefined ? -1 : words[at] !== 'coalesce' ? inner.end : words[inner.end] === ',' && words[inner.end + 1] === literal ? inner.end + 2 : -1;
      if (words[close] !== ')') return undefined;
      name = inner!.name;
      end = close + 1;
    } else {
      const token = tokens[at];
      if (token === undefined || !/^(word|identifier|parameter)$/.test(token.kind)) return undefined;
      name = words[at]!;
      end = at + 1;
      for (; words[end] === '.'; end += 2) name += '.' + (words[end + 1] ?? '');
    }
    if (words[end] === '::' && /^(text|varchar)$/.test(words[end + 1] ?? '')) end += 2;
    return { name, end };
  }

  /** `to_regclass(x) IS NULL`, also of what a variable holds: `found := to_regclass(quote_ident(x)); IF found IS NULL` */
  #registered(from: number, end: number): Outcome | undefined {
    const { words } = this.#body;
    if (words[end - 1] !== 'null') return undefined;
    const negated = words[end - 2] === 'not';
    const behind = end - (negated ? 3 : 2);
    if (words[behind] !== 'is' || behind <= from) return undefined;
    const write = behind === from + 1 ? this.#flags.writeBefore(words[from]!, from) : undefined;
    const asked = write === undefined ? words.slice(from, behind) : this.#valueOf(write);
    const offset = this.#body.tokens[from]!.start;
    const names = registeredIn(asked).filter((name) => write === undefined || !this.#body.spoilers.isWritten(name, write.at, offset));
    const leaves = asked[0] === 'to_regtype' ? 'type' : 'existing';
    return names.length === 0 ? undefined : whenTold(names.map((name): Conclusion => [name, leaves]), negated);
  }

  /** `array_position(list, x) IS NULL`, also of what a variable holds */
  #positioned(from: number, end: number): Told | undefined {
    const write = this.#body.words[from + 1] === 'is' && this.#body.words[end - 1] === 'null' ? this.#flags.writeBefore(this.#body.words[from]!, from) : undefined;
    if (this.#body.words[from] !== 'array_position' && write === undefined) return undefined;
    const asked = write === undefined ? this.#shown(from, end) : `${this.#valueOf(write).join(' ')} ${this.#shown(from + 1, end)}`;
    const [, list, name, not] = /^array_position \( (array \[ '(?: , ')* \]|[a-z_][\w$]*) , ([a-z_][\w$]*|\$\d+) \) is (not )?null$/.exec(asked) ?? [];
    if (list === undefined || !(list.startsWith('array [') || this.#holdsWords(list, from))) return undefined;
    if (write !== undefined && this.#body.spoilers.isWritten(name!, write.at, this.#body.tokens[from]!.start)) return undefined;
    return { name: name!, leaves: 'listed', holds: not !== undefined };
  }
}

interface Told {
  readonly name: string;
  readonly leaves: Left;
  readonly holds: boolean;
}

/** How a comparison begins that can leave little of a variable. */
const comparisons = new Set(['=', '<>', '!=', '~', '!~', '~*', '!~*', 'in', 'not', 'similar', 'like', 'ilike']);

/** `quote_ident(x) <> x` */
const quotedFirst = /^quote_ident \( ([\w$.]+) \) (=|<>|!=) ([\w$.]+)$/;

/** A list of constants: `ARRAY['a', 'b']`, `'{a,b}'::text[]`, `string_to_array('a,b', ',')` */
const constants = "(array \\[ '( , ')* \\]|'|string_to_array \\( ' , ' \\))(( :: \\w+)? \\[ \\])?";
const wholeList = new RegExp(`^${constants}$`);
const anyOfList = new RegExp(`^(= any|(<>|!=) all) \\( ${constants} \\)$`);
const inList = /^(not )?in \( ('( , ')*|values \( ' \)( , \( ' \))*) \)$/;

/** What fits into so many has no statement in it. */
const mostSigns = 3;

const keepsLetters = new Set(['lower', 'upper', 'initcap', 'trim', 'btrim', 'coalesce']);
const deepest = 3;
/** To the variable of a loop. */
const mostWrites = 10;
const part = String.raw`(?:' \|\| )?([a-z_][\w$]*|\$\d+)(?: \|\| ')?`;
const partOfConstant = new RegExp(String.raw`^(?:strpos \( ' , ${part} \)|position \( ${part} in ' \)) (.+)$`);
const takesSigns = new Set(['translate', 'btrim', 'ltrim', 'rtrim', 'regexp_replace']);
const takesPattern = new Set(['regexp_match', 'regexp_like', 'regexp_replace', 'regexp_substr', 'substring']);

/** The names that `to_regclass()` and the like look for. */
function registeredIn(words: readonly string[]): readonly string[] {
  if (!/^to_reg(class|type|namespace|role|proc)$/.test(words[0] ?? '') || words[1] !== '(' || closingOf(words, 1, words.length) !== words.length - 1) return [];
  const inside = words.slice(2, -1).join(' ').replace(/ :: (text|cstring)$/, '');
  const name = /^(?:quote_ident \( )?([a-z_][\w$.]*|\$\d+)(?: \))?$/.exec(inside)?.[1];
  // What is joined stands in parentheses there.
  return name === undefined ? joinedBefore(words[2] === 'format' ? words.slice(2, -1) : words.slice(1), words[2] === 'format' ? words.length - 3 : words.length - 1) : [name];
}
