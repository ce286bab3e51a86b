import { parametersAsNames } from '../../facts/sql/parameters-as-names.ts';
import { contains } from '../../text.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'USING passes a name',
  why: `USING passes values, and PostgreSQL accepts $1 nowhere a table, a column or a role has to stand, so the statement fails every time it runs. \
The usual repair is to put the name into the text without quoting, which lets SQL in.`,
  fixing: `The name is written into the text by format() with %I, and the values that stay with USING are numbered anew. A name with a schema in front needs the ::regclass alternative.`,
  cwe: [628],
  references: ['https://www.postgresql.org/docs/current/plpgsql-statements.html#PLPGSQL-STATEMENTS-EXECUTING-DYN'],
  examples: [
    { bad: body(`EXECUTE 'TRUNCATE «$1»' USING x`), fixed: body(`EXECUTE format('TRUNCATE %I', x)`) },
    {
      bad: body(`EXECUTE 'SELECT count(*) FROM «$1» WHERE name LIKE ''a%'' AND id = $2' INTO q USING x, n`),
      fixed: body(`EXECUTE format('SELECT count(*) FROM %I WHERE name LIKE ''a%%'' AND id = $1', x) INTO q USING n`),
    },
    { bad: body(`EXECUTE $q$CREATE INDEX ON app.users («$1»)$q$ USING x`), fixed: body(`EXECUTE format($q$CREATE INDEX ON app.users (%I)$q$, x)`) },
    { because: 'It is a value here.', good: body(`EXECUTE 'SELECT count(*) FROM app.users WHERE id = $1' INTO q USING n`) },
    { because: 'PostgreSQL accepts it, although every row sorts alike.', good: body(`EXECUTE 'SELECT name FROM app.users ORDER BY $1' INTO q USING x`) },
    { because: 'The statement is broken in another way.', good: body(`EXECUTE 'SELECT FORM $1' INTO q USING x`) },
  ],
  *check({ file, replaced }) {
    if (!file.postgres) return;
    for (const { at, name, fixes } of parametersAsNames(file)) {
      if ([...replaced].some(({ span }) => contains(span, at.start))) continue;
      yield { at, message: `A name has to stand where ${name} is, and USING passes only values, so this statement fails`, fixes };
    }
  },
});

function body(statement: string): string {
  return `CREATE FUNCTION app.f(x text, n int) RETURNS void LANGUAGE plpgsql AS $$ DECLARE q text; BEGIN ${statement}; END $$;\n`;
}
