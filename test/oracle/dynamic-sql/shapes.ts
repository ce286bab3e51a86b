import { harmless, logged, one, or, rows, several, usersNow } from './cases.ts';
import type { Case } from './lab.ts';
import { literalOf } from './matrix.ts';

const attack = literalOf(or);
const ending = (text: string): string => literalOf(`${text}; SELECT lab.spy(); --`);
const count = 'SELECT count(*) FROM lab.users';

/** How texts may be written. */
const writings: readonly Case[] = [
  one('text', 'a literal that goes on in the next line', `EXECUTE '${count} '\n    'WHERE name = ''' || x || '''' INTO r;`, harmless, { attacks: [or], expect: 'maybe' }),
  one('text', 'a literal that goes on behind the value', `EXECUTE '${count} WHERE name = ''' || x || ''''\n  ' AND id > 0' INTO r;`, ['alice', ''], { attacks: [or], expect: 'maybe' }),
  one('text', 'a template that goes on in the next line', `EXECUTE format('${count} '\n  'WHERE name = ''%s''', x) INTO r;`, ['alice', '%'], { attacks: [or], expect: 'maybe' }),
  one('text', 'comments between the parts of a template', `EXECUTE format(/* one */ '${count} WHERE name = ''%s''' -- two\n, /* three */ x) INTO r;`, ['alice', '%'], { attacks: [or] }),
  one('text', 'a comment behind the last operand', `EXECUTE '${count} WHERE name = ''' || x || '''' /* it's the end */ INTO r;`, ['alice'], { attacks: [or] }),
  one('text', 'a nested comment', `EXECUTE '${count} WHERE name = ''' || /* a /* b */ c */ x || '''' INTO r;`, ['alice'], { attacks: [or] }),
  one('text', 'parentheses in the middle', `EXECUTE '${count} WHERE name = ' || ('''' || x || '''') || ' AND id > 0' INTO r;`, ['alice', ''], { attacks: [or] }),
  one('text', 'parentheses at the end', `EXECUTE '${count} WHERE' || (' name = ''' || (x || '''')) INTO r;`, ['alice', ''], { attacks: [or] }),
  one('text', 'a cast of the value in parentheses', `EXECUTE '${count} WHERE name = ''' || (x)::text || '''' INTO r;`, ['alice', ''], { attacks: [or] }),
  one('text', 'a cast by CAST', `EXECUTE '${count} WHERE name = ''' || CAST(x AS text) || '''' INTO r;`, ['alice', ''], { attacks: [or] }),
  one('text', 'a cast of the whole', `EXECUTE ('${count} WHERE name = ''' || x || '''')::text INTO r;`, ['alice', ''], { attacks: [or], expect: 'maybe' }),
  one('text', 'a cast that cuts', `EXECUTE '${count} WHERE name = ''' || x::varchar(3) || '''' INTO r;`, ['bob', 'bobby', ''], { attacks: [or], unsure: true, expect: 'maybe' }),
  one('text', 'a cast of a literal', `EXECUTE '${count} WHERE name = '''::text || x || ''''::text INTO r;`, ['alice', ''], { attacks: [or], expect: 'maybe' }),
  one('text', 'escapes of several kinds', `EXECUTE E'${count}\\n\\tWHERE name\\x20=\\u0020\\'' || x || E'\\047' INTO r;`, ['alice', ''], { attacks: [or] }),
  one('text', 'unicode escapes', `EXECUTE U&'${count} WHERE name \\003D ''' || x || U&'\\0027' INTO r;`, ['alice', ''], { attacks: [or], expect: 'maybe' }),
  one('text', 'a backslash in a literal', `EXECUTE '${count} WHERE name <> ''a\\b'' AND name = ''' || x || '''' INTO r;`, ['alice', 'a\\b'], { attacks: [or] }),
  one('text', 'a percent sign and a value', `EXECUTE '${count} WHERE id % 2 = 0 AND name = ''' || x || '''' INTO r;`, ['bob', '%s'], { attacks: [or] }),
  one('text', 'percent signs in a template', `EXECUTE format('${count} WHERE id %% 2 = 0 AND name LIKE ''%%%s%%''', x) INTO r;`, ['o', '%'], { attacks: [or] }),
  one('text', 'a question of its own in the literal', `EXECUTE '${count} WHERE name = ''it''''s ' || x || ' or ''''so''''''' INTO r;`, ['alice', ''], { attacks: [or] }),
  one('text', 'a semicolon in the literal', `EXECUTE '${count} WHERE name <> '';'' AND name = ''' || x || ''';' INTO r;`, ['alice', ';'], { attacks: [or] }),
  one('text', 'two dashes in the literal', `EXECUTE '${count} WHERE name <> ''--'' AND name = ''' || x || '''' INTO r;`, ['alice', '--'], { attacks: [or] }),
  one('text', 'a value twice, once by %L', `EXECUTE format('${count} WHERE name = %1$L OR email = ''%1$s''', x) INTO r;`, ['alice', 'bob@x', ''], { attacks: [`x' OR lab.spy() IS NOT NULL --`] }),
  several('positions and none', 'x text, y text', `EXECUTE format('${count} WHERE name = ''%2$s'' OR email = %1$L OR code = ''%2$s''', x, y) INTO r;`, [`'b', 'alice'`, `'bob@x', ''`], [`'', ${attack}`]),
  several('a position before a plain one', 'x text, y text', `EXECUTE format('${count} WHERE name = ''%1$s'' AND email <> ''%s''', x, y) INTO r;`, [`'alice', 'b'`], [`${attack}, ''`, `'', ${attack}`], { expect: 'maybe' }),
  one('text', 'an argument too many', `EXECUTE format('${count} WHERE name = ''%s''', x, 'unused') INTO r;`, ['alice', ''], { attacks: [or], expect: 'maybe' }),
  one('text', 'a template that is schema qualified', `EXECUTE pg_catalog.format('${count} WHERE name = ''%s''', x) INTO r;`, ['alice', ''], { attacks: [or] }),
  one('text', 'capitals in calls', `EXECUTE FORMAT('${count} WHERE name = ''%s''', UPPER(x)) INTO r;`, ['alice', ''], { attacks: [`' OR LAB.SPY() IS NOT NULL --`] }),
  one('text', 'a comment in the place of a blank', `EXECUTE'${count} WHERE name = '''||x||''''INTO r;`, ['alice', ''], { attacks: [or] }),
];

