import { Lru } from '../../syntax/sql/lru.ts';
import type { StatementText } from '../../syntax/sql/statements.ts';
import type { Judgement, Passed, Summaries } from './judgement.ts';
import { quoted } from './judgement.ts';
import type { KnownTypes, TypeNews } from './known-types.ts';
import { knownTypesOf, readTypeNews } from './known-types.ts';
import type { SinkFunctions } from './sinks.ts';
import type { Summary } from './summaries.ts';
import { createdFunction, readSummary, summariesOf } from './summaries.ts';

/** What the statements of the workspace tell to each other. */
export interface Known {
  readonly routines: Summaries;
  readonly types: KnownTypes;
  /** The routines that run what they are given. */
  readonly wrappers: SinkFunctions;
}

/** The same object while the statements tell the same, so that what was made of it can be kept. `called`: the functions that matter. */
export function readKnown(statements: readonly StatementText[], called: ReadonlySet<string>, wrappers: SinkFunctions, trusted: readonly string[]): Known {
  const news = statements.flatMap((written) => {
    const name = createdFunction(written);
    return (name === undefined || called.has(name) ? newsOf(written) : undefined) ?? [];
  });
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
}

const mostRecent = 8;
const recent: { readonly news: readonly News[]; readonly given: string; readonly known: Known }[] = [];
const newsByText = new WeakMap<StatementText, News | null>();
const newsByContent = new Lru<News>(20_000, 4_000_000);

function newsOf(written: StatementText): News | undefined {
  let news = newsByText.get(written);
  if (news === undefined) newsByText.set(written, (news = readNews(written) ?? null));
  return news ?? undefined;
}

function readNews(written: StatementText): News | undefined {
  const summary = readSummary(written);
  const types = readTypeNews(written);
  if (summary === undefined && types === undefined) return undefined;
  return newsByContent.get(JSON.stringify([summary, types]), () => ({ summary, types }));
}

function knownOf(news: readonly News[], wrappers: SinkFunctions, trusted: readonly string[]): Known {
  const summaries = summariesOf(news.flatMap(({ summary }) => summary ?? []));
  const routines = new Map<string, Judgement | Passed>([...summaries, ...trusted.map((name): [string, Judgement] => [name.toLowerCase(), quoted])]);
  return { routines, types: knownTypesOf(news.flatMap(({ types }) => types ?? [])), wrappers };
}
