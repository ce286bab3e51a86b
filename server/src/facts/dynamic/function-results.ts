import type { Span } from '../../text.ts';
import type { Expression } from '../../syntax/sql/expression.ts';
import type { Context, Judgement } from './judgement.ts';
import { asList, constant, isTame, quoted, together, unknown } from './judgement.ts';
import { givesWord } from './captured-part.ts';
import { chosen } from './overloads.ts';
import { judgePassed } from './passed-arguments.ts';
import { givesColumnNames } from './row-keys.ts';
import { worse } from './scope.ts';
import { isHarmless } from './sql-types.ts';
import { booleans, choosing, names, numbers, plains, quoting, texts } from './known-functions.ts';
import { holdsNoText } from './settings-text.ts';
import { alphabetKept, leftBy, withoutAdded } from './taken-out.ts';

type Call = Extract<Expression, { kind: 'call' }>;
type Judge = (expression: Expression, context: Context) => Judgement;

/** No variable can be called so. */
const roleNow = /^(current_user|current_role|user)$/;

/** Their texts show the time zone of the session. */
const timesNow = new Set(['now', 'current_timestamp', 'transaction_timestamp', 'statement_timestamp', 'clock_timestamp', 'timeofday']);

/** What a call gives, by the function and its arguments. */
export function judgeCall(call: Call, context: Context, judge: Judge): Judgement {
  const { name, args } = call;
  const judged = () => together(args.map((argument) => judge(argument, context)));
  const named = context.routines.get(name) ?? context.routines.get(name.split('.').at(-1)!);
  const own = (named && chosen(named, args, context.scope)) ?? named;
  if (own !== undefined && 'passes' in own) return judgePassed(args, own, context, judge);
  // What a function quotes of what it is given holds the signs that its caller chooses.
  if (own !== undefined) return own.quoted && own.origin === 'param' ? { ...own, origin: judged().origin } : own;
  if (/^quote_(ident|literal|nullable)$/.test(name)) return { ...quoted, origin: judged().origin };
  // Who names objects chooses what stands in the quotes.
  if (quoting.has(name) || /^pg_get_\w*(def|expr|arguments|constraintdef)$/.test(name)) return { ...quoted, named: true };
  if (numbers.has(name)) return { ...constant, type: 'number', origin: 'unknown' };
  if (booleans.has(name)) return { ...constant, type: 'boolean', origin: 'unknown' };
  if (plains.has(name)) return { ...constant, type: 'plain', origin: 'unknown' };
  if (/^(to_reg[a-z]+|pg_typeof)$/.test(name)) return { ...constant, type: 'object', origin: 'unknown' };
  if (timesNow.has(name)) return { ...unknown, doubt: 'session' };
  if (names.has(name)) return { type: 'text', origin: roleNow.test(name) ? context.scope.find(name, call.span.start)!.origin : 'catalog', quoted: false };
  if (isOwnFrame(call, context)) return constant;
  if (givesColumnNames(call, context)) return { type: 'text', origin: 'catalog', quoted: false };
  if (name === 'current_query') return { type: 'text', origin: context.scope.routine === undefined ? 'unknown' : 'param', quoted: false };
  if (name === 'current_setting') return judgeSetting(args[0], context);
  if (name === 'to_char' || name === 'encode') return judgeFormatted(call, judged(), context, judge);
  if (name === 'format') return judgeFormat(args, context, judge);
  if (name === 'array_to_string' || name === 'string_agg') return judgeJoined(args, context, judge);
  if (name === 'array_agg') return args[0] === undefined ? unknown : judge(args[0], context);
  if (name === 'nullif' && args[0] !== undefined) return judge(args[0], context);
  if (choosing.has(name)) return judged();
  if (alphabetKept(call) === 'word' || givesWord(call)) return { ...constant, type: 'plain', origin: 'unknown' };
  const second = name === 'replace' ? quotedTwice(args, context, judge) : undefined;
  if (second !== undefined) return second;
  const undone = name === 'regexp_replace' && args[2] !== undefined ? withoutBackslashes(args[2], context, judge) : undefined;
  if (undone !== undefined) return together([judge(args[0]!, context), undone]);
  if (texts.has(name)) {
    const given = cutting.has(name) && args[0] !== undefined ? judge(args[0], context)
      : searching.has(name) && args[0] !== undefined && (!judge(args[0], context).quoted || replacesQualifier(call, context))
        ? together([args[0], ...args.slice(2)].map((argument) => judge(argument, context)))
        : judged();
    const result = cutting.has(name) ? given : withoutAdded(given, call);
    const quoted = result.quoted && (stillQuoted.has(name) || replacesNoQuote(call) || trimsNoQuote(call) || cutsOwnText(call, context) || replacesName(call, context, judge) || replacesQualifier(call, context));
    // The characters of an object's name, whoever names the object.
    const origin = result.type === 'object' && worse(result.origin, 'catalog') === result.origin ? 'catalog' : result.origin;
    // Digits and dates stay what they are, whatever is cut off, filled up or replaced.
    if (!result.quoted && isHarmless(result.type)) return { ...result, type: 'plain' };
    const type = result.type === 'unknown' && (name === 'concat' || name === 'concat_ws') ? 'unknown' : 'text';
    // What is filled into a text of the routine's own, or of somebody else, makes no statement of the caller's.
    const subject = args[0] && judge(args[0], context);
    const fills = name === 'replace' || (name === 'regexp_replace' && subject !== undefined && isTame(subject));
    const changes = name === 'replace' || name === 'regexp_replace';
    const built = subject !== undefined && ((changes && subject.built && !isTame(result)) || (fills && !(isTame(result) && (quoted || !result.quoted)) && isLess(subject, result)));
    return { ...result, type, origin, quoted, ...(built && { built }), ...leftBy(call), ...(result.quoted && !quoted && { cut: true as const }), ...(isShort(call, context) && { doubt: 'short' }), ...(result.quoted && !quoted && replacesUnknown(call, context, judge) && { doubt: 'replaced' }) };
  }
  return args.length > 0 && judged().origin === 'constant' && name.startsWith('pg_') ? { ...constant, origin: 'unknown' } : unknown;
}

