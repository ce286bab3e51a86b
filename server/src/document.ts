import type { Language } from './rules/rule.ts';

/** One text that is looked at. `path` uses `/`; it is only compared with other paths of the same scan. */
export interface Document {
  readonly path: string;
  /** What lies above this folder says nothing of the file: `test` in the name of a home is no test. */
  readonly top?: string;
  readonly text: string;
  readonly language: Language;
  /** PostgreSQL major version that the text is for. */
  readonly version: number;
  /** What the project says about the server; absent: the path may tell. */
  readonly environment?: 'production' | 'development';
  /** The texts beside it, read before the look begins, so that looking needs no waiting. */
  readonly files: Files;
  /** The user or the language says that nothing but PostgreSQL reads it. */
  readonly surelyPostgres?: boolean;
  /** The SQL files that make up the same database, this one among them with the same text; absent: it stands alone. */
  readonly set?: FileSet;
}

/** The document with another text, in its set as well. */
export function withText(document: Document, text: string): Document {
  const { set, path } = document;
  if (set === undefined) return { ...document, text };
  return { ...document, text, set: { ...set, files: set.files.map((file) => (file.path === path ? { path, text } : file)) } };
}

/** SQL files that are applied to one database. */
export interface FileSet {
  /** In the order in which they are applied when `ordered`, else by path. */
  readonly files: readonly SetFile[];
  readonly ordered: boolean;
  /** How the files are named and kept; undefined when nothing tells their order. */
  readonly layout?: Layout | undefined;
  /** The file in which the tool keeps the order: `sqitch.plan`, `meta/_journal.json`. */
  readonly list?: SetFile | undefined;
}

/** What a set of SQL files is to the tool that applies it. */
export type Layout =
  | 'flyway' | 'supabase' | 'prisma' | 'sqitch' | 'graphile-migrate' | 'liquibase' | 'drizzle'
  /** A folder for each migration with `up.sql` and `down.sql`: Diesel, Hasura. */
  | 'up-folders'
  /** `000001_name.up.sql` beside `000001_name.down.sql`: golang-migrate and others. */
  | 'pairs'
  /** Numbers or timestamps in front of the names: dbmate, goose, sql-migrate, node-pg-migrate and others. */
  | 'numbered'
  /** Install and update scripts of an extension. */
  | 'extension'
  /** They run in order when a database is made, and are edited in place. */
  | 'scripts' | 'declarative'
  /** The user has said which files in which order. */
  | 'configured';

/** The same object for the same text, so that facts can be kept by it. */
export interface SetFile {
  readonly path: string;
  readonly text: string;
}

/** The other files that may explain a document: includes, neighbours of the same cluster. */
export interface Files {
  /** The text of the file, or undefined when there is none or it was not looked for. */
  read(path: string): string | undefined;
  /** Names (not paths) of the files in a folder, sorted as `strcmp` does; empty when there is none. */
  list(folder: string): readonly string[];
  /** True when the file was looked for inside the workspace and is surely not there; never for what lies outside of it. */
  missing(path: string): boolean;
}

export const noFiles: Files = { read: () => undefined, list: () => [], missing: () => false };

export const supportedVersions = [13, 14, 15, 16, 17, 18] as const;
export const newestVersion = 18;

/** What every syntax tree gives to suppression comments: where the comments are and which texts they can speak of. */
export interface Written {
  readonly comments: readonly import('./text.ts').Span[];
  /** Logical records, settings, statements and the statements inside routine bodies; outer before inner. */
  readonly units: readonly import('./text.ts').Span[];
}