/** What stands around the text. */
const statements: readonly Case[] = [
  several('INTO STRICT and USING', 'x text, n int', `EXECUTE 'SELECT name FROM lab.users WHERE id < $1 AND name = ''' || x || '''' INTO STRICT r USING n;`, [`'alice', 9`, `'nobody', 9`], [`${attack}, 9`]),
  several('USING of a larger expression', 'x text, n int', `EXECUTE '${count} WHERE id < $1 AND name = ''' || x || ''' AND id <> $2' INTO r USING n + 1, (SELECT max(id) FROM lab.users);`, [`'alice', 9`], [`${attack}, 9`]),
  several('USING with IN and OUT of order', 'x text, n int', `EXECUTE '${count} WHERE id <> $2 AND id > $1 AND name = ''' || x || '''' INTO r USING 0, n;`, [`'alice', 9`], [`${attack}, 9`]),
  several('USING that a value repeats', 'x text', `EXECUTE '${count} WHERE name = $1 OR email = ''' || x || '''' INTO r USING x;`, [`'alice'`, `'bob@x'`], [literalOf(`q' OR lab.spy() IS NOT NULL --`)]),
  { ...several('RETURN QUERY with USING', 'x text, n int', `RETURN QUERY EXECUTE format('SELECT name FROM lab.users WHERE id < $1 AND name <> ''%s'' ORDER BY id', x) USING n;`, [`'alice', 3`], [literalOf(`' AND lab.spy() IS NULL --`) + ', 3']), returns: 'SETOF text', call: rows },
  { ...several('RETURN QUERY of a sort', 'c text', `RETURN QUERY EXECUTE 'SELECT name FROM lab.users ORDER BY ' || c || ' LIMIT 2';`, [`'id'`, `'name'`], [`'lab.spy()'`]), returns: 'SETOF text', call: rows },
  several('a loop with USING', 'x text, n int', `FOR rec IN EXECUTE 'SELECT name FROM lab.users WHERE id < $1 AND name <> ''' || x || ''' ORDER BY id' USING n LOOP r := concat(r, rec.name); END LOOP;`, [`'alice', 3`], [literalOf(`' AND lab.spy() IS NULL --`) + ', 3']),
  several('a loop over two variables', 'x text', `FOR q, v IN EXECUTE 'SELECT name, email FROM lab.users WHERE name <> ''' || x || ''' ORDER BY id' LOOP r := concat(r, q, v); END LOOP;`, [`'alice'`], [literalOf(`' AND lab.spy() IS NULL --`)]),
  several('OPEN with USING', 'x text, n int', `OPEN cur FOR EXECUTE format('SELECT name FROM lab.users WHERE id < $1 AND name = ''%s''', x) USING n; FETCH cur INTO r; CLOSE cur;`, [`'alice', 3`], [`${attack}, 3`]),
  several('two statements with one value', 'x text', `EXECUTE 'UPDATE lab.users SET email = ''' || x || ''' WHERE id = 1'; EXECUTE 'INSERT INTO lab.log VALUES (''' || x || ''', 7)';`, [`'a'`, `''`], [literalOf(`x' || lab.spy() || '`)], { check: `(${usersNow}) || (${logged})` }),
  several('behind IF in one line', 'x text', `IF x <> '' THEN EXECUTE '${count} WHERE name = ''' || x || '''' INTO r; ELSE r := 'none'; END IF;`, [`'alice'`, `''`], [attack]),
  several('a statement in a handler', 'x text', `BEGIN PERFORM 1 / 0; EXCEPTION WHEN others THEN EXECUTE '${count} WHERE name = ''' || x || '''' INTO r; END;`, [`'alice'`, `''`], [attack]),
  several('a statement in a CASE', 'x text', `CASE WHEN x <> '' THEN EXECUTE '${count} WHERE name = ''' || x || '''' INTO r; ELSE r := 'none'; END CASE;`, [`'alice'`, `''`], [attack]),
  several('a statement of two lines with SET', 'x text', `EXECUTE 'SET LOCAL app.tenant = ''' || x || ''''; r := current_setting('app.tenant');`, [`'a'`, `''`, `'a b'`], [literalOf(`x'; SELECT lab.spy(); --`)]),
];

