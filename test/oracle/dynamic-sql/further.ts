import { harmless, logged, one, or, several, usersNow } from './cases.ts';
import type { Case } from './lab.ts';
import { literalOf } from './matrix.ts';

const attack = literalOf(or);
const ending = (text: string): string => literalOf(`${text}; SELECT lab.spy(); --`);
const count = 'SELECT count(*) FROM lab.users';

/** Layouts, comments and signs. */
const layouts: readonly Case[] = [
  one('text', 'comment between operands', `EXECUTE '${count} WHERE name = ''' /* the name */ || x /* ''quoted'' */ || '''' -- end\n INTO r;`, harmless),
  one('text', 'comment with a quote', `EXECUTE '${count} WHERE name = ''' || -- it's\n x || '''' INTO r;`, harmless),
  one('text', 'CRLF', `EXECUTE '${count}\r\n WHERE name = '''\r\n || x\r\n || '''' INTO r;`, harmless),
  one('text', 'tabs', `EXECUTE\t'${count}\tWHERE\tname\t=\t'''||\tx\t||''''\tINTO\tr;`, harmless),
  one('text', 'astral characters', `EXECUTE '${count} /* 😀 */ WHERE name = ''😀' || x || '''' INTO r;`, harmless, { attacks: [or] }),
  one('text', 'characters of several bytes before it', `q := 'ééé😀'; EXECUTE '${count} WHERE name <> ''ß'' AND name = ''' || x || '''' INTO r;`, harmless),
  one('text', 'comment in the statement', `EXECUTE '${count} -- all\n WHERE /* by name */ name = ''' || x || ''' -- done' INTO r;`, ['alice', ''], { attacks: [`x' OR lab.spy() IS NOT NULL OR 'a' = '`] }),
  one('text', 'nested parentheses', `EXECUTE (('${count} WHERE name = ''') || ((x)) || ('''')) INTO r;`, harmless),
  one('text', 'capitals', `execute 'select COUNT(*) from LAB.USERS where NAME = ''' || X || '''' into R;`, harmless),
  several('two values in one literal', 'x text, y text', `EXECUTE '${count} WHERE name = ''' || x || ' ' || y || '''' INTO r;`, [`'alice', ''`, `'a', 'b'`], [`${attack}, ''`, `'x', ${attack}`]),
  several('three values in one literal', 'x text, y text, z text', `EXECUTE '${count} WHERE name = ''' || x || '-' || y || '%' || z || '''' INTO r;`, [`'a', 'b', 'c'`], [`'', '', ${attack}`]),
  several('the same value four times', 'x text', `EXECUTE '${count} WHERE name = ''' || x || ''' OR email = ''' || x || ''' OR code = ''' || x || ''' OR secret = ''' || x || '''' INTO r;`, [`'alice'`, `'cd'`, `''`], [attack]),
  several('a value and a number', 'x text, n int', `EXECUTE '${count} WHERE name = ''' || x || ''' AND id > ' || n || ' AND id < ' || n + 5 INTO r;`, [`'alice', 0`, `'', 1`], [`${attack}, 1`]),
  several('a value and a Boolean', 'x text, b boolean', `EXECUTE '${count} WHERE name = ''' || x || ''' AND ' || b INTO r;`, [`'alice', true`, `'alice', false`], [`${attack}, true`]),
  several('a value and a date', 'x text, d date', `EXECUTE '${count} WHERE name = ''' || x || ''' AND born = ''' || d || '''' INTO r;`, [`'alice', '2024-01-02'`], [`${attack}, '2024-01-02'`]),
  several('a value and a uuid', 'x text, u uuid', `EXECUTE format('${count} WHERE name = ''%s'' AND ''%s''::uuid IS NOT NULL', x, u) INTO r;`, [`'alice', '00000000-0000-0000-0000-000000000000'`], [`${attack}, '00000000-0000-0000-0000-000000000000'`]),
];