/** Others choose it, if anybody. */
function isLess(subject: Judgement, result: Judgement): boolean {
  return isTame(subject) || worse(subject.origin, result.origin) !== subject.origin;
}

/** `string_agg(x, '_')` makes one name of all elements, and no list. */
function judgeJoined([elements, separator]: readonly Expression[], context: Context, judge: Judge): Judgement {
  const joined = [elements, separator].flatMap((one) => (one === undefined ? [] : judge(one, context)));
  const { list, ...judged } = judgeList(joined, elements, context);
  return list === undefined || (separator?.kind === 'literal' && /^\w+$/.test(separator.value)) ? judged : { ...judged, list };
}

/** A stored column that is called like a number of a row is not worth more than a single value. */
function judgeList(parts: readonly Judgement[], elements: Expression | undefined, context: Context): Judgement {
  const value = together(parts);
  const written = elements && context.scope.text.slice(elements.span.start, elements.span.end);
  if (value.origin === 'fetched' && written !== undefined && numberLike.test(written)) return { ...value, list: true };
  const list = asList(value, context);
  const array = elements?.kind === 'reference' ? context.scope.find(elements.path.join('.'), elements.span.start) : undefined;
  // The body has put the array together.
  return array?.origin === 'constant' && array.values.length > 1 && !isTame(list) ? { ...list, built: true } : list;
}

const numberLike = /^(?:distinct\s+)?(?:\w+\.)?(?:\w*_)?(?:id|gid|fid|oid|pk)(?:\s*::\s*\w+)?$/i;

/** Give a part of their first argument, whatever the others are. */
const cutting = new Set(['left', 'right', 'substr', 'substring', 'repeat', 'trim', 'btrim', 'ltrim', 'rtrim', 'array_remove', 'string_to_array',
  'jsonb_extract_path_text', 'json_extract_path_text', 'jsonb_extract_path', 'json_extract_path', 'jsonb_path_query', 'jsonb_path_query_first']);

