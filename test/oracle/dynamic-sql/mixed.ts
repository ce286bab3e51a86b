import { harmless, logged, one, or, rows, several, usersNow } from './cases.ts';
import type { Case } from './lab.ts';
import { literalOf } from './matrix.ts';

const joining = `'||lab.spy()||'`;
const spying = literalOf(joining);
const and = `x' AND lab.spy() IS NOT NULL --`;
const ending = (text: string) => literalOf(`${text}; SELECT lab.spy(); --`);

/** What a document, an array or a row says that a query is to look for. */
const filters: readonly Case[] = [
  several('filter of jsonb, key by key', 'x jsonb', `q := 'SELECT count(*) FROM lab.users WHERE true'; FOR rec IN SELECT * FROM jsonb_each_text(x) LOOP q := q || ' AND ' || rec.key || ' = ''' || rec.value || ''''; END LOOP; EXECUTE q INTO r;`, [`'{"name": "alice"}'`, `'{}'`, `'{"name": "bob", "email": "bob@x"}'`], [`'{"name": "z'' OR lab.spy() IS NOT NULL --"}'`, `'{"lab.spy() IS NULL OR name": "z"}'`], { expect: 'maybe' }),
  several('filter of jsonb that is quoted', 'x jsonb', `q := 'SELECT count(*) FROM lab.users WHERE true'; FOR rec IN SELECT * FROM jsonb_each_text(x) LOOP q := q || format(' AND %I = %L', rec.key, rec.value); END LOOP; EXECUTE q INTO r;`, [`'{"name": "alice"}'`], [`'{"name": "z'' OR lab.spy() IS NOT NULL --"}'`], { expect: 'silent' }),
  several('filter of jsonb in two variables', 'x jsonb', `DECLARE k text; w text; BEGIN q := ''; FOR k, w IN SELECT e.key, e.value FROM jsonb_each_text(x) e LOOP q := concat(q, ' AND ', quote_ident(k), ' = ''', w, ''''); END LOOP; EXECUTE 'SELECT count(*) FROM lab.users WHERE true' || q INTO r; END;`, [`'{"name": "alice"}'`, `'{}'`], [`'{"name": "z'' OR lab.spy() IS NOT NULL --"}'`], { expect: 'maybe' }),
  several('columns of jsonb', 'x jsonb', `SELECT string_agg(k, ', ') INTO q FROM jsonb_object_keys(x) k; EXECUTE 'SELECT ' || q || ' FROM lab.users WHERE id = 1' INTO r;`, [`'{"name": 1}'`], [`'{"lab.spy()": 1}'`], { expect: 'maybe' }),
  several('columns of jsonb, quoted', 'x jsonb', `SELECT string_agg(quote_ident(k), ', ') INTO q FROM jsonb_object_keys(x) k; EXECUTE 'SELECT ' || q || ' FROM lab.users WHERE id = 1' INTO r;`, [`'{"name": 1}'`], [`'{"lab.spy()": 1}'`], { expect: 'silent' }),
  several('list of jsonb elements', 'x jsonb', `EXECUTE 'SELECT count(*) FROM lab.users WHERE name IN (' || (SELECT string_agg(quote_literal(e), ', ') FROM jsonb_array_elements_text(x) e) || ')' INTO r;`, [`'["alice", "bob"]'`], [`'["z'') OR lab.spy() IS NOT NULL --"]'`], { expect: 'silent' }),
  several('order by two fields of jsonb', 'x jsonb', `EXECUTE 'SELECT name FROM lab.users ORDER BY ' || (x ->> 'by') || ' ' || (x ->> 'dir') || ' LIMIT 1' INTO r;`, [`'{"by": "name", "dir": "desc"}'`, `'{"by": "id", "dir": "asc"}'`], [`'{"by": "lab.spy()", "dir": ""}'`, `'{"by": "id", "dir": ", lab.spy()"}'`], { expect: 'maybe' }),
  several('operator by CASE', 'x text, o text', `EXECUTE 'SELECT count(*) FROM lab.users WHERE name ' || CASE o WHEN 'eq' THEN '=' WHEN 'ne' THEN '<>' ELSE '>' END || ' ''' || x || '''' INTO r;`, [`'alice', 'eq'`, `'bob', 'ne'`, `'b', ''`], [`${literalOf(or)}, 'eq'`]),
  several('operator by a table of constants', 'x text, o text', `v := (jsonb_build_object('eq', '=', 'ne', '<>') ->> o); EXECUTE format('SELECT count(*) FROM lab.users WHERE name %s %L', v, x) INTO r;`, [`'alice', 'eq'`], [], { expect: 'maybe', unsure: true }),
  several('columns and values side by side', 'c text[], a text[]', `q := ''; FOR i IN 1 .. array_length(c, 1) LOOP q := q || CASE WHEN i > 1 THEN ', ' ELSE '' END || c[i] || ' = ''' || a[i] || ''''; END LOOP; EXECUTE 'UPDATE lab.users SET ' || q || ' WHERE id = 1';`, [`'{name}', '{zoe}'`, `'{name,secret}', '{zoe,none}'`], [`'{name}', ARRAY[${spying}]`], { check: usersNow, expect: 'maybe' }),
  several('conditions one by one', 'a text[]', `DECLARE e text; BEGIN q := 'SELECT count(*) FROM lab.users WHERE id > 0'; FOREACH e IN ARRAY a LOOP q := q || ' AND name <> ''' || e || ''''; END LOOP; EXECUTE q INTO r; END;`, [`'{alice,bob}'`, `'{}'`], [`ARRAY[${literalOf(and)}]`]),
  several('conditions that are columns', 'a text[]', `DECLARE e text; w text[] := '{}'; BEGIN FOREACH e IN ARRAY a LOOP w := w || format('%I IS NOT NULL', e); END LOOP; EXECUTE 'SELECT count(*) FROM lab.users WHERE ' || array_to_string(w, ' OR ') INTO r; END;`, [`'{name,email}'`], [`'{lab.spy()}'`], { expect: 'silent' }),
  several('part of an array', 'a text[]', `EXECUTE 'SELECT count(*) FROM lab.users WHERE name IN (''' || array_to_string(a[1:2], ''',''') || ''')' INTO r;`, [`'{alice,bob,carol}'`], [`ARRAY[E'z'') OR lab.spy() IS NOT NULL --']`], { expect: 'maybe' }),
  several('any number of arguments', 'VARIADIC a text[]', `EXECUTE 'SELECT count(*) FROM lab.users WHERE name IN (''' || array_to_string(a, ''',''') || ''')' INTO r;`, [`'alice', 'bob'`, `'alice'`], [literalOf(`z') OR lab.spy() IS NOT NULL --`)]),
  several('any number of columns', 'VARIADIC a text[]', `EXECUTE 'SELECT concat(' || array_to_string(a, ', ') || ') FROM lab.users WHERE id = 1' INTO r;`, [`'name', 'email'`], [`'lab.spy()'`], { expect: 'maybe' }),
  several('a field of a row that is given', 'x lab.log', `EXECUTE format('SELECT count(*) FROM lab.log WHERE msg = ''%s'' AND at = %s', x.msg, x.at) INTO r;`, [`ROW('first', 1)::lab.log`], [`ROW(${literalOf(or)}, 1)::lab.log`]),
  several('a row as one text', 'x lab.log', `EXECUTE 'SELECT (''' || x::text || '''::lab.log).msg' INTO r;`, [`ROW('first', 1)::lab.log`], [`ROW(${literalOf(`'::text || lab.spy() --`)}, 1)::lab.log`], { unsure: true, repaired: [`ROW(E'it\\'s', 1)::lab.log`] }),
  several('a range of numbers', 'x int4range, y text', `EXECUTE 'SELECT count(*) FROM lab.users WHERE id <@ ''' || x::text || '''::int4range AND name <> ''' || y || '''' INTO r;`, [`'[1,3)', 'bob'`], [`'[1,3)', ${literalOf(or)}`]),
  several('the bound of a range', 'x int4range', `EXECUTE 'SELECT count(*) FROM lab.users WHERE id < ' || upper(x) INTO r;`, [`'[1,3)'`], [], { expect: 'silent' }),
  several('a row made of jsonb', 'x jsonb', `DECLARE u lab.log; BEGIN u := jsonb_populate_record(NULL::lab.log, x); EXECUTE 'INSERT INTO lab.log VALUES (''' || u.msg || ''', 9)'; END;`, [`'{"msg": "a"}'`], [`'{"msg": "''||lab.spy()||''"}'`], { check: logged, expect: 'maybe' }),
];

/** Pivots, lists of columns and of rows. */
const shapes: readonly Case[] = [
  several('pivot over names', 'a text[]', `SELECT string_agg('count(*) FILTER (WHERE name = ''' || e || ''') AS "' || e || '"', ', ') INTO q FROM unnest(a) e; EXECUTE 'SELECT ' || q || ' FROM lab.users' INTO rec; r := to_jsonb(rec)::text;`, [`'{alice,bob}'`, `'{Ann}'`], [`ARRAY[E'z''), lab.spy() FROM lab.users --']`], { expect: 'maybe' }),
  several('pivot, quoted', 'a text[]', `SELECT string_agg(format('max(CASE WHEN name = %L THEN id END) AS %I', e, e), ', ') INTO q FROM unnest(a) e; EXECUTE 'SELECT ' || q || ' FROM lab.users' INTO rec; r := to_jsonb(rec)::text;`, [`'{alice,bob}'`], [`ARRAY[E'z'' OR lab.spy() IS NOT NULL) --']`], { expect: 'silent' }),
  several('aliases with a prefix', 'x text', `EXECUTE 'SELECT 1 AS "total ' || x || '"' INTO rec; r := to_jsonb(rec)::text;`, [`'a'`, `'A b'`], [literalOf(`", lab.spy() AS "b`)]),
  several('aliases beside names', 'x text', `EXECUTE 'SELECT count(*) AS ' || x || '_count FROM lab.users' INTO rec; r := to_jsonb(rec)::text;`, [`'a'`], [`'a, lab.spy() AS b'`]),
  several('rows of two values', 'a text[]', `SELECT 'INSERT INTO lab.log VALUES ' || string_agg(format('(''%s'', %s)', e, 7), ', ') INTO q FROM unnest(a) e; EXECUTE q;`, [`'{a,b}'`], [`ARRAY[${spying}]`], { check: logged, expect: 'maybe' }),
  several('pairs in IN', 'x text, y text', `EXECUTE 'SELECT count(*) FROM lab.users WHERE (name, email) IN ((''' || x || ''', ''' || y || '''), (''bob'', ''bob@x''))' INTO r;`, [`'alice', 'alice@x'`, `'', ''`], [`'a', ${literalOf(`')) OR lab.spy() IS NOT NULL --`)}`]),
  several('VALUES as a table', 'x text', `EXECUTE 'SELECT string_agg(v.n, '','') FROM (VALUES (''a''), (''' || x || ''')) AS v (n)' INTO r;`, [`'b'`, `''`], [spying]),
  several('values in one array', 'x text, y text', `EXECUTE 'SELECT array_to_string(ARRAY[[''' || x || ''', ''b''], [''c'', ''' || y || ''']], '','')' INTO r;`, [`'a', 'd'`], [`'a', ${spying}`]),
  several('an array as one literal', 'a text[]', `EXECUTE 'SELECT count(*) FROM lab.users WHERE name = ANY (''{' || array_to_string(a, ',') || '}'')' INTO r;`, [`'{alice,bob}'`, `'{}'`], [`ARRAY[E'z}'') OR lab.spy() IS NOT NULL --']`], { expect: 'maybe' }),
  several('LIKE ANY', 'x text', `EXECUTE 'SELECT count(*) FROM lab.users WHERE name LIKE ANY (ARRAY[''' || x || '%'', ''b%''])' INTO r;`, [`'al'`, `''`], [literalOf(`z']) OR lab.spy() IS NOT NULL --`)]),
  several('numbers in an array', 'a int[], x text', `EXECUTE 'SELECT count(*) FROM lab.users WHERE id = ANY (ARRAY[' || array_to_string(a, ',') || ']::int[]) AND name <> ''' || x || '''' INTO r;`, [`'{1,2}', 'bob'`], [`'{1}', ${literalOf(or)}`]),
  several('list of columns with an alias in front', 'a text[]', `EXECUTE 'SELECT concat(u.' || array_to_string(a, ', u.') || ') FROM lab.users u WHERE id = 1' INTO r;`, [`'{name,email}'`], [`ARRAY['id, lab.spy()']`], { expect: 'maybe' }),
  several('order of several columns', 'a text[]', `SELECT string_agg(quote_ident(split_part(e, ' ', 1)) || CASE WHEN split_part(e, ' ', 2) = 'desc' THEN ' DESC' ELSE ' ASC' END, ', ') INTO q FROM unnest(a) e; EXECUTE 'SELECT name FROM lab.users ORDER BY ' || q || ' LIMIT 1' INTO r;`, [`'{"name desc",id}'`], [`'{lab.spy()}'`], { expect: 'silent' }),
  several('NULLS FIRST or LAST', 'x text, n text', `EXECUTE 'SELECT string_agg(coalesce(s.email, ''-''), '','') FROM (SELECT email FROM lab.users ORDER BY ' || x || ' NULLS ' || n || ') s' INTO r;`, [`'email', 'FIRST'`, `'email', 'last'`], [`'lab.spy()', 'LAST'`], { expect: 'none' }),
  several('WITH TIES', 'x text', `EXECUTE 'SELECT count(*) FROM (SELECT 1 FROM lab.users ORDER BY code FETCH FIRST ' || x || ' ROWS WITH TIES) s' INTO r;`, [`'1'`, `'2'`], [`'(length(lab.spy()))'`], { expect: 'maybe' }),
  several('OFFSET of a page', 'p int, x text', `EXECUTE 'SELECT name FROM lab.users WHERE name <> ''' || x || ''' ORDER BY id LIMIT 1 OFFSET ' || (p - 1) * 1 INTO r;`, [`1, 'z'`, `2, 'alice'`], [`1, ${literalOf(and)}`]),
  several('NULLIF for no limit', 'x text', `EXECUTE 'SELECT count(*) FROM (SELECT 1 FROM lab.users LIMIT ' || coalesce(nullif(x, ''), 'ALL') || ') s' INTO r;`, [`'1'`, `''`], [`'length(lab.spy())'`]),
  several('FOR UPDATE OF', 'x text', `EXECUTE 'SELECT name FROM lab.users u WHERE id = 1 FOR UPDATE OF ' || x INTO r;`, [`'u'`], [`'u; SELECT lab.spy(); --'`]),
  several('LATERAL', 'x text', `EXECUTE 'SELECT count(*) FROM lab.users u, LATERAL (SELECT u.name || ''' || x || ''' AS n) s WHERE s.n LIKE ''a%''' INTO r;`, [`'z'`, `''`], [literalOf(`'::text || lab.spy()) s --`)]),
  several('WITH RECURSIVE', 'x text', `EXECUTE 'WITH RECURSIVE t AS (SELECT 1 AS n, ''' || x || '''::text AS v UNION ALL SELECT n + 1, v FROM t WHERE n < 3) SELECT string_agg(v, ''-'') FROM t' INTO r;`, [`'a'`, `''`], [spying]),
];

/** Statements that no parameter can enter. */
const commands: readonly Case[] = [
  several('user and password', 'x text, y text', `EXECUTE 'CREATE USER ' || x || ' PASSWORD ''' || y || '''';`, [`'lab_made', 'pw'`], [`'lab_made', ${ending(`x'`)}`], { check: `SELECT count(*) FROM pg_roles WHERE rolname = 'lab_made'` }),
  several('password, quoted', 'x text, y text', `EXECUTE 'ALTER ROLE ' || quote_ident(x) || ' PASSWORD ' || quote_literal(y);`, [`'lab_reader', 'pw'`], [ending(`lab_reader PASSWORD 'x'`) + `, 'x'`], { expect: 'silent' }),
  several('setting of a role in a database', 'x text', `EXECUTE format('ALTER ROLE lab_reader IN DATABASE %I SET search_path = ''%s''', current_database(), x);`, [`'lab'`], [ending(`x'`)], { check: `SELECT string_agg(setconfig::text, ',') FROM pg_db_role_setting` }),
  one('name', 'what a role owns', `EXECUTE 'REASSIGN OWNED BY ' || x || ' TO postgres';`, ['lab_reader', 'nonsense'], { attacks: ['lab_reader TO postgres; SELECT lab.spy(); --'], known: { capitals: [`'CURRENT_ROLE'`] } }),
  one('name', 'what a role owns, dropped', `EXECUTE 'DROP OWNED BY ' || x || ' RESTRICT';`, ['lab_reader', 'nonsense'], { attacks: ['lab_reader; SELECT lab.spy(); --'] }),
  several('member with an option', 'x text, y text', `EXECUTE 'CREATE ROLE lab_made; GRANT ' || x || ' TO ' || y || ' WITH ADMIN OPTION';`, [`'lab_reader', 'lab_made'`], [`'lab_reader', 'lab_made; SELECT lab.spy(); --'`], { expect: 'maybe', check: `SELECT count(*) FROM pg_auth_members WHERE admin_option` }),
  one('name', 'listen', `EXECUTE 'LISTEN ' || x;`, ['chan'], { attacks: ['chan; SELECT lab.spy(); --'] }),
  one('name', 'unlisten', `EXECUTE 'UNLISTEN ' || x;`, ['chan'], { attacks: ['chan; SELECT lab.spy(); --'], known: { capitals: [`'*'`] }, expect: 'maybe' }),
  several('lock with its mode', 'x text, m text', `EXECUTE 'LOCK TABLE lab.' || x || ' IN ' || m || ' MODE';`, [`'log', 'SHARE'`], [`'log', 'SHARE MODE; SELECT lab.spy(); --'`], { expect: 'none' }),
  one('name', 'lock', `EXECUTE 'LOCK TABLE lab.' || x || ' IN SHARE MODE NOWAIT';`, ['log', 'nonsense'], { attacks: ['log; SELECT lab.spy(); --'] }),
  one('name', 'comment on a column', `EXECUTE 'COMMENT ON COLUMN lab.log.' || x || ' IS ''c''';`, ['msg', 'nonsense'], { attacks: [`msg IS 'c'; SELECT lab.spy(); --`], check: `SELECT col_description('lab.log'::regclass, 1)` }),
  several('comment with the time', 'x text', `EXECUTE 'COMMENT ON TABLE lab.log IS ''' || x || ' by ' || current_user || '''';`, [`'made'`], [ending(`x'`)], { check: `SELECT obj_description('lab.log'::regclass)` }),
  several('memory with its unit', 'x text', `EXECUTE 'SET LOCAL work_mem = ''' || x || 'MB''';`, [`'5'`, `'z'`], [ending(`5MB'`)], { check: `SELECT current_setting('work_mem')` }),
  several('setting of an own name', 'x text', `EXECUTE 'SET LOCAL lab.' || x || ' = ''v''';`, [`'made'`], [ending(`made = 'v'`)], { check: `SELECT current_setting('lab.made', true)` }),
  several('schema in double quotes', 'x text', `EXECUTE 'SET LOCAL search_path TO "' || x || '", pg_catalog';`, [`'lab'`, `'A b'`], [ending(`lab"`)], { check: `SELECT current_setting('search_path')` }),
  several('set_config() in the statement', 'x text', `EXECUTE 'SELECT set_config(''lab.made'', ''' || x || ''', true)' INTO r;`, [`'v'`, `''`], [literalOf(`' || lab.spy() || '`)]),
  several('set_config() in DO', 'x text', `EXECUTE 'DO $b$ BEGIN PERFORM set_config(''lab.made'', ''' || x || ''', true); END $b$';`, [`'v'`], [literalOf(`' || lab.spy() || '`)], { check: `SELECT current_setting('lab.made', true)` }),
  several('columns of COPY', 'a text[]', `EXECUTE 'COPY lab.users (' || array_to_string(a, ',') || ') TO ''/dev/null''';`, [`'{id,name}'`], [`ARRAY[${ending(`id) TO '/dev/null'`)}]`]),
  one('name', 'format of COPY', `EXECUTE 'COPY lab.log TO ''/dev/null'' WITH (FORMAT ' || x || ')';`, ['csv', 'text', 'nonsense'], { attacks: [`csv); SELECT lab.spy(); --`], expect: 'maybe' }),
  several('file of COPY', 'x text', `EXECUTE 'COPY lab.log TO ''/dev/' || x || '''';`, [`'null'`], [ending(`null'`)]),
  several('renamed column', 'x text, y text', `EXECUTE 'ALTER TABLE lab.log RENAME COLUMN ' || x || ' TO ' || y;`, [`'msg', 'said'`], [`'msg', ${ending('said')}`], { check: `SELECT string_agg(attname, ',' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'lab.log'::regclass AND attnum > 0` }),
  one('name', 'dropped trigger', `EXECUTE 'DROP TRIGGER IF EXISTS ' || x || ' ON lab.log';`, ['nonsense'], { attacks: ['a ON lab.log; SELECT lab.spy(); --'] }),
  one('name', 'dropped function', `EXECUTE 'DROP FUNCTION IF EXISTS lab.' || x || '(int)';`, ['nonsense'], { attacks: ['a(int); SELECT lab.spy(); --'] }),
  several('argument of a trigger', 'x text', `EXECUTE 'CREATE TRIGGER made BEFORE UPDATE ON lab.log FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger(''' || x || ''')';`, [`'a'`, `''`], [ending(`a')`)], { check: `SELECT tgargs::text FROM pg_trigger WHERE tgname = 'made'` }),
  several('bounds of a partition', 'x text, y text', `EXECUTE 'CREATE TABLE lab.made (d text) PARTITION BY RANGE (d); CREATE TABLE lab.made_a PARTITION OF lab.made FOR VALUES FROM (''' || x || ''') TO (''' || y || ''')';`, [`'a', 'c'`], [`'a', ${ending(`c')`)}`], { check: `SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE relname = 'made_a'` }),
  several('attached partition', 'x text', `EXECUTE 'CREATE TABLE lab.made (k text); ALTER TABLE lab.parts ATTACH PARTITION lab.made FOR VALUES IN (''' || x || ''')';`, [`'a'`, `''`], [ending(`a')`)], { check: `SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE oid = 'lab.made'::regclass` }),
  one('name', 'clustered by an index', `EXECUTE 'CLUSTER lab.users USING ' || x;`, ['users_name', 'nonsense'], { attacks: ['users_name; SELECT lab.spy(); --'] }),
  one('number', 'statistics of a column', `EXECUTE 'ALTER TABLE lab.users ALTER name SET STATISTICS ' || x;`, ['50', '-1'], { attacks: ['5; SELECT lab.spy(); --'], check: `SELECT attstattarget FROM pg_attribute WHERE attrelid = 'lab.users'::regclass AND attname = 'name'` }),
  several('view with a value', 'x text, y text', `EXECUTE 'CREATE VIEW lab.' || x || ' AS SELECT * FROM lab.users WHERE name = ''' || y || '''';`, [`'made', 'alice'`], [`'made', ${ending(`a'`)}`], { check: `SELECT count(*) FROM lab.made` }),
  several('materialized view that is filled again', 'x text', `EXECUTE 'CREATE MATERIALIZED VIEW lab.' || x || ' AS SELECT 1 AS n'; EXECUTE 'REFRESH MATERIALIZED VIEW lab.' || x;`, [`'made'`], [`'made AS SELECT 1; SELECT lab.spy(); --'`], { check: `SELECT count(*) FROM lab.made` }),
  several('called procedure', 'x text', `EXECUTE 'CALL lab.note(''' || x || ''')';`, [`'a'`, `''`, `'%'`], [spying], { check: logged }),
  one('name', 'called procedure of a name', `EXECUTE 'CALL lab.' || x || '(''a'')';`, ['note', 'nonsense'], { attacks: [`note(lab.spy()); --`], check: logged }),
  several('extended statistics', 'x text', `EXECUTE 'CREATE STATISTICS lab.' || x || ' ON name, email FROM lab.users';`, [`'made'`], [`'made ON id, name FROM lab.users; SELECT lab.spy(); --'`], { check: `SELECT count(*) FROM pg_statistic_ext WHERE stxname = 'made'` }),
  one('name', 'tablespace', `EXECUTE 'CREATE TABLE lab.made (n int) TABLESPACE ' || x;`, ['pg_default', 'nonsense'], { attacks: ['pg_default; SELECT lab.spy(); --'] }),
  one('name', 'event trigger', `EXECUTE 'ALTER EVENT TRIGGER ' || x || ' DISABLE';`, ['nonsense'], { attacks: ['a DISABLE; SELECT lab.spy(); --'], unsure: true }),
];

/** Inside of quotes. */
const texts: readonly Case[] = [
  several('interval of two values', 'n text, u text', `EXECUTE 'SELECT (date ''2024-01-01'' + interval ''' || n || ' ' || u || ''')::text' INTO r;`, [`'3', 'days'`, `'1', 'mon'`, `'z', ''`], [`'3', ${literalOf(`day')::text || lab.spy() --`)}`]),
  several('interval of a number and a unit', 'n int, u text', `EXECUTE format('SELECT (date ''2024-01-01'' + ''%s %s''::interval)::text', n, u) INTO r;`, [`3, 'days'`], [`3, ${literalOf(`day'::interval)::text || lab.spy() --`)}`]),
  several('interval without quotes of its own', 'n text', `EXECUTE 'SELECT (date ''2024-01-01'' - interval ' || quote_literal(n || ' days') || ')::text' INTO r;`, [`'3'`], [literalOf(`3')::text || lab.spy() --`)], { expect: 'silent' }),
  several('wildcards escaped', 'x text', `EXECUTE 'SELECT count(*) FROM lab.users WHERE name LIKE ''%' || replace(x, '%', '\\%') || '%''' INTO r;`, [`'li'`, `'%'`], [literalOf(or)]),
  several('wildcards and quotes escaped', 'x text', `EXECUTE 'SELECT count(*) FROM lab.users WHERE name LIKE ''%' || replace(replace(x, '%', '\\%'), '''', '''''') || '%''' INTO r;`, [`'li'`, `'%'`], [], { expect: 'maybe', unsure: true }),
  several('wildcard added before', 'x text', `v := x || '%'; EXECUTE 'SELECT count(*) FROM lab.users WHERE name LIKE ''' || v || '''' INTO r;`, [`'al'`, `''`], [literalOf(or)], { expect: 'maybe' }),
  several('lower() of the value', 'x text', `EXECUTE 'SELECT count(*) FROM lab.users WHERE name = ''' || lower(trim(x)) || '''' INTO r;`, [`' Alice '`], [literalOf(or)]),
  several('path of jsonb with a constant in front', 'x text', `EXECUTE 'SELECT coalesce(data #>> ''{k,' || x || '}'', ''-'') FROM lab.users WHERE id = 1' INTO r;`, [`'a'`, `'0'`], [literalOf(`k}', '-') || lab.spy() FROM lab.users --`)]),
  several('field of a field', 'x text', `EXECUTE 'SELECT (''{"a": {"b": "v"}}''::jsonb -> ''' || x || ''' ->> ''b'')' INTO r;`, [`'a'`, `'z'`], [literalOf(`a' ->> 'b') || lab.spy() --`)]),
  several('jsonpath with a comparison', 'x text', `EXECUTE 'SELECT count(*) FROM lab.users WHERE data @@ ''$.k == "' || x || '"''' INTO r;`, [`'alice'`, `'z'`], [literalOf(`z"' OR lab.spy() IS NOT NULL --`)]),
  several('jsonpath with a number', 'n int, x text', `EXECUTE 'SELECT count(*) FROM lab.users WHERE data @? ''$.k[' || n || '] ? (@ == "' || x || '")''' INTO r;`, [`0, 'alice'`], [`0, ${literalOf(`z")' OR lab.spy() IS NOT NULL --`)}`]),
  several('jsonb written by hand', 'x text, n int', `EXECUTE 'SELECT ''{"name": "' || x || '", "n": ' || n || '}''::jsonb ->> ''name''' INTO r;`, [`'a', 1`, `'', 2`], [`${literalOf(`"}'::jsonb || lab.spy() --`)}, 1`], { unsure: true }),
  several('escapes around the value', 'x text', `EXECUTE E'SELECT count(*) FROM lab.users WHERE name = \\x27' || x || E'\\x27' INTO r;`, [`'alice'`], [literalOf(or)]),
  several('Unicode escapes around the value', 'x text', `EXECUTE U&'SELECT count(*) FROM lab.users WHERE name = \\0027' || x || U&'\\0027' INTO r;`, [`'alice'`], [literalOf(or)], { expect: 'maybe' }),
  several('tab and newline beside the value', 'x text', `EXECUTE E'SELECT count(*)\\n\\tFROM lab.users\\n\\tWHERE name = ''' || x || E'''\\n' INTO r;`, [`'alice'`], [literalOf(or)]),
  several('value in an E string of the statement, by format()', 'x text', `EXECUTE format($q$SELECT length(E'a\\t%s')$q$, x) INTO r;`, [`'bc'`], [literalOf(`') + length(lab.spy()) --`)], { expect: 'maybe' }),
  several('format of a date', 'x text', `EXECUTE 'SELECT to_char(date ''2024-05-06'', ''' || x || ''')' INTO r;`, [`'YYYY'`, `'DD.MM.'`], [literalOf(`YYYY') || lab.spy() --`)]),
  several('two formats of dates', 'x text, y text', `EXECUTE 'SELECT count(*) FROM lab.users WHERE born BETWEEN ''' || x || ''' AND to_date(''' || y || ''', ''DD.MM.YYYY'')' INTO r;`, [`'2024-01-01', '05.03.2024'`], [`'2024-01-01', ${literalOf(`', '') OR lab.spy() IS NOT NULL --`)}`]),
  several('time zone', 'x text', `EXECUTE 'SELECT (timestamp ''2024-01-01 10:00'' AT TIME ZONE ''' || x || ''' AT TIME ZONE ''UTC'')::text' INTO r;`, [`'Europe/Paris'`, `'nonsense'`], [literalOf(`UTC')::text || lab.spy() --`)]),
  several('flags of a pattern', 'x text, f text', `EXECUTE 'SELECT regexp_replace(name, ''' || x || ''', '''', ''' || f || ''') FROM lab.users WHERE id = 1' INTO r;`, [`'A', 'gi'`, `'a', ''`], [`'a', ${literalOf(`g') || lab.spy() FROM lab.users --`)}`]),
  several('collation', 'x text', `EXECUTE 'SELECT min(name COLLATE "' || x || '") FROM lab.users' INTO r;`, [`'C'`, `'nonsense'`], [literalOf(`C") || lab.spy( --`), literalOf(`C") || lab.spy() FROM lab.users --`)]),
  several('operator of a schema', 'x text', `EXECUTE 'SELECT (1 OPERATOR(pg_catalog.' || x || ') 2)::text' INTO r;`, [`'+'`, `'<'`], [literalOf(`+) length(lab.spy()))::text --`)], { expect: 'none' }),
  several('precision and scale', 'p text, s text', `EXECUTE 'SELECT (1.2345::numeric(' || p || ',' || s || '))::text' INTO r;`, [`'5', '2'`], [`'5', ${literalOf(`2))::text || lab.spy() --`)}`]),
  several('series of dates', 'x text', `EXECUTE 'SELECT count(*) FROM generate_series(''' || x || '''::date, date ''2024-01-05'', ''1 day'')' INTO r;`, [`'2024-01-01'`], [literalOf(`2024-01-01'::date, now() + length(lab.spy()) * interval '0', '1 day') --`)]),
  several('value that a function has cut', 'x text', `EXECUTE 'SELECT count(*) FROM lab.users WHERE name = ''' || left(x, 50) || '''' INTO r;`, [`'alice'`], [literalOf(or)]),
  several('value from greatest()', 'x text', `EXECUTE 'SELECT count(*) FROM lab.users WHERE name >= ''' || greatest(x, 'a') || '''' INTO r;`, [`'b'`], [literalOf(`z' OR lab.spy() IS NOT NULL --`)]),
  several('value in a value', 'x text', `EXECUTE 'SELECT ''SELECT ''''' || x || ''''''' AS shown' INTO r;`, [`'a'`, `''`], [literalOf(`'' || lab.spy() || ''`), literalOf(`' || lab.spy() || '`)]),
  several('dollar quotes by format()', 'x text', `EXECUTE format('SELECT $x$%s$x$::text', x) INTO r;`, [`'a'`, `'it''s'`], [literalOf(`$x$::text || lab.spy() || $x$`)]),
  several('bits', 'x text', `EXECUTE 'SELECT (B''' || x || ''' | B''0001'')::text' INTO r;`, [`'1000'`], [literalOf(`1000')::text || lab.spy() --`)], { expect: 'maybe' }),
  several('money', 'x text', `EXECUTE 'SELECT (''' || x || '''::numeric + 1)::text' INTO r;`, [`'1.5'`, `'z'`], [literalOf(`1'::numeric)::text || lab.spy() --`)]),
];

/** What is harmless whoever chooses it. */
const harmlessValues: readonly Case[] = [
  several('number filled up', 'n int', `EXECUTE 'CREATE TABLE lab.made_' || lpad(n::text, 3, '0') || ' (n int)';`, [`7`, `-1`], [], { expect: 'silent' }),
  several('date without its signs', 'd date', `EXECUTE 'CREATE TABLE lab.made_' || replace(d::text, '-', '') || ' (n int)';`, [`'2024-05-06'`], [], { expect: 'silent' }),
  several('quotes that translate() takes away', 'x text', `EXECUTE 'SELECT count(*) FROM lab.users WHERE name = ''' || translate(x, '''', '') || '''' INTO r;`, [`'alice'`], [literalOf(or)], { expect: 'silent' }),
  several('quotes that regexp_replace() takes away', 'x text', `EXECUTE 'SELECT count(*) FROM lab.users WHERE name = ''' || regexp_replace(x, '[''"]', '', 'g') || '''' INTO r;`, [`'alice'`], [literalOf(or)], { expect: 'silent' }),
  several('hash of a value', 'x text', `EXECUTE 'CREATE TABLE lab.made_' || abs(hashtext(x)) % 16 || ' (n int)';`, [`'a'`], [ending('a (n int)')], { expect: 'silent' }),
  several('length of a value', 'x text', `EXECUTE 'SELECT count(*) FROM lab.users LIMIT ' || (length(x) + 1) INTO r;`, [`'a'`], [`'length(lab.spy())'`], { expect: 'silent' }),
];

/** What no quoting is right for. */
const unquotable: readonly Case[] = [
  several('operator glued to a number', 'o text, n int', `EXECUTE 'SELECT count(*) FROM lab.users WHERE id ' || o || n INTO r;`, [`'=', 1`, `'>', 1`], [`'= lab.spy()::int OR id =', 1`], { expect: 'none' }),
  several('function that is dropped with its types', 'x text', `EXECUTE 'CREATE FUNCTION lab.made(int) RETURNS int LANGUAGE sql AS ''SELECT 1'''; EXECUTE 'DROP FUNCTION lab.' || x;`, [`'made(int)'`, `'made'`], [ending('made')], { expect: 'none' }),
  several('function that is granted with its types', 'x text', `EXECUTE format('GRANT EXECUTE ON FUNCTION lab.%s TO lab_reader', x);`, [`'echo(text)'`], [ending('echo(text) TO lab_reader')], { expect: 'none' }),
  several('argument of a function of their own', 'x text', `EXECUTE 'SELECT lab.echo(' || x || ')' INTO r;`, [`'''a'''`, `'NULL'`], [`'lab.spy()'`], { expect: 'none' }),
  several('arguments that are quoted one by one', 'a text[]', `DECLARE e text; w text[]; BEGIN FOREACH e IN ARRAY a LOOP w := array_append(w, format('''%s''', e)); END LOOP; EXECUTE 'SELECT json_build_object(' || array_to_string(w, ',') || ')' INTO r; END;`, [`'{a,b}'`], [`ARRAY['a', ${spying}]`]),
  several('named argument', 'x text', `EXECUTE 'SELECT lab.echo(v => ' || x || ')' INTO r;`, [`'''a'''`], [`'lab.spy()'`], { expect: 'none' }),
  several('argument of CALL', 'x text', `EXECUTE 'CALL lab.note(' || x || ')';`, [`'''a'''`], [`'lab.spy()'`], { expect: 'none', check: logged }),
];

/** Names with their schema, and what makes them safe or not. */
const names: readonly Case[] = [
  several('schema and table, quoted as one', 'x text', `EXECUTE 'SELECT count(*) FROM ' || quote_ident(x) INTO r;`, [`'users'`, `'lab.users'`], [`'users, lab.spy()'`], { expect: 'silent' }),
  several('schema and table in one %I', 'x text', `EXECUTE format('SELECT count(*) FROM %I', x) INTO r;`, [`'users'`, `'lab.users'`], [`'users, lab.spy()'`], { expect: 'silent' }),
  several('schema and table, apart', 'x text', `EXECUTE 'SELECT count(*) FROM ' || quote_ident(split_part(x, '.', 1)) || '.' || quote_ident(split_part(x, '.', 2)) INTO r;`, [`'lab.users'`], [`'lab.users, lab.spy()'`], { expect: 'silent' }),
  several('parse_ident()', 'x text', `EXECUTE 'SELECT count(*) FROM ' || array_to_string(ARRAY(SELECT quote_ident(p) FROM unnest(parse_ident(x)) p), '.') INTO r;`, [`'lab.users'`], [`'lab.users, lab.spy()'`], { expect: 'silent' }),
  several('regclass in a variable', 'x text', `DECLARE t regclass := x; BEGIN EXECUTE format('SELECT count(*) FROM %s', t) INTO r; END;`, [`'lab.users'`, `'lab."Weird Table"'`], [`'lab.users, lab.spy()'`], { expect: 'silent' }),
  several('schema quoted, table not', 'x text, y text', `EXECUTE 'SELECT count(*) FROM ' || quote_ident(x) || '.' || y INTO r;`, [`'lab', 'users'`], [`'lab', 'users, lab.spy()'`]),
  several('names joined by concat_ws()', 'x text, y text', `EXECUTE 'SELECT count(*) FROM ' || concat_ws('.', x, y) INTO r;`, [`'lab', 'users'`], [`'lab', 'users, lab.spy()'`], { expect: 'maybe' }),
  several('function and its argument', 'x text, y text', `EXECUTE 'SELECT ' || y || '(' || quote_literal(x) || ')' INTO r;`, [`'alice', 'echo'`], [`'a', 'lab.spy() || upper'`], { known: { overloaded: [`'alice', 'upper'`] } }),
  several('table as its own qualifier', 'x text', `EXECUTE 'SELECT max(' || x || '.name) FROM lab.' || x INTO r;`, [`'users'`], [`'users.name), lab.spy() FROM lab.users --'`]),
  several('table with its schema as its own qualifier', 'x text', `EXECUTE format('SELECT max(%1$s.name) FROM %1$s', x) INTO r;`, [`'users'`], [literalOf(`users.name) || lab.spy() FROM lab.users --`)], { known: { path: [`'lab.users'`] } }),
  several('table and its columns of the catalogue', 'x text', `SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO q FROM pg_attribute WHERE attrelid = x::regclass AND attnum > 0 AND NOT attisdropped; EXECUTE 'SELECT concat(' || q || ') FROM ' || x::regclass || ' LIMIT 1' INTO r;`, [`'lab.log'`], [`'lab.log, lab.spy()'`], { expect: 'silent' }),
  several('number that a cast has checked', 'x text', `EXECUTE 'SELECT name FROM lab.users WHERE id = ' || x::int INTO r;`, [`'1'`], [`'length(lab.spy())'`], { expect: 'silent' }),
  several('number that a pattern has checked', 'x text', `IF x !~ '^\\d+$' THEN RAISE EXCEPTION 'no number'; END IF; EXECUTE 'SELECT name FROM lab.users WHERE id = ' || x INTO r;`, [`'1'`], [`'length(lab.spy())'`], { expect: 'silent' }),
  several('a loop that leaves other values out', 'a text[]', `DECLARE e text; BEGIN FOREACH e IN ARRAY a LOOP CONTINUE WHEN e !~ '^[a-z]+$'; EXECUTE 'SELECT count(*) FROM lab.' || e INTO v; r := concat(r, v); END LOOP; END;`, [`'{users,log}'`], [`ARRAY['users, lab.spy()']`], { expect: 'silent' }),
  several('a loop that ends at other values', 'a text[]', `DECLARE e text; BEGIN FOREACH e IN ARRAY a LOOP EXIT WHEN e NOT IN ('users', 'log'); EXECUTE 'SELECT count(*) FROM lab.' || e INTO v; r := concat(r, v); END LOOP; END;`, [`'{users,log}'`], [`ARRAY['users, lab.spy()']`], { expect: 'silent' }),
  several('a loop that leaves these values out', 'a text[]', `DECLARE e text; BEGIN FOREACH e IN ARRAY a LOOP CONTINUE WHEN e ~ '^[a-z]+$'; EXECUTE 'SELECT count(*) FROM lab.' || e INTO v; r := concat(r, v); END LOOP; END;`, [`'{users}'`], [`ARRAY['users, lab.spy()']`], { expect: 'maybe' }),
  several('word that a CASE maps', 'x text', `EXECUTE 'SELECT ' || CASE lower(x) WHEN 'n' THEN 'name' WHEN 'm' THEN 'email' END || ' FROM lab.users WHERE id = 1' INTO r;`, [`'N'`, `'m'`], [`'lab.spy()'`], { expect: 'silent' }),
];

/** How the text runs. */
const ways: readonly Case[] = [
  several('INTO STRICT USING', 'x text, n int', `EXECUTE 'SELECT name FROM lab.users WHERE id < $1 AND name = ''' || x || '''' INTO STRICT r USING n;`, [`'alice', 5`, `'nobody', 5`], [`${literalOf(or)}, 5`]),
  several('USING INTO STRICT', 'x text, n int', `EXECUTE format('SELECT name FROM lab.users WHERE id < $1 AND name = ''%s''', x) USING n INTO STRICT r;`, [`'alice', 5`, `'nobody', 5`], [`${literalOf(or)}, 5`]),
  several('into a field', 'x text', `DECLARE u lab.log; BEGIN EXECUTE 'SELECT name FROM lab.users WHERE name = ''' || x || '''' INTO u.msg; r := u.msg; END;`, [`'alice'`, `''`], [literalOf(or)]),
  { ...several('RETURN QUERY of format() in format()', 'x text, y text', `RETURN QUERY EXECUTE format('SELECT t.%I::text FROM (%s) t ORDER BY 1', y, format('SELECT * FROM lab.users WHERE name <> ''%s''', x));`, [`'alice', 'id'`, `'', 'name'`], [`${literalOf(`x' AND lab.spy() IS NOT NULL AND '' = '`)}, 'id'`]), returns: 'SETOF text', call: rows },
  { ...several('RETURN QUERY and then one more row', 'x text', `RETURN QUERY EXECUTE 'SELECT id, name FROM lab.users WHERE name = ''' || x || ''' OR id = $1' USING 2; RETURN QUERY SELECT 0, 'end';`, [`'alice'`, `''`], [literalOf(or)]), returns: 'TABLE (i int, n text)', call: rows },
  several('cursor with USING and a direction', 'x text', `OPEN cur SCROLL FOR EXECUTE 'SELECT name FROM lab.users WHERE id > $1 ORDER BY ' || x USING 0; FETCH LAST FROM cur INTO r; CLOSE cur;`, [`'name'`, `'id'`], [`'lab.spy()'`]),
  several('cursor over format() in format()', 'x text', `OPEN cur FOR EXECUTE format('SELECT count(*) FROM (%s) s', format('SELECT 1 FROM lab.users WHERE name = ''%s''', x)); FETCH cur INTO r; CLOSE cur;`, [`'alice'`, `''`], [literalOf(`x' OR lab.spy() IS NOT NULL AND '' = '`)]),
  several('loop over rows with USING', 'x text, n int', `FOR rec IN EXECUTE 'SELECT name FROM lab.users WHERE id >= $1 AND name <> ''' || x || ''' ORDER BY id' USING n LOOP r := concat(r, rec.name, ';'); END LOOP;`, [`'bob', 1`], [`${literalOf(and)}, 1`]),
  several('a statement for every table of a schema', 'x text', `FOR rec IN SELECT tablename FROM pg_tables WHERE schemaname = 'lab' AND tablename LIKE 'l%' LOOP EXECUTE format('SELECT count(*) FROM lab.%I WHERE msg = ''%s''', rec.tablename, x) INTO v; r := concat(r, v); END LOOP;`, [`'first'`, `''`], [literalOf(or)]),
  several('the statement is caught and run again', 'x text', `q := 'SELECT name FROM lab.users WHERE id = 1 AND name = ''' || x || ''''; BEGIN EXECUTE q INTO STRICT r; EXCEPTION WHEN no_data_found THEN EXECUTE 'SELECT count(*) FROM (' || q || ') s' INTO r; END;`, [`'alice'`, `'bob'`, `''`], [literalOf(or)], { expect: 'maybe' }),
  several('two statements share their condition', 'x text', `v := ' WHERE name = ''' || x || ''''; EXECUTE 'SELECT count(*) FROM lab.users' || v INTO r; EXECUTE 'UPDATE lab.users SET secret = ''seen''' || v;`, [`'alice'`, `''`], [literalOf(or)], { check: usersNow }),
  several('text from a function without parameters', 'x text', `EXECUTE concat_ws(' ', 'SELECT count(*)', 'FROM lab.users', 'WHERE name = ''' || x || '''') INTO r;`, [`'alice'`, `''`], [literalOf(or)]),
  several('lines in an array', 'x text', `EXECUTE array_to_string(ARRAY['SELECT count(*)', 'FROM lab.users', 'WHERE name = ''' || x || ''''], E'\\n') INTO r;`, [`'alice'`, `''`], [literalOf(or)], { known: { null: ['NULL'] }, expect: 'maybe' }),
  several('row count', 'x text', `EXECUTE 'DELETE FROM lab.log WHERE msg = ''' || x || ''''; GET DIAGNOSTICS cnt = ROW_COUNT; r := cnt;`, [`'first'`, `''`], [literalOf(`x' OR lab.spy() IS NOT NULL --`)], { check: logged }),
  { ...several('trigger that reads a column of a name', '', `EXECUTE 'SELECT ($1).' || TG_ARGV[0] || '::text' INTO v USING NEW; NEW.msg := v || '!'; RETURN NEW;`, [`'a'`], []), returns: 'trigger', settings: `CREATE TRIGGER made BEFORE INSERT ON lab.log FOR EACH ROW EXECUTE FUNCTION {f}('msg'); SET LOCAL search_path = pg_catalog, lab`, call: `lab.run(format($run$INSERT INTO lab.log VALUES (%L, 5)$run$, {args}))`, check: logged, unsure: true, expect: 'maybe' },
  { ...several('trigger that copies the row', '', `EXECUTE format('INSERT INTO lab.%I SELECT ($1).name, ($1).id', 'log') USING NEW; RETURN NEW;`, [`'a'`], [spying]), returns: 'trigger', settings: `CREATE TRIGGER made BEFORE INSERT ON lab.users FOR EACH ROW EXECUTE FUNCTION {f}(); SET LOCAL search_path = pg_catalog, lab`, call: `lab.run(format($run$INSERT INTO lab.users (id, name) VALUES (70, %L)$run$, {args}))`, check: logged, expect: 'silent' },
  { ...several('event trigger', '', `FOR rec IN SELECT * FROM pg_event_trigger_ddl_commands() LOOP EXECUTE format('COMMENT ON %s %s IS ''seen''', rec.object_type, rec.object_identity); END LOOP;`, [`'made'`], []), returns: 'event_trigger', settings: `CREATE EVENT TRIGGER made ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION {f}(); SET LOCAL search_path = pg_catalog, lab`, call: `lab.run(format('CREATE TABLE lab.%I (n int)', {args}))`, check: `SELECT obj_description('lab.made'::regclass)`, expect: 'silent' },
  { ...several('event trigger that builds a name', '', `FOR rec IN SELECT * FROM pg_event_trigger_ddl_commands() LOOP EXECUTE 'INSERT INTO lab.log VALUES (''' || rec.object_identity || ''', 3)'; END LOOP;`, [`'made'`], [literalOf(joining)]), returns: 'event_trigger', settings: `CREATE EVENT TRIGGER made ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION {f}(); SET LOCAL search_path = pg_catalog, lab`, call: `lab.run(format('CREATE TABLE lab.%I (n int)', {args}))`, check: logged, expect: 'maybe' },
  { ...one('text', 'a function in SQL with a sub-select', `SELECT count(*)::text FROM ts_stat('SELECT to_tsvector(''simple'', name) FROM lab.users WHERE name <> ''' || x || '''')`, harmless, { attacks: [and] }), language: 'sql' },
  { ...one('name', 'a function in SQL with a table', `SELECT query_to_xml(format('SELECT count(*) FROM lab.%s', x), false, true, '')::text`, ['users', 'log'], { attacks: ['users, lab.spy()'] }), language: 'sql' },
];

export const mixed: readonly Case[] = [...filters, ...shapes, ...commands, ...texts, ...harmlessValues, ...unquotable, ...names, ...ways];
