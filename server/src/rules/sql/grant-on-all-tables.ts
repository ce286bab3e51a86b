import { defineRule } from '../rule.ts';
import { isPublic } from '../../facts/sql/grants.ts';
import { privilegesIn } from '../../facts/sql/privilege-text.ts';
import { objectIn, roleIn } from '../../facts/sql/privilege-words.ts';
import { isTrustedRole } from '../../facts/sql/trusted-roles.ts';

export default defineRule({
  language: 'sql',
  severity: 'info',
  title: 'Privilege is granted on whatever a schema holds',
  why: 'ON ALL TABLES IN SCHEMA takes every table that is there when it runs, also those with password hashes or personal data that the role '
    + 'has nothing to do with. Nobody who reads the statement later can tell which tables these were.',
  cwe: [732],
  references: ['https://www.postgresql.org/docs/current/sql-grant.html'],
  examples: [
    { bad: 'GRANT SELECT ON «ALL TABLES IN SCHEMA app» TO reporting;', good: 'GRANT SELECT ON app.orders, app.items TO reporting;' },
    { good: 'GRANT SELECT ON ALL TABLES IN SCHEMA app TO PUBLIC;', because: 'That everybody gets it is worse, and said by another rule.' },
    { good: 'GRANT ALL ON ALL TABLES IN SCHEMA app TO shop;', because: 'That it is ALL is said by another rule.' },
    { good: 'GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA app TO shop;', because: 'PUBLIC may execute functions by default.' },
    { good: 'GRANT USAGE ON ALL SEQUENCES IN SCHEMA app TO shop;', because: 'Numbers are no secret.' },
    { good: 'REVOKE SELECT ON ALL TABLES IN SCHEMA app FROM reporting;', because: 'It takes privileges away.' },
  ],
  *check(facts) {
    for (const one of privilegesIn(facts)) {
      const { command, grant } = one;
      if (grant.revoke || !grant.everything || grant.on !== 'table' || grant.privileges.some(({ name }) => name === 'ALL') || grant.roles.some(isPublic)) continue;
      const roles = grant.roles.filter((role) => !isTrustedRole(role.name) && one.left(role)?.length !== 0);
      if (roles.length === 0) continue;
      yield { at: command.inFile(grant.target), message: `${roleIn(roles)} can use ${objectIn(one)}, those with secrets among them` };
    }
  },
});
