import { lex } from '../../syntax/sql/lexer.ts';
import type { Expression } from '../../syntax/sql/expression.ts';
import { shift, type Span } from '../../text.ts';
import { spanOf, splitAtCommas } from '../sql/tokens.ts';
import type { Scope } from './scope.ts';
import type { Write } from './writes.ts';

/** What the body puts into an array as one of its elements. */
export interface Element {
  readonly expression: Expression;
  readonly agreed: boolean;
  /** Undefined for what the array is written with where it is used. */
  readonly write: Write | undefined;
}

/** Everything that the body puts into an array; undefined when somebody else may put something into it too. */
export function elementsOf(array: Expression, scope: Scope): Element[] | undefined {
  return elementsIn(array, true, undefined, { scope, seen: new Set() });
}

/** `seen`: the writes whose elements are known already, as an array is mostly made of itself and one more. */
interface Search {
  readonly scope: Scope;
  readonly seen: Set<Write>;
}

function elementsIn(array: Expression, agreed: boolean, write: Write | undefined, search: Search): Element[] | undefined {
  const { scope, seen } = search;
  if (seen.size > mostWrites) return undefined;
  const inner = (one: Expression | undefined): Element[] | undefined => one && elementsIn(one, agreed, write, search);
  const element = (expression: Expression): Element => ({ expression, agreed, write });
  switch (array.kind) {
    case 'null': return [];
    case 'literal': return /^\s*\{\s*\}\s*$/.test(array.value) ? [] : undefined;
    case 'cast': return inner(array.operand);
    case 'reference': return elementsOfVariable(array, search);
    case 'call': {
      const [first, second] = array.args;
      if (first === undefined || second === undefined) return undefined;
      if (array.name === 'array_append') return both(inner(first), [element(second)]);
      if (array.name === 'array_prepend') return both([element(first)], inner(second));
      return array.name === 'array_cat' ? both(inner(first), inner(second)) : undefined;
    }
    case 'other': return itemsOf(array.span, scope)?.flatMap((span) => {
      const read = scope.expressionAt(span);
      return read === undefined ? [] : [{ expression: read.expression, agreed: agreed && read.agreed, write }];
    });
    default: return undefined;
  }
}

const mostWrites = 50;

function elementsOfVariable({ path, span }: Extract<Expression, { kind: 'reference' }>, search: Search): Element[] | undefined {
  const { scope, seen } = search;
  const variable = scope.find(path.join('.'), span.start);
  if (variable === undefined || variable.origin !== 'constant' || variable.values.length === 0 || variable.values.length > mostWrites) return undefined;
  const elements: Element[] = [];
  for (const write of variable.values) {
    if (seen.has(write)) continue;
    seen.add(write);
    const read = write.value && scope.expressionAt(write.value);
    if (read === undefined || write.element || write.derived.length > 0 || write.calls.length > 0) return undefined;
    const { expression, agreed } = read;
    const added = write.kind === 'part' || write.kind === 'beside' ? [{ expression, agreed, write }]
      : write.kind === 'append' && expression.kind === 'concat' ? addedBy(expression.parts.slice(1), agreed, write, search)
        : elementsIn(expression, agreed, write, search);
    if (added === undefined) return undefined;
    elements.push(...added);
  }
  return elements;
}

/** `a := a || x || ARRAY[y]` */
function addedBy(parts: readonly Expression[], agreed: boolean, write: Write, search: Search): Element[] | undefined {
  const [first] = parts;
  // `a || ('x' || y)` adds one text.
  if (first !== undefined && parts.length > 1 && /\(\s*$/.test(search.scope.text.slice(write.value!.start, first.span.start))) {
    return [{ expression: { kind: 'concat', span: { start: first.span.start, end: parts.at(-1)!.span.end }, parts }, agreed, write }];
  }
  const added = parts.map((part) => (isArray(part, search.scope) ? elementsIn(part, agreed, write, search) : [{ expression: part, agreed, write }]));
  return added.every((one) => one !== undefined) ? added.flat() : undefined;
}

function isArray(part: Expression, scope: Scope): boolean {
  if (part.kind === 'cast') return /\]$/.test(part.type);
  if (part.kind === 'reference') return /\]\s*$/.test(scope.find(part.path.join('.'), part.span.start)?.declared ?? '');
  return part.kind === 'call' ? /^(array_\w+|string_to_array)$/.test(part.name) : part.kind === 'other' && itemsOf(part.span, scope) !== undefined;
}

function both(first: Element[] | undefined, second: Element[] | undefined): Element[] | undefined {
  return first && second && [...first, ...second];
}

/** `ARRAY[a, b]`, also in parentheses */
function itemsOf({ start, end }: Span, scope: Scope): Span[] | undefined {
  const source = scope.text.slice(start, end);
  const inner = /^\((array\b.*\])\)$/is.exec(source)?.[1];
  if (inner !== undefined) return itemsOf({ start: start + 1, end: start + 1 + inner.length }, scope);
  if (!/^array\s*\[/i.test(source) || !source.endsWith(']')) return undefined;
  const tokens = lex(source, 'body').filter(({ kind }) => kind !== 'comment');
  return splitAtCommas(tokens.slice(2, -1), source).map((part) => shift(spanOf(part), start));
}
