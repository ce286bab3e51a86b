import { givenSecret } from '../../facts/sql/passwords.ts';
import { anyWriting, comesLater } from '../../facts/sql/later-text.ts';
import { later } from '../../facts/sql/mending.ts';
import { foreignStatements, withoutOption, type FdwOption, type ForeignStatement } from '../../facts/sql/fdw-options.ts';
import { isSamplePath } from '../../facts/place.ts';
import type { SqlFacts } from '../../facts/sql.ts';
import { isSecret } from '../../facts/secrets.ts';
import { defineRule, type Finding, type Fix } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'high',
  title: 'Password in a user mapping',
  why: `Who reads this file or its history can log in to the other server. In the database the password stands in the catalog in clear text: \
pg_user_mappings shows it to the role that is mapped once it may use the server, and every dump of a superuser contains it.`,
  fixing: `The first fix puts a psql variable in the place of the password: run the file with psql -v and take the value from where secrets are kept. \
Change the password on the other server, because it was readable here.`,
  cwe: [798, 312],
  references: ['https://www.postgresql.org/docs/current/sql-createusermapping.html', 'https://www.postgresql.org/docs/current/postgres-fdw.html#POSTGRES-FDW-OPTIONS-CONNECTION'],
  examples: [
    {
      bad: "CREATE USER MAPPING FOR reporting SERVER sales OPTIONS (user 'reader', password «'k7#pQ2xv'»);\n",
      fixed: "CREATE USER MAPPING FOR reporting SERVER sales OPTIONS (user 'reader', password :'sales_password');\n",
    },
    {
      bad: "CREATE USER MAPPING FOR PUBLIC SERVER sales OPTIONS (user 'reader', password «'k7#pQ2xv'»);\n",
      fixed: "CREATE USER MAPPING FOR PUBLIC SERVER sales OPTIONS (user 'reader', password :'sales_password');\n",
      because: 'Every role that may use the server is the other role there.',
    },
    { bad: "ALTER USER MAPPING FOR reporting SERVER sales OPTIONS (SET password «'k7#pQ2xv'»);\n", fixed: "ALTER USER MAPPING FOR reporting SERVER sales OPTIONS (SET password :'sales_password');\n" },
    {
      bad: "DO $$ BEGIN CREATE USER MAPPING FOR r SERVER s OPTIONS (password «'k7#pQ2xv'», user 'reader'); END $$;\n",
      fixed: "DO $$ BEGIN CREATE USER MAPPING FOR r SERVER s OPTIONS (user 'reader'); END $$;\n",
      because: 'psql puts no variables into a body, so the password is left out.',
    },
    {
      bad: "CREATE USER MAPPING FOR r SERVER s OPTIONS (user 'reader', «password_required 'false'»);\n",
      fixed: "CREATE USER MAPPING FOR r SERVER s OPTIONS (user 'reader');\n",
      because: "The role connects by whatever the server's machine is trusted with: medium.",
    },
    { good: "CREATE USER MAPPING FOR r SERVER s OPTIONS (user 'reader', password :'pw');\nCREATE USER MAPPING FOR r SERVER t OPTIONS (user 'reader', password '${SALES_PASSWORD}');\n", because: 'What will be put there is not known.' },
    { good: "CREATE USER MAPPING FOR r SERVER s OPTIONS (user 'reader', password '<password>');\nALTER USER MAPPING FOR r SERVER s OPTIONS (DROP password);\n" },
    { good: "CREATE USER MAPPING FOR r SERVER s OPTIONS (user 'reader', password_required 'true');\nCREATE SERVER password FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'db2');\n" },
    { good: "CREATE USER MAPPING FOR r SERVER loopback OPTIONS (user 'reader', password 'k7#pQ2xv');\n", path: 'test/sql/fdw.sql', because: 'It opens nothing but a test database.' },
    { good: "CREATE USER MAPPING FOR r SERVER s OPTIONS (user 'reader', password 'k7#pQ2xv');\nALTER USER MAPPING FOR r SERVER s OPTIONS (SET password :'pw');\n", because: 'It was changed later.' },
    { bad: "CREATE USER MAPPING FOR r SERVER s OPTIONS (user 'reader', password «'k7#pQ2xv'»);\nALTER USER MAPPING FOR q SERVER s OPTIONS (SET password :'pw');\n", good: "CREATE USER MAPPING FOR r SERVER s OPTIONS (user 'reader');\n", because: "The other role's password was changed." },
  ],
  *check(facts) {
    if (isSamplePath(facts.document)) return;
    const mappings = foreignStatements(facts).filter(({ kind }) => kind === 'mapping');
    for (const [index, statement] of mappings.entries()) {
      for (const option of statement.options) {
        const { keyword, value } = option;
        if (keyword === 'password' && value && isSecret(value.value) && !isRotated(facts, statement)) yield secret(facts, statement, option);
        if (keyword === 'password_required' && value && /^(f|fa|fal|fals|false|n|no|of|off|0)$/i.test(value.value) && !isChanged(statement, mappings.slice(index + 1))) yield passwordless(statement, option);
      }
    }
  },
});

