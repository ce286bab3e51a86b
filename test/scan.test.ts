import { beforeAll, expect, test, vi } from 'vitest';
import { fileOf } from '../server/src/facts/replay/read-schema.ts';
import type { Host } from '../server/src/host.ts';
import { loadPostgresFromDisk } from '../server/src/node-wasm.ts';
import { languageOfContent, longestTurn, scan, type ScanOptions, type ScanStep } from '../server/src/scan.ts';
import { Sets } from '../server/src/sets.ts';
import { forgetStatements } from '../server/src/syntax/sql/statements.ts';
import { walk } from '../server/src/walk.ts';

beforeAll(loadPostgresFromDisk);

type Tree = Readonly<Record<string, string | Uint8Array>>;

/** A host whose disk is a table. `unreadable` can be listed and not read. */
function hostOf(tree: Tree, unreadable: readonly string[] = []): Host {
  const failure = (code: string) => Object.assign(new Error(code), { code });
  return {
    async read(path) {
      if (unreadable.includes(path)) throw failure('EACCES');
      const content = tree[path];
      if (content === undefined) throw failure(Object.keys(tree).some((file) => file.startsWith(`${path}/`)) ? 'EISDIR' : 'ENOENT');
      return typeof content === 'string' ? new TextEncoder().encode(content) : content;
    },
    async list(folder) {
      const prefix = folder === '/' ? '/' : `${folder}/`;
      const below = Object.keys(tree).filter((file) => file.startsWith(prefix)).map((file) => file.slice(prefix.length));
      if (below.length === 0) throw failure(tree[folder] === undefined ? 'ENOENT' : 'ENOTDIR');
      return [...new Map(below.map((rest) => [rest.split('/')[0]!, rest.includes('/')]))].map(([name, isFolder]) => ({ name, folder: isFolder })).reverse();
    },
  };
}

const pathsOf = async (tree: Tree, roots: readonly string[], options = {}) => (await walk(hostOf(tree), roots, options)).map(({ path }) => path);

async function stepsOf(host: Host, roots: readonly string[], options: ScanOptions = {}): Promise<ScanStep[]> {
  const steps: ScanStep[] = [];
  for await (const step of scan(host, roots, options)) steps.push(step);
  return steps;
}

test('walks in the order of paths, without what others wrote', async () => {
  const tree = { '/p/b.sql': '', '/p/a/z.sql': '', '/p/node_modules/x.sql': '', '/p/vendor/x.sql': '', '/p/.git/x.sql': '', '/p/readme.md': '', '/p/pg_hba.conf': '' };
  expect(await pathsOf(tree, ['/p'])).toEqual(['/p/a/z.sql', '/p/b.sql', '/p/pg_hba.conf']);
});

test('a named file is looked at once and whatever excludes it', async () => {
  const tree = { '/p/.git/HEAD': '', '/p/.gitignore': '*.sql', '/p/a.sql': '', '/p/node_modules/x.sql': '', '/p/notes.txt': '' };
  expect(await pathsOf(tree, ['/p', '/p/node_modules/x.sql', '/p/./a.sql', '/p/a.sql', '/p/notes.txt'])).toEqual(['/p/a.sql', '/p/node_modules/x.sql', '/p/notes.txt']);
});

test('respects .gitignore as git does', async () => {
  const tree = {
    '/r/.git/HEAD': '', '/r/.gitignore': 'build/\n*.tmp.sql\n!keep.tmp.sql\n/top.sql\n', '/r/top.sql': '', '/r/a/top.sql': '', '/r/build/x.sql': '',
    '/r/a/x.tmp.sql': '', '/r/a/keep.tmp.sql': '', '/r/a/.gitignore': 'own.sql\n!x.tmp.sql\n', '/r/a/own.sql': '', '/r/b/own.sql': '', '/r/a/Build/x.sql': '',
  };
  const all = ['/r/a/Build/x.sql', '/r/a/keep.tmp.sql', '/r/a/top.sql', '/r/a/x.tmp.sql', '/r/b/own.sql'];
  expect(await pathsOf(tree, ['/r'])).toEqual(all);
  expect(await pathsOf(tree, ['/r/a'])).toEqual(all.slice(0, 4));
  expect(await pathsOf(tree, ['/r/build'])).toEqual(['/r/build/x.sql']);
  expect(await pathsOf(tree, ['/r'], { gitignore: false })).toHaveLength(8);
});

test('leaves out what the caller excludes', async () => {
  const tree = { '/p/a.sql': '', '/p/old/a.sql': '', '/p/x/old/b.sql': '', '/p/x/gen.sql': '' };
  expect(await pathsOf(tree, ['/p'], { exclude: ['old'] })).toEqual(['/p/a.sql', '/p/x/gen.sql']);
  expect(await pathsOf(tree, ['/p'], { exclude: ['/old/', 'x/*.sql'] })).toEqual(['/p/a.sql', '/p/x/old/b.sql']);
  expect(await pathsOf(tree, ['/p'], { exclude: ['**/old/**'] })).toEqual(['/p/a.sql', '/p/x/gen.sql']);
});

