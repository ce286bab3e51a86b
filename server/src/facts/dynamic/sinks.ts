import type { Token } from '../../syntax/sql/lexer.ts';
import type { ExecuteSite, PlpgsqlBody } from '../../syntax/sql/plpgsql.ts';
import type { Span } from '../../text.ts';
import { closing, nameOf, spanOf, splitAtCommas, wordsOf, type Words } from '../sql/tokens.ts';
import { Notes } from '../../notes.ts';

/** A place where text runs as SQL. Spans count from the start of the body. */
export interface SinkSite {
  readonly kind: SinkKind;
  /** From EXECUTE or the function's name to the last operand. */
  readonly span: Span;
  /** The expression whose text runs. */
  readonly expression: Span;
  readonly using: readonly Span[];
  /** The text becomes a name or a condition in a query of the function's own. */
  readonly part?: true;
}

/** `query`: a function that runs its argument here; `remote`: in another database or session; `cron`: later; `wrapper`: a routine of the workspace. */
export type SinkKind = ExecuteSite['kind'] | 'query' | 'remote' | 'cron' | 'wrapper';

/** Which argument of a function is SQL, by its position from 0; a number below 0 counts from the last one. */
export interface SinkFunction {
  readonly kind: SinkKind;
  readonly argument: number;
  /** The name of the argument in calls that name it. */
  readonly named?: string;
  /** So are all behind it. */
  readonly rest?: true;
  /** It is no statement: the function puts it into one of its own. */
  readonly part?: true;
  /** With another number of arguments it runs nothing. */
  readonly only?: number;
  /** Other arguments that are SQL. */
  readonly also?: readonly Pick<SinkFunction, 'argument' | 'named' | 'rest'>[];
}

export type SinkFunctions = ReadonlyMap<string, SinkFunction>;

/** EXECUTE in its forms, and the calls of functions that run text. */
export function sitesOf(text: string, body: Pick<PlpgsqlBody, 'tokens' | 'executes'>, wrappers: SinkFunctions): SinkSite[] {
  const code = wordsOf(body.tokens, text);
  const calls = calledIn(code).flatMap((index) => callAt(code, index, text, wrappers));
  return [...body.executes, ...calls];
}

const called = new Notes<Words, readonly number[]>();

/** The indexes of what stands before a parenthesis. */
export function calledIn(code: Words): readonly number[] {
  let found = called.get(code);
  if (found === undefined) {
    found = readCalled(code);
    called.set(code, found);
  }
  return found;
}

function readCalled({ tokens, words }: Words): number[] {
  const found: number[] = [];
  for (let index = 1; index < words.length; index++) if (words[index] === '(' && tokens[index]!.kind === 'punctuation') found.push(index - 1);
  return found;
}

function callAt({ tokens, words }: Words, index: number, text: string, wrappers: SinkFunctions): SinkSite[] {
  if (!isName(tokens[index]!)) return [];
  const before = tokens[index - 2];
  const qualified = text[tokens[index - 1]?.start ?? -1] === '.' && before !== undefined && isSchema(before);
  const last = words[index]!;
  const schema = qualified ? words[index - 2] : undefined;
  const sink = sinkOf(schema, last, wrappers);
  if (sink === undefined) return [];
  const start = qualified ? index - 2 : index;
  // `CREATE FUNCTION dblink(text)` and `DROP FUNCTION …` call nothing.
  if (/^(function|procedure|aggregate|routine)$/.test(words[start - 1] ?? '')) return [];
  const args = splitAtCommas(tokens.slice(index + 2, closing(tokens, index + 1, text)), text);
  if (sink.only !== undefined && args.length !== sink.only) return [];
  const order = sink === ofConnectby && hasOrder(args, text) ? [{ argument: 3 }] : [];
  const texts = [sink, ...sink.also ?? [], ...order].flatMap((one) => argumentsOf(args, one, text));
  return texts.flatMap((argument): SinkSite[] => {
    if (argument.length === 0) return [];
    const expression = spanOf(argument);
    return [{ kind: sink.kind, span: { start: tokens[start]!.start, end: expression.end }, expression, using: [], ...(sink.part && { part: true }) }];
  });
}

/** `connectby(t, key, parent, order, start, depth)`; with a sixth and no order the last one is no number. */
function hasOrder(args: readonly (readonly Token[])[], text: string): boolean {
  const { start, end } = spanOf(args[5] ?? []);
  return args.length === 7 || (args.length === 6 && /^-?\s*\d+$/.test(text.slice(start, end)));
}

function isName(token: Token): boolean {
  return token.kind === 'word' || token.kind === 'identifier';
}

/** Extension scripts write their schema as `@extschema@`. */
function isSchema(token: Token): boolean {
  return isName(token) || token.kind === 'template';
}

/** Undefined when the call is none that runs text. What is known of a routine that can be read comes before what an extension calls so. */
function sinkOf(schema: string | undefined, name: string, wrappers: SinkFunctions): SinkFunction | undefined {
  const full = schema === undefined ? undefined : `${schema}.${name}`;
  for (const sinks of [wrappers, functions]) {
    const known = (full === undefined ? undefined : sinks.get(full)) ?? sinks.get(name);
    if (known !== undefined) return known;
  }
  return undefined;
}

