import { defineRule } from '../rule.ts';
import { isEverybody, privilegesIn } from '../../facts/privilege-text.ts';
import { objectIn } from '../../facts/privilege-words.ts';
import { isTrustedRole } from '../../facts/trusted-roles.ts';

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
  *check({ commands }) {
    for (const { command, text } of privilegesIn(commands)) {
      if (text.revoke || !text.everything || text.on !== 'table' || text.privileges.some(({ name }) => name === 'ALL')) continue;
      if (text.roles.some(isEverybody) || text.roles.every(({ name }) => isTrustedRole(name))) continue;
      const role = text.roles.length === 1 && text.roles[0]!.text.length <= 24 ? text.roles[0]!.text : 'These roles';
      yield { at: command.inFile(text.target), message: `${role} can use ${objectIn(command, text)}, those with secrets among them` };
    }
  },
});
