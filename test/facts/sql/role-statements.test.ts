import { describe, expect, test } from 'vitest';
import { noFiles } from '../../../server/src/document.ts';
import { roleGrants } from '../../../server/src/facts/sql/role-grants.ts';
import { roleStatements } from '../../../server/src/facts/sql/role-statements.ts';
import { sqlFacts } from '../../../server/src/facts/sql.ts';

const facts = (text: string) => sqlFacts({ path: 'schema.sql', text, language: 'sql', version: 18, files: noFiles });

/** Each statement as the role, what it says about logging in, and its options as written. */
function roles(text: string): string[] {
  return roleStatements(facts(text)).map(({ command, role, login, options, complete }) => {
    const written = options.map(({ at }) => command.written.text.slice(at.start, at.end));
    return [role.name, login, ...written, ...(complete ? [] : ['…'])].join(' | ');
  });
}

describe('statements about roles', () => {
  test.each([
    ['CREATE ROLE app', 'app | false'],
    ['CREATE USER "App" WITH NOLOGIN', 'App | false | NOLOGIN'],
    ["create user app password 'x' valid until '2030-01-01'", "app | true | password 'x' | valid until '2030-01-01'"],
    ["ALTER ROLE app WITH ENCRYPTED PASSWORD $$it's$$ CONNECTION LIMIT -1", "app |  | ENCRYPTED PASSWORD $$it's$$ | CONNECTION LIMIT -1"],
    ['CREATE ROLE app IN ROLE a, "B" ADMIN c SUPERUSER', 'app | false | IN ROLE a, "B" | ADMIN c | SUPERUSER'],
    ["CREATE ROLE :user LOGIN PASSWORD :'pw'", ":user | true | LOGIN | PASSWORD :'pw'"],
    ['CREATE ROLE {{ env }}_app LOGIN {{ more }}', '{{ env }}_app | true | LOGIN | …'],
    ['ALTER GROUP staff ADD USER anna, bert', 'staff |  | ADD USER anna, bert'],
  ])('%s', (text, expected) => {
    expect(roles(`${text};`)).toEqual([expected]);
  });

  test.each([
    "CREATE USER 'app'@'%' IDENTIFIED BY 'x'", 'CREATE USER MAPPING FOR app SERVER s', 'ALTER ROLE app SET work_mem = 1', 'ALTER ROLE app RENAME TO b', 'CREATE ROLE app PASSWORD',
    'CREATE ROLE IF NOT EXISTS app', 'DROP ROLE app', 'CREATE ROLE',
  ])('not %s', (text) => {
    expect(roles(`${text};`)).toEqual([]);
  });

  test('in the constant text of EXECUTE, where it stands', () => {
    const text = "DO $do$ BEGIN EXECUTE 'CREATE ROLE app PASSWORD ''it''''s'''; EXECUTE format('CREATE ROLE %I', x); EXECUTE 'CREATE ROLE ' || x; END $do$;";
    const [statement, ...others] = roleStatements(facts(text));
    const value = statement!.options[0]!.value!;
    const { start, end } = statement!.command.inFile(value);
    expect(others).toEqual([]);
    expect(value.text).toBe("it's");
    expect(text.slice(start, end)).toBe("''it''''s''");
    expect(statement!.command.quote("'a'")).toBe("''a''");
  });
});

/** Each grant as roles > members, and what gives the right to pass them on. */
function grants(text: string): string[] {
  return roleGrants(facts(text)).map(({ command, roles: given, members, admin }) => {
    const clause = admin ? ` (${command.written.text.slice(admin.start, admin.end)})` : '';
    return `${given.map(({ name }) => name).join()} > ${members.map(({ name }) => name).join()}${clause}`;
  });
}

describe('memberships', () => {
  test.each([
    ['GRANT a, b TO c, "D" GRANTED BY e', ['a,b > c,D']],
    ['GRANT a TO b WITH ADMIN OPTION', ['a > b (WITH ADMIN OPTION)']],
    ['GRANT a TO b WITH INHERIT FALSE, ADMIN TRUE', ['a > b (ADMIN TRUE)']],
    ['GRANT a TO b WITH ADMIN FALSE', ['a > b']],
    ['CREATE ROLE a IN ROLE b, c ROLE d ADMIN e', ['b,c > a', 'a > d', 'a > e (ADMIN e)']],
    ['ALTER GROUP a ADD USER b', ['a > b']],
    ['GRANT SELECT ON a TO b', []],
    ['GRANT ALL PRIVILEGES TO b', []],
    ['GRANT a TO', []],
    ['REVOKE a FROM b', []],
  ])('%s', (text, expected) => {
    expect(grants(`${text};`)).toEqual(expected);
  });
});
