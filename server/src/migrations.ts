import type { FileSet, Layout, SetFile } from './document.ts';
import { extensions } from './layouts/extensions.ts';
import { flyway } from './layouts/flyway.ts';
import { graphile, migrationFolders } from './layouts/folders.ts';
import { type Claim, Found } from './layouts/found.ts';
import { below, globPattern } from './layouts/globs.ts';
import { liquibase } from './layouts/liquibase.ts';
import { drizzle, initScripts, numbered, pairs, versionFolders } from './layouts/numbered.ts';
import { byNumbers } from './layouts/order.ts';
import { sqitch } from './layouts/sqitch.ts';
import { supabase } from './layouts/supabase.ts';
import { isSetAside, isWayBack, isWholeSchema } from './layouts/way-back.ts';

/** SQL files that are applied to one database, before any of them is read. */
export interface SetPlan {
  /** Undefined: nothing tells in which order they run. */
  readonly layout: Layout | undefined;
  /** In the order in which they are applied, else by path. */
  readonly paths: readonly string[];
  /** The file in which the tool keeps the order: `sqitch.plan`, `meta/_journal.json`. */
  readonly list?: SetFile | undefined;
}

export interface Plan {
  readonly sets: readonly SetPlan[];
  /** The set that a file belongs to; undefined for the way back of a migration, for dumps of the whole schema, for what was put aside, and for what is no SQL. */
  of(path: string): SetPlan | undefined;
}

/** What the user says about the files of one database. */
export interface ConfiguredSet {
  /** Patterns, seen from the root or from the top of the disk, in the order in which their files are applied. */
  readonly files: readonly string[];
}

/** Patterns are one database; `{ files, database }` tells several apart. `wrong`: entries that are neither, by index. */
export function readConfiguredSets(given: unknown): { readonly sets: readonly ConfiguredSet[]; readonly wrong: readonly number[] } {
  const databases = new Map<string, string[]>();
  const wrong: number[] = [];
  for (const [index, entry] of (Array.isArray(given) ? given as unknown[] : [given]).entries()) {
    const { files, database = '' } = (typeof entry === 'object' && entry !== null ? entry : { files: entry }) as { files?: unknown; database?: unknown };
    const globs = (Array.isArray(files) ? files : [files]).filter((glob): glob is string => typeof glob === 'string' && glob !== '');
    if (globs.length === 0) wrong.push(index);
    else databases.set(String(database), [...databases.get(String(database)) ?? [], ...globs]);
  }
  return { sets: [...databases.values()].map((files) => ({ files })), wrong };
}

/** The files whose text decides about an order: `planSets` asks for no other. */
export function decidesOrder(path: string): boolean {
  return /(?:^|\/)(?:sqitch\.(?:plan|conf)|migration_lock\.toml|supabase\/config\.toml|meta\/_journal\.json|[^/]*changelog[^/]*\.(?:xml|ya?ml|json|sql)|[^/]*\.control)$/i.test(path);
}

/** Finds the sets that the files below `root` make up, by the layouts of known tools. `paths` holds the SQL files and those that decide about an order. */
export function planSets(root: string, paths: readonly string[], read: (path: string) => string | undefined, configured: readonly ConfiguredSet[] = []): Plan {
  const files = new Found([...paths].sort(), read);
  const sets: SetPlan[] = [];
  const homes = new Map<string, SetPlan | undefined>();
  for (const { layout, applied, alone = [], list } of [...claimsOf(root, files, configured)]) {
    const set: SetPlan = { layout, paths: applied, ...list && { list } };
    sets.push(set);
    for (const path of applied) if (!homes.has(path)) homes.set(path, set);
    for (const path of alone) if (!homes.has(path)) homes.set(path, undefined);
  }
  for (const path of files.sql) if (!homes.has(path) && (isWayBack(below(root, path)) || isWholeSchema(path) || isSetAside(below(root, path)))) homes.set(path, undefined);
  const rest: SetPlan = { layout: undefined, paths: files.sql.filter((path) => !homes.has(path) || (homes.get(path) !== undefined && !isSetAside(below(root, path)))) };
  const leftOver = files.sql.filter((path) => !homes.has(path));
  if (leftOver.length > 0) sets.push(rest);
  for (const path of leftOver) homes.set(path, rest);
  return { sets, of: (path) => homes.get(path) };
}

/** The set with the texts of its files, as far as they are there; undefined when that leaves a file whose neighbours nobody knows. */
export function fileSet({ layout, paths, list }: SetPlan, file: (path: string) => SetFile | undefined): FileSet | undefined {
  const files = paths.flatMap((path) => file(path) ?? []);
  return layout === undefined && files.length < 2 ? undefined : { files, ordered: layout !== undefined, layout, ...list && { list } };
}

function* claimsOf(root: string, files: Found, configured: readonly ConfiguredSet[]): Iterable<Claim> {
  for (const find of [configuredSets(root, configured), sqitch, supabase, graphile, migrationFolders, liquibase, flyway, extensions, initScripts, drizzle, pairs, versionFolders, numbered]) {
    for (const claim of find(files)) {
      if (claim.applied.length === 0) continue;
      files.claim(claim);
      yield claim;
    }
  }
}

function configuredSets(root: string, configured: readonly ConfiguredSet[]) {
  return function* (files: Found): Iterable<Claim> {
    for (const { files: globs } of configured) {
      const applied = new Set(globs.flatMap((glob) => {
        const pattern = globPattern(glob);
        return files.sql.filter((path) => pattern.test(below(root, path)) || pattern.test(path.replace(/^\//, ''))).sort(byNumbers);
      }));
      yield { layout: 'configured', applied: [...applied] };
    }
  };
}
