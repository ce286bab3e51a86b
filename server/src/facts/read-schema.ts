import type { Document, FileSet, SetFile } from '../document.ts';
import { splitStatements } from '../syntax/sql/statements.ts';
import type { SqlFile } from '../syntax/sql/statements.ts';
import { stepsOf } from './file-steps.ts';
import { Replay } from './replay.ts';
import type { Schema } from './schema.ts';
import { ReplayedSchema } from './schema-view.ts';
import { withoutSwallowing } from './unfinished.ts';

/** What the files of a document's set leave behind, or the document alone. */
export function readSchema(document: Document, file: SqlFile): Schema {
  const { set, version, path } = document;
  if (!set) return alone(path, file, version);
  return set.ordered ? inOrder(set, version) : softened(document, file, set);
}

/** The statements of a document; shared with its set, which holds the same text. */
export function readFile({ path, text, set }: Document): SqlFile {
  const own = set?.files.find((file) => file.path === path);
  return own?.text === text ? fileOf(own) : withoutSwallowing(splitStatements(text));
}

const files = new WeakMap<SetFile, SqlFile>();

function fileOf(file: SetFile): SqlFile {
  let read = files.get(file);
  if (!read) files.set(file, read = withoutSwallowing(splitStatements(file.text)));
  return read;
}

function alone(path: string, file: SqlFile, version: number): Schema {
  const replay = new Replay(version);
  replay.file(path, stepsOf(file));
  return new ReplayedSchema(replay, [path]);
}

const folded = new WeakMap<FileSet, Map<number, Schema>>();

function inOrder(set: FileSet, version: number): Schema {
  let known = folded.get(set);
  if (!known) folded.set(set, known = new Map());
  let schema = known.get(version);
  if (!schema) {
    const replay = new Replay(version);
    for (const file of set.files) replay.file(file.path, stepsOf(fileOf(file)));
    known.set(version, schema = new ReplayedSchema(replay, set.files.map(({ path }) => path)));
  }
  return schema;
}

function softened({ path, version }: Document, file: SqlFile, set: FileSet): Schema {
  const replay = new Replay(version);
  replay.file(path, stepsOf(file));
  const others = set.files.filter((other) => other.path !== path);
  for (const other of others) replay.soften(other.path, stepsOf(fileOf(other)));
  return new ReplayedSchema(replay, [path, ...others.map((other) => other.path)]);
}
