/** Where a value can stand in a statement. `{x}` is the value, as the author writes it: with the quotes that are in the text. */
export interface Position {
  readonly id: string;
  readonly sql: string;
  readonly kind: Kind;
  /** Values that mean no harm. */
  readonly honest: readonly string[];
  /** For the kinds whose usual attacks do not work here. */
  readonly attacks?: readonly string[];
  readonly check?: string;
  /** The statement returns no rows. */
  readonly command?: true;
  readonly expect?: 'none';
}

/**
 * `text`: inside '…'. `number`: a value without quotes. `name`: a name without quotes. `quoted`: inside "…". `glued`: a part of a name.
 * `table`: a name where an existing table is expected.
 */
export type Kind = 'text' | 'number' | 'name' | 'table' | 'quoted' | 'glued' | 'type' | 'direction';

const users = `string_agg(id || coalesce(name, '-') || coalesce(email, '-'), ',' ORDER BY id)`;
const usersNow = `SELECT ${users} FROM lab.users`;
const logged = `SELECT string_agg(coalesce(msg, '-') || coalesce(at::text, '-'), ',' ORDER BY at, msg) FROM lab.log`;
const plain = ['alice', '', 'x y', 'é😀', '%', '50%s %I %L %1$s', '$1', '$$', '$q$ $fn$', '--', '/*', ';', 'a\nb', '"', 'x'.repeat(3000)];

