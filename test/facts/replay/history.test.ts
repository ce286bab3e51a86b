import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { History, type Applied } from '../../../server/src/facts/replay/history.ts';
import { Kept } from '../../../server/src/facts/replay/journal.ts';
import { Named } from '../../../server/src/facts/replay/named.ts';
import type { State } from '../../../server/src/facts/replay/replay-state.ts';
import { forgetStatements, splitStatements, type SqlFile } from '../../../server/src/syntax/sql/statements.ts';
import { loadPostgres } from '../../../server/src/syntax/sql/postgres.ts';
import { beginning, statements } from '../../oracle/schema-statements.ts';

beforeAll(() => loadPostgres());

describe('A set that was replayed before ends as one that was not', () => {
  for (const ordered of [true, false]) {
    test(`${ordered ? 'in order' : 'without an order'}, whatever is edited, added, removed or moved`, () => {
      fc.assert(fc.property(statements, statements, fc.nat({ max: 12 }), edits, (first, second, size, changes) => {
        let files = cut([...beginning, ...first, ...second], size + 1);
        const history = new History(18, ordered);
        history.after(files);
        for (const change of changes) {
          files = change(files);
          expect(contents(history.after(files))).toEqual(contents(new History(18, ordered).after(files)));
        }
      }), { numRuns: 60, seed: 20261125 });
    });
  }
});

describe('After an edit of the oldest file only those files run again that meet what it does', () => {
  const oldest = 'CREATE ROLE app; CREATE SCHEMA app; CREATE TABLE app.t0 (id serial);';
  const touch = 'CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;';
  const later = (n: number) => `BEGIN; CREATE TABLE app.t${n} (id serial, parent int); GRANT SELECT ON app.t${n} TO app; ALTER TABLE app.t${n} ENABLE ROW LEVEL SECURITY;
    CREATE VIEW app.v${n} AS SELECT * FROM app.t${n} JOIN app.t${n >> 1} USING (id); CREATE TRIGGER touch BEFORE UPDATE ON app.t${n} FOR EACH ROW EXECUTE FUNCTION app.touch();
    ALTER TABLE app.t${n >> 1} ADD COLUMN extra_${n} text; COMMIT;`;
  const texts = [oldest, touch, ...Array.from({ length: 198 }, (_, n) => later(n + 1))];

  const cases: Readonly<Record<string, readonly [edited: string, runs: number]>> = {
    'a comment behind the statements': [`${oldest} -- why`, 1],
    'a comment in front of them': [`-- why\n${oldest}`, 2],
    'another object': [`${oldest} CREATE TABLE app.other (id serial);`, 1],
    'a grant on a table of its own': [`${oldest} GRANT SELECT ON app.t0 TO app;`, 2],
    'a grant on a younger table': [`${oldest} GRANT SELECT ON app.t150 TO app;`, 2],
    'what every younger object starts with': [`${oldest} ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO app;`, 200],
  };
  for (const [name, [edited, runs]] of Object.entries(cases)) {
    test(name, () => {
      let run = 0;
      const files = texts.map((text, n) => counted(fileOf(n, text), () => run++));
      const history = new History(18, true);
      history.after(files);
      run = 0;
      history.after(files.with(0, counted(fileOf(0, edited), () => run++)));
      expect(run).toBe(runs);
    });
  }
});

test('what was found out about the statements of a file is let go of when it has run, and its text stays', () => {
  const file = fileOf(0, 'CREATE ROLE app;\nCREATE TABLE t (id serial);\n');
  const [statement] = file.file.statements;
  const { written } = statement!;
  new History(18, true).after([file]);
  forgetStatements();
  expect(statement!.written).not.toBe(written);
  expect(statement!.written.text).toBe('CREATE ROLE app');
});

type Edit = (files: readonly Applied[]) => readonly Applied[];

const place = fc.nat();
const edits = fc.array(fc.oneof(
  fc.tuple(place, statements).map(([at, added]): Edit => (files) => replace(files, at, (file) => [applied(file.path, added.slice(0, 3))])),
  fc.tuple(place, place).map(([at, other]): Edit => (files) => replace(files, at, (file) => [applied(file.path, textsOf(files[other % files.length]!))])),
  fc.tuple(place, fc.constantFrom('-- a comment', 'CREATE TABLE new_one (id serial)', 'SET search_path = s1')).map(([at, added]): Edit => (files) => replace(files, at, (file) => [applied(file.path, [added, ...textsOf(file)])])),
  fc.tuple(place, place).map(([at, drop]): Edit => (files) => replace(files, at, (file) => [applied(file.path, textsOf(file).filter((_, i, all) => i !== drop % all.length))])),
  place.map((at): Edit => (files) => (files.length > 1 ? replace(files, at, () => []) : files)),
  fc.tuple(place, statements).map(([at, added]): Edit => (files) => replace(files, at, (file) => [applied(`${file.path}b`, added.slice(0, 5)), file])),
  fc.tuple(place, place).map(([from, to]): Edit => (files) => {
    const moved = files[from % files.length]!;
    const others = files.filter((file) => file !== moved);
    return [...others.slice(0, to % files.length), moved, ...others.slice(to % files.length)];
  }),
), { minLength: 1, maxLength: 8 });

function replace(files: readonly Applied[], at: number, change: (file: Applied) => readonly Applied[]): readonly Applied[] {
  const index = at % files.length;
  return files.flatMap((file, i) => (i === index ? change(file) : [file]));
}

function cut(all: readonly string[], count: number): readonly Applied[] {
  const size = Math.ceil(all.length / count);
  return Array.from({ length: count }, (_, n) => applied(`${n}.sql`, all.slice(n * size, (n + 1) * size)));
}

const written = new WeakMap<Applied, readonly string[]>();

function applied(path: string, texts: readonly string[]): Applied {
  const file = { path, file: splitStatements(texts.map((text) => `${text};\n`).join('')) };
  written.set(file, texts);
  return file;
}

function textsOf(file: Applied): readonly string[] {
  return written.get(file)!;
}

function fileOf(n: number, text: string): Applied {
  return { path: `${n}.sql`, file: splitStatements(text) };
}

/** Tells when it is run: then its statements are gone through. */
function counted({ path, file }: Applied, run: () => void): Applied {
  const told: SqlFile = {
    ...file, text: file.text, postgres: file.postgres, comments: file.comments, units: file.units,
    get statements() { run(); return file.statements; },
    release: () => file.release(),
  };
  return { path, file: told };
}

/** Everything in a state, in its order. Statements are compared by where they stand. */
function contents(state: State) {
  const found: Record<string, unknown> = {};
  const names = new Set<string>();
  for (const [name, value] of Object.entries(state)) {
    if (value instanceof Kept) found[name] = [...value.entries()];
    if (!(value instanceof Named)) continue;
    found[name] = [...value.all()];
    for (const object of value.all()) names.add(object.name).add(`${object.name}()`);
  }
  found['dependents'] = [...names].sort().map((name) => [name, state.dependents.of(name), [...state.dependents.laterNames(name)]]);
  return found;
}
