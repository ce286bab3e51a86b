import { parseExpression, type Expression } from '../../syntax/sql/expression.ts';
import { lex } from '../../syntax/sql/lexer.ts';
import { Cursor, quoteName } from '../sql/cursor.ts';

/** Variables whose values are known, by name as `path.join('.')` of a reference. */
export type Constants = ReadonlyMap<string, string | readonly string[]>;

/** The text that an expression of constants yields; undefined when more than constants is in it. */
export function constantOf(text: string, constants: Constants): string | undefined {
  const parsed = text.trim() === '' ? undefined : parseExpression(text);
  return parsed && valueOf(parsed.expression, text, constants);
}

/** The texts in an array of constants. */
export function constantListOf(text: string, constants: Constants): readonly string[] | undefined {
  const cursor = new Cursor(text, lex(text, 'body'));
  const variable = cursor.tokens.length === 1 ? constants.get(cursor.name()?.parts[0]?.name ?? '') : undefined;
  if (typeof variable === 'object') return variable;
  if (cursor.take('ARRAY')) return cursor.here() === '[' ? elementsOf(cursor, constants) : undefined;
  const separated = /^\s*string_to_array\s*\((.*),\s*'([^']+)'\s*\)\s*$/is.exec(text);
  if (separated) return constantOf(separated[1]!, constants)?.split(separated[2]!);
  const written = constantOf(text, constants);
  return written === undefined ? undefined : arrayOf(written);
}

/** `{a,"b c"}`; undefined when it holds NULL, other arrays, or commas and escapes in its elements. */
function arrayOf(written: string): readonly string[] | undefined {
  const elements = /^\s*\{([^{}\\]+)\}\s*$/.exec(written)?.[1]?.split(',').map((one) => one.trim());
  return elements?.every((one) => /^(?:"[^"]*"|[^"]+)$/.test(one) && !/^null$/i.test(one)) ? elements.map((one) => one.replaceAll('"', '')) : undefined;
}

/** `[a, b]` with a cast behind it, or nothing. */
function elementsOf(cursor: Cursor, constants: Constants): readonly string[] | undefined {
  const values: (string | undefined)[] = [];
  const begin = cursor.index;
  cursor.skip();
  const inner = cursor.between(begin + 1, cursor.index - 1);
  if (cursor.takeText('::')) cursor.name();
  if (cursor.here() === '[') cursor.skip();
  if (!cursor.done) return undefined;
  while (!inner.done) {
    const from = inner.index;
    while (!inner.done && inner.here() !== ',') inner.skip();
    values.push(constantOf(inner.between(from, inner.index).rest(), constants));
    inner.index++;
  }
  return values.every((value) => value !== undefined) ? values : undefined;
}

function valueOf(expression: Expression, text: string, constants: Constants): string | undefined {
  const all = (parts: readonly Expression[]): readonly string[] | undefined => {
    const values = parts.map((part) => valueOf(part, text, constants));
    return values.every((value) => value !== undefined) ? values : undefined;
  };
  switch (expression.kind) {
    case 'literal': return expression.value;
    case 'number': return text.slice(expression.span.start, expression.span.end);
    case 'concat': return all(expression.parts)?.join('');
    case 'cast': return valueOf(expression.operand, text, constants);
    case 'reference': {
      const value = constants.get(expression.path.join('.'));
      return typeof value === 'string' ? value : undefined;
    }
    case 'call': {
      const args = expression.variadic ? undefined : all(expression.args);
      return args && called(expression.name, args);
    }
    default: return undefined;
  }
}

function called(name: string, [first = '', ...others]: readonly string[]): string | undefined {
  switch (name) {
    case 'quote_ident': return quoteName(first);
    case 'quote_literal': return quoteLiteral(first);
    case 'lower': return first.toLowerCase();
    case 'upper': return first.toUpperCase();
    case 'concat': return [first, ...others].join('');
    case 'format': return formatted(first, others);
    default: return undefined;
  }
}

function quoteLiteral(text: string): string {
  return text.includes('\\') ? `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'` : `'${text.replaceAll("'", "''")}'`;
}

/** What format() makes of it; undefined where it would fail, or where it pads. */
function formatted(template: string, args: readonly string[]): string | undefined {
  let next = 0;
  let fails = false;
  const text = template.replace(/%(?:(%)|(?:(\d+)\$)?([sIL]))?/g, (_all, percent: string | undefined, position: string | undefined, letter: string | undefined) => {
    if (percent) return '%';
    if (position) next = Number(position) - 1;
    const value = args[next++];
    if (letter === undefined || value === undefined) fails = true;
    return letter === 'I' ? quoteName(value ?? '') : letter === 'L' ? quoteLiteral(value ?? '') : value ?? '';
  });
  return fails ? undefined : text;
}