test('what cannot be looked at is skipped with a reason', async () => {
  const tree = { '/p/a.sql': 'select 1;', '/p/b.sql': new Uint8Array([0, 1, 2]), '/p/c.sql': 'select 2;'.repeat(100), '/p/d.sql': '', '/x/notes.txt': 'hello' };
  const steps = await stepsOf(hostOf(tree, ['/p/d.sql']), ['/p', '/x/notes.txt', '/gone.sql'], { maxBytes: 100 });
  expect(steps.map(({ path, skipped, unreadable = false }) => [path, skipped, unreadable])).toEqual([
    ['/gone.sql', 'no such file or folder', true],
    ['/p/a.sql', undefined, false],
    ['/p/b.sql', 'not a text file', false],
    ['/p/c.sql', 'larger than 0.1 KB', false],
    ['/p/d.sql', 'permission denied', false],
    ['/x/notes.txt', 'not a file of PostgreSQL by its name and content', false],
  ]);
  expect(steps.map(({ done, total }) => `${done}/${total}`)).toEqual(['1/6', '2/6', '3/6', '4/6', '5/6', '6/6']);
});

test.each(['list', 'read'] as const)('a folder that goes away while it is scanned is told, and nothing else is lost (%s)', async (verb) => {
  const open = 'host all all 0.0.0.0/0 trust\n';
  const host = hostOf({ '/p/a/pg_hba.conf': open, '/p/b/pg_hba.conf': open, '/p/c/pg_hba.conf': open });
  const gone = (path: string) => (path.startsWith('/p/b') ? Promise.reject(Object.assign(new Error('gone'), { code: 'ENOENT' })) : undefined);
  const steps = await stepsOf({ ...host, [verb]: (path: string) => gone(path) ?? host[verb](path) }, ['/p']);
  expect(steps.map(({ path, skipped, findings }) => [path, skipped ?? findings!.map(({ rule }) => rule).includes('hba/trust-any')])).toEqual([
    ['/p/a/pg_hba.conf', true],
    [verb === 'list' ? '/p/b' : '/p/b/pg_hba.conf', 'no such file or folder'],
    ['/p/c/pg_hba.conf', true],
  ]);
});

test('sets whose files lie between each other are read again, and the same is found as with all of them at hand', async () => {
  const tree: Record<string, string> = {};
  for (const part of ['a', 'b']) {
    for (let n = 0; n < 7; n++) {
      tree[`/p/${n}/${part}/V1__make.sql`] = `CREATE TABLE app.t${n} (id int);`;
      tree[`/p/${n}/${part}/V2__open.sql`] = `GRANT SELECT ON app.t${n} TO PUBLIC;`;
      tree[`/p/${n}/${part}/V3__mend.sql`] = `REVOKE ALL ON app.t${n} FROM PUBLIC;`;
    }
  }
  const configured = () => Array.from({ length: 7 }, (_, n) => ({ files: [`*/a/V${n % 3 + 1}__*.sql`] }));
  const host = hostOf(tree);
  const found = async (options: ScanOptions) => (await stepsOf(host, ['/p'], { inside: ['/p'], ...options })).map(({ path, findings }) => [path, findings?.map(({ rule }) => rule)]);
  const all = new Sets(host, { roots: () => ['/p'] });
  expect(await found({})).toEqual(await found({ sets: all }));
  expect(await found({ configured })).toEqual(await found({ sets: new Sets(host, { roots: () => ['/p'], configured }) }));
});

test('a namesake of another program is passed over in silence', async () => {
  const tree = { '/p/jail/postgresql.conf': '[postgresql]\nenabled = true\n' };
  expect(await stepsOf(hostOf(tree), ['/p'])).toEqual([{ path: '/p/jail/postgresql.conf', done: 1, total: 1 }]);
});

test('stops when it is told to', async () => {
  const tree = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`/p/${i}.sql`, 'select 1;']));
  const stop = new AbortController();
  let steps = 0;
  for await (const _ of scan(hostOf(tree), ['/p'], { signal: stop.signal })) if (++steps === 3) stop.abort();
  expect(steps).toBe(3);
});

test('lets others work after a turn, however long the files take', async () => {
  const tree = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`/p/${i}.sql`, 'create table t (a int, b text);\n']));
  let clock = 0;
  let waiting = 0;
  const now = vi.spyOn(performance, 'now').mockImplementation(() => clock += longestTurn / 4);
  const others = () => void (waiting++, pending = setTimeout(others, 0));
  let pending = setTimeout(others, 0);
  await stepsOf(hostOf(tree), ['/p']);
  clearTimeout(pending);
  now.mockRestore();
  expect(waiting).toBeGreaterThanOrEqual(40 / 4 - 1);
});

test('what an editor holds counts instead of the file', async () => {
  const host = hostOf({ '/p/pg_hba.conf': 'host all all 0.0.0.0/0 trust\n' });
  const overlay = new Map([['/p/pg_hba.conf', 'host all all 10.0.0.1/32 scram-sha-256\n']]);
  const [step] = await stepsOf(host, ['/p'], { overlay });
  expect(step!.document!.text).toContain('scram');
});