function secret({ document }: SqlFacts, statement: ForeignStatement, option: FdwOption): Finding {
  const { command, role, server } = statement;
  const at = command.inFile(option.value!);
  const everybody = role!.text.toLowerCase() === 'public';
  const name = `${server.name.replace(/\W+/g, '_')}_password`;
  const variable = `:'${name}'`;
  const whole = withoutOption(statement, option);
  const { word, then } = givenSecret(document, name) ?? {};
  const known = `-- The old password is known to who reads these files: change it on the other server. ${then ?? 'Nobody gets in there until a new one is set'}.`;
  const rotated = command.inside === 'file' ? `${known}\n${alter(statement, word === undefined ? 'DROP password' : `SET password ${word}`)}` : undefined;
  const fixes: Fix[] = [
    ...command.inside === 'file' ? [{ title: 'Take the password from a psql variable', safety: 'review' as const, edits: [{ span: at, text: variable }], ...later(rotated) }] : [],
    ...whole ? [{ title: 'Leave the password out', safety: 'review' as const, edits: [{ span: whole, text: '' }], ...later(rotated) }] : [],
  ];
  return {
    at, fixes,
    message: everybody ? 'Every role logs in to the other server with this password, and readers of this file can too' : 'Whoever reads this file or a dump can log in to the other server with this password',
  };
}

function passwordless(statement: ForeignStatement, option: FdwOption): Finding {
  const span = withoutOption(statement, option);
  return {
    at: statement.command.inFile(option.span), severity: 'medium',
    message: "The role connects with whatever the server's machine is trusted with, and needs no password",
    fixes: span ? [{ title: 'Ask for a password again', safety: 'review', edits: [{ span, text: '' }], statements: [alter(statement, 'DROP password_required')] }] : [],
  };
}

/** A later statement gives the mapping another password or none, or takes it away. */
function isRotated(facts: SqlFacts, { role, server, command }: ForeignStatement): boolean {
  const mapping = `user\\s+mapping\\s+(?:if\\s+exists\\s+)?for\\s+${anyWriting(role!.text)}\\s+server\\s+${anyWriting(server.text)}`;
  return command.inside === 'file' && comesLater(facts, command.statement, new RegExp(`\\balter\\s+${mapping}[^;]*\\bpassword\\b|\\bdrop\\s+${mapping}`, 'i'));
}

function alter({ role, server }: ForeignStatement, action: string): string {
  return `ALTER USER MAPPING FOR ${role!.text} SERVER ${server.text} OPTIONS (${action});`;
}

function isChanged({ role, server }: ForeignStatement, later: readonly ForeignStatement[]): boolean {
  return later.some((other) => other.role!.name === role!.name && other.server.name === server.name && other.options.some(({ keyword }) => keyword === 'password_required'));
}