function argumentsOf(args: readonly (readonly Token[])[], { argument, named, rest }: Omit<SinkFunction, 'kind'>, text: string): (readonly Token[])[] {
  const byName = args.find((one) => /^(=>|:=)$/.test(nameOf(one[1], text)) && nameOf(one[0], text) === named);
  if (byName) return [byName.slice(2)];
  const positional = args.filter((one) => !/^(=>|:=)$/.test(nameOf(one[1], text)));
  // dblink('…', false): the last argument says whether errors are thrown.
  const texts = argument < 0 ? positional.filter((one) => one.length !== 1 || !/^(true|false)$/.test(nameOf(one[0], text))) : positional;
  if (rest) return texts.slice(argument).map((one) => (nameOf(one[0], text) === 'variadic' ? one.slice(1) : one));
  const only = texts.at(argument);
  return only === undefined ? [] : [only];
}

const query = { kind: 'query', argument: 0, named: 'query' } as const;
const ofConnectby: SinkFunction = { kind: 'query', argument: 0, part: true, also: [{ argument: 1 }, { argument: 2 }] };
const remote = { kind: 'remote', argument: -1 } as const;

/** pgRouting reads edges, and some functions points or restrictions, with queries that it is given. */
const routing = [
  'dijkstra', 'dijkstracost', 'dijkstracostmatrix', 'dijkstravia', 'dijkstranear', 'dijkstranearcost', 'drivingdistance', 'astar', 'astarcost', 'astarcostmatrix', 'bddijkstra', 'bddijkstracost',
  'bdastar', 'bdastarcost', 'ksp', 'floydwarshall', 'johnson', 'tsp', 'tspeuclidean', 'connectedcomponents', 'strongcomponents', 'biconnectedcomponents', 'articulationpoints', 'bridges', 'maxflow',
  'kruskal', 'prim', 'edmondskarp', 'pushrelabel', 'boykovkolmogorov', 'contraction',
];
const routingTwice = ['trsp', 'turnrestrictedpath', 'withpoints', 'withpointscost', 'withpointsdd', 'withpointsksp'];

/** With their schema where the name says too little; without it elsewhere, as extensions let people choose it. */
const functions: SinkFunctions = new Map<string, SinkFunction>([
  ['query_to_xml', query], ['query_to_xmlschema', query], ['query_to_xml_and_xmlschema', query], ['ts_stat', query],
  ['connectby', ofConnectby], ['xpath_table', { kind: 'query', argument: 0, part: true, also: [{ argument: 1 }, { argument: 2 }, { argument: 4 }] }],
  ...routing.map((name): [string, SinkFunction] => [`pgr_${name}`, { kind: 'query', argument: 0 }]),
  ...routingTwice.map((name): [string, SinkFunction] => [`pgr_${name}`, { kind: 'query', argument: 0, also: [{ argument: 1 }] }]),
  ['query_export_to_s3', { kind: 'query', argument: 0, named: 'query' }],
  ['ts_rewrite', { kind: 'query', argument: 1, only: 2 }], ['crosstab', { kind: 'query', argument: 0, also: [{ argument: 1 }] }], ['crosstab2', query], ['crosstab3', query], ['crosstab4', query],
  ['dblink', remote], ['dblink_exec', remote], ['dblink_open', remote], ['dblink_send_query', remote],
  ['pg_background_launch', { kind: 'remote', argument: 0 }], ['pg_background_launch_v2', { kind: 'remote', argument: 0 }], ['pg_background_submit_v2', { kind: 'remote', argument: 0 }],
  ['run_command_on_workers', { kind: 'remote', argument: 0 }], ['run_command_on_all_nodes', { kind: 'remote', argument: 0 }],
  ['run_command_on_coordinator', { kind: 'remote', argument: 0 }],
  ['run_command_on_shards', { kind: 'remote', argument: 1 }], ['run_command_on_placements', { kind: 'remote', argument: 1 }],
  ['run_command_on_colocated_placements', { kind: 'remote', argument: 2 }],
  ['citus_run_local_command', { kind: 'remote', argument: 0 }], ['distributed_exec', { kind: 'remote', argument: 0, named: 'query' }],
  ['replicate_ddl_command', { kind: 'remote', argument: 0, named: 'command' }], ['bdr_replicate_ddl_command', { kind: 'remote', argument: 0 }], ['spock.replicate_ddl', { kind: 'remote', argument: 0, named: 'command' }],
  ['create_immv', { kind: 'query', argument: 1 }], ['dbms_sql.parse', { kind: 'query', argument: 1, named: 'stmt' }],
  ['cron.schedule', { kind: 'cron', argument: -1, named: 'command' }],
  ['cron.schedule_in_database', { kind: 'cron', argument: 2, named: 'command' }],
  ['cron.alter_job', { kind: 'cron', argument: 2, named: 'command' }],
  ['timetable.add_job', { kind: 'cron', argument: 2, named: 'job_command' }],
]);

/** Whether a text can have sinks other than EXECUTE at all. */
export const mayCallSink = new RegExp(`\\b(?:${[...functions.keys()].join('|').replaceAll('.', '\\s*\\.\\s*')})\\s*\\(`, 'i');
