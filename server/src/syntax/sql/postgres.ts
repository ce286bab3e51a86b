import type { Node } from '@pgsql/types';
import factory, { type Instance } from 'libpg-query/wasm/libpg-query.js';
import { prepare, withoutFirst } from './prepare.ts';
import { byteOffsets, codePointOffset, moveLocations } from './units.ts';

/**
 * `tree`: the statement's node; every `location` in it is a UTF-16 offset into the statement (libpg-query gives UTF-8 bytes).
 * A location of 0 is left out by PostgreSQL, and -1 means that there is none.
 * `error`: PostgreSQL rejects it; `at` is a UTF-16 offset. `unknown`: not asked, because of a template, a psql variable or a size guard.
 */
export type Parsed =
  | { readonly kind: 'tree'; readonly node: Node }
  | { readonly kind: 'error'; readonly message: string; readonly at: number }
  | { readonly kind: 'unknown'; readonly reason: string };

/** Must have resolved before SQL is parsed. `wasm` is given where the parser cannot find its own file. */
export function loadPostgres(wasm?: Uint8Array): Promise<void> {
  return loading ??= load(wasm).catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
}

/** Parses exactly one statement. Never throws. */
export function parsePostgres(statement: string): Parsed {
  const prepared = prepare(statement);
  if (prepared.kind === 'refused') return { kind: 'unknown', reason: prepared.reason };
  const parsed = ask(prepared.text);
  if (parsed.kind !== 'error' || !prepared.substituted) return parsed;
  // `:PREFIX SELECT …`, `{% if x %} CREATE …`: what stands in front is no name.
  const rest = withoutFirst(statement, prepared.text);
  const second = rest === undefined ? parsed : ask(rest);
  return second.kind === 'error' ? { kind: 'unknown', reason: 'it contains a template or a psql variable' } : second;
}

/** What PostgreSQL says against the PL/pgSQL body of one statement that parses; undefined when it has nothing to say or was not asked. Never throws. */
export function refusalOfPlpgsql(statement: string): string | undefined {
  const prepared = prepare(statement);
  if (prepared.kind === 'refused' || prepared.substituted || instance === undefined || printsItself.test(statement)) return undefined;
  try {
    return compile(instance, prepared.text);
  } catch {
    replaceInstance();
    return undefined;
  }
}

/** `#option dump` writes pages for nobody. */
const printsItself = /#option\b/i;

/** The other parser, which knows where an operand ends; who looks at configuration files never loads it. */
export function expressionParser(): typeof import('pgsql-ast-parser') | undefined {
  return forExpressions;
}

let loading: Promise<void> | undefined;
let forExpressions: typeof import('pgsql-ast-parser') | undefined;
let compiled: WebAssembly.Module | undefined;
let instance: Instance | undefined;
/** Crashes of the present instance. It limps on until its successor is there, which is a matter of microtasks. */
let crashes = 0;
const maximumCrashes = 16;

async function load(wasm: Uint8Array | undefined): Promise<void> {
  const compiling = wasm && WebAssembly.compile(wasm as BufferSource);
  forExpressions = await import('pgsql-ast-parser');
  compiled = await compiling;
  instance = await instantiate();
}

/** Muted: whatever a C library prints would end in the stream that the language client reads. */
function instantiate(): Promise<Instance> {
  const muted = { print: () => {}, printErr: () => {} };
  const module = compiled;
  if (module === undefined) return factory(muted);
  return factory({ ...muted, instantiateWasm: (imports, received) => received(new WebAssembly.Instance(module, imports)) });
}

function replaceInstance(): void {
  crashes++;
  if (crashes > maximumCrashes) instance = undefined;
  if (crashes > 1) return;
  instantiate().then((fresh) => {
    instance = fresh;
    crashes = 0;
  }, () => {});
}

type Answer = { readonly tree: string } | { readonly message: string; readonly cursor: number };

function ask(text: string): Parsed {
  if (instance === undefined) return { kind: 'unknown', reason: 'the parser is not loaded' };
  try {
    const answer = call(instance, text);
    return 'tree' in answer ? readTree(answer.tree, text) : readError(answer.message, answer.cursor, text);
  } catch {
    replaceInstance();
    return { kind: 'unknown', reason: 'the parser failed on it' };
  }
}

function call(module: Instance, text: string): Answer {
  return withText(module, text, (query) => {
    const result = module._wasm_parse_query_raw(query);
    try {
      const error = module.getValue(result + 8, 'i32');
      if (error === 0) return { tree: module.UTF8ToString(module.getValue(result, 'i32')) };
      return { message: module.UTF8ToString(module.getValue(error, 'i32')), cursor: module.getValue(error + 16, 'i32') };
    } finally {
      module._wasm_free_parse_result(result);
    }
  });
}

/** It gives a tree in JSON, or a message instead of it. */
function compile(module: Instance, text: string): string | undefined {
  return withText(module, text, (query) => {
    const result = module._wasm_parse_plpgsql(query);
    try {
      return module.getValue(result, 'i8') === openingBrace ? undefined : module.UTF8ToString(result);
    } finally {
      module._wasm_free_string(result);
    }
  });
}

const openingBrace = 123;

function withText<Result>(module: Instance, text: string, use: (query: number) => Result): Result {
  const size = module.lengthBytesUTF8(text) + 1;
  const query = module._malloc(size);
  try {
    module.stringToUTF8(text, query, size);
    return use(query);
  } finally {
    module._free(query);
  }
}

interface ParseResult {
  readonly stmts?: readonly { readonly stmt?: Node; readonly stmt_location?: number }[];
}

function readTree(json: string, text: string): Parsed {
  const { stmts = [] } = JSON.parse(json) as ParseResult;
  const offsets = byteOffsets(text);
  const [first, second] = stmts;
  if (first?.stmt === undefined) return { kind: 'error', message: 'there is no statement', at: 0 };
  if (second !== undefined) {
    const at = second.stmt_location ?? 0;
    return { kind: 'error', message: 'there is more than one statement', at: offsets?.[at] ?? at };
  }
  if (offsets !== undefined) moveLocations(first.stmt, offsets);
  return { kind: 'tree', node: first.stmt };
}

const exhausted = /memory exhausted|out of memory|stack depth limit|invalid memory alloc/;

function readError(message: string, cursor: number, text: string): Parsed {
  if (exhausted.test(message)) return { kind: 'unknown', reason: 'it is too large' };
  return { kind: 'error', message, at: codePointOffset(text, Math.max(0, cursor - 1)) };
}
