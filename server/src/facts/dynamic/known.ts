import { remembered } from '../remembered.ts';
import { Lru } from '../../syntax/sql/lru.ts';
import type { StatementText } from '../../syntax/sql/statements.ts';
import type { Judgement, Summaries } from './judgement.ts';
import { quoted, together } from './judgement.ts';
import type { Check } from './idle-checks.ts';
import { idleFunctions, readCheck, refusalsOf } from './idle-checks.ts';
import type { TypeNews } from './known-types.ts';
import { knownTypesOf, readTypeNews } from './known-types.ts';
import type { Explained } from './scope.ts';
import type { SinkFunctions } from './sinks.ts';
import type { Summary } from './summaries.ts';
import { refusedAtExits } from './passed-exits.ts';
import { calledStatements, settle } from './chains.ts';
import { createdFunction, summariesOf } from './summaries.ts';
import type { ViewNews } from './view-columns.ts';
import { readView } from './view-columns.ts';

/** What the statements of the workspace tell to each other. */
export interface Known extends Explained {
  readonly routines: Summaries;
  /** The routines that run what they are given. */
  readonly wrappers: SinkFunctions;
}

/** The same object while the statements tell the same, so that what was made of it can be kept. `called`: the functions that matter. */
export function readKnown(statements: readonly StatementText[], called: ReadonlySet<string>, wrappers: SinkFunctions, trusted: readonly string[]): Known {
  const news = newsOf(statements, called, trustedOf(trusted));
  const given = JSON.stringify([[...wrappers], trusted]);
  const at = recent.findIndex((one) => one.given === given && one.news.length === news.length && one.news.every((item, index) => item === news[index]));
  const entry = at >= 0 ? recent.splice(at, 1)[0]! : { news, given, known: knownOf(news, wrappers, trusted) };
  recent.unshift(entry);
  recent.length = Math.min(recent.length, mostRecent);
  return entry.known;
}

/** One object for each content: equal news are identical. */
interface News {
  readonly summary: Summary | undefined;
  readonly types: TypeNews | undefined;
  readonly view: ViewNews | undefined;
  readonly check: Check | undefined;
}

const mostRecent = 8;
const recent: { readonly news: readonly News[]; readonly given: string; readonly known: Known }[] = [];
const newsByContent = new Lru<News>(20_000, 4_000_000);

function newsOf(statements: readonly StatementText[], called: ReadonlySet<string>, trusted: Summaries): readonly News[] {
  const created = new Map<string, StatementText[]>();
  const news: News[] = [];
  for (const written of statements) {
    const name = createdFunction(written);
    if (name === undefined) {
      news.push(...typesOf(written));
      continue;
    }
    const others = created.get(name);
    if (others) others.push(written);
    else created.set(name, [written]);
  }
  const creating = calledStatements(created, called);
  const checks = creating.map(checkOf);
  return [...news, ...[...settle(creating, trusted, raisingOf(checks)).values()].map(newsOfSummary), ...checks];
}

/** The functions that always raise, all of one name. */
function raisingOf(checks: readonly News[]): ReadonlySet<string> {
  const all = checks.flatMap(({ check }) => check ?? []);
  const others = new Set(all.flatMap(({ name, refusals }) => (refusals?.raises ? [] : [name])));
  return new Set(all.flatMap(({ name }) => (others.has(name) ? [] : [name])));
}

const newsOfSummary = remembered((summary: Summary) => newsWith({ summary }));
const checkOf = remembered((written: StatementText) => newsWith({ check: withExits(readCheck(written, createdFunction(written)!), written) }));

/** What its words do not tell, its checks may. */
function withExits(check: Check, written: StatementText): Check {
  const { refusals } = check;
  if (refusals === undefined || refusals.raises) return check;
  const more = refusedAtExits(written).filter(({ parameter }) => !refusals.refuses.some((one) => one.parameter === parameter));
  return more.length === 0 ? check : { ...check, refusals: { ...refusals, refuses: [...refusals.refuses, ...more] } };
}

const typesOf = remembered((written: StatementText): readonly News[] => {
  const types = readTypeNews(written);
  const view = readView(written);
  return [...(types ? [newsWith({ types })] : []), ...(view ? [newsWith({ view })] : [])];
});

function newsWith(one: Partial<News>): News {
  return newsByContent.get(JSON.stringify(one), () => ({ summary: undefined, types: undefined, view: undefined, check: undefined, ...one }));
}

function trustedOf(names: readonly string[]): Summaries {
  return new Map(names.map((name): [string, Judgement] => [name.toLowerCase(), quoted]));
}

function knownOf(news: readonly News[], wrappers: SinkFunctions, trusted: readonly string[]): Known {
  const summaries = news.flatMap(({ summary }) => summary ?? []);
  const routines = new Map([...summariesOf(summaries), ...trustedOf(trusted)]);
  const checks = news.flatMap(({ check }) => check ?? []);
  const idle = idleFunctions(checks);
  return { routines, types: knownTypesOf(news.flatMap(({ types }) => types ?? [])), idle, ...refusalsOf(checks, idle), onlyRead: onlyReading(summaries), views: viewsOf(news.flatMap(({ view }) => view ?? [])), wrappers };
}

/** The procedures that leave nothing in their arguments, whichever of one name is called. */
function onlyReading(summaries: readonly Summary[]): ReadonlySet<string> {
  const writing = new Set(summaries.flatMap(({ name, onlyReads }) => (onlyReads ? [] : [name])));
  return new Set(summaries.flatMap(({ name, onlyReads }) => (onlyReads && !writing.has(name) ? [name] : [])));
}

/** Of two views of one name nobody can tell which is read: a column is what it is in one of them, if all have it. */
function viewsOf(views: readonly ViewNews[]): Known['views'] {
  const known = new Map<string, ReadonlyMap<string, Judgement>>();
  for (const { name, columns } of views) {
    const before = known.get(name);
    const both = columns.flatMap(([column, judged]): [string, Judgement][] => {
      const other = before === undefined ? judged : before.get(column);
      return other === undefined ? [] : [[column, together([judged, other])]];
    });
    known.set(name, new Map(both));
  }
  return known;
}
