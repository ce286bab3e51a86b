import type { Token } from '../../syntax/sql/lexer.ts';
import { lex } from '../../syntax/sql/lexer.ts';
import type { Span } from '../../text.ts';
import { firstWhere } from './first-where.ts';
import type { Asking, Guard } from './guards.ts';
import { readGuards } from './guards.ts';
import type { Context } from './judgement.ts';
import type { IsVariable } from './lookups.ts';
import type { Region, Regions } from './regions.ts';
import { runThrough } from './regions.ts';
import { Spoilers } from './spoilers.ts';
import type { Words } from '../sql/tokens.ts';
import { nameOf } from '../sql/tokens.ts';
import { joinPaths, pathsIn } from './value-paths.ts';
import { withoutComments } from './without-comments.ts';
import type { Write } from './writes.ts';

/**
 * What a loop that looks at every element of a JSON array leaves of one key of all of them, behind the loop:
 * `FOR r IN SELECT * FROM jsonb_array_elements(a) LOOP IF r.value ->> 'type' !~ '^[a-z ]+$' THEN RAISE …`
 */
export function keysOfElements(
  { tokens, words }: Words, text: string, regions: Regions, writes: readonly Write[], isVariable: IsVariable, asking: Asking,
): ReadonlyMap<string, readonly Guard[]> {
  const found = new Map<string, Guard[]>();
  const loops = loopsIn(tokens, words, text, regions);
  if (loops.length === 0) return found;
  const elements = new Set(loops.map(({ element }) => element));
  const code = { tokens, words };
  const joined = joinPaths(code, pathsIn(code, text, (name) => elements.has(name)), ({ key }) => {
    const [, element, inside] = keyOfElement.exec(key) ?? [];
    return element && `${element}${access}${inside}`;
  });
  const guards = readGuards(joined, text, regions, writes, (name) => name.includes(access) || isVariable(name), asking);
  const spoilers = new Spoilers(tokens, words, writes, regions, asking.onlyRead);
  for (const { element, array, region } of loops) {
    const root = rootOf(array);
    const inside = writesIn(writes, region);
    if (region.jumps || inside.some(({ target }) => target === root || target === element || target.startsWith(`${element}.`))) continue;
    const start = region.end;
    const last = runThrough(region.parent)?.end ?? Number.MAX_SAFE_INTEGER;
    const stretch = spoilers.limited<Pick<Guard, 'start' | 'end' | 'holes'>>(root, { start, end: last }, false);
    if (stretch === undefined) continue;
    for (const { name, key, from } of namesOfKeys(element, region, joined, regions)) {
      const guard = guards.get(name)?.find((one) => one.start > from && regions.at(one.start) === region && one.end >= region.end && !one.holes?.length);
      if (guard === undefined || inside.some(({ target, at }) => target === name && at > from && at <= guard.start)) continue;
      const known = found.get(nameOfKey(array, key)) ?? [];
      found.set(nameOfKey(array, key), [...known, { name: nameOfKey(array, key), leaves: guard.leaves, ...stretch }]);
    }
  }
  return found;
}

/** What a check has left of `c ->> 'type'` where c is an element of such an array. */
export function guardOfElement(span: Span, context: Context): Guard | undefined {
  const { scope } = context;
  const written = withoutComments(scope.text.slice(span.start, Math.min(span.end, span.start + longestAccess)));
  const [, element, key] = keyAccess.exec(written) ?? [];
  if (element === undefined) return undefined;
  const name = element.toLowerCase();
  const made = context.derived.filter((one) => one.type === 'json' && (one.name === name || one.called.includes(name)));
  const values = made.length > 0 ? [] : scope.find(name, span.start)?.values ?? [];
  const spans = made.length > 0 ? made.map((one) => one.span) : values.flatMap(({ value, derived }) => value ?? derived.filter(({ type }) => type === 'json').map((one) => one.span));
  const [first, ...others] = spans.map((one) => arrayIn(scope.text.slice(one.start, one.end)));
  return first === undefined || others.some((one) => one !== first) ? undefined : scope.guard(nameOfKey(first, key!), span.start);
}

function writesIn(writes: readonly Write[], { start, end }: Region): readonly Write[] {
  return writes.slice(firstWhere(writes.length, (index) => writes[index]!.at > start), firstWhere(writes.length, (index) => writes[index]!.at >= end));
}

