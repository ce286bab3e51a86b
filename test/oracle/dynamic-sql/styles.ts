import { harmless, logged, one, or, several, usersNow } from './cases.ts';
import type { Case } from './lab.ts';
import { literalOf } from './matrix.ts';

const listing = literalOf(`z') OR lab.spy() IS NOT NULL --`);
const attack = literalOf(or);

/** Statements as different people write them. */
export const styles: readonly Case[] = [
  // Arrays and lists.
  several('array literal by format()', 'a text[]', `EXECUTE format('SELECT count(*) FROM lab.users WHERE name = ANY (''%s'')', a) INTO r;`, [`'{alice,bob}'`, `'{}'`], [], { expect: 'maybe', unsure: true }),
  several('array literal by ||', 'a text[]', `EXECUTE 'SELECT count(*) FROM lab.users WHERE name = ANY (''' || a::text || '''::text[])' INTO r;`, [`'{alice,bob}'`], [`ARRAY[$$x'::text[]) OR lab.spy() IS NOT NULL --$$]`], { expect: 'maybe', unsure: true }),
  several('numbers in IN', 'a int[]', `EXECUTE 'SELECT count(*) FROM lab.users WHERE id IN (' || array_to_string(a, ',') || ')' INTO r;`, [`'{1,2}'`], [], { expect: 'silent' }),
  several('list in one text', 'x text', `EXECUTE 'SELECT count(*) FROM lab.users WHERE id IN (' || x || ')' INTO r;`, [`'1,2'`, `'3'`], [`'1) OR lab.spy() IS NOT NULL --'`], { expect: 'maybe' }),
  several('list of names by format()', 'a text[]', `EXECUTE format('SELECT %s FROM lab.users WHERE id = 1', array_to_string(a, ', ')) INTO r;`, [`'{name}'`, `'{email,name}'`], [`'{lab.spy()}'`], { expect: 'maybe' }),
  several('elements one by one', 'a text[]', `EXECUTE 'SELECT count(*) FROM lab.users WHERE name IN (''' || a[1] || ''', ''' || a[2] || ''')' INTO r;`, [`'{alice,bob}'`], [`ARRAY['x', ${listing}]`]),
  // Blocks in blocks.
  one('text', 'EXECUTE in DO', `EXECUTE 'DO $do$ BEGIN EXECUTE ''INSERT INTO lab.log VALUES (''''' || x || ''''', 5)''; END $do$';`, ['a', 'b c'], { attacks: [`'||lab.spy()||'`, `$do$; SELECT lab.spy(); --`], check: logged, expect: 'maybe', unsure: true }),
  one('text', 'DO with the value in quotes', `EXECUTE format('DO $do$ BEGIN INSERT INTO lab.log VALUES (''%s'', 5); END $do$', x);`, ['a', 'b c'], { attacks: [`'||lab.spy()||'`], check: logged, expect: 'maybe' }),
  one('text', 'name in quotes in DO', `EXECUTE format('DO $do$ BEGIN INSERT INTO lab.log VALUES (''%I'', 5); END $do$', x);`, ['a', 'b c'], { attacks: [`'||lab.spy()||'`], check: logged, expect: 'maybe' }),
  one('name', 'statement in DO', `EXECUTE format('DO $do$ BEGIN EXECUTE ''INSERT INTO lab.log SELECT name, 5 FROM lab.%I''; END $do$', x);`, ['users'], { attacks: [`users'||left(lab.spy(), 0)||'`], check: logged, expect: 'maybe' }),
  one('text', 'DO in single quotes', `EXECUTE 'DO ''BEGIN INSERT INTO lab.log VALUES (''''' || x || ''''', 5); END''';`, ['a', 'b c'], { attacks: [`''||lab.spy()||''`, `''||lab.spy()||''''`], check: logged, expect: 'maybe', unsure: true }),
  one('text', 'function that is made', `EXECUTE 'CREATE FUNCTION lab.made() RETURNS text LANGUAGE sql AS $x$ SELECT ''' || x || '''::text $x$'; EXECUTE 'SELECT lab.made()' INTO r;`, ['a', 'b c'], { attacks: [`'||lab.spy()||'`], expect: 'maybe' }),
  one('text', 'dollar quotes in dollar quotes', `EXECUTE $a$SELECT count(*) FROM lab.users WHERE name = $b$$a$ || x || $a$$b$$a$ INTO r;`, ['alice', `it's`], { attacks: [`$b$ OR lab.spy() IS NOT NULL OR name = $b$`], expect: 'maybe' }),
  one('text', 'template between dollar quotes', `EXECUTE format($t$SELECT count(*) FROM lab.users WHERE name = '%s'$t$, x) INTO r;`, harmless, { attacks: [or] }),
  one('text', 'text between dollar quotes with a tag', `EXECUTE $q$SELECT count(*) FROM lab.users WHERE name = '$q$ || x || $q$' AND id > 0$q$ INTO r;`, harmless, { attacks: [or] }),
  // Cursors, loops, RETURN QUERY.
  one('text', 'OPEN for a format()', `OPEN cur FOR EXECUTE format('SELECT name FROM lab.users WHERE name = ''%s''', x); FETCH cur INTO r; CLOSE cur;`, harmless, { attacks: [or] }),
  one('text', 'OPEN with two values passed', `OPEN cur FOR EXECUTE 'SELECT name FROM lab.users WHERE id < $1 AND id > $2 AND name = ''' || x || '''' USING 9, 0; FETCH cur INTO r; CLOSE cur;`, harmless, { attacks: [or] }),
  { ...one('text', 'RETURN QUERY with USING', `RETURN QUERY EXECUTE 'SELECT name FROM lab.users WHERE id < $1 AND name = ''' || x || '''' USING 9;`, ['alice', 'nobody'], { attacks: [or] }), returns: 'SETOF text', call: `(SELECT string_agg(f, ',') FROM {f}({args}) f)` },
  { ...one('text', 'RETURN QUERY over lines', `RETURN QUERY EXECUTE\n    'SELECT name FROM lab.users'\n    || ' WHERE id > 0'\n    || ' AND name = ''' || x || '''' -- the name\n    || ' ORDER BY id';`, ['alice', 'nobody'], { attacks: [`x' OR lab.spy() IS NOT NULL OR name = '`] }), returns: 'SETOF text', call: `(SELECT string_agg(f, ',') FROM {f}({args}) f)` },
  one('text', 'FOR with USING', `FOR rec IN EXECUTE 'SELECT name FROM lab.users WHERE id < $1 AND name <> ''' || x || ''' ORDER BY id' USING 3 LOOP r := concat(r, rec.name); END LOOP;`, ['alice', ''], { attacks: [`' AND lab.spy() IS NULL --`] }),
  one('text', 'INTO STRICT with USING', `EXECUTE 'SELECT name FROM lab.users WHERE id = $1 AND name = ''' || x || '''' INTO STRICT r USING 1;`, ['alice', 'nobody'], { attacks: [or], known: { null: [] } }),
  one('text', 'USING before INTO', `EXECUTE 'SELECT name FROM lab.users WHERE id = $1 AND name = ''' || x || '''' USING 1 INTO r;`, ['alice', 'nobody'], { attacks: [or] }),
  // Escapes.
  one('text', 'E-string in the statement', `EXECUTE 'SELECT count(*) FROM lab.users WHERE name = E''' || x || '''' INTO r;`, ['alice', ''], { attacks: [`\\' OR lab.spy() IS NOT NULL --`, or], known: { backslash: ['a\\n'] }, expect: 'maybe' }),
  one('text', 'E-string around the statement', `EXECUTE E'SELECT count(*) FROM lab.users WHERE name = \\'' || x || E'\\'' INTO r;`, harmless, { attacks: [or] }),
  one('text', 'tabs and lines by escapes', `EXECUTE E'SELECT count(*)\\n\\tFROM lab.users\\n\\tWHERE name = ''' || x || E'''\\n\\tAND id > 0' INTO r;`, harmless, { attacks: [`' OR lab.spy() IS NOT NULL OR name = '`] }),
  one('text', 'unicode escapes', `EXECUTE 'SELECT count(*) FROM lab.users WHERE name = U&''' || x || '''' INTO r;`, ['alice', ''], { attacks: [or], expect: 'maybe' }),
  // Names.
  one('name', 'table of a schema in quotes by hand', `EXECUTE 'SELECT count(*) FROM lab."' || x || '"' INTO r;`, ['users', 'Weird Table', 'nothing'], { attacks: [`users" WHERE lab.spy() IS NOT NULL --`] }),
  several('schema and table', 's text, t text', `EXECUTE 'SELECT count(*) FROM ' || s || '.' || t INTO r;`, [`'lab', 'users'`], [`'lab', 'users WHERE lab.spy() IS NOT NULL'`], { known: { capitals: [`'LAB', 'Users'`] } }),
  several('schema and table in one format()', 's text, t text', `EXECUTE format('SELECT count(*) FROM %s.%s', s, t) INTO r;`, [`'lab', 'users'`], [`'lab', 'users WHERE lab.spy() IS NOT NULL'`], { known: { capitals: [`'LAB', 'Users'`] } }),
  one('name', 'name with a year behind it', `EXECUTE 'SELECT count(*) FROM lab.' || x || '_2024' INTO r;`, ['tbl'], { attacks: ['users WHERE lab.spy() IS NOT NULL --'], known: { capitals: ['TBL'] } }),
  one('name', 'function that is called', `EXECUTE 'SELECT lab.' || x || '(''a'')' INTO r;`, ['echo'], { attacks: [`spy() || lab.echo`], known: { capitals: ['ECHO'] }, expect: 'maybe' }),
  one('name', 'function of the path', `EXECUTE 'SELECT ' || x || '(''Ab'')' INTO r;`, ['echo'], { attacks: [`lab.spy() || lower`], known: { capitals: ['ECHO'], path: ['lab.echo'] }, expect: 'maybe' }),
  one('name', 'function by format()', `EXECUTE format('SELECT %s($1)', x) INTO r USING 'Ab'::text;`, ['echo'], { attacks: [`lab.spy() || lower`], known: { capitals: ['ECHO'], path: ['lab.echo'] }, expect: 'maybe' }),
  one('name', 'procedure that is called', `EXECUTE 'CALL ' || x || '(''a'')';`, ['note'], { attacks: [`note(lab.spy()); CALL note`], known: { capitals: ['NOTE'], path: ['lab.note'] }, check: logged, expect: 'maybe' }),
  one('name', 'a name that is looked up too', `v := 'users_' || x; IF NOT EXISTS (SELECT FROM pg_class WHERE relname = v) THEN EXECUTE 'CREATE TABLE lab.' || v || ' (a int)'; r := 'made'; END IF;`, ['name', 'New', 'old'], { attacks: [`a (a int); SELECT lab.spy(); --`], check: `SELECT string_agg(relname, ',' ORDER BY relname) FROM pg_class WHERE relname ~ '^users_'`, expect: 'maybe' }),
  one('name', 'a name that is shown too', `v := 'made_' || x; RAISE NOTICE '%', v; EXECUTE 'CREATE TEMP TABLE ' || v || ' (a int)'; EXECUTE 'INSERT INTO ' || v || ' VALUES (1)'; EXECUTE 'SELECT count(*) FROM ' || v INTO r;`, ['a', 'b_1'], { attacks: [`a (a int); SELECT lab.spy(); --`], expect: 'maybe' }),
  // Values in other places.
  one('text', 'LIKE with both signs', `EXECUTE 'SELECT count(*) FROM lab.users WHERE name LIKE ''%' || x || '%''' INTO r;`, harmless, { attacks: [`' AND lab.spy() IS NOT NULL --`] }),
  one('text', 'LIKE of a format() with %%', `EXECUTE format('SELECT count(*) FROM lab.users WHERE name LIKE ''%%%s%%''', x) INTO r;`, harmless, { attacks: [`' AND lab.spy() IS NOT NULL --`] }),
  one('text', 'ILIKE with an operator in the statement', `EXECUTE 'SELECT count(*) FROM lab.users WHERE name ILIKE ''%'' || ''' || x || ''' || ''%''' INTO r;`, harmless, { attacks: [`'||lab.spy()||'`] }),
  one('name', 'column joined to a text', `EXECUTE 'SELECT max(''n:'' || ' || x || ' || '';'') FROM lab.users' INTO r;`, ['name', 'email'], { attacks: ['lab.spy()'], known: { capitals: ['NAME'] }, expect: 'maybe' }),
  one('number', 'LIMIT and OFFSET', `EXECUTE 'SELECT name FROM lab.users ORDER BY id LIMIT 1 OFFSET ' || x INTO r;`, ['0', '1', '2'], { attacks: ['(SELECT length(lab.spy()))'] }),
  several('LIMIT by format()', 'x text, n int', `EXECUTE format('SELECT name FROM lab.users WHERE name <> ''%s'' ORDER BY id LIMIT %s', x, n) INTO r;`, [`'alice', 1`, `'', 2`], [`${literalOf(`' AND lab.spy() IS NULL --`)}, 1`]),
  one('text', 'interval', `EXECUTE 'SELECT count(*) FROM lab.users WHERE born > date ''2024-01-01'' + interval ''' || x || '''' INTO r;`, ['1 day', '2 months', 'nonsense'], { attacks: [`1 day' OR lab.spy() IS NOT NULL --`] }),
  one('number', 'interval of days', `EXECUTE 'SELECT count(*) FROM lab.users WHERE born > date ''2024-01-01'' + interval ''' || x || ' days''' INTO r;`, ['1', '20', '-3'], { attacks: [`1' OR lab.spy() IS NOT NULL --`] }),
  one('text', 'date literal', `EXECUTE 'SELECT name FROM lab.users WHERE born = DATE ''' || x || '''' INTO r;`, ['2024-01-02', 'nonsense'], { attacks: [`2024-01-02' OR lab.spy() IS NOT NULL --`] }),
  one('text', 'key of jsonb', `EXECUTE 'SELECT data ->> ''' || x || ''' FROM lab.users WHERE id = 1' INTO r;`, ['k', 'nothing', '$1'], { attacks: [`k' || lab.spy() || '`] }),
  one('text', 'path of jsonb', `EXECUTE 'SELECT data #>> ''{' || x || '}'' FROM lab.users WHERE id = 1' INTO r;`, ['k', 'k,l'], { attacks: [`k}' || lab.spy() || '`] }),
  one('text', 'jsonpath', `EXECUTE 'SELECT jsonb_path_query_first(data, ''$.' || x || ''') FROM lab.users WHERE id = 1' INTO r;`, ['k', 'l'], { attacks: [`k') || lab.spy()::jsonb --`, `k')::text || lab.spy() || jsonb_build_array('a`], unsure: true }),
  one('text', 'jsonb document', `EXECUTE 'UPDATE lab.users SET data = ''{"k": "' || x || '"}'' WHERE id = 1';`, ['a', 'b c'], { attacks: [`"}', name = lab.spy() WHERE id = 1 --`], check: usersNow }),
  one('text', 'COPY of a query', `EXECUTE 'COPY (SELECT name FROM lab.users WHERE name = ''' || x || ''') TO PROGRAM ''cat > /dev/null''';`, ['alice', ''], { attacks: [`' OR lab.spy() IS NOT NULL OR name = '`] }),
  several('domain', 'x lab.short', `EXECUTE 'SELECT count(*) FROM lab.users WHERE name = ''' || x || '''' INTO r;`, [`'alice'`], [`$$' OR lab.spy()<>'$$`], { expect: 'maybe' }),
  several('enumeration', 'x lab.state', `EXECUTE 'SELECT ''' || x || '''' INTO r;`, [`'open'`], [], { expect: 'maybe', unsure: true }),
  // NULLs.
  several('quote_nullable() inside of quotes', 'x text', `EXECUTE 'SELECT count(*) FROM lab.users WHERE email IS NOT DISTINCT FROM ''' || quote_nullable(x) || '''' INTO r;`, [], [], { expect: 'maybe', unsure: true }),
  several('quote_nullable() beside a value', 'x text, y text', `EXECUTE 'SELECT count(*) FROM lab.users WHERE email IS NOT DISTINCT FROM ' || quote_nullable(x) || ' AND name <> ''' || y || '''' INTO r;`, [`NULL, 'a'`, `'alice@x', 'b'`], [`NULL, ${attack}`]),
  several('a NULL of two values', 'x text, y text', `EXECUTE 'SELECT count(*) FROM lab.users WHERE name = ''' || x || ''' OR email = ''' || y || '''' INTO r;`, [`'alice', 'bob@x'`], [`${attack}, ''`], { known: { null: [`NULL, 'bob@x'`] } }),
  several('concat() of two values', 'x text, y text', `EXECUTE concat('SELECT count(*) FROM lab.users WHERE name = ''', x, ''' OR email = ''', y, '''') INTO r;`, [`'alice', 'bob@x'`, `NULL, 'bob@x'`], [`${attack}, ''`]),
  // Comments and layout.
  one('text', 'comments between the parts', `EXECUTE 'SELECT count(*) ' /* what */ || 'FROM lab.users ' -- where from\n || 'WHERE name = ''' /* who */ || x /* the name */ || '''' INTO r;`, harmless, { attacks: [or] }),
  one('text', 'a comment in the statement', `EXECUTE 'SELECT count(*) FROM lab.users /* it''s all */ WHERE name = ''' || x || ''' -- the end' INTO r;`, ['alice', ''], { attacks: [`x' OR lab.spy() IS NOT NULL --`] }),
  one('text', 'a value in a comment', `EXECUTE 'SELECT count(*) FROM lab.users /* for ' || x || ' */' INTO r;`, ['alice', ''], { attacks: [`*/ WHERE lab.spy() IS NOT NULL --`], expect: 'maybe' }),
  one('text', 'literals that go on in the next line', `EXECUTE 'SELECT count(*) '\n'FROM lab.users '\n'WHERE name = ''' || x || '''' INTO r;`, harmless, { attacks: [or] }),
  one('text', 'parentheses around all', `EXECUTE ('SELECT count(*) FROM lab.users WHERE name = ''' || (x) || '''') INTO r;`, harmless, { attacks: [or] }),
  one('text', 'upper case and no blanks', `EXECUTE'SELECT COUNT(*)FROM LAB.USERS WHERE NAME='''||X||''''INTO R;`, harmless, { attacks: [or] }),
  one('text', 'cast of the whole', `EXECUTE ('SELECT count(*) FROM lab.users WHERE name = ''' || x || '''')::text INTO r;`, harmless, { attacks: [or], expect: 'maybe' }),
  // Ways of building.
  one('text', 'replace() of a mark', `EXECUTE replace('SELECT count(*) FROM lab.users WHERE name = ''#x#''', '#x#', x) INTO r;`, ['alice', ''], { attacks: [or], expect: 'maybe' }),
  one('text', 'format() of a format()', `EXECUTE format('SELECT count(*) FROM lab.users WHERE %s', format('name = ''%s''', x)) INTO r;`, harmless, { attacks: [or] }),
  one('text', 'format() with positions', `EXECUTE format('SELECT count(*) FROM lab.users WHERE name = ''%2$s'' AND id > %1$s', 0, x) INTO r;`, harmless, { attacks: [`x' OR lab.spy() IS NOT NULL OR name = '`] }),
  one('text', 'concat_ws() of conditions', `EXECUTE 'SELECT count(*) FROM lab.users WHERE ' || concat_ws(' AND ', 'id > 0', 'name = ''' || x || '''') INTO r;`, ['alice', ''], { attacks: [or] }),
  one('text', 'steps with a trim at the end', `q := ''; q := q || 'name = ''' || x || ''' AND '; q := rtrim(q, ' AND'); EXECUTE 'SELECT count(*) FROM lab.users WHERE ' || q INTO r;`, ['alice', ''], { attacks: [or], expect: 'maybe' }),
  one('text', 'steps cut by a pattern', `q := 'name = ' || quote_literal(x) || ' AND '; q := regexp_replace(q, '\\s+AND\\s*$', ''); EXECUTE 'SELECT count(*) FROM lab.users WHERE ' || q INTO r;`, ['alice', '', ' AND ', `it's AND `], { attacks: [or, `x\\' OR lab.spy() IS NOT NULL AND `], expect: 'silent' }),
  one('text', 'tag that is kept out', `IF position('$t$' IN x) > 0 THEN RAISE 'no'; END IF; EXECUTE 'SELECT count(*) FROM lab.users WHERE name = $t$' || x || '$t$' INTO r;`, ['alice', `it's`], { attacks: [or, `$t$ OR lab.spy() IS NOT NULL --`, `$t`, `$t$`], expect: 'silent' }),
  one('text', 'quotes that are kept out', `IF x LIKE '%''%' THEN RAISE 'no'; END IF; EXECUTE 'SELECT count(*) FROM lab.users WHERE name = ''' || x || '''' INTO r;`, ['alice', '"'], { attacks: [or, `\\`, `\\' OR lab.spy() IS NOT NULL --`], expect: 'silent' }),
  one('text', 'words that are let through', `IF NOT (x ILIKE ANY (ARRAY['asc', 'desc'])) THEN RAISE 'no'; END IF; EXECUTE 'SELECT name FROM lab.users ORDER BY id ' || x || ' LIMIT 1' INTO r;`, ['asc', 'DESC'], { attacks: [', lab.spy()', 'asc, lab.spy()'], expect: 'silent' }),
];