export const positions: readonly Position[] = [
  { id: 'comparison', sql: `SELECT email FROM lab.users WHERE name = '{x}'`, kind: 'text', honest: plain },
  { id: 'two comparisons', sql: `SELECT email FROM lab.users WHERE name = '{x}' OR (id = 2 AND secret <> '{x}')`, kind: 'text', honest: plain },
  { id: 'like', sql: `SELECT ${users} FROM lab.users WHERE name LIKE '%{x}%' AND 7 % 4 = 3`, kind: 'text', honest: plain },
  { id: 'like, begins with', sql: `SELECT count(*) FROM lab.users WHERE name ILIKE '{x}%'`, kind: 'text', honest: plain },
  { id: 'regular expression', sql: `SELECT count(*) FROM lab.users WHERE name ~ '^{x}'`, kind: 'text', honest: ['al', '', 'é', '.'] },
  { id: 'literal', sql: `SELECT '{x}'::text || '{x}'`, kind: 'text', honest: plain },
  { id: 'embedded', sql: `SELECT 'it''s <{x}> 100%'::text`, kind: 'text', honest: plain },
  { id: 'argument', sql: `SELECT * FROM lab.echo('{x}')`, kind: 'text', honest: plain },
  { id: 'named argument', sql: `SELECT lab.echo(v => '{x}')`, kind: 'text', honest: plain },
  { id: 'insert', sql: `INSERT INTO lab.log (msg) VALUES ('{x}')`, kind: 'text', honest: plain, check: logged, command: true },
  { id: 'insert returning', sql: `INSERT INTO lab.log VALUES ('{x}', 5) RETURNING msg`, kind: 'text', honest: plain, check: logged },
  { id: 'insert select', sql: `INSERT INTO lab.log SELECT '{x}', id FROM lab.users`, kind: 'text', honest: plain, check: logged, command: true },
  { id: 'upsert', sql: `INSERT INTO lab.users (id, name) VALUES (1, 'z') ON CONFLICT (id) DO UPDATE SET name = '{x}'`, kind: 'text', honest: plain, check: usersNow, command: true },
  { id: 'update', sql: `UPDATE lab.users SET name = '{x}' WHERE id = 1`, kind: 'text', honest: plain, check: usersNow, command: true },
  { id: 'delete', sql: `DELETE FROM lab.users WHERE name = '{x}'`, kind: 'text', honest: plain, check: usersNow, command: true },
  { id: 'merge', sql: `MERGE INTO lab.users u USING (SELECT '{x}'::text AS n) s ON u.name = s.n WHEN MATCHED THEN UPDATE SET email = 'm'`, kind: 'text', honest: plain, check: usersNow, command: true },
  { id: 'with', sql: `WITH w AS (SELECT '{x}'::text AS v) SELECT v FROM w`, kind: 'text', honest: plain },
  { id: 'json', sql: `SELECT id FROM lab.users WHERE data @> '{"k":"{x}"}'`, kind: 'text', honest: ['v', 'alice', '', 'é'], attacks: [`v"}' AND lab.spy() IS NOT NULL --`] },
  { id: 'json path', sql: `SELECT data ->> '{x}' FROM lab.users WHERE id = 1`, kind: 'text', honest: ['k', 'none', ''] },
  { id: 'array literal', sql: `SELECT string_agg(name, ',' ORDER BY id) FROM lab.users WHERE id = ANY('{{x}}')`, kind: 'text', honest: ['1', '1,2', ''], attacks: [`1}') AND lab.spy() IS NOT NULL --`] },
  { id: 'array of texts', sql: `SELECT count(*) FROM lab.users WHERE name IN ('alice', '{x}')`, kind: 'text', honest: plain },
  { id: 'between', sql: `SELECT count(*) FROM lab.users WHERE born BETWEEN '{x}' AND '2024-12-31'`, kind: 'text', honest: ['2024-01-01', '2024-02-01', 'nonsense'], attacks: [`2024-01-01' AND '2024-12-31' AND lab.spy() IS NOT NULL --`] },
  { id: 'typed literal', sql: `SELECT (date '{x}' + 1)::text`, kind: 'text', honest: ['2024-01-01', 'nonsense'], attacks: [`2024-01-01' + length(lab.spy()))::text --`] },
  { id: 'typed literal alone', sql: `SELECT date '{x}' FROM lab.users LIMIT 1`, kind: 'text', honest: ['2024-01-01', 'nonsense'], attacks: [`2024-01-01', lab.spy(), '`] },
  { id: 'interval', sql: `SELECT (date '2024-01-01' + interval '{x} days')::text`, kind: 'text', honest: ['1', '-3', 'nonsense'], attacks: [`1 day')::text || lab.spy() --`] },
  { id: 'cast', sql: `SELECT ('{x}'::int + 1)::text`, kind: 'text', honest: ['1', '-1', 'nonsense'], attacks: [`1'::int + length(lab.spy()))::text --`] },
  { id: 'cast()', sql: `SELECT cast('{x}' AS numeric(8,2))::text`, kind: 'text', honest: ['1', '-1.555', 'nonsense'] },
  { id: 'at time zone', sql: `SELECT (timestamptz '2024-01-01 00:00+00' AT TIME ZONE '{x}')::text`, kind: 'text', honest: ['UTC', 'nonsense'], attacks: [`UTC')::text || lab.spy() --`] },
  { id: 'collation', sql: `SELECT ('{x}' COLLATE "C" < 'b')::text`, kind: 'text', honest: plain },
  { id: 'case', sql: `SELECT CASE WHEN name = '{x}' THEN 'yes' ELSE '{x}' END FROM lab.users WHERE id = 1`, kind: 'text', honest: plain },
  { id: 'sub-select', sql: `SELECT name FROM lab.users WHERE id = (SELECT max(id) FROM lab.users WHERE name = '{x}')`, kind: 'text', honest: plain },
  { id: 'bpchar column', sql: `SELECT name FROM lab.users WHERE code = '{x}'`, kind: 'text', honest: ['ab', 'ab  ', 'AB', ''] },
  { id: 'varchar column', sql: `SELECT name FROM lab.users WHERE email = '{x}'`, kind: 'text', honest: plain },
  { id: 'integer column', sql: `SELECT name FROM lab.users WHERE id = '{x}'`, kind: 'text', honest: ['1', '2', ' 1 ', 'nonsense'], attacks: [`1' AND lab.spy() IS NOT NULL --`] },
  { id: 'date column', sql: `SELECT name FROM lab.users WHERE born = '{x}'`, kind: 'text', honest: ['2024-01-02', '2024/1/2', 'nonsense'], attacks: [`2024-01-02' AND lab.spy() IS NOT NULL --`] },
  { id: 'create table as', sql: `CREATE TABLE lab.made AS SELECT name FROM lab.users WHERE name = '{x}'`, kind: 'text', honest: plain, check: 'SELECT count(*) FROM lab.made', command: true },
  { id: 'create view', sql: `CREATE VIEW lab.made AS SELECT '{x}'::text AS v`, kind: 'text', honest: plain, check: 'SELECT v FROM lab.made', command: true },
  { id: 'materialized view', sql: `CREATE MATERIALIZED VIEW lab.made AS SELECT '{x}'::text AS v`, kind: 'text', honest: plain, check: 'SELECT v FROM lab.made', command: true },
  { id: 'comment', sql: `COMMENT ON TABLE lab.log IS '{x}'`, kind: 'text', honest: plain, check: `SELECT obj_description('lab.log'::regclass)`, command: true },
  { id: 'default', sql: `ALTER TABLE lab.log ALTER COLUMN msg SET DEFAULT '{x}'`, kind: 'text', honest: plain, check: `SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = 'lab.log'::regclass`, command: true },
  { id: 'constraint', sql: `ALTER TABLE lab.log ADD CONSTRAINT c CHECK (msg <> '{x}')`, kind: 'text', honest: plain, check: `SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'c' AND conrelid = 'lab.log'::regclass`, command: true },
  { id: 'partition', sql: `CREATE TABLE lab.part PARTITION OF lab.parts FOR VALUES IN ('{x}')`, kind: 'text', honest: ['a', '', 'é'], check: `SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE oid = 'lab.part'::regclass`, command: true },
  { id: 'password', sql: `ALTER ROLE lab_reader PASSWORD '{x}'`, kind: 'text', honest: ['pw', 'é'], command: true },
  { id: 'valid until', sql: `ALTER ROLE lab_reader VALID UNTIL '{x}'`, kind: 'text', honest: ['2030-01-01', 'infinity', 'nonsense'], check: `SELECT rolvaliduntil FROM pg_roles WHERE rolname = 'lab_reader'`, command: true, attacks: [`2030-01-01'; SELECT lab.spy(); --`] },
  { id: 'notify', sql: `NOTIFY chan, '{x}'`, kind: 'text', honest: ['hello', 'é'], command: true },
  { id: 'call', sql: `CALL lab.note('{x}')`, kind: 'text', honest: plain, check: logged, command: true },
  { id: 'setting', sql: `SET LOCAL app.who = '{x}'`, kind: 'text', honest: ['me', '', 'a, b'], check: `SELECT current_setting('app.who', true)`, command: true },
  { id: 'enum', sql: `CREATE TYPE lab.mood AS ENUM ('good', '{x}')`, kind: 'text', honest: ['bad', 'é'], check: `SELECT string_agg(enumlabel, ',' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = 'lab.mood'::regtype`, command: true },
  { id: 'explain', sql: `EXPLAIN (COSTS OFF) SELECT * FROM lab.users WHERE name = '{x}'`, kind: 'text', honest: ['alice', ''] },
  { id: 'values', sql: `VALUES ('{x}')`, kind: 'text', honest: plain },
  { id: 'row', sql: `SELECT count(*) FROM lab.users WHERE (id, name) = (1, '{x}')`, kind: 'text', honest: plain },
  { id: 'sequence', sql: `SELECT nextval('lab.{x}_seq') > 0`, kind: 'text', honest: ['users', 'nonsense'] },
  { id: 'regclass', sql: `SELECT '{x}'::regclass::text`, kind: 'text', honest: ['users', 'nonsense'] },
  { id: 'number', sql: `SELECT name FROM lab.users WHERE id = {x}`, kind: 'number', honest: ['1', '2', '99'] },
  { id: 'number, less', sql: `SELECT count(*) FROM lab.users WHERE id < {x} AND id >= 0`, kind: 'number', honest: ['1', '2', '99'] },
  { id: 'limit', sql: `SELECT string_agg(name, ',') FROM (SELECT name FROM lab.users ORDER BY id LIMIT {x}) s`, kind: 'number', honest: ['1', '2', '0'] },
  { id: 'offset', sql: `SELECT string_agg(name, ',') FROM (SELECT name FROM lab.users ORDER BY id OFFSET {x}) s`, kind: 'number', honest: ['1', '2', '0'] },
  { id: 'inserted number', sql: `INSERT INTO lab.log VALUES ('a', {x})`, kind: 'number', honest: ['1', '2', '99'], check: logged, command: true },
  { id: 'updated number', sql: `UPDATE lab.log SET at = {x} WHERE msg = 'first'`, kind: 'number', honest: ['1', '2', '99'], check: logged, command: true },
  { id: 'table', sql: `SELECT count(*) FROM {x}`, kind: 'table', honest: ['users', 'log', 'tbl_2024', 'nonsense'] },
  { id: 'table behind a schema', sql: `SELECT count(*) FROM lab.{x}`, kind: 'name', honest: ['users', 'log', 'nonsense'] },
  { id: 'joined table', sql: `SELECT count(*) FROM lab.users u JOIN {x} t ON true`, kind: 'table', honest: ['users', 'log', 'nonsense'] },
  { id: 'truncated table', sql: `TRUNCATE {x}`, kind: 'table', honest: ['log', 'nonsense'], check: logged, command: true },
  { id: 'filled table', sql: `INSERT INTO {x} VALUES ('new', 1)`, kind: 'table', honest: ['log', 'nonsense'], check: logged, command: true },
  { id: 'changed table', sql: `ALTER TABLE {x} ADD COLUMN extra int`, kind: 'table', honest: ['log', 'nonsense'], check: `SELECT count(*) FROM pg_attribute WHERE attname = 'extra'`, command: true },
  { id: 'dropped table', sql: `DROP TABLE IF EXISTS lab.{x}`, kind: 'name', honest: ['log', 'nonsense'], check: `SELECT to_regclass('lab.log')`, command: true },
  { id: 'made table', sql: `CREATE TABLE lab.{x} (n int)`, kind: 'name', honest: ['made', 'log'], check: `SELECT to_regclass('lab.made')`, command: true },
  { id: 'locked table', sql: `LOCK TABLE {x}`, kind: 'table', honest: ['log', 'nonsense'], command: true },
  { id: 'column', sql: `SELECT {x}::text FROM lab.users WHERE id = 1`, kind: 'name', honest: ['email', 'id', 'nonsense'] },
  { id: 'counted column', sql: `SELECT count({x}) FROM lab.users`, kind: 'name', honest: ['email', 'id', 'nonsense'] },
  { id: 'ordering column', sql: `SELECT string_agg(name, ',') FROM (SELECT name FROM lab.users ORDER BY {x}) s`, kind: 'name', honest: ['email', 'id', 'nonsense'] },
  { id: 'grouping column', sql: `SELECT count(*) FROM lab.users GROUP BY {x} LIMIT 1`, kind: 'name', honest: ['email', 'id', 'nonsense'] },
  { id: 'compared column', sql: `SELECT count(*) FROM lab.users WHERE {x} = 'alice'`, kind: 'name', honest: ['name', 'secret', 'nonsense'] },
  { id: 'qualified column', sql: `SELECT u.{x} FROM lab.users u WHERE u.id = 2`, kind: 'name', honest: ['name', 'email', 'nonsense'] },
  { id: 'set column', sql: `UPDATE lab.users SET {x} = 'new' WHERE id = 1`, kind: 'name', honest: ['name', 'email', 'nonsense'], check: usersNow, command: true },
  { id: 'inserted column', sql: `INSERT INTO lab.log ({x}) VALUES ('1')`, kind: 'name', honest: ['msg', 'at', 'nonsense'], check: logged, command: true },
  { id: 'returned column', sql: `UPDATE lab.users SET name = 'z' WHERE id = 1 RETURNING {x}`, kind: 'name', honest: ['name', 'email', 'nonsense'] },
  { id: 'index', sql: `CREATE INDEX ON lab.users ({x})`, kind: 'name', honest: ['secret', 'nonsense'], check: `SELECT count(*) FROM pg_indexes WHERE tablename = 'users'`, command: true },
  { id: 'index name', sql: `CREATE INDEX {x} ON lab.users (name)`, kind: 'name', honest: ['made', 'users_name'], check: `SELECT to_regclass('lab.made')`, command: true },
  { id: 'new column', sql: `ALTER TABLE lab.log ADD COLUMN {x} int`, kind: 'name', honest: ['extra', 'msg'], check: `SELECT count(*) FROM pg_attribute WHERE attname = 'extra'`, command: true },
  { id: 'renamed column', sql: `ALTER TABLE lab.log RENAME COLUMN msg TO {x}`, kind: 'name', honest: ['extra', 'at'], check: `SELECT count(*) FROM pg_attribute WHERE attname = 'extra'`, command: true },
  { id: 'role', sql: `GRANT SELECT ON lab.log TO {x}`, kind: 'name', honest: ['lab_reader', 'nonsense'], check: `SELECT relacl FROM pg_class WHERE oid = 'lab.log'::regclass`, command: true, attacks: [`lab_reader; SELECT lab.spy(); --`] },
  { id: 'new role', sql: `CREATE ROLE {x} NOLOGIN`, kind: 'name', honest: ['lab_made', 'lab_reader'], check: `SELECT count(*) FROM pg_roles WHERE rolname = 'lab_made'`, command: true },
  { id: 'schema', sql: `CREATE SCHEMA {x}`, kind: 'name', honest: ['made', 'lab'], check: `SELECT to_regnamespace('made')`, command: true },
  { id: 'schema of a table', sql: `SELECT count(*) FROM {x}.users`, kind: 'name', honest: ['lab', 'nonsense'] },
  { id: 'sequence name', sql: `CREATE SEQUENCE lab.{x}`, kind: 'name', honest: ['made', 'users_seq'], check: `SELECT to_regclass('lab.made')`, command: true },
  { id: 'view name', sql: `CREATE VIEW lab.{x} AS SELECT 1 AS n`, kind: 'name', honest: ['made', 'log'], check: `SELECT to_regclass('lab.made')`, command: true },
  { id: 'channel', sql: `LISTEN {x}`, kind: 'name', honest: ['chan'], command: true },
  { id: 'comment on column', sql: `COMMENT ON COLUMN lab.log.{x} IS 'c'`, kind: 'name', honest: ['msg', 'nonsense'], command: true },
  { id: 'policy', sql: `CREATE POLICY {x} ON lab.log USING (true)`, kind: 'name', honest: ['made'], check: `SELECT count(*) FROM pg_policies WHERE policyname = 'made'`, command: true },
  { id: 'function', sql: `SELECT lab.{x}('a')`, kind: 'name', honest: ['echo', 'nonsense'] },
  { id: 'quoted table', sql: `SELECT count(*) FROM lab."{x}"`, kind: 'quoted', honest: ['users', 'Weird Table', 'é%', 'nonsense'] },
  { id: 'quoted column', sql: `SELECT "{x}"::text FROM lab.users WHERE id = 1`, kind: 'quoted', honest: ['email', 'Email', 'nonsense'] },
  { id: 'quoted part', sql: `CREATE TABLE lab."Made {x} %" (n int)`, kind: 'quoted', honest: ['a', 'A b', 'é', `o'clock`], check: `SELECT string_agg(relname, ',') FROM pg_class WHERE relname LIKE 'Made%'`, command: true },
  { id: 'glued table', sql: `SELECT count(*) FROM lab.TBL_{x}`, kind: 'glued', honest: ['2024', '2025'] },
  { id: 'glued index', sql: `CREATE INDEX idx_{x}_made ON lab.users (name)`, kind: 'glued', honest: ['a', '1', 'b_c'], check: `SELECT string_agg(relname, ',') FROM pg_class WHERE relname LIKE '%_made'`, command: true },
  { id: 'type', sql: `SELECT ('7'::{x})::text`, kind: 'type', honest: ['int', 'double precision', 'text', 'nonsense'] },
  { id: 'column type', sql: `ALTER TABLE lab.log ADD COLUMN extra {x}`, kind: 'type', honest: ['int', 'text[]', 'nonsense'], check: `SELECT atttypid::regtype FROM pg_attribute WHERE attname = 'extra' AND attrelid = 'lab.log'::regclass`, command: true },
  { id: 'direction', sql: `SELECT string_agg(name, ',') FROM (SELECT name FROM lab.users ORDER BY name {x}) s`, kind: 'direction', honest: ['asc', 'DESC', 'desc'] },
  { id: 'direction before limit', sql: `SELECT name FROM lab.users ORDER BY id {x} LIMIT 1`, kind: 'direction', honest: ['asc', 'DESC', 'desc'] },
];

