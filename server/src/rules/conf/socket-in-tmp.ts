import { replaceValue } from '../../facts/conf/conf-repairs.ts';
import { settingHere } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'low',
  title: 'Socket lies in a folder where everybody may write',
  why: `While the server is down, or before it starts, any account of the machine can put its own socket at the same place in /tmp. Clients
connect to it as ever and tell it their passwords and queries.`,
  fixing: `The fix leaves the other folders, or takes /run/postgresql when there are none. That folder must exist and belong to the server's account
before the next restart, and clients that look in /tmp (some libpq builds do) need host=/run/postgresql.`,
  cwe: [379],
  references: [
    'https://www.postgresql.org/docs/current/preventing-server-spoofing.html',
    'https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-UNIX-SOCKET-DIRECTORIES',
  ],
  examples: [
    { bad: "unix_socket_directories = «'/tmp'»  # comma-separated\n", fixed: "unix_socket_directories = '/run/postgresql'  # comma-separated\n" },
    { bad: "unix_socket_directories = «'/var/run/postgresql, /tmp'»\n", fixed: "unix_socket_directories = '/var/run/postgresql'\n" },
    { bad: `unix_socket_directories = «'"/var/tmp/"'»\n`, fixed: "unix_socket_directories = '/run/postgresql'\n" },
    { good: "unix_socket_directories = '/run/postgresql'\n", because: 'Only the server writes there.' },
    { good: "unix_socket_directories = '/tmp'\n", path: 'test/postgresql.conf', because: 'On a server for tests nobody is to be fooled.' },
    { good: 'port = 5432\n', because: 'Where the socket lies by default depends on who built the server.' },
    { good: "unix_socket_directories = '/tmp'\nunix_socket_directories = '/run/postgresql'\n", because: 'The last setting wins.' },
    { good: "unix_socket_directories = '${SOCKETS}, /tmp'\n", because: 'What a template becomes is not known.' },
  ],
  *check(facts) {
    const setting = settingHere(facts, 'unix_socket_directories');
    const folders = facts.settings.list('unix_socket_directories') ?? [];
    if (setting === undefined || facts.trial || !folders.some(isShared)) return;

    const value = folders.filter((folder) => !isShared(folder)).join(', ') || '/run/postgresql';
    yield {
      at: setting.value.span,
      message: 'Any account of this machine can put its own server in the place of this one while it is down',
      fixes: [{ title: `Keep the socket in ${value} only`, safety: 'review', edits: [replaceValue(setting.value, value)] }],
    };
  },
});

function isShared(folder: string): boolean {
  return /^(\/private)?(\/var)?\/tmp\/*$/.test(folder);
}
