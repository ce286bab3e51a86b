import type { Token } from '../../syntax/sql/lexer.ts';
import type { PlpgsqlBody } from '../../syntax/sql/plpgsql.ts';
import type { StatementText } from '../../syntax/sql/statements.ts';
import type { Span } from '../../text.ts';
import { readHeader } from './header.ts';
import type { Scope } from './scope.ts';
import { readScope } from './scope.ts';
import type { SinkFunction, SinkFunctions } from './sinks.ts';
import { mayCallSink, sitesOf } from './sinks.ts';
import { wholePart } from './whole.ts';
import { longestBody } from '../sql/body-tokens.ts';
import { nameOf, pathName, type Words, wordsOf } from '../sql/tokens.ts';
import { Notes } from '../../notes.ts';

/** The routines that run one of their parameters as SQL, by themselves or through another one. */
export function wrappersOf(statements: readonly StatementText[], given: SinkFunctions = noSinks): SinkFunctions {
  const wrappers = new Map(given);
  const bodies = statements.filter(({ body }) => body !== undefined);
  for (const written of bodies) if (mayRunText(written)) addWrappers(readPasses(written).direct, wrappers);
  // A wrapper of a wrapper of a wrapper is still found; what calls itself ends here.
  for (let round = 0; round < rounds; round++) {
    const before = countOf(wrappers);
    if (before === 0) return wrappers;
    const named = new RegExp(`\\b(?:${[...wrappers.keys()].map(lastPart).join('|')})\\b`, 'i');
    for (const written of bodies) {
      if (!named.test(written.body!.text)) continue;
      const passes = readPasses(written).calls.filter(({ callee, argument, named }) => {
        const sink = wrappers.get(callee) ?? wrappers.get(lastPart(callee));
        return sink !== undefined && [sink, ...sink.also ?? []].some((one) => (named !== undefined ? one.named === named : one.rest ? argument >= one.argument : one.argument === argument));
      });
      addWrappers(passes, wrappers);
    }
    if (countOf(wrappers) === before) return wrappers;
  }
  return wrappers;
}

export const noSinks: SinkFunctions = new Map();

function countOf(wrappers: SinkFunctions): number {
  return [...wrappers.values()].reduce((sum, { also = [] }) => sum + 1 + also.length, 0);
}

const rounds = 4;

/** Whether a routine body has a sink that needs no knowledge of the workspace. */
export function mayRunText({ body }: StatementText): boolean {
  return body !== undefined && (/\bexecute\b/i.test(body.text) || mayCallSink.test(body.text));
}

/** Tokens and statements of a body in PL/pgSQL or SQL; undefined for other languages. */
export function readableBody({ body }: StatementText): PlpgsqlBody | undefined {
  if (body === undefined || body.text.length > longestBody) return undefined;
  return body.plpgsql ?? (body.language === 'sql' ? body.sql : undefined);
}

/** Worked out when first asked for: only a routine that calls a wrapper can be another one. */
class ReadPasses implements Passes {
  readonly direct: readonly Pass[];
  readonly #read: () => readonly PassToCall[];
  #calls: readonly PassToCall[] | undefined;

  constructor(direct: readonly Pass[], read: () => readonly PassToCall[]) {
    this.direct = direct;
    this.#read = read;
  }

  get calls(): readonly PassToCall[] {
    return this.#calls ??= this.#read();
  }
}

/** A parameter that goes as it is into something. */
interface Pass {
  readonly routine: string;
  readonly parameter: SinkFunction;
}
interface PassToCall extends Pass, Omit<Argument, 'at'> {}
interface Passes {
  readonly direct: readonly Pass[];
  readonly calls: readonly PassToCall[];
}

const known = new Notes<StatementText, Passes>();

function readPasses(written: StatementText): Passes {
  let passes = known.get(written);
  if (passes === undefined) known.set(written, (passes = read(written)));
  return passes;
}

