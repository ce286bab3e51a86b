import type { Document, FileSet, SetFile } from '../../document.ts';
import { splitStatements } from '../../syntax/sql/statements.ts';
import type { SqlFile } from '../../syntax/sql/statements.ts';
import { possibleSteps, stepsOf } from './file-steps.ts';
import type { Step } from './file-steps.ts';
import { ended, History } from './history.ts';
import type { Applied } from './history.ts';
import { Replay } from './replay.ts';
import type { State } from './replay-state.ts';
import type { Schema } from '../schema.ts';
import { ReplayedSchema } from './schema-view.ts';
import { mendingPart, targetsOf } from './softening.ts';
import { mentionsOf } from './touched.ts';
import { withoutSwallowing } from './unfinished.ts';
import { Notes } from '../../notes.ts';

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

/** Lets go of what was found out about the statements of a document in a set; the set keeps the file as long as it lives. */
export function release({ path, text, set }: Document): void {
  const own = set?.files.find((file) => file.path === path);
  if (own?.text === text) files.get(own)?.release();
}

/** Does what takes longest about a set, with a pause after each file, so that it can be done before the set is asked about. */
export function* prepareSet(set: FileSet, version: number): Generator<unknown> {
  for (const file of set.files) {
    if (files.has(file)) continue;
    fileOf(file);
    yield;
  }
  yield* replayed(set, version);
}

const files = new Notes<SetFile, SqlFile>();

export function fileOf(file: SetFile): SqlFile {
  let read = files.get(file);
  if (!read) files.set(file, read = withoutSwallowing(splitStatements(file.text)));
  return read;
}

function alone(path: string, file: SqlFile, version: number): Schema {
  const replay = new Replay(version);
  replay.file(path, stepsOf(file));
  return new ReplayedSchema(replay.state, [{ path, file }]);
}

const folded = new Notes<FileSet, Map<number, Schema>>();

function inOrder(set: FileSet, version: number): Schema {
  let known = folded.get(set);
  if (!known) folded.set(set, known = new Map());
  let schema = known.get(version);
  if (!schema) known.set(version, schema = fold(set, version));
  return schema;
}

function fold(set: FileSet, version: number): Schema {
  return new ReplayedSchema(ended(replayed(set, version)), appliedOf(set));
}

function* replayed(set: FileSet, version: number): Generator<unknown, State> {
  const running = historyOf(set, version).run(appliedOf(set));
  for (;;) {
    const { done, value } = running.next();
    if (done) return value;
    // Nobody has its steps at hand later.
    if (!set.ordered) mendedBy(value.file);
    yield;
  }
}

function appliedOf({ files }: FileSet): readonly Applied[] {
  return files.map((file) => ({ path: file.path, file: fileOf(file) }));
}

const histories = new Notes<SetFile, Map<string, History>>();

/** What a set did the last time, known by its first and its last file: an edit leaves one of them as it is. */
function historyOf({ files, ordered }: FileSet, version: number): History {
  const kind = `${version} ${ordered}`;
  const ends = [files[0], files.at(-1)].filter((file) => file !== undefined);
  const history = ends.map((file) => histories.get(file)?.get(kind)).find((found) => found !== undefined) ?? new History(version, ordered);
  for (const file of ends) histories.set(file, new Map(histories.get(file)).set(kind, history));
  return history;
}

/** The document's own file, and from the others what makes its objects safer. */
function softened({ path, version }: Document, file: SqlFile, set: FileSet): Schema {
  const together = togetherOf(set, version);
  const replay = new Replay(version);
  replay.file(path, stepsOf(file));
  const others = together.about(mentionsOf(file).names).filter((other) => other.path !== path);
  for (const other of others) replay.soften(other.path, stepsOf(other.file));
  return new ReplayedSchema(replay.state, [{ path, file }, ...others], together.state);
}

/** What files without an order say together. */
interface Together {
  /** What they create. */
  readonly state: State;
  /** Those that change objects of these names, or objects that they do not name. */
  about(names: ReadonlySet<string>): readonly Applied[];
}

const together = new Notes<FileSet, Map<number, Together>>();

function togetherOf(set: FileSet, version: number): Together {
  let known = together.get(set);
  if (!known) together.set(set, known = new Map());
  let one = known.get(version);
  if (!one) known.set(version, one = readTogether(set, version));
  return one;
}

function readTogether(set: FileSet, version: number): Together {
  const files = appliedOf(set);
  const state = ended(replayed(set, version));
  const byName = new Map<string, Set<number>>();
  const unnamed = new Set<number>();
  for (const [i, { file }] of files.entries()) {
    const names = mendedBy(file);
    if (!names) unnamed.add(i);
    for (const name of names ?? []) {
      const known = byName.get(name);
      if (known) known.add(i);
      else byName.set(name, new Set([i]));
    }
  }
  const about = (names: ReadonlySet<string>): readonly Applied[] => {
    const found = new Set([...unnamed, ...[...names].flatMap((name) => [...byName.get(name) ?? []])]);
    return [...found].sort((a, b) => a - b).map((i) => files[i]!);
  };
  return { state, about };
}

const mended = new Notes<SqlFile, ReadonlySet<string> | null>();

/** The names of what a file makes safer; null: it changes objects that it does not name. */
function mendedBy(file: SqlFile): ReadonlySet<string> | null {
  let names = mended.get(file);
  if (names === undefined) mended.set(file, names = readMended(possibleSteps(stepsOf(file))));
  return names;
}

function readMended(steps: readonly Step[]): ReadonlySet<string> | null {
  const names = new Set<string>();
  for (const { effects, each } of steps) {
    if (each) return null;
    for (const effect of effects) {
      const targets = mendingPart(effect) ? targetsOf(effect) : [];
      if (!targets) return null;
      for (const name of targets) names.add(name);
    }
  }
  return names;
}
