import type { Document, FileSet, SetFile } from '../../document.ts';
import { compact } from '../compact.ts';
import { Cursor } from './cursor.ts';
import type { CreatedText } from './created-text.ts';
import { createdText } from './created-text.ts';
import { fileOf } from '../replay/read-schema.ts';
import type { SqlFacts } from '../sql.ts';
import type { SqlCommand } from './sql-commands.ts';
import type { Creator } from '../schema.ts';
import { openTo } from './search-path.ts';
import { groupsBy } from '../hba/words.ts';
import { Notes } from '../../notes.ts';

/** A command that takes over an object that may be there already, whoever made it. */
export interface Takeover {
  readonly command: SqlCommand;
  readonly created: CreatedText;
}

/** CREATE OR REPLACE and IF NOT EXISTS of what the file has not made itself before, outside of schemas that it has made. */
export function* takeovers(commands: readonly SqlCommand[]): Iterable<Takeover> {
  const own = new Set<string>();
  const ownSchemas = new Set<string>();
  for (const command of commands) {
    if (command.inside === 'routine') continue;
    dropped(command, own);
    const created = createdText(command.written);
    if (!created) continue;
    const safe = own.has(created.key) || (created.schema !== undefined && ownSchemas.has(created.schema));
    if (created.replace || created.ifNotExists) {
      if (!safe) yield { command, created };
      continue;
    }
    own.add(created.key);
    if (created.kind === 'schema') ownSchemas.add(created.name.parts[0]!.name);
  }
}

/** DROP in front of CREATE: what is there afterwards is new. The name is enough; a type more or less makes another object. */
function dropped({ written }: SqlCommand, own: Set<string>): void {
  if (!written.head.startsWith('DROP SCHEMA')) return;
  const cursor = Cursor.over(written);
  cursor.take('DROP', 'SCHEMA');
  cursor.take('IF', 'EXISTS');
  const name = cursor.part();
  if (name) own.add(`schema ${name.name}`);
}

export interface SharedTakeover extends Takeover {
  readonly schema: string;
  readonly by: Creator | undefined;
}

/** One by one as long as there are few in a schema, else all of them together. */
export function groupsOf(takeovers: readonly SharedTakeover[]): readonly (readonly SharedTakeover[])[] {
  return [...groupsBy(takeovers, ({ schema }) => schema)].flatMap((group) => (group.length > mostApart ? [group] : group.map((one) => [one])));
}

const mostApart = 5;

/** Those in a schema in which everybody may create objects, for all that is known. `by`: the GRANT; undefined: it is so by default. */
export function* sharedTakeovers(facts: SqlFacts): Iterable<SharedTakeover> {
  const { document, schema } = facts;
  for (const takeover of takeovers(facts.commands)) {
    const home = takeover.created.schema ?? homeOf(facts, takeover) ?? 'public';
    const open = withoutSchema.has(takeover.created.kind) ? undefined : openTo(schema, home, document.version);
    if (open === undefined || madeBefore(document, takeover.created.key)) continue;
    yield { ...takeover, schema: home, by: open === 'public' ? undefined : open };
  }
}

/** An index that is there already belongs to a table: nobody's code runs by it. */
const withoutSchema = new Set(['index', 'schema', 'server', 'language', 'transform', 'user mapping']);

/** Where an unqualified name leads, as far as the files set the path. */
function homeOf({ objects }: SqlFacts, { command, created }: Takeover): string | undefined {
  const { start } = command.inFile(created.name);
  return [...objects.relations, ...objects.routines].find(({ place }) => place.at.start === start)?.schema;
}

/** An earlier file of the set makes it, so it belongs to whoever runs them. */
function madeBefore({ set, path }: Document, key: string): boolean {
  if (!set?.ordered) return false;
  const first = firstMaker(set, path).get(key);
  return first !== undefined && first < set.files.findIndex((file) => file.path === path);
}

const makers = new Notes<FileSet, ReadonlyMap<string, number>>();

/** The number of the file that makes an object first. `path`: the file that is looked at. */
function firstMaker(set: FileSet, path: string): ReadonlyMap<string, number> {
  let known = makers.get(set);
  if (known) return known;
  const first = new Map<string, number>();
  set.files.forEach((file, number) => {
    for (const key of madeIn(file, file.path === path)) if (!first.has(key)) first.set(key, number);
  });
  makers.set(set, (known = first));
  return known;
}

/** The statements of ten thousand files take too much memory to be kept, and too much time to be read after every edit. */
const made = new Notes<SetFile, readonly string[]>();

/** The keys of what a file makes. */
function madeIn(file: SetFile, isLookedAt: boolean): readonly string[] {
  let keys = made.get(file);
  if (keys === undefined) {
    const read = fileOf(file);
    keys = compact(read.statements.flatMap(({ written }) => createdText(written)?.key ?? []));
    made.set(file, keys);
    if (!isLookedAt) read.release();
  }
  return keys;
}
