import { almostRevokedOf } from '../../facts/sql/almost.ts';
import { isDump } from '../../facts/sql/dumps.ts';
import type { Fix } from '../rule.ts';
import { defineRule } from '../rule.ts';
import type { SqlFacts } from '../../facts/sql.ts';
import { append } from '../../facts/sql/append.ts';
import { isPublic } from '../../facts/sql/grants.ts';
import type { PrivilegeCommand } from '../../facts/sql/privilege-text.ts';
import { privilegesIn } from '../../facts/sql/privilege-text.ts';
import { revocation, roleIn } from '../../facts/sql/privilege-words.ts';
import { removeFromList, replaceIn } from '../../facts/sql/sql-edits.ts';
import { isTrustedRole } from '../../facts/sql/trusted-roles.ts';

export default defineRule({
  language: 'sql',
  severity: 'high',
  title: 'Roles may create objects in the schema public',
  why: 'Names without a schema are looked up in public. A role that can create functions there puts one beside a built-in function, with arguments that fit better, '
    + 'and every query that calls it runs the code of that role with the rights of whoever asks, also those of a superuser.',
  fixing: 'The fix leaves USAGE, with which objects in the schema can be used. Roles that create their own tables in public get an error afterwards: give them a schema of their own. '
    + 'Look for objects that others have created there meanwhile.',
  cwe: [732, 426],
  references: ['https://www.postgresql.org/docs/current/ddl-schemas.html#DDL-SCHEMAS-PATTERNS', 'https://www.postgresql.org/support/security/CVE-2018-1058/'],
  examples: [
    { bad: 'GRANT «CREATE» ON SCHEMA public TO PUBLIC;\n', fixed: 'GRANT USAGE ON SCHEMA public TO PUBLIC;\n' },
    { bad: 'grant «all» on schema public to public;\n', fixed: 'grant usage on schema public to public;\n' },
    { bad: 'GRANT USAGE, «CREATE» ON SCHEMA public TO PUBLIC;\n', fixed: 'GRANT USAGE ON SCHEMA public TO PUBLIC;\n' },
    {
      bad: 'GRANT «ALL PRIVILEGES» ON SCHEMA public TO PUBLIC;\n', version: 14,
      fixed: 'GRANT USAGE ON SCHEMA public TO PUBLIC;\nREVOKE CREATE ON SCHEMA public FROM PUBLIC;\n',
      because: 'Up to version 14 PUBLIC has the privilege anyway.',
    },
    { bad: 'GRANT «ALL» ON SCHEMA public TO shop;\n', fixed: 'GRANT USAGE ON SCHEMA public TO shop;\n' },
    { bad: '-- Dumped by pg_dump version 9.6.2\nREVOKE ALL ON SCHEMA public FROM PUBLIC;\nGRANT «ALL» ON SCHEMA public TO PUBLIC;\n', because: 'The dump of an old version says what every database had: low.' },
    { good: 'GRANT USAGE ON SCHEMA public TO PUBLIC;', because: 'Using what is there lets nobody add to it.' },
    { good: 'GRANT ALL ON SCHEMA public TO postgres; GRANT CREATE ON SCHEMA public TO pg_database_owner;', because: 'They may do that anyway.' },
    { good: 'GRANT CREATE ON SCHEMA app TO shop;', because: 'Names are not looked up in a schema of an application unless somebody says so.' },
    { good: 'GRANT CREATE ON SCHEMA public TO PUBLIC;\nREVOKE CREATE ON SCHEMA public FROM PUBLIC;', because: 'A later statement takes it back.' },
    { good: 'REVOKE ALL ON SCHEMA public FROM PUBLIC;', because: 'It takes the privilege away.' },
    { good: 'GRANT ALL ON public TO shop;', because: 'This is a table of that name.' },
  ],
  *check(facts) {
    for (const one of privilegesIn(facts)) {
      const { command, grant } = one;
      if (grant.revoke || one.defaults || grant.everything || grant.on !== 'schema' || !grant.schemas.some(({ name }) => name === 'public')) continue;
      const create = createIn(one);
      const roles = grant.roles.filter((role) => !isTrustedRole(role.name) && (one.left(role)?.some(({ privilege }) => privilege === 'CREATE') ?? true));
      if (!create || roles.length === 0) continue;
      const everybody = roles.some(isPublic);
      yield {
        at: command.inFile(create.at),
        // Dumps of versions before 15 write down what everybody has there.
        severity: everybody && !isDump(facts.document) ? 'high' : 'low',
        message: `${everybody ? 'Any role' : roleIn(roles)} can put functions into public that other roles, even superusers, then run`,
        related: almostRevokedOf(facts, roles.flatMap((role) => one.left(role) ?? []).filter(({ privilege }) => privilege === 'CREATE')),
        fixes: leaveUsage(facts, one, everybody),
      };
    }
  },
});

function createIn({ grant: { privileges } }: PrivilegeCommand) {
  return privileges.find(({ name }) => name === 'ALL' || name === 'CREATE');
}

function leaveUsage({ document }: SqlFacts, one: PrivilegeCommand, everybody: boolean): Fix[] {
  const { command, grant: { privileges, roles } } = one;
  const { at } = createIn(one)!;
  const upper = /^[A-Z]/.test(command.written.text.slice(at.start, at.end));
  const edits = privileges.length > 1 ? removeFromList(command, privileges.map((other) => other.at), at) : replaceIn(command, at, upper ? 'USAGE' : 'usage');
  if (edits.length === 0) return [];
  const revoke = everybody && document.version < 15 && command.inside === 'file'
    ? append(document.text, command.statement, ['REVOKE CREATE ON SCHEMA public FROM PUBLIC;'])
    : undefined;
  const statements = [revocation(one, roles.map((role) => role.text).join(', '), 'CREATE')];
  return [{ title: 'Let them use the schema, but create nothing in it', safety: 'review', edits: [...edits, ...revoke ? [revoke] : []], statements }];
}
