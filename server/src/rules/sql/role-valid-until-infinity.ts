import { later } from '../../facts/sql/mending.ts';
import { alterRole, displayRole, optionOf, roleStatements, type RoleStatement } from '../../facts/sql/role-statements.ts';
import { replaceIn } from '../../facts/sql/sql-edits.ts';
import type { SqlFacts } from '../../facts/sql.ts';
import { defineRule } from '../rule.ts';

const endless = /^\s*'?\+?infinity'?\s*$/i;

export default defineRule({
  language: 'sql',
  severity: 'info',
  title: 'Password of a role is said never to expire',
  why: `VALID UNTIL 'infinity' is what a role has anyway, so that the clause only looks like a limit. A password that leaked years ago, or that
belongs to somebody who left, still lets in.`,
  fixing: `The fix writes a date for you to replace. From that day on the role cannot log in with its password: put the change into a calendar first.`,
  cwe: [262],
  references: ['https://www.postgresql.org/docs/current/sql-createrole.html'],
  examples: [
    { bad: "CREATE ROLE anna LOGIN PASSWORD :'pw' VALID UNTIL «'infinity'»;\n", good: "CREATE ROLE anna LOGIN PASSWORD :'pw' VALID UNTIL '2030-01-01';\n" },
    { bad: "ALTER ROLE anna VALID UNTIL «'Infinity'»; -- service\n", good: "ALTER ROLE anna VALID UNTIL '2030-01-01'; -- service\n" },
    { good: "CREATE ROLE staff NOLOGIN VALID UNTIL 'infinity';\n", because: 'It cannot log in.' },
    { good: "CREATE ROLE anna LOGIN PASSWORD :'pw' VALID UNTIL '2030-01-01';\nCREATE ROLE bert LOGIN VALID UNTIL '{{ until }}';\n" },
    { good: "CREATE ROLE anna LOGIN PASSWORD :'pw' VALID UNTIL 'infinity';\nALTER ROLE anna VALID UNTIL '2030-01-01';\n", because: 'A later statement sets a date.' },
  ],
  *check(facts) {
    for (const statement of roleStatements(facts)) {
      const { command, login, role } = statement;
      const value = optionOf(statement, 'VALID UNTIL')?.value;
      if (login === false || value === undefined || !endless.test(value.text ?? '') || endsNow(facts, statement)) continue;
      const [edit] = replaceIn(command, value, "'2030-01-01'", '2030-01-01');
      yield {
        at: command.inFile(value),
        message: `The password of ${displayRole(role)} is good for ever, also after it leaked or its owner left`,
        fixes: edit ? [{ title: 'Let it expire on a day of your choice', safety: 'review', edits: [edit], ...later(alterRole(role, "VALID UNTIL '2030-01-01'"), '2030-01-01') }] : [],
      };
    }
  },
});

/** A later statement sets a date. */
function endsNow({ schema }: SqlFacts, { command, role }: RoleStatement): boolean {
  const left = command.inside !== 'routine' && role.kind !== 'template' ? schema.role(role.name)?.validUntil : undefined;
  return left !== undefined && left.place.statement !== command.statement && !endless.test(left.text);
}