function read(written: StatementText): Passes {
  const body = readableBody(written);
  const header = readHeader(written);
  if (body === undefined || header.name === undefined) return { direct: [], calls: [] };
  const { text } = written.body!;
  const scope = readScope(written, text, body);
  const inputs = header.parameters.filter((one) => one.input);
  const passOf = (span: Span): Pass | undefined => {
    const written = wholePart(span, scope);
    const declared = parameterAt(text.slice(written.start, written.end), written.start, scope, 0);
    const index = inputs.findIndex((one) => one.at.start === declared?.start);
    const { name, variadic } = inputs[index] ?? {};
    return index < 0 ? undefined : { routine: header.name!, parameter: { kind: 'wrapper', argument: index, ...(name === undefined ? {} : { named: name }), ...(variadic && { rest: true }) } };
  };
  const direct = sitesOf(text, body, noSinks).flatMap(({ expression, part }) => (part ? undefined : passOf(expression)) ?? []);
  return new ReadPasses(direct, () => callsIn(wordsOf(body.tokens, text), text).flatMap(({ at, ...argument }) => {
    const pass = passOf(at);
    return pass ? [{ ...pass, ...argument }] : [];
  }));
}

/** The parameter that a single name stands for, also through variables that hold nothing else. */
function parameterAt(written: string, offset: number, scope: Scope, depth: number): Span | undefined {
  if (depth > 5) return undefined;
  if (/^\$\d+$/.test(written)) return scope.parameter(Number(written.slice(1)), offset)?.parameter;
  if (!isPath.test(written)) return undefined;
  const variable = scope.find(pathName(written), offset);
  if (variable === undefined) return undefined;
  if (variable.values.length === 0) return variable.origin === 'param' && variable.type === 'text' ? variable.parameter : undefined;
  const [only] = variable.values;
  if (variable.origin !== 'constant' || variable.values.length > 1 || only?.value === undefined || only.kind !== 'set') return undefined;
  return parameterAt(scope.text.slice(only.value.start, only.value.end), only.value.start, scope, depth + 1);
}

const isPath = /^(?:[\w$.\u0080-\uffff]|"[^"]+")+$/;

interface Argument {
  readonly callee: string;
  readonly argument: number;
  /** In `f(x => y)`. */
  readonly named?: string;
  readonly at: Span;
}

/** Every argument that is a single name, with the function and its place in the list. Goes over the tokens once, however deep calls are nested. */
function callsIn({ tokens, words }: Words, text: string): readonly Argument[] {
  const calls: Argument[][] = [];
  const open: { readonly callee: string | undefined; readonly found: Argument[]; argument: number; part: Token[] }[] = [];
  const endPart = (): void => {
    const call = open.at(-1);
    if (!call || call.part.length === 0) return;
    const [first, sign, value] = call.part;
    if (call.callee !== undefined && call.part.length === 1) call.found.push({ callee: call.callee, argument: call.argument, at: first! });
    if (call.callee !== undefined && call.part.length === 3 && /^(=>|:=)$/.test(nameOf(sign, text))) call.found.push({ callee: call.callee, argument: call.argument, named: nameOf(first, text), at: value! });
    call.argument++;
    call.part = [];
  };
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index]!;
    const sign = token.kind === 'punctuation' ? words[index]! : '';
    if (sign === ')' || sign === ']') {
      endPart();
      open.pop();
    } else if (sign === ',') {
      endPart();
      continue;
    }
    open.at(-1)?.part.push(token);
    if (sign !== '(' && sign !== '[') continue;
    const before = tokens[index - 1];
    const found: Argument[] = [];
    calls.push(found);
    open.push({ callee: sign === '(' && (before?.kind === 'word' || before?.kind === 'identifier') ? words[index - 1] : undefined, found, argument: 0, part: [] });
  }
  return calls.flat();
}

function addWrappers(passes: readonly Pass[], wrappers: Map<string, SinkFunction>): void {
  for (const { routine, parameter } of passes) {
    const known = wrappers.get(routine);
    if (known === undefined) wrappers.set(routine, parameter);
    else if (![known, ...known.also ?? []].some(({ argument }) => argument === parameter.argument)) wrappers.set(routine, { ...known, also: [...known.also ?? [], parameter] });
  }
}

function lastPart(name: string): string {
  return name.split('.').at(-1)!.replace(/[^\w]/g, '.');
}
