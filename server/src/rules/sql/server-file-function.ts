import { callsOf, type Call } from '../../facts/sql/calls.ts';
import { isSensitivePath } from '../../facts/sql/server-paths.ts';
import { literalOf } from '../../facts/sql/sql-literals.ts';
import { isTrialPath } from '../../facts/place.ts';
import { asInvoker, runsAsOwner } from '../../facts/sql/invoker.ts';
import { functionGrants, withoutGrant } from '../../facts/sql/function-grants.ts';
import type { SqlCommand } from '../../facts/sql/sql-commands.ts';
import { defineRule } from '../rule.ts';

const fileFunctions = ['pg_read_file', 'pg_read_binary_file', 'pg_ls_dir', 'pg_stat_file', 'lo_import', 'lo_export', 'pg_file_write', 'pg_file_unlink', 'pg_file_rename'];

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'Function reaches files of the server',
  why: `These functions open files with the operating system account of the server, past every privilege in the database. Who may call them with a path of \
their own reads configuration, keys and the files of all databases; lo_export and pg_file_write also plant files that the server or the machine runs later.`,
  fixing: `The fix leaves the GRANT out. Check what the role did with it: a function of a trusted owner that opens one file by its name will often do.`,
  cwe: [552, 73],
  references: ['https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADMIN-GENFILE', 'https://www.postgresql.org/docs/current/lo-funcs.html'],
  examples: [
    { bad: "CREATE FUNCTION app.note(name text) RETURNS text LANGUAGE sql AS $$ SELECT «pg_read_file»('/srv/notes/' || name) $$;\n" },
    {
      bad: "CREATE FUNCTION app.note(name text) RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT «pg_catalog.pg_read_file»(name) $$;\n",
      because: 'Every caller reads with the rights of the owner: high.',
    },
    { bad: 'SELECT 1;\nGRANT EXECUTE ON FUNCTION «pg_read_file(text)» TO reporting;\n', fixed: 'SELECT 1;\n', because: 'Only superusers may execute it by default: high.' },
    { bad: 'GRANT EXECUTE ON FUNCTION «pg_read_file(text)», «pg_ls_dir(text)» TO reporting;\n', because: 'Whoever wrote it has to say what stays.' },
    { bad: "SELECT «lo_import»('/srv/logo.png');\n", good: "\\lo_import /srv/logo.png\n", because: 'Once, in a script of an administrator: low. psql reads the file on the client.' },
    { good: "SELECT (pg_stat_file('postmaster.pid')).modification;\nCREATE FUNCTION app.wal() RETURNS SETOF text LANGUAGE sql SECURITY DEFINER AS $$ SELECT pg_ls_dir('pg_wal') $$;\n", because: 'Monitoring looks at names and sizes in folders that it names.' },
    { good: "CREATE FUNCTION app.size(path text) RETURNS bigint LANGUAGE sql AS 'SELECT size FROM pg_stat_file($1)';\n", because: 'Only those look at it who may call pg_stat_file() themselves.' },
    { good: 'REVOKE EXECUTE ON FUNCTION pg_read_file(text) FROM reporting;\n', because: 'It takes the right away.' },
    { good: 'GRANT EXECUTE ON FUNCTION pg_read_file(text) TO loader;\nSELECT app.load();\nREVOKE EXECUTE ON FUNCTION pg_read_file(text) FROM loader;\n', because: 'The role has it for a moment only.' },
    { good: 'GRANT EXECUTE ON FUNCTION pg_ls_logdir(), pg_current_logfile() TO reporting;\n', because: 'These show names only.' },
    { good: "CREATE FUNCTION app.pg_stat_file(text) RETURNS int LANGUAGE sql AS 'SELECT 1';\nSELECT pg_stat_file('a');\n", because: 'The file has a function of its own by that name.' },
    { good: "COMMENT ON FUNCTION app.note(text) IS 'calls pg_read_file(name)';\n" },
  ],
  *check(facts) {
    for (const { command, call } of callsOf(facts, fileFunctions)) {
      if ((call.schema !== undefined && call.schema !== 'pg_catalog') || isMonitoring(command, call)) continue;
      yield { at: command.inFile(call.at), ...judge(command, call, isTrialPath(facts.document)), fixes: asInvoker(command) };
    }
    for (const grant of functionGrants(facts, fileFunctions)) {
      yield {
        at: grant.command.inFile(grant.at), severity: looks.test(nameOf(grant.key)) ? 'medium' : 'high',
        message: `${grant.privilegesOf} can ${looks.test(nameOf(grant.key)) ? 'look at names and sizes of' : 'open'} files of the server with its own account from now on`,
        fixes: withoutGrant(grant, facts.document.text),
      };
    }
  },
});

/** Names and sizes of files are not what is in them; only a caller who chooses the folder learns something, and only with the rights of the owner. */
function isMonitoring(command: SqlCommand, { name, arguments: [path] }: Call): boolean {
  const { written } = command;
  return looks.test(name) && (!runsAsOwner(command) || !path || path.tokens.some((token) => literalOf(token, written.text) !== undefined));
}

/** `pg_read_file` of `pg_read_file(text) reporting`. */
function nameOf(key: string): string {
  return key.slice(0, key.indexOf('('));
}

/** Names and sizes, not what is in a file. */
const looks = /^pg_(ls_dir|stat_file)$/;
/** Without the rights of its owner a function opens nothing for those who may not do so themselves; what it writes stays for everybody. */
const writes = /^(lo_export|pg_file_\w+)$/;

function judge(command: SqlCommand, call: Call, trial: boolean) {
  const path = call.arguments.find(({ literal }) => literal !== undefined)?.literal?.value;
  const fixed = call.arguments[0]?.literal !== undefined && path !== undefined && !isSensitivePath(path, false);
  if (command.inside !== 'routine' || fixed) return { severity: 'low' as const, message: "This opens a file of the server's machine with the server's own account" };
  const definer = runsAsOwner(command);
  return {
    ...(definer ? !looks.test(call.name) && { severity: 'high' as const } : (trial || !writes.test(call.name)) && { severity: 'low' as const }),
    message: definer ? "Every caller reaches files of the server with the owner's rights" : 'This function opens files of the server, past every privilege in the database',
  };
}
