import type { FileSet, Layout, SetFile } from './document.ts';
import { baseName, folderOf, resolvePath } from './paths.ts';

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
  /** The set that a file belongs to; undefined for the way back of a migration, for dumps of the whole schema, and for what is no SQL. */
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
  for (const path of files.sql) if (!homes.has(path) && (isWayBack(path) || isWholeSchema(path))) homes.set(path, undefined);
  const rest: SetPlan = { layout: undefined, paths: files.sql.filter((path) => !homes.has(path) || homes.get(path) !== undefined) };
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

/** Files of one layout that were found together. */
interface Claim {
  readonly layout: Layout;
  readonly applied: readonly string[];
  /** They belong to the layout but do not run on the way to the newest state. */
  readonly alone?: readonly string[];
  readonly list?: SetFile;
}

/** The files below a root, less those that a layout has claimed. */
class Found {
  readonly sql: readonly string[];
  /** SQL files that no layout has claimed. */
  free: readonly string[];
  readonly read: (path: string) => string | undefined;
  readonly #paths: readonly string[];
  #inFolders: ReadonlyMap<string, readonly string[]> | undefined;

  constructor(paths: readonly string[], read: (path: string) => string | undefined) {
    this.#paths = paths;
    this.free = this.sql = paths.filter((path) => /\.(?:sql|psql|pgsql|plpgsql)$/i.test(path));
    this.read = read;
  }

  named(pattern: RegExp): string[] {
    return this.#paths.filter((path) => pattern.test(path));
  }

