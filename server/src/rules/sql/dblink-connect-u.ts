import { callsOf } from '../../facts/sql/calls.ts';
import { functionGrants, withoutGrant } from '../../facts/sql/function-grants.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'high',
  title: 'dblink_connect_u connects without asking for a password',
  why: `dblink_connect makes roles that are not superuser give a password of their own, dblink_connect_u does not. With it a role connects by whatever the \
server's machine is trusted with, a peer or trust line or the server's password file, and often comes back as superuser.`,
  fixing: `The fix calls dblink_connect, or leaves the GRANT out. Roles that are not superuser then need a password in the connection string or in their user mapping; \
check that the connection still comes about for them.`,
  cwe: [287, 269],
  references: ['https://www.postgresql.org/docs/current/contrib-dblink-connect-u.html'],
  examples: [
    {
      bad: "CREATE FUNCTION app.sync() RETURNS text LANGUAGE sql AS $$ SELECT «dblink_connect_u»('main', 'dbname=app') $$;\n",
      fixed: "CREATE FUNCTION app.sync() RETURNS text LANGUAGE sql AS $$ SELECT dblink_connect('main', 'dbname=app') $$;\n",
    },
    { bad: "SELECT public.«dblink_connect_u»('dbname=app');\n", fixed: "SELECT public.dblink_connect('dbname=app');\n" },
    { bad: 'GRANT EXECUTE ON FUNCTION «dblink_connect_u(text, text)» TO reporting;\n', fixed: '', because: 'By default only superusers may call it.' },
    { good: "SELECT dblink_connect('host=db2 dbname=app user=reader');\n" },
    { good: 'REVOKE ALL ON FUNCTION dblink_connect_u(text) FROM PUBLIC;\n', because: 'It takes the right away.' },
    {
      good: "CREATE FUNCTION dblink_connect_u (text) RETURNS text AS 'MODULE_PATHNAME','dblink_connect' LANGUAGE C STRICT SECURITY DEFINER;\n",
      because: 'The extension makes it; nobody calls it here.',
    },
  ],
  *check(facts) {
    for (const { command, call } of callsOf(facts, ['dblink_connect_u'])) {
      const at = command.inFile({ start: call.at.end - 'dblink_connect_u'.length, end: call.at.end });
      yield {
        at, message: 'This connects with whatever the server is trusted with: no password is asked of its caller',
        fixes: [{ title: 'Call dblink_connect', safety: 'review', edits: [{ span: at, text: 'dblink_connect' }] }],
      };
    }
    for (const grant of functionGrants(facts, ['dblink_connect_u'])) {
      yield {
        at: grant.command.inFile(grant.at), message: `${grant.privilegesOf} can connect with whatever the server is trusted with, without a password`,
        fixes: withoutGrant(grant, facts.document.text),
      };
    }
  },
});
