import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noFiles, type Document } from '../../server/src/document.ts';
import { laterStatements } from '../../server/src/fix.ts';
import { lint } from '../../server/src/lint.ts';
import { newMigration } from '../../server/src/new-migration.ts';
import { loadPostgresFromDisk } from '../../server/src/node-wasm.ts';
import { setOf } from '../files.ts';
import { layouts, textsOf } from './layouts.ts';
import { startPostgres, type Server } from './servers.ts';

beforeAll(loadPostgresFromDisk);

/** A routine with four findings of as many rules, one with two of the same rule, and a policy with two. */
const file = `CREATE SCHEMA app;
GRANT USAGE ON SCHEMA app TO alice, mallory;
CREATE TABLE app.notes (id int, body text);
INSERT INTO app.notes VALUES (1, 'first'), (2, 'second');
GRANT SELECT, INSERT ON app.notes TO alice, mallory;
ALTER TABLE app.notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY above ON app.notes TO alice, mallory USING (id > current_setting('app.floor')::int) WITH CHECK (true);
CREATE FUNCTION app.find(word text, col text, dir text) RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = app AS $$
DECLARE n int; m int; -- how many, and the first
BEGIN
  EXECUTE 'SELECT count(*) FROM app.notes WHERE body = ''' || word || '''' INTO n;
  EXECUTE format('SELECT count(*) FROM app.notes WHERE %s IS NOT NULL', col) INTO m;
  EXECUTE 'SELECT id FROM app.notes ORDER BY id ' || dir INTO m;
  RETURN 10 * n + m;
END $$;
REVOKE ALL ON FUNCTION app.find(text, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.find(text, text, text) TO alice, mallory;
CREATE FUNCTION app.both(a text, b text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE x text; y text;
BEGIN
  EXECUTE 'SELECT ''' || a || '''' INTO x;
  EXECUTE 'SELECT ''' || b || '''' INTO y;
  RETURN x || y;
END $$;
ALTER FUNCTION app.both(text, text) SECURITY DEFINER SET search_path = app;
REVOKE ALL ON FUNCTION app.both(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.both(text, text) TO alice, mallory;
`;

const honest = [
  ["SELECT app.find('first', 'body', 'desc')", 12], ["SELECT app.both('a', 'b')", 'ab'],
  ["SET app.floor = '1'; SELECT count(*)::int FROM app.notes", 1], ["SET app.floor = '1'; INSERT INTO app.notes VALUES (9, 'ninth') RETURNING id", 9],
] as const;

const attacks = [
  ["SELECT app.find(''' OR true --', 'body', 'asc')", 21, 1], ["SELECT app.both(''' || current_user --', 'b')", 'postgresb', "' || current_user --b"],
  ["SET app.floor = '5'; INSERT INTO app.notes VALUES (0, 'under it')", undefined, /row-level security/],
] as const;

describe.each([15, 18])('one new migration for everything, on PostgreSQL %i', (version) => {
  let server: Server;
  beforeAll(async () => {
    server = await startPostgres(version);
    await run('postgres', 'postgres', 'CREATE ROLE alice LOGIN; CREATE ROLE mallory LOGIN');
  });
  afterAll(async () => server?.stop());

  test.each(layouts.map((layout, i) => [layout.path + (layout.frame ?? '').trim(), i, layout] as const))('%s', async (_name, i, layout) => {
    const { path } = layout;
    const texts = textsOf(file, layout);
    const found = lint(documentOf(path, texts, version)).findings.filter(({ fixes: [fix] }) => fix?.statements?.length);
    expect(new Set(found.map(({ rule }) => rule)).size).toBe(6);
    const written = newMigration(setOf(path, texts)!, path, 'fix it', everything(path, texts, version), new Date('2026-03-04T05:06:07Z'))!;
    const own = written.created[0]?.path ?? written.appended!.path;
    const added = written.created[0]?.text ?? written.appended!.text;

    await run('postgres', 'postgres', `CREATE DATABASE lab${i}`);
    await run('postgres', `lab${i}`, file);
    for (const [text, gets] of honest) expect(await run('alice', `lab${i}`, `BEGIN; ${text}; ROLLBACK`), text).toEqual(gets);
    for (const [text, gets] of attacks) expect(await run('mallory', `lab${i}`, `BEGIN; ${text}; ROLLBACK`), text).toEqual(gets);
    await run('postgres', `lab${i}`, added);
    for (const [text, gets] of honest) expect(await run('alice', `lab${i}`, `BEGIN; ${text}; ROLLBACK`), `${text}\n${added}`).toEqual(gets);
    for (const [text, , stopped] of attacks) {
      const answer = await run('mallory', `lab${i}`, `BEGIN; ${text}; ROLLBACK`).catch((error: unknown) => error);
      if (stopped instanceof RegExp) expect(String(answer), text).toMatch(stopped);
      else expect(answer, text).toEqual(stopped);
    }

    const after = { ...texts, ...Object.fromEntries(written.created.map((one) => [one.path, one.text])) };
    if (written.appended) {
      const { path: list, text, at = texts[list]!.length } = written.appended;
      after[list] = texts[list]!.slice(0, at) + text + texts[list]!.slice(at);
    }
    const rules = new Set(found.map(({ rule }) => rule));
    for (const one of new Set([path, own])) {
      expect(lint(documentOf(one, after, version)).findings.filter(({ rule }) => rules.has(rule)).map(({ rule, message }) => `${rule}: ${message}`), `${one}\n${added}`).toEqual([]);
      expect(everything(one, after, version)).toEqual([]);
    }
  });

  /** The first column of the last row of all that the text selects. */
  async function run(user: string, database: string, text: string): Promise<unknown> {
    const client = new Client({ host: '127.0.0.1', port: server.port, user, database, password: '' });
    await client.connect();
    try {
      const results = [await client.query<Record<string, unknown>>(text)].flat();
      return Object.values(results.flatMap(({ rows }) => rows).at(-1) ?? {})[0];
    } finally {
      await client.end();
    }
  }
});

function documentOf(path: string, texts: Readonly<Record<string, string>>, version: number): Document {
  return { path, text: texts[path]!, language: 'sql', version, files: noFiles, set: setOf(path, texts)! };
}

function everything(path: string, texts: Readonly<Record<string, string>>, version: number): string[] {
  return laterStatements(documentOf(path, texts, version), {}, () => true);
}
