import { insertSetting } from '../../facts/conf/conf-repairs.ts';
import { unset } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'info',
  presets: ['strict'],
  title: 'Every account of the machine reaches the socket by default',
  why: `Unless unix_socket_permissions says otherwise every account may connect through the socket: that of a web server that was taken over, of
a colleague, of a job. From there on only the local lines of pg_hba.conf are in the way.`,
  fixing: `The fix admits the account of the server and the group of unix_socket_group from the next restart on. Put the accounts of your
applications into that group before.`,
  cwe: [732],
  references: ['https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-UNIX-SOCKET-PERMISSIONS'],
  examples: [
    {
      bad: '«port = 5432»\n#unix_socket_permissions = 0777\t# octal\nssl = on\n',
      fixed: 'port = 5432\n#unix_socket_permissions = 0777\t# octal\nunix_socket_permissions = 0770\nssl = on\n',
    },
    { good: 'port = 5432\nunix_socket_permissions = 0777\n', because: 'What is written down is for conf/unix-socket-mode-open.' },
    { good: "port = 5432\nunix_socket_directories = ''\n", because: 'There is no socket.' },
    { good: 'port = 5432\n', path: 'conf.d/network.conf', because: 'Another fragment may set it.' },
  ],
  *check(facts) {
    const at = unset(facts, 'unix_socket_permissions');
    if (at === undefined || facts.settings.list('unix_socket_directories')?.length === 0) return;
    yield {
      at,
      message: 'Every account of this machine can connect through the socket, which is the default',
      fixes: [{ title: "Admit the server's account and group only", safety: 'review', edits: [insertSetting(facts, 'unix_socket_permissions', '0770')] }],
    };
  },
});
