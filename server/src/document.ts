import type { Language } from './rules/rule.ts';

/** One text that is looked at. `path` uses `/`; it is only compared with other paths of the same scan. */
export interface Document {
  readonly path: string;
  readonly text: string;
  readonly language: Language;
  /** PostgreSQL major version that the text is for. */
  readonly version: number;
  /** The texts beside it, read before the look begins, so that looking needs no waiting. */
  readonly files: Files;
  /** The SQL files that make up the same database, this one among them; absent: it stands alone. */
  readonly set?: FileSet;
}

/** SQL files that are applied to one database. */
export interface FileSet {
  /** In the order in which they are applied when `ordered`, else by path. */
  readonly files: readonly SetFile[];
  readonly ordered: boolean;
}

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
