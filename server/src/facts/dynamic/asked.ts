import type { Token } from '../../syntax/sql/lexer.ts';
import { decodeLiteral, tokenText } from '../../syntax/sql/lexer.ts';
import type { Conclusion, Conditions } from './conditions.ts';
import { firstWhere } from './first-where.ts';
import { isOwnFunction, namesTrouble } from './known-functions.ts';
import type { IsVariable } from './lookups.ts';
import type { Copies, Question } from './questions.ts';
import { askedIn, closingOf, nameAt, partsOf, variablesBetween } from './questions.ts';
import type { Regions } from './regions.ts';
import type { Spoilers } from './spoilers.ts';

/**
 * Reads conditions for checks of which nobody can tell here what they let through: queries of any shape, cursors, comparisons with what is
 * stored, functions of others, patterns that are not understood. What leaves one of them has been looked at by somebody.
 */
export class AskedReader implements Conditions {
  readonly #tokens: readonly Token[];
  readonly #words: readonly string[];
  readonly #text: string;
  readonly #questions: readonly Question[];
  readonly #filling = new Map<string, Question[]>();
  readonly #copies: Copies;
  readonly #spoilers: Spoilers;
  readonly #regions: Regions;
  readonly #isVariable: IsVariable;

  constructor(
    tokens: readonly Token[], words: readonly string[], text: string, questions: readonly Question[], copies: Copies,
    spoilers: Spoilers, regions: Regions, isVariable: IsVariable,
  ) {
    this.#tokens = tokens;
    this.#words = words;
    this.#text = text;
    this.#questions = questions.filter(({ found }) => found);
    for (const question of questions) {
      for (const name of question.into) {
        const before = this.#filling.get(name);
        if (before) before.push(question);
        else this.#filling.set(name, [question]);
      }
    }
    this.#copies = copies;
    this.#spoilers = spoilers;
    this.#regions = regions;
    this.#isVariable = isVariable;
  }

  whenTrue(from: number, end: number): Conclusion[] {
    return this.#conclude(from, end, true);
  }

  whenFalse(from: number, end: number): Conclusion[] {
    return this.#conclude(from, end, false);
  }

