import type { Fix } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { append } from '../../facts/sql/append.ts';
import { Cursor } from '../../facts/sql/cursor.ts';
import { isPublic } from '../../facts/sql/grants.ts';
import { privilegesIn } from '../../facts/sql/privilege-text.ts';

export default defineRule({
  language: 'sql',
  severity: 'info',
  title: 'Every role of the server may connect to a new database',
  why: 'A new database lets PUBLIC connect and create temporary tables, so a role of another application on the same server gets in, '
    + 'sees the names of everything, and can use whatever is open to PUBLIC there.',
  fixing: 'The first fix takes both from PUBLIC. Grant CONNECT to the roles of the application before they log in again.',
  presets: ['strict'],
  cwe: [276],
  references: ['https://www.postgresql.org/docs/current/ddl-priv.html'],
  examples: [
    { bad: 'CREATE DATABASE «shop» OWNER shop;\n', fixed: 'CREATE DATABASE shop OWNER shop;\nREVOKE CONNECT, TEMPORARY ON DATABASE shop FROM PUBLIC;\n' },
    { good: 'CREATE DATABASE shop;\nREVOKE ALL ON DATABASE shop FROM PUBLIC;', because: 'A later statement closes it.' },
    { good: 'CREATE DATABASE shop;\nREVOKE CONNECT ON DATABASE shop, crm FROM PUBLIC;', because: 'Nobody else gets in.' },
    { good: 'CREATE DATABASE scratch IS_TEMPLATE true ALLOW_CONNECTIONS false;', because: 'Nobody can connect to it at all.' },
  ],
  *check(facts) {
    const { commands, document } = facts;
    for (const command of commands) {
      if (command.inside !== 'file' || command.written.head !== 'CREATE DATABASE') continue;
      const cursor = Cursor.over(command.written);
      cursor.take('CREATE', 'DATABASE');
      const name = cursor.part();
      if (!name || name.kind === 'template' || /\ballow_connections\s*=?\s*'?(false|off|no|0)\b/i.test(command.written.text)) continue;
      const closed = privilegesIn(facts).some(({ grant }) => grant.revoke && grant.on === 'database' && grant.roles.some(isPublic)
        && grant.objects.some((object) => object.name.parts[0]!.name === name.name) && grant.privileges.some((privilege) => /^(ALL|CONNECT)$/.test(privilege.name)));
      if (closed) continue;
      const statement = `REVOKE CONNECT, TEMPORARY ON DATABASE ${name.text} FROM PUBLIC;`;
      const edit = append(document.text, command.statement, [statement]);
      const fixes: Fix[] = edit ? [{ title: 'Let only granted roles connect', safety: 'review', edits: [edit], statements: [statement] }] : [];
      yield { at: command.inFile(name), message: `Every role of this server can connect to ${name.text.length <= 40 ? name.text : 'the new database'}`, fixes };
    }
  },
});