/** Where values stand. */
const places: readonly Case[] = [
  one('text', 'NOT LIKE with ESCAPE', `EXECUTE '${count} WHERE name NOT LIKE ''' || x || '!%'' ESCAPE ''!''' INTO r;`, ['ali', 'bo'], { attacks: [`%' OR lab.spy() IS NOT NULL --`] }),
  one('text', 'ILIKE ANY of a list', `EXECUTE '${count} WHERE name ILIKE ANY (ARRAY[''' || x || '%''])' INTO r;`, ['ALI', ''], { attacks: [`x']) OR lab.spy() IS NOT NULL --`] }),
  one('text', 'a value in VALUES of a join', `EXECUTE '${count} u JOIN (VALUES (''' || x || ''')) v(n) ON v.n = u.name' INTO r;`, ['alice', ''], { attacks: [`x'), (lab.spy()) ) v(n) ON true --`] }),
  one('text', 'a value in a CASE', `EXECUTE 'SELECT CASE WHEN name = ''' || x || ''' THEN 1 ELSE 0 END FROM lab.users ORDER BY id LIMIT 1' INTO r;`, ['alice', ''], { attacks: [`x' OR lab.spy() IS NOT NULL THEN 1 ELSE 0 END FROM lab.users --`] }),
  one('text', 'a value of a function', `EXECUTE 'SELECT upper(''' || x || ''')' INTO r;`, ['alice', '', `é`], { attacks: [`x') || lab.spy() --`] }),
  one('text', 'a value that a function of any type takes', `EXECUTE 'SELECT concat(''' || x || ''', 1)' INTO r;`, ['alice', ''], { attacks: [`x', lab.spy()) --`] }),
  one('text', 'a value beside ||', `EXECUTE 'SELECT name || ''' || x || ''' FROM lab.users WHERE id = 1' INTO r;`, ['alice', ''], { attacks: [`x' || lab.spy() FROM lab.users --`] }),
  one('text', 'a format of to_char()', `EXECUTE 'SELECT to_char(born, ''' || x || ''') FROM lab.users WHERE id = 1' INTO r;`, ['YYYY-MM', 'DD'], { attacks: [`YYYY') || lab.spy() FROM lab.users --`] }),
  one('text', 'a date in a range', `EXECUTE '${count} WHERE born <@ daterange(''' || x || ''', NULL)' INTO r;`, ['2024-01-02', '2020-01-01', 'x'], { attacks: [`2020-01-01', NULL) OR lab.spy() IS NOT NULL --`] }),
  one('text', 'a date with time', `EXECUTE '${count} WHERE seen > ''' || x || ' 00:00:00''' INTO r;`, ['2024-01-02', 'x'], { attacks: [`2124-01-02' OR lab.spy() IS NOT NULL --`] }),
  one('text', 'a number between quotes', `EXECUTE '${count} WHERE id = ''' || x || '''' INTO r;`, ['1', ' 2 ', 'x'], { attacks: [`0' OR lab.spy() IS NOT NULL --`] }),
  one('text', 'a number between quotes with a cast', `EXECUTE '${count} WHERE id = ''' || x || '''::int' INTO r;`, ['1', ' 2 ', 'x'], { attacks: [`0' OR lab.spy() IS NOT NULL --`] }),
  one('number', 'a number without quotes', `EXECUTE '${count} WHERE id = ' || x INTO r;`, ['1', '2'], { attacks: ['0 OR lab.spy() IS NOT NULL'] }),
  one('number', 'a number in a list', `EXECUTE '${count} WHERE id IN (1, ' || x || ')' INTO r;`, ['2', '3'], { attacks: ['2) OR (lab.spy() IS NOT NULL'], expect: 'maybe' }),
  several('numbers of a list', 'x text', `EXECUTE '${count} WHERE id IN (' || x || ')' INTO r;`, [`'1'`, `'1,2'`, `'1, 3'`], [`'0) OR (lab.spy() IS NOT NULL'`], { expect: 'maybe' }),
  several('OFFSET of a product', 'p text, n int', `EXECUTE 'SELECT name FROM lab.users ORDER BY id LIMIT ' || n || ' OFFSET ' || p INTO r;`, [`'1', 1`, `'0', 2`], [`'(SELECT lab.spy()::int)', 1`]),
  several('an array of names', 'a text[]', `EXECUTE 'SELECT ' || array_to_string(a, ', ') || ' FROM lab.users WHERE id = 1' INTO r;`, [`'{name}'`, `'{id,name}'`], [`ARRAY['lab.spy()']`], { expect: 'maybe' }),
  several('an array in a literal', 'a text[]', `EXECUTE '${count} WHERE name = ANY (''' || a::text || ''')' INTO r;`, [`'{alice,bob}'`, `'{}'`], [`ARRAY[${literalOf(`x') OR lab.spy() IS NOT NULL --`)}]`], { unsure: true }),
  several('elements of a sub-select', 'a text[]', `EXECUTE '${count} WHERE name IN (' || (SELECT string_agg('''' || e || '''', ', ') FROM unnest(a) e) || ')' INTO r;`, [`'{alice,bob}'`, `'{alice}'`], [`ARRAY[${literalOf(`x') OR lab.spy() IS NOT NULL --`)}]`], { expect: 'maybe' }),
  several('an element of an array', 'a text[]', `EXECUTE '${count} WHERE name = ''' || a[1] || ''' OR name = ''' || a[2] || '''' INTO r;`, [`'{alice,bob}'`], [`ARRAY[${attack}, 'b']`]),
  several('a field of JSON', 'j jsonb', `EXECUTE '${count} WHERE name = ''' || (j ->> 'name') || '''' INTO r;`, [`'{"name": "alice"}'`, `'{"name": ""}'`], [`jsonb_build_object('name', ${attack})`]),
  several('a schema and a table in one value', 't text', `EXECUTE 'SELECT count(*) FROM ' || t INTO r;`, [`'users'`], [`'lab.users WHERE lab.spy() IS NOT NULL'`], { known: { path: [`'lab.users'`, `'lab."Weird Table"'`] } }),
  several('a table in quotes with its schema', 't text', `EXECUTE 'SELECT count(*) FROM lab."' || t || '" WHERE true' INTO r;`, [`'users'`, `'Weird Table'`], [literalOf('users" WHERE lab.spy() IS NOT NULL --')]),
  several('a new table with its schema', 't text', `EXECUTE 'CREATE TABLE lab.' || t || ' (n int)';`, [`'made'`, `'made_2'`], [ending('made (n int)')], { check: `SELECT string_agg(relname, ',' ORDER BY relname) FROM pg_class WHERE relname LIKE 'made%'`, known: { capitals: [`'Made'`] } }),
  several('a role and a table', 't text, u text', `EXECUTE format('REVOKE ALL ON %s FROM %s', t, u);`, [`'log', 'lab_reader'`], [`'lab.log', ${ending('lab_reader')}`], { known: { path: [`'lab.log', 'lab_reader'`], capitals: [`'log', 'LAB_READER'`] } }),
  several('a column that is set and asked', 'c text, x text', `EXECUTE 'UPDATE lab.users SET ' || c || ' = ''' || x || ''' WHERE ' || c || ' IS NOT NULL';`, [`'name', 'a'`, `'email', ''`], [`'name = lab.spy(), email', 'a'`, `'name', ${literalOf(`x' || lab.spy() || '`)}`], { check: usersNow, known: { capitals: [`'NAME', 'a'`] } }),
  several('an operator', 'o text', `EXECUTE '${count} WHERE id ' || o || ' 1' INTO r;`, [], [`'= 1 OR lab.spy() IS NOT NULL OR id ='`], { expect: 'none' }),
  several('a condition', 'w text', `EXECUTE '${count} WHERE ' || w INTO r;`, [], [`'lab.spy() IS NOT NULL'`], { expect: 'none' }),
  several('a part of a statement', 'w text', `EXECUTE '${count} ' || w INTO r;`, [], [`'WHERE lab.spy() IS NOT NULL'`], { expect: 'none' }),
  several('options of EXPLAIN', 'o text, x text', `EXECUTE 'EXPLAIN (' || o || ') SELECT 1';`, [], [`'COSTS OFF) SELECT 1; SELECT lab.spy(); --', ''`], { expect: 'none' }),
];

/** What is NULL. */
const nulls: readonly Case[] = [
  several('quote_literal() of NULL beside a value', 'x text, y text', `EXECUTE '${count} WHERE name = ' || quote_literal(y) || ' OR email = ''' || x || '''' INTO r;`, [`'a', 'b'`, `'bob@x', 'alice'`], [`${attack}, 'b'`], { known: { null: [`'a', NULL`, `NULL, 'a'`] } }),
  several('quote_nullable() beside a value', 'x text, y text', `EXECUTE '${count} WHERE name IS NOT DISTINCT FROM ' || quote_nullable(y) || ' OR email = ''' || x || '''' INTO r;`, [`'a', 'b'`, `'bob@x', NULL`], [`${attack}, 'b'`], { known: { null: [`NULL, 'a'`] } }),
  several('NULL asked before', 'x text', `q := '${count} WHERE name = ''' || x || ''''; IF q IS NULL THEN RETURN 'nothing'; END IF; EXECUTE q INTO r;`, [`'alice'`, 'NULL'], [attack]),
  several('NULL by coalesce() of a part', 'x text', `EXECUTE '${count} WHERE true' || coalesce(' AND name = ''' || x || '''', '') INTO r;`, [`'alice'`, 'NULL', `''`], [attack]),
  several('NULL by coalesce() of the whole', 'x text', `EXECUTE coalesce('${count} WHERE name = ''' || x || '''', 'SELECT 99') INTO r;`, [`'alice'`, 'NULL'], [attack]),
  several('NULL in concat_ws()', 'x text, y text', `EXECUTE '${count} WHERE ' || concat_ws(' AND ', 'true', 'name = ''' || x || '''', 'email = ''' || y || '''') INTO r;`, [`'alice', NULL`, `NULL, NULL`, `NULL, 'bob@x'`], [`${attack}, NULL`, `NULL, ${attack}`]),
  several('NULL in an aggregate', 'a text[]', `EXECUTE '${count} WHERE false' || (SELECT string_agg(' OR name = ''' || e || '''', '') FROM unnest(a) e) INTO r;`, [`'{alice,bob}'`, `'{alice,NULL}'`], [`ARRAY[${attack}]`], { expect: 'maybe' }),
  several('a NULL that format() writes as nothing', 'x text', `EXECUTE format('${count} WHERE name = ''%s''', x) INTO r;`, [`'alice'`, `''`], [attack], { known: { null: ['NULL'] } }),
  several('a NULL that concat() writes as nothing', 'x text', `EXECUTE concat('${count} WHERE name = ''', x, '''') INTO r;`, [`'alice'`, `''`], [attack], { known: { null: ['NULL'] } }),
];

export const shapes: readonly Case[] = [...writings, ...statements, ...places, ...nulls];
