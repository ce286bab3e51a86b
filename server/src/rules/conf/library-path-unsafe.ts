import { settingHere, splitList } from '../../facts/conf/settings.ts';
import { isHomeFolder, isWorldWritable } from '../../facts/conf/unsafe-paths.ts';
import { defineRule } from '../rule.ts';

const paths = ['dynamic_library_path', 'extension_control_path'];
const libraries = [
  'shared_preload_libraries', 'session_preload_libraries', 'local_preload_libraries', 'jit_provider', 'archive_library', 'oauth_validator_libraries',
];

export default defineRule({
  language: 'conf',
  severity: 'high',
  title: 'Server loads code from a folder that others can write to',
  why: `A library runs inside the server, with all of its rights, on all of its data. Whoever can put a file where the server looks for one,
an account of the machine or a role that may write server files, owns the database and the server's account.`,
  cwe: [426, 427],
  references: [
    'https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-DYNAMIC-LIBRARY-PATH',
    'https://www.postgresql.org/docs/current/runtime-config-client.html#RUNTIME-CONFIG-CLIENT-PRELOAD',
  ],
  examples: [
    { bad: "shared_preload_libraries = «'pg_stat_statements, /tmp/build/audit.so'»\n", good: "shared_preload_libraries = 'pg_stat_statements, audit'\n" },
    { bad: "dynamic_library_path = «'/home/deploy/lib:$libdir'»\n", good: "dynamic_library_path = '$libdir'\n" },
    {
      bad: "session_preload_libraries = «'lib/hooks'»\n",
      because: 'A relative path starts at the data directory, where roles with pg_write_server_files can put a file.',
    },
    { bad: "extension_control_path = «'$system:/var/tmp/ext'»\n", version: 18 },
    { good: "dynamic_library_path = '/opt/pg/lib:$libdir'\nshared_preload_libraries = '$libdir/plugins/audit, /usr/lib/postgresql/16/lib/pgaudit.so'\n" },
    { good: "shared_preload_libraries = 'timescaledb'\njit_provider = llvmjit\n", because: 'A bare name is looked for in dynamic_library_path.' },
    { good: "dynamic_library_path = '/home/postgres/lib:$libdir'\n", because: 'That is the home of the server itself.' },
    { good: "shared_preload_libraries = '/tmp/{{ library }}.so'\n", because: 'What a template becomes is not known.' },
    { good: "shared_preload_libraries = '/tmp/a.so'\nshared_preload_libraries = ''\n", because: 'The last setting wins.' },
  ],
  *check(facts) {
    for (const name of [...paths, ...libraries]) {
      const setting = settingHere(facts, name);
      if (setting === undefined) continue;
      const isPath = paths.includes(name);
      const entries = isPath ? splitPath(setting.value.text) : splitList(setting.value.text);
      const found = entries.map((entry) => placeOf(entry, isPath)).find((place) => place !== undefined);
      if (found === undefined) continue;
      yield {
        at: setting.value.span,
        message: `The server runs code from ${found}: whoever can write there owns the database`,
        ...(facts.trial && { severity: 'info' as const }),
      };
    }
  },
});

/** Folders with colons between them, or semicolons on Windows, where a colon stands behind the drive. */
function splitPath(text: string): string[] {
  return text.split(/(?<!(?:^|[:;])[A-Za-z])[:;]/).map((entry) => entry.trim());
}

/** A relative entry of a search path is an error and loads nothing. */
function placeOf(entry: string, isPath: boolean): string | undefined {
  if (isWorldWritable(entry)) return 'a folder for every account';
  if (isHomeFolder(entry)) return 'the home folder of a person';
  return !isPath && /^[\w.-]+\//.test(entry) ? 'its data directory' : undefined;
}