test.each([
  ['# c\nlocal all all peer\nhost all all ::1/128 trust\n', 'hba'],
  ["port = 5432\nlisten_addresses '*' # c\nmy.var = on\n", 'conf'],
  ['# MAP SYS DB\nm alice bob\nm "a b" c\n', 'ident'],
  ['select 1;', undefined], ['x 1\n', undefined],
  ['server {\n  listen 80;\n}\n', undefined], ['[a]\nb = c\n', undefined], ['', undefined],
])('%j is %s', (text, language) => {
  expect(languageOfContent(text)).toBe(language);
});

test('nothing that was found out about the statements of a file is kept once the scan has gone on, also when a set keeps the file', async () => {
  const tree = Object.fromEntries(['a', 'b', 'c'].map((name, i) => [`/p/migrations/V${i + 1}__${name}.sql`, `CREATE ROLE ${name} LOGIN PASSWORD 'secret';\n`]));
  const kept: { readonly then: unknown; readonly now: () => unknown }[] = [];
  for await (const { document, findings } of scan(hostOf(tree), ['/p'], { inside: ['/p'] })) {
    expect(findings).not.toEqual([]);
    const [statement] = fileOf(document!.set!.files.find(({ path }) => path === document!.path)!).statements;
    kept.push({ then: statement!.written, now: () => statement!.written });
  }
  forgetStatements();
  expect(kept).toHaveLength(3);
  for (const { then, now } of kept) expect(now()).not.toBe(then);
});

test('of many sets those that were asked for last stay, and those with an open file; which files belong together stays known of all', async () => {
  const tree = Object.fromEntries(['a', 'b', 'c', 'd'].flatMap((name) => [1, 2].map((n) => [`/p/${name}/migrations/V${n}__x.sql`, 'SELECT 1;\n'])));
  const first = (name: string) => `/p/${name}/migrations/V1__x.sql`;
  const sets = new Sets(hostOf(tree), { roots: () => ['/p'], most: 2, followsChanges: true, open: () => new Map([[first('a'), 'SELECT 1;\n']]) });
  for (const name of ['a', 'b', 'c', 'd']) expect((await sets.of(first(name)))!.files).toHaveLength(2);
  expect(['a', 'b', 'c', 'd'].map((name) => sets.known(first(name)) !== undefined)).toEqual([true, false, false, true]);
  expect(sets.together(first('b'), [first('b').replace('V1', 'V2')])).toBe(true);
  expect((await sets.of(first('b')))!.files).toHaveLength(2);
});

test('files that are called like no SQL, and templates, explain each other', async () => {
  const tree = {
    '/p/a.prc': 'CREATE PROCEDURE run_ddl(p text) LANGUAGE plpgsql AS $$ BEGIN EXECUTE p; END $$;',
    '/p/b.prc': `CREATE PROCEDURE b(x text) LANGUAGE plpgsql AS $$ BEGIN CALL run_ddl('DROP TABLE ' || x); END $$;`,
    '/p/c.sql.in': `CREATE PROCEDURE @extschema@.c(x text) LANGUAGE plpgsql AS $$ BEGIN CALL run_ddl('DROP TABLE ' || x); END $$;`,
    '/p/d.sql': `CREATE PROCEDURE d(x text) LANGUAGE plpgsql AS $$ BEGIN CALL run_ddl('DROP TABLE ' || x); END $$;`,
    '/p/e.fun': 'functor F (X : S) = struct end',
    '/p/f.sql.postgresql': `CREATE PROCEDURE f(x text) LANGUAGE plpgsql AS $$ BEGIN CALL run_ddl('DROP TABLE ' || x); END $$;`,
  };
  const steps = await stepsOf(hostOf(tree), ['/p'], { inside: ['/p'] });
  expect(steps.flatMap(({ path, findings = [] }) => (findings.some(({ rule, severity }) => rule === 'sql/dynamic-sql-concatenation' && severity === 'medium') ? [path] : []))).toEqual(['/p/b.prc', '/p/c.sql.in', '/p/d.sql', '/p/f.sql.postgresql']);
});

test('a file that is called like no SQL is looked at when it creates routines as PostgreSQL does', async () => {
  const routine = `CREATE FUNCTION f(x text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'DROP TABLE ' || x; END $$;`;
  const tree = { '/p/area.fun': routine, '/p/b.ddl': routine, '/p/c.fun': 'functor F (X : S) = struct end', '/p/d.prc': 'CREATE PROCEDURE p AS BEGIN NULL; END;', '/p/e.txt': routine };
  const steps = await stepsOf(hostOf(tree), ['/p']);
  expect(steps.flatMap(({ path, findings }) => (findings ? [path] : []))).toEqual(['/p/area.fun', '/p/b.ddl']);
  const named = await stepsOf(hostOf(tree), ['/p/area.fun']);
  expect(named.flatMap(({ findings = [] }) => findings.map(({ rule }) => rule))).toContain('sql/dynamic-sql-concatenation');
});
