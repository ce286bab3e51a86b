import type { Expression } from '../syntax/sql/expression.ts';
import type { Context, Judgement } from './judgement.ts';
import { asList, constant, isTame, quoted, together, unknown } from './judgement.ts';
import { booleans, choosing, names, numbers, plains, quoting, texts } from './known-functions.ts';
import { alphabetWithout } from './safe-pattern.ts';

type Call = Extract<Expression, { kind: 'call' }>;
type Judge = (expression: Expression, context: Context) => Judgement;

/** What a call gives, by the function and its arguments. */
export function judgeCall(call: Call, context: Context, judge: Judge): Judgement {
  const { name, args } = call;
  const judged = () => together(args.map((argument) => judge(argument, context)));
  const own = context.routines.get(name) ?? context.routines.get(name.split('.').at(-1)!);
  if (own !== undefined && 'passes' in own) return { ...together(args.flatMap((argument, index) => (own.passes.includes(index) ? [judge(argument, context)] : []))), quoted: false };
  if (own !== undefined) return own;
  if (quoting.has(name) || /^pg_get_\w*(def|expr|arguments|constraintdef)$/.test(name)) return { ...quoted, origin: judged().origin };
  if (numbers.has(name)) return { ...constant, type: 'number', origin: 'unknown' };
  if (booleans.has(name)) return { ...constant, type: 'boolean', origin: 'unknown' };
  if (plains.has(name)) return { ...constant, type: 'plain', origin: 'unknown' };
  if (/^(to_reg[a-z]+|pg_typeof)$/.test(name)) return { ...constant, type: 'object', origin: 'unknown' };
  if (names.has(name)) return { type: 'text', origin: 'catalog', quoted: false };
  if (name === 'current_setting') return judgeSetting(args[0], context);
  if (name === 'to_char' || name === 'encode') return judgeFormatted(args[1], judged());
  if (name === 'format') return judgeFormat(args, context, judge);
  if (name === 'array_to_string' || name === 'string_agg') return asList(together(args.slice(0, 2).map((argument) => judge(argument, context))), context);
  if (name === 'array_agg') return args[0] === undefined ? unknown : judge(args[0], context);
  if (choosing.has(name)) return judged();
  if (name === 'regexp_replace' && keepsWords(args)) return { ...constant, type: 'plain', origin: 'unknown' };
  if (texts.has(name)) {
    const result = searching.has(name) && args[0] !== undefined && !judge(args[0], context).quoted
      ? together([args[0], ...args.slice(2)].map((argument) => judge(argument, context)))
      : judged();
    return { ...result, type: 'text', quoted: result.quoted && (stillQuoted.has(name) || replacesNoQuote(call)) };
  }
  return args.length > 0 && judged().origin === 'constant' && name.startsWith('pg_') ? { ...constant, origin: 'unknown' } : unknown;
}

/** What they look for is their second argument; the result holds nothing of it. */
const searching = new Set(['replace', 'regexp_replace', 'split_part', 'regexp_match', 'regexp_matches', 'regexp_substr', 'regexp_split_to_array', 'regexp_split_to_table']);

/** Put quoted texts beside each other and take nothing away. */
const stillQuoted = new Set(['lower', 'upper', 'concat', 'concat_ws', 'array_append', 'array_prepend', 'array_cat', 'array_remove', 'max', 'min', 'any_value']);

function replacesNoQuote({ name, args: [, searched] }: Call): boolean {
  return name === 'replace' && searched?.kind === 'literal' && !/['"]/.test(searched.value);
}

function judgeSetting(name: Expression | undefined, { scope }: Context): Judgement {
  const server = name?.kind === 'literal' && serverSetting.test(name.value);
  return { type: 'text', origin: server ? 'constant' : scope.routine === undefined ? 'setting' : 'param', quoted: false };
}

const serverSetting = /^(server_version(_num)?|block_size|data_directory|wal_segment_size|max_identifier_length|port|is_superuser|server_encoding|max_connections)$/;

/** `regexp_replace(x, '[^a-z]', '', 'g')` */
function keepsWords([, pattern, replacement, flags]: readonly Expression[]): boolean {
  if (pattern?.kind !== 'literal' || replacement?.kind !== 'literal' || flags?.kind !== 'literal') return false;
  return alphabetWithout(pattern.value) === 'word' && /^\w*$/.test(replacement.value) && flags.value.includes('g');
}

/** to_char() and encode() with a constant picture give digits and the picture's own letters. */
function judgeFormatted(picture: Expression | undefined, value: Judgement): Judgement {
  const plain = picture?.kind === 'literal' && !/tz|['\\]|escape/i.test(picture.value);
  return { ...value, type: plain ? 'plain' : 'text', quoted: false };
}

function judgeFormat(args: readonly Expression[], context: Context, judge: Judge): Judgement {
  const template = args[0];
  if (template?.kind !== 'literal') {
    const text = template === undefined ? unknown : judge(template, context);
    return isTame(text) ? { ...unknown, type: 'text' } : text;
  }
  const specifiers = [...template.value.matchAll(/%(?:(\d+)\$)?-?\d*([sIL])|%%/g)].filter((one) => one[2] !== undefined);
  if (specifiers.length === 0) return constant;
  const positions = specifiers.map((one, index) => ({ letter: one[2], argument: args[one[1] === undefined ? index + 1 : Number(one[1])] }));
  return together(positions.flatMap(({ letter, argument }) => {
    const judged = argument && judge(argument, context);
    return judged === undefined ? [] : letter === 's' ? [judged] : [{ ...quoted, origin: judged.origin }];
  }));
}