/** What they look for is their second argument; the result holds nothing of it. */
const searching = new Set(['replace', 'regexp_replace', 'split_part', 'regexp_match', 'regexp_matches', 'regexp_substr', 'regexp_split_to_array', 'regexp_split_to_table']);

/** Put quoted texts beside each other and take nothing away. */
const stillQuoted = new Set(['lower', 'upper', 'concat', 'concat_ws', 'array_append', 'array_prepend', 'array_cat', 'array_remove']);

/** `replace(replace(q, ':a', quote_literal(a)), ':b', quote_literal(b))`: with `:b` in a, the text of b comes to stand outside of quotes. */
function quotedTwice([subject, , replacement]: readonly Expression[], context: Context, judge: Judge): Judgement | undefined {
  if (subject === undefined || replacement === undefined) return undefined;
  const [first, second] = [judge(subject, context), judge(replacement, context)];
  const chosen = ({ quoted: isQuoted, origin }: Judgement): boolean => isQuoted && origin !== 'constant' && origin !== 'unknown';
  return chosen(first) && chosen(second) ? { type: 'text', origin: second.origin, quoted: false, built: true } : undefined;
}

/** `regexp_replace(q, ':a', quote_literal(a))` makes one backslash of two in what it puts there, so that those of quote_literal() protect nothing. */
function withoutBackslashes(replacement: Expression, context: Context, judge: Judge): Judgement | undefined {
  const judged = judge(replacement, context);
  if (!judged.quoted || judged.origin === 'constant' || judged.origin === 'unknown' || isName(replacement) || doublesBackslashes(replacement)) return undefined;
  return { ...judged, type: 'text', quoted: false, built: true };
}

/** In a quoted name a backslash is a sign like others. */
function isName(expression: Expression): boolean {
  if (expression.kind !== 'call') return false;
  const [template] = expression.args;
  return expression.name === 'quote_ident' || (expression.name === 'format' && template?.kind === 'literal' && !/%[\d$-]*L/.test(template.value));
}

/** `replace(quote_literal(a), '\\', '\\\\')` */
function doublesBackslashes(expression: Expression): boolean {
  if (expression.kind !== 'call' || expression.name !== 'replace') return false;
  const [, from, to] = expression.args;
  return from?.kind === 'literal' && from.value === '\\' && to?.kind === 'literal' && to.value === '\\\\';
}

