import { findForeignSql, type ForeignLanguage } from '../../facts/sql/foreign-code.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'low',
  title: 'SQL is put together in PL/Python, PL/Perl, PL/Tcl or PL/v8',
  why: `Text that is joined or interpolated becomes part of the statement, exactly as with || in PL/pgSQL, so a value can bring SQL of its own. \
The statement has the rights of whoever calls the routine, or of its owner when the routine is SECURITY DEFINER.`,
  cwe: [89],
  references: [
    'https://www.postgresql.org/docs/current/plpython-database.html',
    'https://www.postgresql.org/docs/current/plperl-builtins.html',
    'https://www.postgresql.org/docs/current/pltcl-dbaccess.html',
    'https://plv8.github.io/',
  ],
  examples: [
    {
      bad: python('return plpy.execute(«"SELECT * FROM app.users WHERE name = \'" + name + "\'"»)'),
      good: python('plan = plpy.prepare("SELECT * FROM app.users WHERE name = $1", ["text"])\nreturn plpy.execute(plan, [name])'),
    },
    { bad: python('plpy.execute(«f"DROP TABLE {name}"»)'), good: python('plpy.execute(f"DROP TABLE {plpy.quote_ident(name)}")') },
    { bad: python('plpy.execute(«"DELETE FROM app.users WHERE name = \'%s\'" % name»)') },
    { bad: python('query = «"DROP TABLE {}".format(name)»\nplpy.execute(query)') },
    { because: 'The text is filled in the call.', bad: python('query = "DROP TABLE {}"\nplpy.execute(«query.format(name)»)'), good: python('query = "DROP TABLE {}"\nplpy.execute(query.format(plpy.quote_ident(name)))') },
    { bad: python('query = "DROP TABLE %s"\nplpy.execute(«query % name»)'), good: python('query = "SELECT %d"\nplpy.execute(query % n)') },
    { because: 'A block creates the routine.', bad: `DO $do$ BEGIN ${python('plpy.execute(«f"DROP TABLE {name}"»)').trimEnd()} END $do$;\n` },
    { bad: perl(`my $rv = spi_exec_query(«"SELECT * FROM app.users WHERE name = '$_[0]'"»);`), good: perl(`my $rv = spi_exec_query('SELECT * FROM app.users WHERE name = ' . quote_literal($_[0]));`) },
    { bad: perl(`spi_exec_query(«'DROP TABLE ' . $name»);`) },
    { bad: javascript('return plv8.execute(«`SELECT * FROM app.users WHERE name = \'${name}\'`»);'), good: javascript("return plv8.execute('SELECT * FROM app.users WHERE name = $1', [name]);") },
    { bad: javascript("const query = «'DROP TABLE ' + name»;\nplv8.execute(query);"), good: javascript('plv8.execute(`DROP TABLE ${plv8.quote_ident(name)}`);') },
    { bad: tcl(`set rows [spi_exec -count 1 «"SELECT * FROM app.users WHERE name = '$1'"»]`), good: tcl(`spi_exec -count 1 "SELECT * FROM app.users WHERE name = '[quote $1]'"`) },
    { because: 'A dollar sign with a backslash is a parameter of the plan.', good: tcl('set plan [spi_prepare "SELECT * FROM app.users WHERE name = \\$1" text]') },
    { because: 'plpy quotes the value.', good: python('plpy.execute("SELECT * FROM app.users WHERE name = " + plpy.quote_literal(name))') },
    { because: 'The number of rows is no SQL.', good: python('plpy.execute("SELECT * FROM app.users", 1 + limit)') },
    { because: 'A plus sign in the text joins nothing.', good: python('plpy.execute("SELECT 1 + 1")') },
    { because: 'In the text of a plan, $1 is a parameter.', good: perl(`my $plan = spi_prepare("SELECT 1 WHERE 'a' = \\$1", 'text');`) },
  ],
  *check({ file }) {
    for (const { at, runs, language } of findForeignSql(file)) {
      yield { at, message: `Values in this text reach ${runs}${language === 'tcl' ? '' : '()'} as SQL; ${ways[language]} keep them apart` };
    }
  },
});

const ways: Readonly<Record<ForeignLanguage, string>> = {
  python: 'plpy.prepare() and parameters', perl: 'spi_prepare() and parameters', tcl: 'spi_prepare and parameters', javascript: 'parameters in a second argument',
};

function python(code: string): string {
  return `CREATE FUNCTION app.f(name text) RETURNS text LANGUAGE plpython3u AS $$\n${code}\n$$;\n`;
}

function perl(code: string): string {
  return `CREATE FUNCTION app.f(text) RETURNS text LANGUAGE plperl AS $$\n${code}\n$$;\n`;
}

function javascript(code: string): string {
  return `CREATE FUNCTION app.f(name text) RETURNS json LANGUAGE plv8 AS $$\n${code}\n$$;\n`;
}

function tcl(code: string): string {
  return `CREATE FUNCTION app.f(text) RETURNS int LANGUAGE pltcl AS $$\n${code}\n$$;\n`;
}