  /** The file itself, or the files of the folder. */
  at(path: string): readonly string[] {
    const inFolders = (this.#inFolders ??= groupBy(this.#paths, folderOf));
    return inFolders.get(folderOf(path))?.includes(path) ? [path] : inFolders.get(path) ?? [];
  }

  /** Unclaimed SQL files by folder. */
  folders(): Map<string, string[]> {
    return groupBy(this.free, folderOf);
  }

  claim({ applied, alone = [] }: Claim): void {
    const claimed = new Set([...applied, ...alone]);
    this.free = this.free.filter((path) => !claimed.has(path));
  }
}

function* claimsOf(root: string, files: Found, configured: readonly ConfiguredSet[]): Iterable<Claim> {
  for (const find of [configuredSets(root, configured), sqitch, supabase, graphile, migrationFolders, liquibase, flyway, extensions, initScripts, drizzle, pairs, numbered]) {
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

/** `deploy/` in the order of sqitch.plan. A change that was reworked keeps its older script as `name@tag.sql`. */
function* sqitch(files: Found): Iterable<Claim> {
  for (const plan of files.named(/(?:^|\/)sqitch\.plan$/)) {
    const folder = folderOf(plan);
    const top = /^\s*top_dir\s*=\s*(\S+)/m.exec(files.read(resolvePath(folder, 'sqitch.conf')) ?? '')?.[1] ?? '.';
    const home = resolvePath(folder, top);
    const own = new Set(files.free.filter((path) => /^(?:deploy|revert|verify)\//.test(below(home, path))));
    const script = (name: string) => resolvePath(home, `deploy/${name}.sql`);
    const text = files.read(plan) ?? '';
    const applied = plannedScripts(text, (name) => own.has(script(name))).map(script);
    yield { layout: 'sqitch', applied, alone: [...own].filter((path) => !applied.includes(path)), list: { path: plan, text } };
  }
}

/** The scripts of a plan that exist, without their suffix. */
function plannedScripts(plan: string, exists: (name: string) => boolean): string[] {
  const words = plan.split(/\r?\n/).map((line) => line.trim().split(/\s+/)[0]!).filter((word) => word !== '' && !/^[%#]/.test(word));
  return words.flatMap((name, index) => {
    if (name.startsWith('@')) return [];
    const again = words.indexOf(name, index + 1);
    const tags = again < 0 ? [] : words.slice(index, again).filter((word) => word.startsWith('@'));
    const script = [...tags.map((tag) => name + tag), name].find(exists);
    return script === undefined ? [] : [script];
  });
}

/** Migrations between the roles and the seeds; declarative schemas describe the same database once more. */
function* supabase(files: Found): Iterable<Claim> {
  const homes = new Set(files.free.flatMap((path) => /^(?:.*\/)?supabase(?=\/(?:migrations|schemas)\/)/.exec(path) ?? []));
  for (const home of homes) {
    const inside = files.free.filter((path) => path.startsWith(`${home}/`));
    const at = (pattern: RegExp) => inside.filter((path) => pattern.test(below(home, path)));
    const config = files.read(`${home}/config.toml`) ?? '';
    const seeds = listed(config, 'sql_paths', home, inside) ?? at(/^seed\.sql$/);
    yield { layout: 'supabase', applied: [...at(/^roles\.sql$/), ...at(/^migrations\/\d+_[^/]*\.sql$/), ...seeds], alone: at(/^(?:tests|snippets)\//) };
    yield { layout: 'declarative', applied: listed(config, 'schema_paths', home, inside) ?? at(/^schemas\//) };
  }
}

/** The files that a list of patterns in a TOML file names, in its order; undefined when the list is not there or empty. */
function listed(config: string, key: string, folder: string, paths: readonly string[]): string[] | undefined {
  const list = new RegExp(`^[ \\t]*${key}[ \\t]*=[ \\t]*\\[([^\\]]*)\\]`, 'm').exec(config)?.[1];
  const globs = [...(list ?? '').replace(/#.*/g, '').matchAll(/"([^"]*)"|'([^']*)'/g)].map(([, a, b]) => resolvePath('', (a ?? b)!));
  if (globs.length === 0) return undefined;
  return [...new Set(globs.flatMap((glob) => paths.filter((path) => globPattern(glob).test(below(folder, path)))))];
}

/** `committed/000001.sql`, then what is being worked on. */
function* graphile(files: Found): Iterable<Claim> {
  for (const [folder, committed] of files.folders()) {
    if (baseName(folder) !== 'committed' || !committed.some((path) => /^\d{6}(?:-[^/]*)?\.sql$/.test(baseName(path)))) continue;
    const home = folderOf(folder);
    const current = files.free.filter((path) => /^current(?:\.sql$|\/[^/]+\.sql$)/.test(below(home, path)));
    yield { layout: 'graphile-migrate', applied: [...committed, ...current], alone: files.free.filter((path) => /^fixtures\//.test(below(home, path))) };
  }
}

/** One folder for each migration: `20240102030405_name/migration.sql` (Prisma), `…/up.sql` and `…/down.sql` (Diesel, Hasura). */
function* migrationFolders(files: Found): Iterable<Claim> {
  const inDated = files.free.filter((path) => /(?:^|\/)\d[^/]*\/(?:migration|up|down)\.sql$/.test(path));
  for (const [home, own] of groupBy(inDated, (path) => folderOf(folderOf(path)))) {
    const provider = /^\s*provider\s*=\s*"(\w+)"/m.exec(files.read(resolvePath(home, 'migration_lock.toml')) ?? '')?.[1];
    const down = own.filter((path) => baseName(path) === 'down.sql');
    const there = own.filter((path) => baseName(path) !== 'down.sql');
    const prisma = there.some((path) => baseName(path) === 'migration.sql');
    const up = there.sort(prisma ? byFolder : byFolderVersion);
    if (provider !== undefined && !/^(?:postgresql|cockroachdb)$/.test(provider)) yield { layout: 'scripts', applied: up, alone: down };
    else yield { layout: prisma ? 'prisma' : 'up-folders', applied: up, alone: down };
  }
}

/** Prisma compares the whole names of the folders, as text. */
function byFolder(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Diesel compares what stands in front of the first underscore, without its hyphens, as text. */
function byFolderVersion(a: string, b: string): number {
  const version = (path: string): string => baseName(folderOf(path)).split('_')[0]!.replaceAll('-', '');
  return byFolder(version(a), version(b)) || byFolder(a, b);
}

/** What the changelogs include, in that order. Without one, formatted SQL runs in the order of its names. */
function* liquibase(files: Found): Iterable<Claim> {
  const logs = files.named(/changelog[^/]*\.(?:xml|ya?ml|json|sql)$/i);
  const included = new Map(logs.map((log) => [log, includes(log, files)]));
  const inner = new Set([...included.values()].flat());
  for (const log of logs.filter((path) => !inner.has(path))) {
    const free = new Set(files.free);
    const applied = unfold(log, included, new Set()).filter((path) => free.has(path));
    if (applied.length > 1 || (applied.length > 0 && applied[0] !== log)) yield { layout: 'liquibase', applied };
  }
  for (const [, own] of files.folders()) {
    const formatted = own.filter((path) => logs.includes(path) && formattedSql.test(files.read(path) ?? '')).sort(byNumbers);
    if (formatted.length > 0) yield { layout: 'liquibase', applied: formatted };
  }
}

const formattedSql = /^\s*--\s*liquibase\s+formatted\s+sql\b/im;

/** The files that a changelog names. A name is meant from the changelog's folder, or from some folder above it that the tool searches. */
function includes(log: string, files: Found): string[] {
  const text = files.read(log) ?? '';
  if (/\.sql$/i.test(log)) return [];
  const names = [...text.matchAll(/\b(file|path)["']?\s*[:=]\s*["']?([^"'\s>,}]+)/g)].map(([, , name]) => name!.replace(/^classpath:\/?/, ''));
  return names.flatMap((name) => {
    for (let folder = folderOf(log); ; folder = folderOf(folder)) {
      const found = files.at(resolvePath(folder, name));
      if (found.length > 0) return found.filter((path) => path !== log);
      if (folder === '' || folder === folderOf(folder)) return [];
    }
  });
}

function unfold(path: string, included: ReadonlyMap<string, readonly string[]>, seen: Set<string>): string[] {
  if (seen.has(path)) return [];
  seen.add(path);
  const inner = included.get(path) ?? [];
  return [...(/\.sql$/i.test(path) ? [path] : []), ...inner.flatMap((next) => unfold(next, included, seen))];
}

const flywayName = /^([VURB])(\d[\d._]*|)__[^/]*\.sql$/i;

/** Versioned migrations by version, then repeatable ones by description. A baseline stands for all versions up to its own. */
function* flyway(files: Found): Iterable<Claim> {
  const own = files.free.filter((path) => flywayName.test(baseName(path)) || /^(?:before|after)Migrate(?:__[^/]*)?\.sql$/.test(baseName(path)));
  const folders = [...new Set(own.map(folderOf))];
  for (const inside of together([...groupBy(own, (path) => locationOf(folderOf(path), folders))])) {
    const kind = (letter: string) => inside.filter((path) => flywayName.exec(baseName(path))?.[1]!.toUpperCase() === letter);
    const byVersion = (a: string, b: string) => compareVersions(versionIn(a), versionIn(b)) || byNumbers(a, b);
    const baseline = kind('B').sort(byVersion).at(-1);
    const later = kind('V').sort(byVersion).filter((path) => baseline === undefined || compareVersions(versionIn(path), versionIn(baseline)) > 0);
    const hook = (when: string) => inside.filter((path) => baseName(path).startsWith(`${when}Migrate`));
    const repeatable = kind('R').sort((a, b) => (baseName(a) < baseName(b) ? -1 : 1));
    const applied = [...hook('before'), ...(baseline === undefined ? [] : [baseline]), ...later, ...repeatable, ...hook('after')];
    yield { layout: 'flyway', applied, alone: inside.filter((path) => !applied.includes(path)) };
  }
}

/** What is there for PostgreSQL alone runs with the rest of its resources, where no version stands in both. */
function together(locations: readonly (readonly [string, readonly string[]])[]): readonly (readonly string[])[] {
  const versions = (paths: readonly string[]): readonly string[] => paths.map(versionIn).filter((version) => version !== '');
  const rootOf = (folder: string): string | undefined => /^.*\/resources(?=\/)/.exec(folder)?.[0];
  const merged = new Map(locations);
  for (const [folder, paths] of locations) {
    if (!/\/postgres(?:ql)?(?:\/|$)/i.test(folder) || rootOf(folder) === undefined) continue;
    const others = locations.filter(([other, own]) => other !== folder && rootOf(other) === rootOf(folder) && versions(own).length > 0);
    const [general] = others.filter(([other]) => !vendorFolder.test(other));
    if (!general || others.filter(([other]) => !vendorFolder.test(other)).length > 1 || versions(general[1]).some((version) => versions(paths).includes(version))) continue;
    merged.delete(folder);
    merged.set(general[0], [...merged.get(general[0])!, ...paths]);
  }
  return [...merged.values()];
}

const vendorFolder = /\/(?:postgres(?:ql)?|pg|h2|mysql|mariadb|oracle|sqlserver|mssql|sqlite|cockroach(?:db)?|db2|hsqldb)(?=\/|$)/i;

/** Folders below a location belong to it, except when they are named after a database system. */
function locationOf(folder: string, folders: readonly string[]): string {
  const inside = /^(?:.*\/)?db\/migrations?(?=\/|$)/.exec(folder)?.[0];
  const vendor = inside === undefined ? undefined : new RegExp(`^${vendorFolder.source}`, 'i').exec(folder.slice(inside.length))?.[0];
  if (inside !== undefined) return inside + (vendor ?? '');
  return folders.find((other) => folder.startsWith(`${other}/`)) ?? folder;
}

function versionIn(path: string): string {
  return flywayName.exec(baseName(path))?.[2] ?? '';
}

/** `name--1.0.sql` installs an extension, `name--1.0--1.1.sql` updates it: a set is one script that installs and the way to the newest version. */
function* extensions(files: Found): Iterable<Claim> {
  const scripts = files.free.filter((path) => extensionName.test(baseName(path)));
  for (const [key, own] of groupBy(scripts, (path) => resolvePath(folderOf(path), extensionName.exec(baseName(path))![1]!))) {
    const steps = own.map((path) => { const [, , from, to] = extensionName.exec(baseName(path))!; return { path, from: from!, to }; });
    const wanted = /^\s*default_version\s*=\s*'([^']+)'/m.exec(files.read(`${key}.control`) ?? '')?.[1];
    const ways = steps.filter(({ to }) => to === undefined).map(({ path, from }) => [path, ...wayTo(from, wanted, steps)]);
    const updates = steps.filter(({ to }) => to !== undefined).sort((a, b) => compareVersions(a.from, b.from)).map(({ path }) => path);
    ways.sort((a, b) => b.length - a.length);
    if (ways.length === 0) yield { layout: 'extension', applied: updates };
    for (const applied of ways) yield { layout: 'extension', applied, alone: updates };
  }
}

const extensionName = /^(.+?)--([^-].*?)(?:--(.+?))?\.sql$/;

/** The updates from a version to the wanted one, else to the newest that can be reached, in the longest steps that PostgreSQL would take: the fewest. */
function wayTo(from: string, wanted: string | undefined, steps: readonly { readonly path: string; readonly from: string; readonly to: string | undefined }[]): string[] {
  const ways = new Map<string, readonly string[]>([[from, []]]);
  for (const [version, way] of ways) {
    for (const step of steps) if (step.from === version && step.to !== undefined && !ways.has(step.to)) ways.set(step.to, [...way, step.path]);
  }
  const newest = [...ways.keys()].sort(compareVersions).at(-1)!;
  return [...ways.get(wanted ?? newest) ?? ways.get(newest)!];
}

/** The container images of PostgreSQL run these in the order of their names when the database is empty. */
function* initScripts(files: Found): Iterable<Claim> {
  for (const [folder, own] of files.folders()) {
    if (/^docker-entrypoint-initdb(?:\.d)?$|^initdb(?:\.d)?$/.test(baseName(folder))) yield { layout: 'scripts', applied: own };
  }
}

/** Drizzle's own list says which files it applies. */
function* drizzle(files: Found): Iterable<Claim> {
  for (const journal of files.named(/(?:^|\/)meta\/_journal\.json$/)) {
    const home = folderOf(folderOf(journal));
    const own = files.free.filter((path) => folderOf(path) === home);
    const text = files.read(journal) ?? '';
    const tags = [...text.matchAll(/"tag"\s*:\s*"([^"]+)"/g)].map(([, tag]) => resolvePath(home, `${tag}.sql`));
    yield { layout: 'drizzle', applied: tags.length > 0 ? tags.filter((path) => own.includes(path)) : own.sort(byNumbers), list: { path: journal, text } };
  }
}

/** `000001_name.up.sql` and `000001_name.down.sql`. Folders with nothing but a number as their name follow one another. */
function* pairs(files: Found): Iterable<Claim> {
  const all = files.free.filter((path) => isWayThere(path) || isWayBack(path));
  for (const [, own] of groupBy(all, (path) => homeOf(folderOf(path)))) {
    const up = own.filter(isWayThere);
    const applied = forPostgres(up).sort(byNumbers);
    yield { layout: 'pairs', applied, alone: up.length > 0 ? own.filter((path) => !applied.includes(path)) : [] };
  }
}

function isWayThere(path: string): boolean {
  return /[._-]up\.sql$/i.test(path);
}

function homeOf(folder: string): string {
  return /^\d+$/.test(baseName(folder)) ? folderOf(folder) : folder;
}

/** Of `1_name.mysql.up.sql`, `1_name.postgres.up.sql` and `1_name.up.sql` the tool takes the one for the system, else the one for all. */
function forPostgres(paths: readonly string[]): string[] {
  const systemOf = (path: string): string | undefined => systemName.exec(baseName(path))?.[1]!.toLowerCase();
  const own = new Set(paths.filter((path) => systemOf(path)?.startsWith('postgres')).map((path) => path.replace(systemName, '.')));
  return paths.filter((path) => (systemOf(path) === undefined ? !own.has(path) : systemOf(path)!.startsWith('postgres')));
}

const systemName = /\.(postgres(?:ql)?|cockroach(?:db)?|mysql|mariadb|sqlite3?|mssql|sqlserver|oracle)\.(?=[^/]*up\.sql$)/i;

const numberedName = /^[vV]?\d+(?:[._]\d+)*(?:[_\-. ][^/]*)?\.\w+$/;

/** Numbers or timestamps in front of the names of one folder. A single such file is no order, except in a folder of migrations. */
function* numbered(files: Found): Iterable<Claim> {
  for (const [folder, all] of files.folders()) {
    const own = all.filter((path) => numberedName.test(baseName(path)));
    const applied = own.filter((path) => !isWayBack(path)).sort((a, b) => compareVersions(numberOf(a), numberOf(b)) || byNumbers(a, b));
    const migrates = isMigrationFolder(folder) || (own.length > 1 && own.every((path) => /^\d{8}/.test(baseName(path))));
    if (applied.length > 1 || migrates) yield { layout: migrates ? 'numbered' : 'scripts', applied, alone: own.filter(isWayBack) };
  }
}

function numberOf(path: string): string {
  return /^[vV]?(\d+(?:\.\d+)*)/.exec(baseName(path))?.[1] ?? '';
}

function isMigrationFolder(folder: string): boolean {
  return folder.split('/').slice(-3).some((name) => /migrat|^(?:changes?|changesets?|versions|deltas?|upgrades?|updates|patches)$/i.test(name));
}

/** What takes a migration back does not run after it. */
function isWayBack(path: string): boolean {
  return /(?:^|[._-])(?:down|undo|rollback|revert)\.sql$|(?:^|\/)(?:down|rollbacks?|revert|undo)\//i.test(path);
}

/** The whole schema once more, as a tool dumps it: Rails' db/structure.sql, dbmate's db/schema.sql. */
function isWholeSchema(path: string): boolean {
  return /(?:^|\/)db\/(?:\w*structure|schema)\.sql$/.test(path);
}

/** Numbers in paths count as numbers. */
function byNumbers(a: string, b: string): number {
  return compareVersions(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}

/** `1.10` after `1.9`, `2` like `2.0`, letters by their code. */
export function compareVersions(a: string, b: string): number {
  const left = a.match(/\d+|[^\d._-]+/g) ?? [];
  const right = b.match(/\d+|[^\d._-]+/g) ?? [];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const order = comparePart(left[i] ?? '0', right[i] ?? '0');
    if (order !== 0) return order;
  }
  return 0;
}

function comparePart(a: string, b: string): number {
  const numbers = /^\d/.test(a) && /^\d/.test(b);
  const [x, y] = numbers ? [a.replace(/^0+(?=\d)/, ''), b.replace(/^0+(?=\d)/, '')] : [a, b];
  if (numbers && x.length !== y.length) return x.length - y.length;
  return x < y ? -1 : x > y ? 1 : 0;
}

/** `**`, `*`, `?` and `{a,b}` as editors write them; a pattern without a slash is a name in any folder. */
export function globPattern(glob: string): RegExp {
  const own = glob.replace(/^\.?\//, '');
  const source = own.replace(/\*\*\/|\*\*|[*?{},]|[\\^$+.()|[\]]/g, (sign) => globSigns[sign] ?? `\\${sign}`);
  return new RegExp(`^${own.includes('/') ? '' : '(?:.*/)?'}${source}$`);
}

const globSigns: Readonly<Record<string, string>> = { '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*', '?': '[^/]', '{': '(?:', '}': ')', ',': '|' };

function below(folder: string, path: string): string {
  if (folder === '') return path;
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : folder === '/' ? path.slice(1) : '';
}

function groupBy(paths: readonly string[], key: (path: string) => string): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const path of paths) {
    const name = key(path);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [path]);
    else group.push(path);
  }
  return groups;
}
