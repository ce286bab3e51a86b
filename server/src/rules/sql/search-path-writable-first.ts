import { isDump } from '../../facts/sql/dumps.ts';
import { isTrial } from '../../facts/place.ts';
import { splitList } from '../../facts/conf/settings.ts';
import { replaceIn } from '../../facts/sql/sql-edits.ts';
import { laterStatement, settingsInForce, spellValue, type SqlSetting } from '../../facts/sql/sql-settings.ts';
import type { SqlFacts } from '../../facts/sql.ts';
import { defineRule, type Finding } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'Objects of others come first in the search path',
  why: `Names without a schema are looked up along the search path. In a schema where others may create objects, they put a function, operator or table of the
same name, and it runs with the rights of whoever uses the name. In front of pg_catalog it takes the place of PostgreSQL's own functions.`,
  fixing: `The fix leaves out the schemas in which others may create objects, and pg_catalog, which is then looked at first. Statements that name objects of
those schemas have to name the schema as well. The other way is to take CREATE on the schema from everybody.`,
  cwe: [426],
  references: ['https://www.postgresql.org/docs/current/ddl-schemas.html#DDL-SCHEMAS-PATTERNS', 'https://wiki.postgresql.org/wiki/A_Guide_to_CVE-2018-1058'],
  examples: [
    {
      bad: 'GRANT ALL ON SCHEMA shared TO PUBLIC;\nALTER ROLE app SET search_path = «shared, app, pg_catalog»;\n',
      fixed: 'GRANT ALL ON SCHEMA shared TO PUBLIC;\nALTER ROLE app SET search_path = app;\n',
      because: 'Whatever version() somebody puts into shared runs instead of the real one: high.',
    },
    {
      bad: "GRANT CREATE ON SCHEMA shared TO PUBLIC;\nSET search_path TO «'shared', app»; -- all tables\n",
      fixed: "GRANT CREATE ON SCHEMA shared TO PUBLIC;\nSET search_path TO app; -- all tables\n",
    },
    { bad: 'ALTER DATABASE shop SET search_path = «app, pg_catalog»;\n', fixed: 'ALTER DATABASE shop SET search_path = app;\n', because: 'Nobody is known to put anything there: low.' },
    { bad: 'ALTER DATABASE shop SET search_path = «app, public»;\n', fixed: 'ALTER DATABASE shop SET search_path = app;\n', version: 14, because: 'Up to 14 every role may create objects in public: low.' },
    { bad: "GRANT CREATE ON SCHEMA shared TO anna, PUBLIC;\nSELECT set_config('search_path', «'shared'», false);\n", because: 'Nothing of the list would be left for what the script creates; it holds for this session: low.' },
    { good: 'ALTER ROLE app SET search_path = pg_catalog, app;\nALTER ROLE app SET search_path = app, public;\n', because: 'From 15 on only the owner of the database creates objects in public.' },
    { good: 'SET search_path = public, pg_catalog;\n', because: 'So wrote old releases of pg_dump.' },
    { good: "ALTER DATABASE shop SET search_path = \"$user\", public;\n", version: 13, because: 'This is the default, written out.' },
    { good: 'GRANT USAGE ON SCHEMA shared TO PUBLIC;\nALTER ROLE app SET search_path = shared;\n', because: 'Nobody may create anything there.' },
    { good: 'GRANT CREATE ON SCHEMA shared TO PUBLIC;\nREVOKE ALL ON SCHEMA shared FROM PUBLIC;\nALTER ROLE app SET search_path = shared;\n', because: 'The file takes it back.' },
    { good: "SET search_path = :schemas;\nALTER ROLE app SET search_path = '{{ schemas }}', pg_catalog;\nALTER ROLE app RESET search_path;\n", because: 'What stands there is not known.' },
    { good: 'CREATE FUNCTION f() RETURNS int LANGUAGE sql SET search_path = app, pg_catalog AS $$ SELECT 1 $$;\n', because: 'What is written for a routine is weighed with its rights.' },
  ],
  *check(facts) {
    if (isDump(facts.file)) return;
    for (const setting of settingsInForce(facts)) {
      if (setting.name !== 'search_path' || setting.scope === 'routine' || setting.value?.text === undefined) continue;
      const finding = judge(facts, setting, splitList(setting.value.text));
      if (finding) yield { ...finding, ...(isTrial(facts.document) && { severity: 'info' as const }) };
    }
  },
});

function judge(facts: SqlFacts, setting: SqlSetting, names: readonly string[]): Finding | undefined {
  const stays = setting.scope !== 'session' && setting.scope !== 'local';
  const openByGrant = (name: string) => facts.schema.creators(name).some(({ role }) => role === 'public');
  // In a session it is what everybody did up to version 14.
  const openByDefault = stays && facts.document.version < 15 && !facts.schema.closed('public') && names.join() !== '$user,public';
  const isOpen = (name: string) => openByGrant(name) || (openByDefault && name === 'public');
  const open = names.filter(isOpen);
  const shadowed = names.indexOf('pg_catalog') > 0;
  const shadowedByOpen = names.slice(0, Math.max(0, names.indexOf('pg_catalog'))).some(isOpen);
  if (open.length === 0 && !(shadowed && stays)) return undefined;

  const kept = names.filter((name) => name !== 'pg_catalog' && !isOpen(name)).join(', ') || '"$user"';
  const [edit] = replaceIn(setting.command, setting.value!, spellValue(setting, kept));
  const later = laterStatement(setting, kept);
  return {
    at: setting.command.inFile(setting.value!),
    message: shadowed
      ? `${open[0] === undefined ? 'Functions of another schema' : `What others create in the schema ${open[0]}`} can take the place of PostgreSQL's own`
      : `What any role created in the schema ${open[0]} can be taken for what was meant`,
    severity: !stays ? 'low' : shadowedByOpen ? 'high' : open.some(openByGrant) ? 'medium' : 'low',
    // What a script creates goes into the first schema of the list, which must be there.
    fixes: edit && (stays || kept !== '"$user"') ? [{ title: `Search ${kept} only`, safety: 'review', edits: [edit], ...(later !== undefined && { statements: [later] }) }] : [],
  };
}
