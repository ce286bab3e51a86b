import type { Document, FileSet, SetFile } from '../../document.ts';
import { splitStatements } from '../../syntax/sql/statements.ts';
import type { SqlFile } from '../../syntax/sql/statements.ts';
import { stepsOf } from './file-steps.ts';
import { History } from './history.ts';
import type { Applied } from './history.ts';
import { Replay } from './replay.ts';
import type { State } from './replay-state.ts';
import type { Schema } from '../schema.ts';
import { ReplayedSchema } from './schema-view.ts';
import { mendingPart, targetsOf } from './softening.ts';
import { mentionsOf } from './touched.ts';
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

/** Does what takes longest about a file of a set, so that it can be done file by file before the set is asked for. */
export function prepareFile(file: SetFile): void {
  stepsOf(fileOf(file));
}

const files = new WeakMap<SetFile, SqlFile>();

export function fileOf(file: SetFile): SqlFile {
  let read = files.get(file);
  if (!read) files.set(file, read = withoutSwallowing(splitStatements(file.text)));
  return read;
}

function alone(path: string, file: SqlFile, version: number): Schema {
  const replay = new Replay(version);
  const steps = stepsOf(file);
  replay.file(path, steps);
  return new ReplayedSchema(replay.state, [{ path, steps }]);
}

const folded = new WeakMap<FileSet, Map<number, Schema>>();

function inOrder(set: FileSet, version: number): Schema {
  let known = folded.get(set);
  if (!known) folded.set(set, known = new Map());
  let schema = known.get(version);
  if (!schema) known.set(version, schema = fold(set, version));
  return schema;
}

function fold(set: FileSet, version: number): Schema {
  const files = appliedOf(set);
  return new ReplayedSchema(historyOf(set, version).after(files), files);
}

function appliedOf({ files }: FileSet): readonly Applied[] {
  return files.map((file) => ({ path: file.path, steps: stepsOf(fileOf(file)) }));
}

const histories = new WeakMap<SetFile, Map<string, History>>();

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
  const own = { path, steps: stepsOf(file) };
  const together = togetherOf(set, version);
  const replay = new Replay(version);
  replay.file(path, own.steps);
  const others = together.about(mentionsOf(own.steps).names).filter((other) => other.path !== path);
  for (const other of others) replay.soften(other.path, other.steps);
  return new ReplayedSchema(replay.state, [own, ...others], together.state);
}

/** What files without an order say together. */
interface Together {
  /** What they create. */
  readonly state: State;
  /** Those that change objects of these names, or objects that they do not name. */
  about(names: ReadonlySet<string>): readonly Applied[];
}

const together = new WeakMap<FileSet, Map<number, Together>>();

function togetherOf(set: FileSet, version: number): Together {
  let known = together.get(set);
  if (!known) together.set(set, known = new Map());
  let one = known.get(version);
  if (!one) known.set(version, one = readTogether(set, version));
  return one;
}

function readTogether(set: FileSet, version: number): Together {
  const files = appliedOf(set);
  const byName = new Map<string, Set<number>>();
  const unnamed = new Set<number>();
  for (const [i, { steps }] of files.entries()) {
    if (steps.some(({ each }) => each)) unnamed.add(i);
    for (const effect of steps.flatMap((step) => step.effects)) {
      const targets = mendingPart(effect) ? targetsOf(effect) : [];
      if (!targets) unnamed.add(i);
      for (const name of targets ?? []) {
        const known = byName.get(name);
        if (known) known.add(i);
        else byName.set(name, new Set([i]));
      }
    }
  }
  const about = (names: ReadonlySet<string>): readonly Applied[] => {
    const found = new Set([...unnamed, ...[...names].flatMap((name) => [...byName.get(name) ?? []])]);
    return [...found].sort((a, b) => a - b).map((i) => files[i]!);
  };
  return { state: historyOf(set, version).after(files), about };
}