/** Where a value stands in a token. */
const tokens: readonly Case[] = [
  one('name', 'middle of a name', `EXECUTE 'CREATE TABLE lab.tbl_' || x || '_idx (n int)';`, ['a', '2024'], { attacks: ['a (n int); SELECT lab.spy(); --'], check: `SELECT string_agg(relname, ',') FROM pg_class WHERE relname LIKE 'tbl\\_%'` }),
  one('name', 'middle of a name in double quotes', `EXECUTE 'CREATE TABLE lab."tbl ' || x || ' idx" (n int)';`, ['a', 'A b', 'é'], { attacks: ['a" (n int); SELECT lab.spy(); --'], check: `SELECT string_agg(relname, ',') FROM pg_class WHERE relname LIKE 'tbl %'` }),
  one('name', 'name with capitals around it', `EXECUTE 'CREATE TABLE lab.Tbl_' || x || '_Idx (n int)';`, ['a', '2024'], { attacks: ['a (n int); SELECT lab.spy(); --'], check: `SELECT string_agg(relname, ',') FROM pg_class WHERE relname ILIKE 'tbl\\_%'`, known: { capitals: [`'B'`] } }),
  one('name', 'identifier in quotes', `EXECUTE '${count} WHERE "' || x || '" IS NOT NULL' INTO r;`, ['name', 'id', 'Name', 'no such'], { attacks: ['name" IS NULL OR lab.spy() IS NOT NULL --'] }),
  one('name', 'alias in quotes', `EXECUTE 'SELECT 1 AS "' || x || '"' INTO r;`, ['a', 'B c', 'é'], { attacks: ['a"; SELECT lab.spy(); --'] }),
  several('schema and table in quotes', 's text, t text', `EXECUTE 'SELECT count(*) FROM "' || s || '"."' || t || '"' INTO r;`, [`'lab', 'users'`, `'lab', 'Weird Table'`, `'Lab', 'users'`], [`'lab', ${literalOf('users"; SELECT lab.spy(); --')}`]),
  several('schema and table', 's text, t text', `EXECUTE format('SELECT count(*) FROM %s.%s', s, t) INTO r;`, [`'lab', 'users'`], [`'lab', ${ending('users')}`], { known: { capitals: [`'LAB', 'users'`] } }),
  several('a table of three variables', 's text, t text, n int', `EXECUTE 'SELECT count(*) FROM ' || s || '.' || t || '_' || n INTO r;`, [`'lab', 'tbl', 2024`, `'lab', 'tbl', 1`], [`'lab', ${ending('users')}, 1`], { known: { capitals: [`'lab', 'TBL', 2024`] } }),
  several('a column of a table', 't text, c text', `EXECUTE 'SELECT max(' || t || '.' || c || ') FROM lab.users ' || t INTO r;`, [`'u', 'name'`], [`'u', 'name), lab.spy() FROM lab.users u --'`], { expect: 'maybe' }),
  one('text', 'LIKE on both sides', `EXECUTE '${count} WHERE name LIKE ''%' || x || '%''' INTO r;`, ['ali', '', '%', '_'], { attacks: [or] }),
  one('text', 'LIKE behind', `EXECUTE format('${count} WHERE name LIKE ''%s%%''', x) INTO r;`, ['ali', '', '%'], { attacks: [or] }),
  one('text', 'LIKE by concat()', `EXECUTE concat('${count} WHERE name LIKE ''%', x, '%''') INTO r;`, ['ali', '', '%'], { attacks: [or] }),
  one('text', 'LIKE with wildcards that the value brings', `EXECUTE '${count} WHERE name ILIKE ' || quote_literal('%' || x || '%') || ' OR email = ''' || x || '''' INTO r;`, ['ali', ''], { attacks: [or] }),
  one('text', 'regular expression', `EXECUTE '${count} WHERE name ~ ''^' || x || '$''' INTO r;`, ['alice', 'a.*', '('], { attacks: [or] }),
  one('text', 'SIMILAR TO', `EXECUTE '${count} WHERE name SIMILAR TO ''(' || x || ')%''' INTO r;`, ['alice', 'a|b'], { attacks: [`a)' OR lab.spy() IS NOT NULL --`] }),
  one('text', 'interval with its unit', `EXECUTE '${count} WHERE born > now() - INTERVAL ''' || x || ' days''' INTO r;`, ['1', '99999', 'x'], { attacks: [`1' OR lab.spy() IS NOT NULL --`] }),
  one('text', 'interval cast', `EXECUTE '${count} WHERE born > now() - ''' || x || ' days''::interval' INTO r;`, ['1', '99999', 'x'], { attacks: [`1 day'::interval OR lab.spy() IS NOT NULL --`] }),
  one('text', 'date literal', `EXECUTE 'SELECT count(*) FROM lab.users WHERE born = DATE ''' || x || '''' INTO r;`, ['2024-01-02', 'x'], { attacks: [`2024-01-02' OR lab.spy() IS NOT NULL --`] }),
  one('text', 'timestamp with a zone', `EXECUTE '${count} WHERE seen < ''' || x || ' UTC''::timestamptz' INTO r;`, ['2124-01-02', 'x'], { attacks: [`2024-01-02'::timestamptz OR lab.spy() IS NOT NULL --`] }),
  one('text', 'array literal', `EXECUTE '${count} WHERE name = ANY (''{' || x || '}'')' INTO r;`, ['alice', 'alice,bob', ''], { attacks: [`x}') OR lab.spy() IS NOT NULL --`] }),
  one('text', 'array constructor', `EXECUTE '${count} WHERE name = ANY (ARRAY[''' || x || ''', ''bob''])' INTO r;`, ['alice', ''], { attacks: [`x']) OR lab.spy() IS NOT NULL --`] }),
  one('text', 'path of JSON', `EXECUTE 'SELECT data #>> ''{' || x || '}'' FROM lab.users WHERE id = 1' INTO r;`, ['k', 'a,b'], { attacks: [`k}' || lab.spy() --`].map((text) => `${text}`), unsure: true }),
  one('text', 'key of JSON', `EXECUTE 'SELECT data ->> ''' || x || ''' FROM lab.users WHERE id = 1' INTO r;`, ['k', 'a'], { attacks: [`k', lab.spy() FROM lab.users --`] }),
  one('text', 'jsonpath', `EXECUTE 'SELECT count(*) FROM lab.users WHERE data @? ''$.k ? (@ == "' || x || '")''' INTO r;`, ['alice', 'v'], { attacks: [`v")' OR lab.spy() IS NOT NULL --`] }),
  one('text', 'JSON in a literal', `EXECUTE '${count} WHERE data @> ''{"k": "' || x || '"}''' INTO r;`, ['alice', 'v'], { attacks: [`v"}' OR lab.spy() IS NOT NULL --`] }),
  one('text', 'bit string', `EXECUTE 'SELECT B''' || x || '''' INTO r;`, ['101'], { attacks: [`1'; SELECT lab.spy(); --`], expect: 'maybe' }),
  one('text', 'text search', `EXECUTE '${count} WHERE to_tsvector(name) @@ to_tsquery(''' || x || ':*'')' INTO r;`, ['ali', 'bob'], { attacks: [`a') OR lab.spy() IS NOT NULL --`] }),
];