function replacesNoQuote({ name, args: [, searched] }: Call): boolean {
  if (searched?.kind !== 'literal') return false;
  return name === 'replace' ? !/['"]/.test(searched.value) : name === 'regexp_replace' && matchesNoQuote(searched.value);
}

/** `,\s*$`, `\s+AND\s*$`: nothing in the pattern can stand for a quote. */
function matchesNoQuote(pattern: string): boolean {
  const plain = pattern.replace(/\\(?:[sdwmMyAZ]|[^A-Za-z0-9'"])/g, '');
  return !/[.'"\\]|\[\^|\[:(?!alnum|alpha|digit|space|lower|upper)|[^A-Za-z0-9]-[^\]]|\(\?/.test(plain);
}

/** `rtrim(list, ', ')` */
export function trimsNoQuote({ name, args: [, characters] }: Call): boolean {
  return /^([lr]|b?)trim$/.test(name) && (characters === undefined || (characters.kind === 'literal' && !/['"]/.test(characters.value)));
}

/** `left(list, -1)`, `substr(list, 1, length(list) - 2)`: what is cut off are constants that the body itself has put there, such as the last comma. */
function cutsOwnText(call: Call, { scope }: Context): boolean {
  const { args: [list] } = call;
  const cut = cutOf(call, scope.text);
  if (cut === undefined || list?.kind !== 'reference') return false;
  const values = scope.find(list.path.join('.'), list.span.start)?.values ?? [];
  return values.length > 0 && values.every(({ value }) => {
    const written = value === undefined ? '' : scope.text.slice(value.start, value.end).trim();
    const ends = cut.at === 'end' ? /'([^']*)'$/.exec(written)?.[1] : /^'([^']*)'/.exec(written)?.[1];
    return ends !== undefined && (ends.length >= cut.length || written === `'${ends}'`);
  });
}

/** `substr(x, 1, 2)` */
function isShort({ name, args }: Call, { scope }: Context): boolean {
  const number = /^(left|right)$/.test(name) ? args[1] : /^(substr|substring)$/.test(name) ? args[2] : undefined;
  const length = number?.kind === 'number' ? Number(scope.text.slice(number.span.start, number.span.end)) : NaN;
  // left(x, -1) keeps all but one.
  return length >= 0 && length <= mostShort;
}

/** Too few characters to end what stands before them and to write anything behind. */
const mostShort = 3;

export function cutOf({ name, args: [list, ...numbers] }: Call, text: string): { readonly at: 'start' | 'end'; readonly length: number } | undefined {
  const written = numbers.map(({ span }) => text.slice(span.start, span.end).replace(/\s+/g, '').toLowerCase());
  const shown = list === undefined ? '' : text.slice(list.span.start, list.span.end).toLowerCase();
  const less = (number = '?'): number => {
    const counted = withLength(number, shown, text);
    const found = /^(?:-(\d+))?$/.exec(counted.replace('char_length', 'length').replace(`length(${shown})`, ''));
    return found === null ? NaN : Number(found[1] ?? 0);
  };
  if (name === 'left') return cut('end', less(written[0]));
  if (name === 'right') return cut('start', less(written[0]));
  if (name !== 'substr' && name !== 'substring') return undefined;
  // From 0 on, the first of the signs that are counted is none.
  if (/^[01]$/.test(written[0] ?? '') && written[1] !== undefined) return cut('end', less(written[1]) + (written[0] === '0' ? 1 : 0));
  return /^\d+$/.test(written[0] ?? '') && written[1] === undefined ? { at: 'start', length: Number(written[0]) - 1 } : undefined;
}

/** `n - 2` behind `n := length(q)`, which is all that is ever put into n. */
function withLength(number: string, list: string, text: string): string {
  const [, name, rest] = /^\(?([a-z_]\w*)((?:-\d+)?)\)?$/.exec(number) ?? [];
  return name !== undefined && /^[\w.]+$/.test(list) && onlyValue(name, text) === `length(${list})` ? `length(${list})${rest}` : number;
}

/** What is put into a variable, without blanks, when that is done once. A body is asked about many times in a row. */
function onlyValue(name: string, text: string): string | undefined {
  if (lastAsked?.text !== text) lastAsked = { text, values: new Map() };
  const { values } = lastAsked;
  if (!values.has(name)) {
    const [only, other] = values.size < mostCounters ? text.matchAll(new RegExp(`\\b${name}\\s*:?=\\s*([^;]*);`, 'gi')) : [];
    values.set(name, other === undefined ? only?.[1]!.replace(/\s+/g, '').toLowerCase().replace('char_length', 'length') : undefined);
  }
  return values.get(name);
}

let lastAsked: { readonly text: string; readonly values: Map<string, string | undefined> } | undefined;
/** Each is looked for in the whole body. */
const mostCounters = 20;

function cut(at: 'start' | 'end', length: number): { at: 'start' | 'end'; length: number } | undefined {
  return length > 0 ? { at, length } : undefined;
}

/** A quoted name takes the place of another one: `replace(definition, quote_ident(a) || '.', quote_ident(b) || '.')` */
function replacesName({ name, args: [, searched, replacement] }: Call, context: Context, judge: Judge): boolean {
  return name === 'replace' && searched !== undefined && replacement !== undefined && judge(searched, context).quoted && judge(replacement, context).quoted;
}

/** `replace(definition, old_name, quote_ident(a))` with a name that no caller chooses. */
function replacesUnknown({ name, args: [, searched] }: Call, context: Context, judge: Judge): boolean {
  return name === 'replace' && searched !== undefined && searched.kind !== 'literal' && !/^(param|row|list)$/.test(judge(searched, context).origin);
}

/** `replace(pg_get_viewdef(v), source || '.', '')`: a name with its dot holds no quote by itself, so the quotes around stay. */
function replacesQualifier({ name, args: [, searched] }: Call, { scope }: Context): boolean {
  if (name !== 'replace' || searched === undefined) return false;
  const written = (span: Span | undefined) => (span === undefined ? '' : scope.text.slice(span.start, span.end));
  const variable = searched.kind === 'reference' ? scope.find(searched.path.join('.'), searched.span.start) : undefined;
  const texts = variable === undefined ? [written(searched.span)] : variable.values.map(({ value }) => written(value));
  return texts.length > 0 && texts.every((text) => /\|\|\s*'\.'\s*$/.test(text));
}

/** `substring(stack FROM 'function (.*?) line')` of PG_CONTEXT: the first frame is the routine itself, whoever has called it. */
function isOwnFrame({ name, args: [stack, pattern] }: Call, { scope }: Context): boolean {
  if (!/^(substring|regexp_substr)$/.test(name) || stack?.kind !== 'reference' || pattern?.kind !== 'literal' || !/^function \(\.[*+]\?\) line/.test(pattern.value)) return false;
  const values = scope.find(stack.path.join('.'), stack.span.start)?.values ?? [];
  return values.length > 0 && values.every(({ statement }) => /=\s*pg_context$/i.test(scope.text.slice(statement.start, statement.end)));
}

function judgeSetting(name: Expression | undefined, { scope }: Context): Judgement {
  const setting = name?.kind === 'literal' ? name.value.toLowerCase() : undefined;
  if (setting !== undefined && holdsNoText(setting, scope.settings)) return constant;
  // To put the path back behind a change of it is a habit; what it may hold are names with commas between them.
  return { type: 'text', origin: scope.routine === undefined || setting === 'search_path' ? 'setting' : 'param', quoted: false };
}

/** to_char() and encode() with a constant picture give digits and the picture's own letters; of any other, to_char() gives the letters that its author chooses. */
function judgeFormatted({ name, args: [, picture] }: Call, value: Judgement, context: Context, judge: Judge): Judgement {
  if (name === 'to_char' && picture !== undefined && picture.kind !== 'literal') return { ...judge(picture, context), type: 'text', quoted: false };
  const plain = picture?.kind === 'literal' && !/tz|['\\]|escape/i.test(picture.value);
  return { ...value, type: plain ? 'plain' : 'text', quoted: false };
}

function judgeFormat(args: readonly Expression[], context: Context, judge: Judge): Judgement {
  const template = args[0];
  if (template?.kind !== 'literal') {
    const text = template === undefined ? unknown : judge(template, context);
    return isTame(text) ? { ...unknown, type: 'text' } : text;
  }
  const placed = argumentsOf(template.value);
  if (placed.length === 0) return constant;
  const result = together(placed.flatMap(({ letter, number }) => {
    const argument = args[number];
    const judged = argument && judge(argument, context);
    return judged === undefined ? [] : letter === 's' ? [judged] : [{ ...quoted, origin: judged.origin }];
  }));
  return isTame(result) || template.value.replace(specifier, '').trim() === '' ? result : { ...result, built: true };
}

const specifier = /%%|%(?:(\d+)\$)?-?(?:\d+|(\*)(?:(\d+)\$)?)?([sIL])/g;

/** What a template of format() takes, from 1; `*` takes an argument for the width. */
function argumentsOf(template: string): { letter: string; number: number }[] {
  let last = 0;
  return [...template.matchAll(specifier)].flatMap(([, position, star, width, letter]) => {
    if (letter === undefined) return [];
    if (star !== undefined) last = width === undefined ? last + 1 : Number(width);
    last = position === undefined ? last + 1 : Number(position);
    return [{ letter, number: last }];
  });
}