  #conclude(from: number, end: number, holds: boolean): Conclusion[] {
    return this.#copies.with(this.#asked(from, end, holds), from).map((name): Conclusion => [name, 'asked']);
  }

  /** One operand of AND or OR is enough. */
  #asked(from: number, end: number, holds: boolean): readonly string[] {
    const words = this.#words;
    if (words[from] === '(' && closingOf(words, from, end) === end - 1) return this.#asked(from + 1, end - 1, holds);
    const parts = partsOf(words, from, end, 'and', 'or');
    if (parts.length > 1) return parts.flatMap(([a, b]) => this.#asked(a, b, holds));
    if (words[from] === 'not') return this.#asked(from + 1, end, !holds);
    const one = this.#question(from, end);
    return one?.holds === holds ? one.names : [];
  }

  /** Whom one test asks about, and with which answer it lets them pass. */
  #question(from: number, end: number): { names: readonly string[]; holds: boolean } | undefined {
    return this.#byQuery(from, end) ?? this.#byAnswer(from, end) ?? this.#byPattern(from, end) ?? this.#byList(from, end) ?? this.#byFunction(from, end);
  }

  /** `EXISTS (SELECT … WHERE a = x OR …)`, `x IN (SELECT …)`, `(SELECT count(*) … WHERE a = x) = 0` */
  #byQuery(from: number, end: number): { names: readonly string[]; holds: boolean } | undefined {
    const words = this.#words;
    const select = indexIn(words, from, end, (word) => word === 'select');
    if (select < 0) return undefined;
    const operator = indexIn(words, from, select, (word) => /^(in|=|<>|!=)$/.test(word));
    if (operator >= 0) {
      const names = variablesBetween(words, from, operator, this.#isVariable);
      return { names, holds: words[operator] === '=' || (words[operator] === 'in' && words[operator - 1] !== 'not') };
    }
    const names = askedIn(words, select, end, this.#isVariable);
    if (words[from] === 'exists') return { names, holds: true };
    const open = indexIn(words, from, end, (word) => word === '(');
    const close = closingOf(words, open, end);
    const holds = this.#passes(close + 1, end);
    return holds === undefined ? undefined : { names, holds };
  }

  /** FOUND, and what a query, a cursor or a function has written: `v IS NULL`, `NOT v`, `coalesce(n, 0) = 0` */
  #byAnswer(from: number, end: number): { names: readonly string[]; holds: boolean } | undefined {
    for (let at = from; at < end; at++) {
      const name = nameAt(this.#words, at);
      const question = this.#words[at] === 'found' ? this.#lastQuery(at) : this.#questionBefore(name, at);
      if (question === undefined) continue;
      const behind = at > from && this.#words[from + 1] === '(' ? closingOf(this.#words, from + 1, end) + 1 : at + name.split('.').length * 2 - 1;
      const holds = this.#passes(behind, end);
      const empty = question.always !== undefined && (this.#words[at] === 'found' || this.#words.slice(behind, end).includes('null'));
      if (empty && !/^(max|min)$/.test(this.#words[question.start + 1] ?? '')) return undefined;
      const answered = this.#tokens[question.end]!.end;
      const asked = this.#tokens[from]!.start;
      const names = question.names.filter((one) => !this.#spoilers.isWritten(one, answered, asked));
      return holds === undefined || names.length === 0 ? undefined : { names, holds: question.trouble ? !holds : holds };
    }
    return undefined;
  }

  #lastQuery(at: number): Question | undefined {
    return this.#questions[firstWhere(this.#questions.length, (index) => this.#questions[index]!.end >= at) - 1];
  }

  #questionBefore(name: string, at: number): Question | undefined {
    const filling = this.#filling.get(name);
    const question = filling?.[firstWhere(filling.length, (index) => filling[index]!.end >= at) - 1];
    if (question === undefined) return undefined;
    // What the other way leaves in it is NULL, unless something else has been put there.
    const missed = !this.#regions.dominates(this.#tokens[question.end]!.end, this.#tokens[at]!.start);
    if (missed && this.#spoilers.writesOf(name).length > filling!.length) return undefined;
    return this.#spoilers.isWritten(name, this.#tokens[question.end]!.end, this.#tokens[at]!.start) ? undefined : question;
  }

  /** What stands behind a value and asks whether there is one; undefined when it asks something else. */
  #passes(from: number, end: number): boolean | undefined {
    const test = this.#words.slice(from, end).join(' ').replace(/\b\d+\b/, (number) => (Number(number) === 0 ? '0' : '1'));
    if (/^(is not null|> 0|>= 1|(<>|!=) 0|= 1|(= |is )?true|is not false|is not distinct from .+)?$/.test(test)) return true;
    if (/^(is null|= 0|< 1|<= 0|(<>|!=) 1|(= |is )false|is not true|is distinct from .+)$/.test(test)) return false;
    const empty = test === "= '" || test === "<> '" ? decodeLiteral(tokenText(this.#tokens[from + 1]!, this.#text)) === '' : false;
    return test.startsWith('= ') ? !empty : /^(<>|!=) /.test(test) ? empty : undefined;
  }

  /** `x ~ '^…$'` that says which signs there are, though not which can be told here. */
  #byPattern(from: number, end: number): { names: readonly string[]; holds: boolean } | undefined {
    const words = this.#words;
    const operator = indexIn(words, from, end, (word) => /^(!?~\*?|similar)$/.test(word));
    if (operator < 0) return undefined;
    const similar = words[operator] === 'similar';
    const literal = this.#tokens[similar ? operator + 2 : operator + 1];
    if (literal?.kind !== 'string') return undefined;
    const pattern = decodeLiteral(tokenText(literal, this.#text));
    const plain = pattern.replace(/\\[.*+?^$()[\]{}|/-]/g, '');
    const bounded = similar ? !/[%_]/.test(plain.replace(/\[[^\]]*\]/g, '')) : /^\^.*\$$/s.test(plain) && !/\.(?![^[]*\])|\\[SWD]|\[\^|\(\?|['";]/.test(plain) && !plain.replace(/\([^()]*\)/g, '').includes('|');
    const holds = similar ? words[operator - 1] !== 'not' : !words[operator]!.startsWith('!');
    return bounded ? { names: variablesBetween(words, from, operator, this.#isVariable), holds } : undefined;
  }

  /** `x = ANY (v)`, `v @> ARRAY[x]`, `array_position(v, x) IS NULL`, `x = r.name`: what stands there comes from somewhere else. */
  #byList(from: number, end: number): { names: readonly string[]; holds: boolean } | undefined {
    const words = this.#words;
    const names = variablesBetween(words, from, end, this.#isVariable);
    const asked = names.filter((name) => !this.#isStored(name));
    if (asked.length === names.length) return undefined;
    if (words[from] === 'array_position') {
      const holds = this.#passes(closingOf(words, from + 1, end) + 1, end);
      return holds === undefined ? undefined : { names: asked, holds };
    }
    const operator = indexIn(words, from, end, (word) => /^(=|<>|!=|@>|<@|\?)$/.test(word));
    if (operator < 0) return undefined;
    const holds = !/^(<>|!=)$/.test(words[operator]!);
    return { names: asked, holds };
  }

  #isStored(name: string): boolean {
    const writes = this.#spoilers.writesOf(name);
    return (writes.length > 0 ? writes : this.#spoilers.writesOf(name.replace(/\..*/s, ''))).some(({ origin }) => origin === 'fetched' || origin === 'catalog');
  }

  /** `app.check(a, x) IS NOT TRUE` */
  #byFunction(from: number, end: number): { names: readonly string[]; holds: boolean } | undefined {
    const words = this.#words;
    const open = indexIn(words, from + 1, end, (word, at) => word === '(' && isOwnFunction(words[at - 1]!));
    if (open < 0) return undefined;
    const close = closingOf(words, open, end);
    const names = words.slice(open, close).includes('||') ? [] : variablesBetween(words, open + 1, close, this.#isVariable);
    const outer = words[from + 1] === '(' ? from + 1 : open;
    const holds = this.#passes(closingOf(words, outer, end) + 1, end);
    return names.length === 0 || holds === undefined ? undefined : { names, holds: namesTrouble(words[open - 1]!) ? !holds : holds };
  }
}

function indexIn(words: readonly string[], from: number, end: number, is: (word: string, at: number) => boolean): number {
  for (let at = from; at < end; at++) if (is(words[at]!, at)) return at;
  return -1;
}