/** What an attacker writes at such a place. Each kind has one for queries of one statement and one that begins another. */
export const usualAttacks: Readonly<Record<Kind, readonly string[]>> = {
  text: [`'||lab.spy()||'`, `'; SELECT lab.spy(); --`, `'); SELECT lab.spy(); --`, `'}'); SELECT lab.spy(); --`, `')); SELECT lab.spy(); --`, `' UNION SELECT lab.spy() --`, `' AS v; SELECT lab.spy(); --`, `'AND lab.spy()='`, `' AND lab.spy() IS NULL --`],
  number: [`lab.spy()::int`, `1; SELECT lab.spy(); --`, `1) s; SELECT lab.spy(); --`, `1); SELECT lab.spy(); --`],
  name: [`lab.spy()`, `x; SELECT lab.spy(); --`, `log; SELECT lab.spy(); --`, `(SELECT lab.spy())`, `users WHERE lab.spy() IS NULL --`, `x (n int); SELECT lab.spy(); --`, `lab.spy()) s --`, `name = lab.spy() --`, `name = lab.spy(), email`, `id = 1; SELECT lab.spy(); --`, `x AS SELECT 1; SELECT lab.spy(); --`, `x ON lab.log; SELECT lab.spy(); --`, `name), lab.spy(`, `at) SELECT lab.spy()::int --`, `x ON lab.users (name); SELECT lab.spy(); --`, `msg IS 'c'; SELECT lab.spy(); --`, `echo(lab.spy()) --`, `lab.users, lab.spy() --`, `x int; SELECT lab.spy(); --`, `secret); SELECT lab.spy(); --`],
  table: [`users, lab.spy()`, `users t ON lab.spy() IS NULL --`, `log; SELECT lab.spy(); --`, `log SELECT lab.spy() --`, `users WHERE lab.spy() IS NULL --`, `log ADD COLUMN e int; SELECT lab.spy(); --`],
  quoted: [`users"; SELECT lab.spy(); --`, `users", lab.spy() AS "s`, `name"||lab.spy()||"name`, `" (n int); SELECT lab.spy(); --`],
  glued: [`2024, lab.spy()`, `x ON lab.users (name); SELECT lab.spy(); --`],
  type: [`text)||(SELECT lab.spy()`, `int; SELECT lab.spy(); --`, `int DEFAULT lab.spy()::int`],
  direction: [`, lab.spy()`, `, lab.spy() --`],
};
