import { flowOptions } from '../flow-options.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'A list of values becomes part of dynamic SQL without quoting',
  why: `Every element of an array that string_agg() or array_to_string() joins becomes SQL, and so does every item of a list that arrives as one text. \
One element such as "1) OR true --" is enough to change what the statement reads or deletes.`,
  fixing: `The elements are quoted one by one before they are joined, as names where columns or tables stand and as values elsewhere. Elements that are quoted or qualified already must not be quoted again.`,
  cwe: [89],
  references: ['https://www.postgresql.org/docs/current/functions-comparisons.html#FUNCTIONS-COMPARISONS-ANY-SOME'],
  options: flowOptions,
  examples: [
    {
      bad: body(`'SELECT ' || «array_to_string(a, ', ')» || ' FROM app.users'`),
      fixed: body(`'SELECT ' || (SELECT string_agg(quote_ident(v), ', ') FROM unnest(a) v) || ' FROM app.users'`),
    },
    {
      bad: body(`'DELETE FROM app.users WHERE name IN (' || «array_to_string(a, ',')» || ')'`),
      fixed: body(`'DELETE FROM app.users WHERE name IN (' || (SELECT string_agg(quote_literal(v), ',') FROM unnest(a) v) || ')'`),
    },
    {
      because: 'One text with commas in it is no list that quoting could take apart.',
      bad: body(`'DELETE FROM app.users WHERE id IN (' || «x» || ')'`),
      good: body(`'DELETE FROM app.users WHERE id = ANY (string_to_array($1, '','')::int[])' USING x`),
    },
    { because: 'Every element is quoted.', good: body(`'SELECT ' || (SELECT string_agg(quote_ident(c), ', ') FROM unnest(a) c) || ' FROM app.users'`) },
    { because: 'Numbers hold no SQL.', good: body(`'DELETE FROM app.users WHERE id IN (' || array_to_string(n, ',') || ')'`) },
    { because: 'The array is passed as it is.', good: body(`'DELETE FROM app.users WHERE name = ANY ($1)' USING a`) },
  ],
  *check(facts, { trustedFunctions, sinks }) {
    for (const { risks } of facts.dynamicSqlWith({ trusted: trustedFunctions, sinks })) {
      yield* risks.filter(({ problem }) => problem === 'list');
    }
  },
});

function body(expression: string): string {
  return `CREATE FUNCTION app.f(x text, a text[], n int[]) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE ${expression}; END $$;\n`;
}