/** Clauses. */
const clauses: readonly Case[] = [
  one('number', 'LIMIT and OFFSET', `EXECUTE 'SELECT name FROM lab.users ORDER BY id LIMIT ' || x || ' OFFSET ' || x INTO r;`, ['1', '2'], { attacks: ['(SELECT lab.spy()::int)'] }),
  one('number', 'FETCH FIRST', `EXECUTE 'SELECT name FROM lab.users ORDER BY id FETCH FIRST ' || x || ' ROWS ONLY' INTO r;`, ['1', '2'], { attacks: ['1 ROWS ONLY; SELECT lab.spy(); --'], expect: 'maybe' }),
  several('ORDER BY with its direction', 'c text, d text', `EXECUTE 'SELECT name FROM lab.users ORDER BY ' || c || ' ' || d INTO r;`, [`'id', 'asc'`, `'id', 'DESC'`], [`'id', ', lab.spy()'`, `'lab.spy()', ''`]),
  several('ORDER BY with NULLS LAST', 'c text, d text', `EXECUTE format('SELECT name FROM lab.users ORDER BY %s %s NULLS LAST LIMIT 1', c, d) INTO r;`, [`'id', 'asc'`, `'name', 'desc'`], [`'lab.spy()', ''`]),
  several('ORDER BY a list', 'c text', `EXECUTE 'SELECT name FROM lab.users ORDER BY ' || c INTO r;`, [`'id'`, `'name'`], [`'lab.spy()'`], { expect: 'maybe' }),
  one('name', 'GROUP BY', `EXECUTE 'SELECT count(*) FROM lab.users GROUP BY ' || x || ' ORDER BY 1 DESC LIMIT 1' INTO r;`, ['id', 'name'], { attacks: ['lab.spy()'] }),
  several('IN with two values', 'x text, y text', `EXECUTE '${count} WHERE name IN (''' || x || ''', ''' || y || ''')' INTO r;`, [`'alice', 'bob'`, `'', ''`], [`'', ${literalOf(`x') OR lab.spy() IS NOT NULL --`)}`]),
  several('IN with a list of an array', 'a text[]', `EXECUTE '${count} WHERE name IN (''' || array_to_string(a, ''', ''') || ''')' INTO r;`, [`'{alice,bob}'`, `'{alice}'`], [`ARRAY[${literalOf(`x') OR lab.spy() IS NOT NULL --`)}]`]),
  several('BETWEEN', 'x text, y text', `EXECUTE '${count} WHERE name BETWEEN ''' || x || ''' AND ''' || y || '''' INTO r;`, [`'a', 'b'`, `'', 'z'`], [`'a', ${literalOf(`a' OR lab.spy() IS NOT NULL --`)}`]),
  one('type', 'cast to a type', `EXECUTE 'SELECT ''1''::' || x INTO r;`, ['int', 'text'], { attacks: ['int; SELECT lab.spy(); --'], expect: 'maybe' }),
  one('name', 'SET ROLE', `EXECUTE 'SET LOCAL ROLE ' || x; r := current_user;`, ['lab_reader', 'nonsense'], { attacks: ['lab_reader; RESET ROLE; SELECT lab.spy(); --'], expect: 'maybe' }),
  one('text', 'CREATE USER with its password', `EXECUTE 'CREATE USER lab_made PASSWORD ''' || x || ''' VALID UNTIL ''2040-01-01''';`, ['pw', 'é'], { attacks: [`x'; SELECT lab.spy(); --`] }),
  several('CREATE USER with name and password', 'u text, p text', `EXECUTE 'CREATE USER ' || u || ' WITH PASSWORD ''' || p || '''';`, [`'lab_made', 'pw'`], [`'lab_made', ${literalOf(`x'; SELECT lab.spy(); --`)}`, `${ending('lab_made')}, ''`], { check: `SELECT count(*) FROM pg_roles WHERE rolname = 'lab_made'`, known: { capitals: [`'Lab_Made', 'pw'`] } }),
  several('GRANT to somebody', 't text, u text', `EXECUTE 'GRANT SELECT ON lab.' || t || ' TO ' || u;`, [`'log', 'lab_reader'`], [`'log', ${ending('lab_reader')}`], { known: { capitals: [`'LOG', 'lab_reader'`] } }),
  one('text', 'COMMENT ON', `EXECUTE 'COMMENT ON TABLE lab.log IS ''' || x || '''';`, harmless, { check: `SELECT obj_description('lab.log'::regclass)`, attacks: [`x'; SELECT lab.spy(); --`] }),
  several('NOTIFY with a text', 'c text, x text', `EXECUTE 'NOTIFY ' || c || ', ''' || x || '''';`, [`'chan', 'hello'`], [`'chan', ${literalOf(`x'; SELECT lab.spy(); --`)}`, `${ending('chan')}, ''`]),
  one('text', 'UPDATE with RETURNING', `EXECUTE 'UPDATE lab.users SET name = ''' || x || ''' WHERE id = 1 RETURNING name' INTO r;`, harmless, { check: usersNow, attacks: [`x' WHERE lab.spy() IS NOT NULL --`] }),
  one('text', 'INSERT with ON CONFLICT', `EXECUTE 'INSERT INTO lab.users (id, name) VALUES (1, ''' || x || ''') ON CONFLICT (id) DO UPDATE SET name = excluded.name';`, harmless, { check: usersNow, attacks: [`x' || lab.spy()) --`] }),
  one('text', 'DELETE', `EXECUTE 'DELETE FROM lab.log WHERE msg = ''' || x || '''';`, ['first', ''], { check: logged, attacks: [or] }),
  one('name', 'ALTER TABLE ADD COLUMN', `EXECUTE 'ALTER TABLE lab.log ADD COLUMN ' || x || ' int';`, ['extra', 'b'], { check: `SELECT string_agg(attname, ',' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'lab.log'::regclass AND attnum > 0`, attacks: ['extra int; SELECT lab.spy(); --'], known: { capitals: [`'Extra'`] } }),
  several('columns and values that are free', 'c text, w text', `EXECUTE format('INSERT INTO lab.log (%s) VALUES (%s)', c, w);`, [], [`'msg', 'lab.spy()'`], { expect: 'none' }),
  several('one column and one text', 'c text, w text', `EXECUTE 'INSERT INTO lab.log (' || c || ') VALUES (''' || w || ''')';`, [`'msg', 'a'`], [`'msg', ${literalOf(`'||lab.spy()||'`)}`], { check: logged }),
  several('one column more, and a free value', 'c text, w text', `EXECUTE 'INSERT INTO lab.log (at, ' || c || ') VALUES (7, ' || w || ')';`, [], [`'msg', 'lab.spy()'`], { expect: 'none' }),
  several('columns and a query', 'c text', `EXECUTE 'INSERT INTO lab.log (' || c || ') SELECT * FROM lab.log';`, [], [ending('msg, at) SELECT NULL, 1')], { expect: 'none' }),
  several('columns of an array', 'c text[]', `EXECUTE 'INSERT INTO lab.log (' || array_to_string(c, ', ') || ') VALUES (''a'', 5)';`, [`'{msg,at}'`], [`ARRAY[${ending(`msg, at) VALUES ('', 1)`)}]`], { check: logged, expect: 'maybe' }),
];

/** Statements in texts, USING, INTO and accumulation. */
const deep: readonly Case[] = [
  one('text', 'two quotes deep', `EXECUTE 'SELECT lab.run(''SELECT count(*) FROM lab.users WHERE name = ''''' || x || ''''''')' INTO r;`, ['alice', ''], { attacks: [`''''; SELECT lab.spy() --`, `'' OR lab.spy() IS NOT NULL --`, `x'''' OR lab.spy() IS NOT NULL --`], unsure: true, expect: 'maybe' }),
  one('text', 'a value in a function that is made', `EXECUTE 'CREATE FUNCTION lab.made() RETURNS text LANGUAGE sql AS ''SELECT ''''' || x || '''''''';`, ['a', ''], { attacks: [`'; SELECT lab.spy(); --`], expect: 'maybe', unsure: true }),
  one('text', 'a default', `EXECUTE 'ALTER TABLE lab.log ALTER msg SET DEFAULT ''' || x || '''';`, ['a', ''], { attacks: [`a'; SELECT lab.spy(); --`] }),
  one('text', 'a check', `EXECUTE 'ALTER TABLE lab.log ADD CHECK (msg <> ''' || x || ''')';`, ['a', ''], { attacks: [`a'); SELECT lab.spy(); --`] }),
  one('text', 'a view', `EXECUTE 'CREATE VIEW lab.made AS SELECT * FROM lab.users WHERE name = ''' || x || '''';`, ['a', 'é'], { attacks: [`a'; SELECT lab.spy(); --`], check: `SELECT count(*) FROM pg_views WHERE viewname = 'made'` }),
  several('USING and one more value', 'x text, n int', `EXECUTE '${count} WHERE id > $1 AND name = ''' || x || '''' INTO r USING n;`, [`'alice', 0`, `'alice', 5`], [`${attack}, 0`]),
  several('USING behind INTO, twice', 'x text, y text, n int', `EXECUTE format('${count} WHERE id > $1 AND name = ''%s'' AND email <> $2', x) INTO r USING n, y;`, [`'alice', 'b', 0`], [`${attack}, 'b', 0`]),
  several('USING before INTO', 'x text, n int', `EXECUTE '${count} WHERE id > $1 AND name = ''' || x || '''' USING n INTO r;`, [`'alice', 0`], [`${attack}, 0`]),
  several('INTO STRICT', 'x text', `EXECUTE 'SELECT name FROM lab.users WHERE name = ''' || x || '''' INTO STRICT r;`, [`'alice'`, `'nobody'`], [attack]),
  several('accumulation in branches', 'x text, y text', `q := '${count} WHERE true'; IF x IS NOT NULL THEN q := q || ' AND name = ''' || x || ''''; END IF; IF y IS NOT NULL THEN q := q || ' AND email = ''' || y || ''''; END IF; EXECUTE q INTO r;`, [`'alice', NULL`, `NULL, NULL`, `'alice', 'alice@x'`], [`${attack}, NULL`, `NULL, ${attack}`]),
  several('accumulation by format()', 'x text', `q := '${count} WHERE true'; q := format('%s AND name = ''%s''', q, x); EXECUTE q INTO r;`, [`'alice'`, `''`], [attack]),
  several('accumulation by concat()', 'x text', `q := concat('${count}', ' WHERE name = '); q := concat(q, '''', x, ''''); EXECUTE q INTO r;`, [`'alice'`, `''`], [attack], { expect: 'maybe' }),
  several('accumulation in a loop', 'a text[]', `DECLARE e text; BEGIN q := '${count} WHERE false'; FOREACH e IN ARRAY a LOOP q := q || ' OR name = ''' || e || ''''; END LOOP; EXECUTE q INTO r; END;`, [`'{alice,bob}'`, `'{}'`], [`ARRAY[${attack}]`]),
  several('statements of an array', 'x text', `DECLARE a text[] := '{}'; s text; BEGIN a := a || ('UPDATE lab.users SET email = ''' || x || ''' WHERE id = 1'); a := array_append(a, format('UPDATE lab.users SET name = ''%s'' WHERE id = 2', x)); FOREACH s IN ARRAY a LOOP EXECUTE s; END LOOP; END;`, [`'a'`, `''`], [literalOf(`x' WHERE lab.spy() IS NOT NULL --`)], { check: usersNow }),
  several('conditions of an array', 'x text', `DECLARE w text[] := ARRAY['true']; BEGIN w := w || ('name = ''' || x || ''''); EXECUTE '${count} WHERE ' || array_to_string(w, ' AND ') INTO r; END;`, [`'alice'`, `''`], [attack]),
  several('an element of an array', 'x text', `DECLARE a text[]; BEGIN a := ARRAY['${count} WHERE name = ''' || x || '''']; EXECUTE a[1] INTO r; END;`, [`'alice'`, `''`], [attack]),
  several('a sub-select that puts it together', 'x text', `EXECUTE (SELECT string_agg(s.t, ' ') FROM (SELECT concat('${count} WHERE name = ''', x, '''') AS t) s) INTO r;`, [`'alice'`, `''`], [attack], { expect: 'maybe' }),
  several('a query that puts it together', 'x text', `SELECT '${count} WHERE name = ''' || x || '''' INTO q; EXECUTE q INTO r;`, [`'alice'`, `''`], [attack]),
  several('a label before the variable', 'x text', `<<blk>> DECLARE t text := x; BEGIN EXECUTE '${count} WHERE name = ''' || blk.t || '''' INTO r; END;`, [`'alice'`, `''`], [attack]),
  several('concat_ws() with format()', 'x text, y text', `EXECUTE concat_ws(' ', '${count} WHERE', format('name = ''%s''', x), 'AND email = ''' || y || '''') INTO r;`, [`'alice', 'alice@x'`], [`${attack}, ''`, `'', ${attack}`], { expect: 'maybe' }),
  several('format() in format()', 'x text, y text', `EXECUTE format('${count} WHERE %s', format('name = ''%s'' AND email = ''%s''', x, y)) INTO r;`, [`'alice', 'alice@x'`], [`${attack}, ''`]),
  several('positions in another order', 'x text, y text', `EXECUTE format('${count} WHERE name = ''%2$s'' AND email <> ''%1$s''', x, y) INTO r;`, [`'b', 'alice'`], [`'', ${attack}`]),
  several('one position twice', 'x text', `EXECUTE format('${count} WHERE name = ''%1$s'' OR email = ''%1$s''', x) INTO r;`, [`'alice'`, `'bob@x'`], [attack]),
  several('width and alignment', 'x text', `EXECUTE format('${count} WHERE name = ''%-10s''', x) INTO r;`, [`'alice'`], [attack], { expect: 'maybe' }),
  several('chr() as a quote', 'x text', `EXECUTE '${count} WHERE name = ' || chr(39) || x || chr(39) INTO r;`, [`'alice'`, `''`], [attack]),
  several('dollar quotes in the body', 'x text', `EXECUTE $q$${count} WHERE name = '$q$ || x || $q$'$q$ INTO r;`, [`'alice'`, `'$q$'`], [attack]),
  several('dollar quotes of the statement', 'x text', `EXECUTE '${count} WHERE name = $i$' || x || '$i$' INTO r;`, [`'alice'`, `''`, `'a''b'`], [literalOf(`$i$ OR lab.spy() IS NOT NULL --`)], { expect: 'maybe' }),
  several('an escape string of the statement', 'x text', `EXECUTE '${count} WHERE name = E''' || x || '''' INTO r;`, [`'alice'`, `''`], [attack], { expect: 'maybe' }),
  { ...several('in a quoted body', 'x text', `EXECUTE '${count} WHERE name = ''' || x || '''' INTO r;`, [`'alice'`, `''`], [attack]), quoting: 'single' },
  { ...several('in a body with escapes', 'x text', `EXECUTE E'${count} WHERE name = \\'' || x || E'\\'' INTO r;`, [`'alice'`, `''`], [attack]), quoting: 'escape' },
  several('a value that is cast', 'x varchar(10)', `EXECUTE '${count} WHERE name = ''' || x::text || '''' INTO r;`, [`'alice'`, `''`], [attack]),
  several('a value of a CASE', 'x text, b boolean', `EXECUTE '${count} WHERE name = ''' || CASE WHEN b THEN x ELSE 'bob' END || '''' INTO r;`, [`'alice', true`, `'x', false`], [`${attack}, true`]),
  several('a value or a default', 'x text', `EXECUTE '${count} WHERE name = ''' || coalesce(x, 'bob') || '''' INTO r;`, [`'alice'`, 'NULL'], [attack]),
  several('a value without blanks', 'x text', `EXECUTE '${count} WHERE name = ''' || trim(x) || '''' INTO r;`, [`' alice '`, `''`], [attack]),
];

export const further: readonly Case[] = [...layouts, ...tokens, ...clauses, ...deep];
