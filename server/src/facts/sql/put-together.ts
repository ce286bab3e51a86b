import { DecodedBuilder, spanIn } from '../../syntax/decoded.ts';
import { codeOf, type Token } from '../../syntax/sql/lexer.ts';
import { contentStart, decodeWithPlaces, type Decoded } from '../../syntax/sql/literals.ts';
import { splitStatements } from '../../syntax/sql/statements.ts';
import type { Span } from '../../text.ts';
import type { SqlCommand } from './sql-commands.ts';
import { literalOf, quoteIn } from './sql-literals.ts';
import { closing, nameOf, spanOf } from './tokens.ts';

/**
 * The commands in the text of an EXECUTE that puts it together: `EXECUTE 'CREATE FUNCTION …' || '…'`, `EXECUTE format('CREATE FUNCTION %I …', x)`.
 * Values have a name in their place that nobody else uses.
 */
export function commandsPutTogether(command: SqlCommand): SqlCommand[] {
  const { written: { text, tokens }, statement, inside } = command;
  const parts = operandsOf(codeOf(tokens), text).map((operand) => partOf(operand, text));
  const builder = new DecodedBuilder();
  for (const { value, starts, ends } of parts) for (let at = 0; at < value.length; at++) builder.add(value[at]!, starts[at]!, ends[at]!);
  const read = builder.finish(text.length);
  const [ways, other] = new Set(parts.flatMap(({ way }) => way ?? []));
  return splitStatements(read.text).statements.map(({ written, span }) => ({
    written, statement, inside,
    inFile: ({ start, end }) => command.inFile(spanIn(read, start + span.start, end + span.start)),
    quote: (own) => (ways === undefined || other !== undefined ? undefined : quoteIn(command, ways.slice(1), ways.startsWith('%') ? own.replaceAll('%', '%%') : own)),
  }));
}

/** A part of the text, with the places of its characters in the command. `way`: how it is quoted, behind a percent sign in a template. */
interface Part extends Decoded {
  readonly way?: string;
}

/** The operands of `||` behind EXECUTE. */
function operandsOf(all: readonly Token[], text: string): Token[][] {
  let code = all.slice(1);
  while (nameOf(code[0], text) === '(' && closing(code, 0, text) === code.length - 1) code = code.slice(1, -1);
  const operands: Token[][] = [[]];
  let depth = 0;
  for (const token of code) {
    const word = token.kind === 'string' ? '' : nameOf(token, text);
    if (word === '(' || word === '[') depth++;
    if (word === ')' || word === ']') depth--;
    if (depth === 0 && (word === 'into' || word === 'using')) break;
    if (depth === 0 && word === '||') operands.push([]);
    else operands.at(-1)!.push(token);
  }
  return operands.filter((operand) => operand.length > 0);
}

function partOf(operand: readonly Token[], text: string): Part {
  const isTemplate = nameOf(operand[0], text) === 'format' && nameOf(operand[1], text) === '(' && nameOf(operand[3], text) !== '||';
  const literals = isTemplate ? operand.slice(2, 3) : operand;
  const read = literals.map((token, index) => {
    const prefix = index > 0 && literals[0]!.kind === 'string' ? text.slice(literals[0]!.start, text.indexOf("'", literals[0]!.start)) : '';
    return literalOf(token, text) && placed(prefix + text.slice(token.start, token.end), token.start - prefix.length);
  });
  if (read.includes(undefined)) return valueAt(spanOf(operand), aName);
  const whole = { value: read.map((one) => one!.value).join(''), starts: read.flatMap((one) => one!.starts), ends: read.flatMap((one) => one!.ends) };
  const written = text.slice(literals[0]!.start, literals[0]!.end);
  const tag = written.slice(0, contentStart(written));
  return isTemplate ? { ...filled(whole), way: `%${tag}` } : { ...whole, way: ` ${tag}` };
}

function placed(literal: string, by: number): Decoded {
  const { value, starts, ends } = decodeWithPlaces(literal);
  return { value, starts: starts.map((start) => start + by), ends: ends.map((end) => end + by) };
}

/** A template with something in the place of every value. */
function filled({ value, starts, ends }: Decoded): Decoded {
  const parts: Decoded[] = [];
  let done = 0;
  const upTo = (end: number): void => void parts.push({ value: value.slice(done, end), starts: starts.slice(done, end), ends: ends.slice(done, end) });
  for (const { 0: { length }, 1: letter, index } of value.matchAll(/%(?:\d+\$)?-?[\d*$]*([sIL%])/g)) {
    upTo(index);
    parts.push(valueAt({ start: starts[index]!, end: ends[index + length - 1]! }, letter === '%' ? '%' : letter === 'L' ? "''" : aName));
    done = index + length;
  }
  upTo(value.length);
  return { value: parts.map((part) => part.value).join(''), starts: parts.flatMap((part) => part.starts), ends: parts.flatMap((part) => part.ends) };
}

const aName = 'pgsx0z';

function valueAt({ start, end }: Span, value: string): Decoded {
  return { value, starts: Array<number>(value.length).fill(start), ends: Array<number>(value.length).fill(end) };
}
