import { isDump } from '../../facts/sql/dumps.ts';
import { readWrite } from '../../facts/sql/table-writes.ts';
import { isExtensionScript } from '../../facts/sql/extension-script.ts';
import { isTrial } from '../../facts/place.ts';
import { isSystemCatalog } from '../../facts/sql/system-catalogs.ts';
import { defineRule, type Severity } from '../rule.ts';

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
    { bad: "INSERT INTO «pg_language» (lanname) VALUES ('c2');\nTRUNCATE «pg_catalog.pg_policy»;\n" },
    { bad: "UPDATE «pg_database» SET datallowconn = false WHERE datname = 'shop';\n", good: 'ALTER DATABASE shop ALLOW_CONNECTIONS false;\n', because: 'No rights change by it: medium.' },
    { bad: "DO $$ BEGIN UPDATE «pg_catalog.pg_proc» SET prosecdef = true WHERE proname = 'f'; END $$;\n" },
    { bad: "COPY «pg_authid» FROM '/tmp/roles';\n" },
    { good: "UPDATE pg_settings SET setting = 'off' WHERE name = 'fsync';\n", because: 'That view sets a parameter, like SET.' },
    { good: "UPDATE app.pg_authid SET note = '';\nDELETE FROM pg_authors;\nINSERT INTO pg_stat_history SELECT * FROM pg_stat_activity;\n", because: 'Tables of somebody else.' },
    { good: 'CREATE TEMP TABLE pg_class AS SELECT 1 AS a;\nUPDATE pg_class SET a = 2;\n', because: 'The file makes a table of that name.' },
    { good: "--\n-- PostgreSQL database cluster dump\n--\nUPDATE pg_catalog.pg_database SET datistemplate = false WHERE datname = 'template1';\nDROP DATABASE template1;\n", because: 'So writes pg_dumpall.' },
    { bad: "UPDATE «pg_class» SET reltuples = 1000, relpages = 10 WHERE relname = 'orders';\nDELETE FROM «pg_depend» WHERE objid = 4711;\n", because: 'Figures for the planner and dependencies: medium and low.' },
    { good: 'COPY pg_authid TO STDOUT;\nSELECT * FROM pg_authid;\nDELETE FROM pg_largeobject_copy;\n', because: 'Reading is no writing.' },
  ],
  *check({ commands, document, file, schema }) {
    if (isDump(file)) return;
    for (const command of commands) {
      const table = readWrite(command.written);
      const name = table?.parts.at(-1);
      if (table === undefined || name === undefined || !isSystemCatalog(table)) continue;
      // A temporary table stands in front of pg_catalog.
      if (table.parts.length === 1 && schema.relation(undefined, name.name)?.known) continue;
      yield {
        at: command.inFile(table),
        message: `${name.name} changes without any check, record of dependencies or trace in the log of commands`,
        severity: isTrial(document) ? 'info' : isExtensionScript(document.path, document.text) ? inScript(name.name, command.written.text) : severityOf(name.name, command.written.text),
      };
    }
  },
});

/** What extensions mend in their own objects, no command can. */
function inScript(table: string, text: string): Severity {
  const severity = severityOf(table, text);
  return severity === 'medium' || columnsAboutRights.has(table) ? 'low' : severity;
}

function severityOf(table: string, text: string): Severity {
  const column = columnsAboutRights.get(table);
  if (column !== undefined && /^update\b/i.test(text)) return column.test(text) ? 'high' : 'medium';
  if (column !== undefined || aboutRights.test(table)) return 'high';
  return aboutRecords.test(table) ? 'low' : 'medium';
}

/** Of these an UPDATE may mean something harmless, such as figures for the planner. */
const columnsAboutRights: ReadonlyMap<string, RegExp> = new Map(Object.entries({
  pg_class: /\brel(acl|owner|rowsecurity|forcerowsecurity)\b/i,
  pg_attribute: /\battacl\b/i,
  pg_proc: /\bpro(acl|owner|secdef|src|bin|lang|config)\b/i,
  pg_trigger: /\btg(enabled|foid)\b/i,
}));
const aboutRights = new RegExp(`^pg_(${[
  'authid', 'auth_members', 'language', 'namespace', 'policy', 'event_trigger', 'default_acl', 'rewrite',
  'parameter_acl', 'user_mapping',
].join('|')})$`);
/** Extensions mend these in their update scripts. */
const aboutRecords = /^pg_(depend|shdepend|description|shdescription|statistic(_ext(_data)?)?|init_privs|extension)$/;
