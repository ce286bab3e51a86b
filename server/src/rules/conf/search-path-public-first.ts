import { replaceValue } from '../../facts/conf/conf-repairs.ts';
import { settingHere } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'low',
  title: 'Objects of others come first in the search path',
  why: `Names without a schema are looked up along the search path. Where another role can create objects in a schema that comes early, its
functions, operators and tables are taken in place of the ones that were meant, and run with the rights of whoever uses them.`,
  fixing: `The fix keeps the schemas but puts public last, or leaves it out up to version 14, where everybody may create objects in it, and leaves
pg_catalog out, which is then looked at first. Statements that name objects of public without the schema may have to be changed.`,
  cwe: [426],
  references: ['https://www.postgresql.org/docs/current/ddl-schemas.html#DDL-SCHEMAS-PATTERNS', 'https://wiki.postgresql.org/wiki/A_Guide_to_CVE-2018-1058'],
  examples: [
    { bad: "search_path = «'public, \"$user\"'»\n", fixed: "search_path = '\"$user\", public'\n" },
    { bad: "search_path = «'app, pg_catalog'»  # all\n", fixed: "search_path = 'app'  # all\n", good: "search_path = 'pg_catalog, app'\n" },
    { bad: "search_path = «'app, public'»\n", fixed: "search_path = 'app'\n", version: 14, because: 'Up to 14 every role may create objects in public.' },
    { bad: 'search_path = «public»\n', fixed: "search_path = '\"$user\"'\n", version: 13 },
    { good: "search_path = 'app, public'\n", because: 'From 15 on only the owner of the database creates objects in public.' },
    { good: "search_path = '\"$user\", public'\n", version: 14, because: 'This is the default, written out.' },
    { good: "search_path = '\"Public\", \"$user\"'\n", because: 'Quoted and with a capital it is another schema.' },
    { good: "search_path = '{{ schemas }}'\n", because: 'What a template becomes is not known.' },
  ],
  *check(facts) {
    const setting = settingHere(facts, 'search_path');
    const entries = setting?.value.text.split(',').map((entry) => entry.trim()).filter((entry) => entry !== '') ?? [];
    const names = entries.map((entry) => (entry.startsWith('"') ? entry.slice(1, -1) : entry.toLowerCase()));
    const everybody = facts.document.version < 15 && names.includes('public') && names.join() !== '$user,public';
    const shadowsUser = names.includes('public') && names.indexOf('public') < names.indexOf('$user');
    const shadowsServer = names.indexOf('pg_catalog') > 0;
    if (setting === undefined || (!everybody && !shadowsUser && !shadowsServer)) return;

    const kept = entries.filter((_, i) => names[i] !== 'pg_catalog' && names[i] !== 'public');
    if (!everybody && names.includes('public')) kept.push('public');
    const value = kept.length > 0 ? kept.join(', ') : '"$user"';
    yield {
      at: setting.value.span,
      message: shadowsServer
        ? 'Functions and operators of another schema are taken in place of PostgreSQL\'s own'
        : `What ${everybody ? 'any role' : 'others'} created in the schema public can be taken for what was meant`,
      fixes: [{ title: `Search ${value}`, safety: 'review', edits: [replaceValue(setting.value, value)] }],
    };
  },
});
