import { readWrite } from '../../facts/table-writes.ts';
import { isTrialPath } from '../../facts/place.ts';
import { isSystemCatalog } from '../../facts/system-catalogs.ts';
import { Cursor } from '../../facts/cursor.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'high',
  title: 'System catalogue is written to directly',
  why: `A row in pg_authid makes a superuser, one in pg_proc replaces a function of PostgreSQL, one in pg_class opens a table. No command checks what is written
so, no dependency is recorded, and the log of CREATE, ALTER and GRANT does not show it. A mistake can make the cluster unusable.`,
  cwe: [471, 269],
  references: ['https://www.postgresql.org/docs/current/catalogs-overview.html'],
  examples: [
    { bad: "UPDATE «pg_authid» SET rolsuper = true WHERE rolname = 'app';\n", good: 'ALTER ROLE app SUPERUSER;\n', because: 'A command at least checks, records and logs it.' },
    { bad: "DELETE FROM «pg_catalog.pg_depend» WHERE objid = 12345;\n" },
    { bad: "INSERT INTO «pg_language» (lanname) VALUES ('c2');\nTRUNCATE «pg_catalog.pg_policy»;\n" },
    { bad: "UPDATE «pg_database» SET datallowconn = false WHERE datname = 'shop';\n", good: 'ALTER DATABASE shop ALLOW_CONNECTIONS false;\n', because: 'No rights change by it: medium.' },
    { bad: "DO $$ BEGIN UPDATE «pg_catalog.pg_proc» SET prosecdef = true WHERE proname = 'f'; END $$;\n" },
    { bad: "COPY «pg_authid» FROM '/tmp/roles';\n" },
    { good: "UPDATE pg_settings SET setting = 'off' WHERE name = 'fsync';\n", because: 'That view sets a parameter, like SET.' },
    { good: "UPDATE app.pg_authid SET note = '';\nDELETE FROM pg_authors;\nINSERT INTO pg_stat_history SELECT * FROM pg_stat_activity;\n", because: 'Tables of somebody else.' },
    { good: 'CREATE TEMP TABLE pg_class AS SELECT 1 AS a;\nUPDATE pg_class SET a = 2;\n', because: 'The file makes a table of that name.' },
    { good: 'COPY pg_authid TO STDOUT;\nSELECT * FROM pg_authid;\nDELETE FROM pg_largeobject_copy;\n', because: 'Reading is no writing.' },
  ],
  *check({ commands, document }) {
    const own = new Set(commands.flatMap(({ written }) => (/^CREATE .*TABLE$/.test(written.head) ? ownTable(Cursor.over(written)) : [])));
    for (const command of commands) {
      const table = readWrite(command.written);
      const name = table?.parts.at(-1);
      if (table === undefined || name === undefined || !isSystemCatalog(table) || (table.parts.length === 1 && own.has(name.name))) continue;
      yield {
        at: command.inFile(table),
        message: `${name.name} changes without any check, record of dependencies or trace in the log of commands`,
        severity: isTrialPath(document.path) ? 'info' : aboutRights.test(name.name) ? 'high' : 'medium',
      };
    }
  },
});

/** Temporary tables stand in front of pg_catalog too. */
function ownTable(cursor: Cursor): string[] {
  while (!cursor.done && cursor.word() !== 'TABLE') cursor.index++;
  cursor.index++;
  cursor.take('IF', 'NOT', 'EXISTS');
  const name = cursor.name();
  return name === undefined ? [] : [name.parts.at(-1)!.name];
}

const aboutRights = /^pg_(authid|auth_members|proc|language|class|attribute|namespace|policy|trigger|event_trigger|default_acl|init_privs|rewrite|db_role_setting|parameter_acl|depend|shdepend|foreign_server|user_mapping|type|operator|cast|extension)$/;
