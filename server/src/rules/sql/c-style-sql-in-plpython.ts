import { findForeignSql } from '../../facts/sql/foreign-code.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'low',
  title: 'SQL is put together in PL/Python or PL/Perl',
  why: `Text that is joined or interpolated becomes part of the statement, exactly as with || in PL/pgSQL, so a value can bring SQL of its own. \
These languages are mostly untrusted: what runs here runs with everything that the routine's owner may do.`,
  cwe: [89],
  references: [
    'https://www.postgresql.org/docs/current/plpython-database.html',
    'https://www.postgresql.org/docs/current/plperl-builtins.html',
  ],
  examples: [
    {
      bad: python('return plpy.execute(«"SELECT * FROM app.users WHERE name = \'" + name + "\'"»)'),
      good: python('plan = plpy.prepare("SELECT * FROM app.users WHERE name = $1", ["text"])\nreturn plpy.execute(plan, [name])'),
    },
    { bad: python('plpy.execute(«f"DROP TABLE {name}"»)'), good: python('plpy.execute(f"DROP TABLE {plpy.quote_ident(name)}")') },
    { bad: python('plpy.execute(«"DELETE FROM app.users WHERE name = \'%s\'" % name»)') },
    { bad: python('query = «"DROP TABLE {}".format(name)»\nplpy.execute(query)') },
    { bad: perl(`my $rv = spi_exec_query(«"SELECT * FROM app.users WHERE name = '$_[0]'"»);`), good: perl(`my $rv = spi_exec_query('SELECT * FROM app.users WHERE name = ' . quote_literal($_[0]));`) },
    { bad: perl(`spi_exec_query(«'DROP TABLE ' . $name»);`) },
    { because: 'plpy quotes the value.', good: python('plpy.execute("SELECT * FROM app.users WHERE name = " + plpy.quote_literal(name))') },
    { because: 'The number of rows is no SQL.', good: python('plpy.execute("SELECT * FROM app.users", 1 + limit)') },
    { because: 'A plus sign in the text joins nothing.', good: python('plpy.execute("SELECT 1 + 1")') },
    { because: 'In the text of a plan, $1 is a parameter.', good: perl(`my $plan = spi_prepare("SELECT 1 WHERE 'a' = \\$1", 'text');`) },
  ],
  *check({ file }) {
    for (const { at, runs, language } of findForeignSql(file)) {
      const way = language === 'python' ? 'plpy.prepare() and parameters' : 'spi_prepare() and parameters';
      yield { at, message: `Values in this text reach ${runs}() as SQL; ${way} keep them apart` };
    }
  },
});

function python(code: string): string {
  return `CREATE FUNCTION app.f(name text) RETURNS text LANGUAGE plpython3u AS $$\n${code}\n$$;\n`;
}

function perl(code: string): string {
  return `CREATE FUNCTION app.f(text) RETURNS text LANGUAGE plperl AS $$\n${code}\n$$;\n`;
}
