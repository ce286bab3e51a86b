import type { Document, FileSet, SetFile } from '../../server/src/document.ts';
import { noFiles } from '../../server/src/document.ts';
import { lint } from '../../server/src/lint.ts';
import { loadPostgres } from '../../server/src/syntax/sql/postgres.ts';

/** How long a set of migrations takes, in milliseconds. */
export interface SetTimes {
  readonly files: number;
  readonly bytes: number;
  /** Reading every file, replaying them and looking at the newest one. */
  readonly first: number;
  /** Looking at three open documents again after the oldest file has changed. */
  readonly edit: number;
  /** What the facts of the set keep in memory, in bytes, beside the text of the files. */
  readonly memory: number;
}

export async function measureSet(count: number): Promise<SetTimes> {
  await loadPostgres();
  const files = Array.from({ length: count }, (_, i): SetFile => ({ path: `${String(i + 1).padStart(6, '0')}_change.sql`, text: migration(i) }));
  lint(documentOf({ files: files.slice(0, 20), ordered: true }, files[0]!));
  const before = memory();
  const set: FileSet = { files, ordered: true };
  const start = performance.now();
  lint(documentOf(set, files[count - 1]!));
  const first = performance.now() - start;
  const kept = memory() - before;
  const edits = Array.from({ length: 5 }, (_, i) => edit(set, i));
  return { files: count, bytes: files.reduce((sum, { text }) => sum + text.length, 0), first, edit: Math.min(...edits), memory: kept };
}

function edit({ files, ordered }: FileSet, number: number): number {
  const changed = { path: files[0]!.path, text: `${files[0]!.text}\nGRANT SELECT ON app.t0 TO role_${number};\n` };
  const set = { files: [changed, ...files.slice(1)], ordered };
  const start = performance.now();
  for (const file of [changed, files[Math.floor(files.length / 2)]!, files[files.length - 1]!]) lint(documentOf(set, file));
  return performance.now() - start;
}

function documentOf(set: FileSet, { path, text }: SetFile): Document {
  return { path, text, language: 'sql', version: 18, files: noFiles, set };
}

function memory(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

/** Two kilobytes of what migrations are made of: every file makes a table, and changes one that an older file made. */
export function migration(i: number): string {
  const columns = Array.from({ length: 12 }, (_, c) => `  column_${c} ${['integer NOT NULL', 'text', 'timestamp with time zone DEFAULT now()', 'character varying(200)'][c % 4]}`);
  const older = `app.t${Math.floor(i / 2)}`;
  return `-- Change ${i}
BEGIN;
CREATE TABLE app.t${i} (
  id bigserial PRIMARY KEY,
${columns.join(',\n')},
  CONSTRAINT t${i}_check CHECK (column_0 > 0)
);
ALTER TABLE app.t${i} ENABLE ROW LEVEL SECURITY;
CREATE POLICY p${i} ON app.t${i} FOR SELECT TO app_user USING (column_1 = current_setting('app.tenant', true));
CREATE INDEX t${i}_index ON app.t${i} (column_1, column_2);
GRANT SELECT, INSERT ON app.t${i} TO app_user, app_admin;
CREATE OR REPLACE FUNCTION app.f${i % 500}(a integer, b text) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, app, pg_temp AS $$
DECLARE
  result integer;
BEGIN
  SELECT count(*) INTO result FROM app.t${i} WHERE column_0 = a AND column_1 = b;
  IF result > 10 THEN
    RAISE EXCEPTION 'too many: %', result;
  END IF;
  RETURN result;
END $$;
REVOKE ALL ON FUNCTION app.f${i % 500}(integer, text) FROM PUBLIC;
CREATE VIEW app.v${i} WITH (security_invoker = true) AS SELECT t.column_0, o.column_1 FROM app.t${i} t JOIN ${older} o USING (column_0);
ALTER TABLE ${older} ADD COLUMN IF NOT EXISTS extra_${i % 7} jsonb, ALTER COLUMN column_1 SET DEFAULT 'x';
INSERT INTO app.t${i} (column_0, column_1) VALUES (1, 'one'), (2, 'two'), (3, 'three'), (4, 'four'), (5, 'five');
COMMENT ON TABLE app.t${i} IS 'What change ${i} brought';
COMMIT;
`;
}