const access = '->>';
/** `r ->> 'type'`, `r.value ->> 'type'` */
const keyOfElement = /^([a-z_]\w*)(?:\.[a-z_]\w*)? ->> '([^']*)'$/;
const keyAccess = /^\(*\s*([a-z_]\w*)(?:\s*\.\s*[a-z_]\w*)?(?:\s*::\s*jsonb?)?\s*->>\s*'([^']*)'\s*\)*$/i;
const longestAccess = 200;

function nameOfKey(array: string, key: string): string {
  return `${array}[]${access}${key}`;
}

interface ElementLoop {
  readonly element: string;
  readonly array: string;
  readonly region: Region;
}

function loopsIn(tokens: readonly Token[], words: readonly string[], text: string, regions: Regions): ElementLoop[] {
  const found: ElementLoop[] = [];
  for (let at = words.indexOf('for'); at >= 0 && found.length < mostLoops; at = words.indexOf('for', at + 1)) {
    const last = words.indexOf('loop', at);
    if (last < 0) break;
    if (last - at > longestHeader || !words.slice(at, last).some((word) => /^jsonb?_array_elements$/.test(word))) continue;
    const [, element, passed] = header.exec(shown(tokens.slice(at, last + 1), text).replace(/ in \( (select .*) \) loop$/, ' in $1 loop')) ?? [];
    const array = passed && arrayOf(passed);
    const region = regions.at(tokens[last]!.end);
    if (element !== undefined && array && region?.kind === 'loop' && region.start === tokens[last]!.end) found.push({ element, array, region });
  }
  return found;
}

const mostLoops = 50;
/** In words. */
const longestHeader = 60;
/** Without a condition, which would leave some elements out. */
const header = /^for ([a-z_]\w*) in select (?:(?:\*|[a-z_]\w*(?: \. (?:\*|[a-z_]\w*))?) from )?jsonb?_array_elements \( (.+?) \)(?: (?:as )?[a-z_]\w*(?: \( [a-z_]\w* \))?)? loop$/;

function shown(tokens: readonly Token[], text: string): string {
  return tokens.map((token) => (token.kind === 'string' ? text.slice(token.start, token.end) : nameOf(token, text))).join(' ');
}

/** `jsonb_array_elements(a -> 'columns')` */
function arrayIn(call: string): string | undefined {
  const passed = /^jsonb?_array_elements \( (.+) \)$/.exec(shown(lex(call, 'body').filter(({ kind }) => kind !== 'comment'), call))?.[1];
  return passed && arrayOf(passed);
}

/** A variable, or what a variable has under constant keys, also where an empty array takes the place of NULL. */
function arrayOf(passed: string): string | undefined {
  const inner = /^coalesce \( (.+) , '\[\s*\]'(?: :: jsonb?)? \)$/.exec(passed)?.[1] ?? passed;
  const bare = /^\( (.+) \)$/.exec(inner.replace(/ :: jsonb?$/, ''))?.[1] ?? inner.replace(/ :: jsonb?$/, '');
  return /^(?:[a-z_]\w*|\$\d+)(?: -> '[^']*')*$/.test(bare) ? bare : undefined;
}

function rootOf(array: string): string {
  return array.replace(/ .*/s, '');
}

/** By what names the loop knows the values of a key: `r ->> 'type'`, and v behind `v := lower(r ->> 'type')`; from where on. */
function namesOfKeys(element: string, region: Region, { tokens, words }: Words, regions: Regions): { name: string; key: string; from: number }[] {
  const names = new Map<string, { name: string; key: string; from: number }>();
  for (let at = firstWhere(tokens.length, (index) => tokens[index]!.start >= region.start); at < words.length && tokens[at]!.start < region.end; at++) {
    const { start, end } = tokens[at]!;
    const word = words[at]!;
    if (!word.startsWith(element + access)) continue;
    const key = word.slice(element.length + access.length);
    names.set(word, { name: word, key, from: region.start });
    const [, copy] = copied.exec(words.slice(Math.max(0, at - longestCopy), at + longestCopy).map((one) => (one === word ? 'KEY' : /^'/.test(one) ? "'" : one)).join(' ')) ?? [];
    if (copy !== undefined && regions.at(start) === region) names.set(`${copy} ${key}`, { name: copy, key, from: end });
  }
  return [...names.values()];
}

/** In words, to either side. */
const longestCopy = 10;

/** `v := KEY ;`, `v := lower(trim(KEY));`, `v := coalesce(KEY, '');` */
const copied = /(?:^|[;>] |loop )([a-z_]\w*) (?::=|=) (?:(?:lower|upper|trim|btrim) \( )*(?:coalesce \( KEY , ' \)|KEY)(?: \))* ;/;
