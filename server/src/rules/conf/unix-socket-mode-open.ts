import { lettingInPeersOnly } from '../../facts/conf/clients.ts';
import { replaceValue } from '../../facts/conf/conf-repairs.ts';
import { numberHere } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'low',
  title: 'Every account of the machine reaches the socket',
  why: `Whoever may write to the socket may connect: the account of a web server that was taken over, of a colleague, of a job. From there on
only pg_hba.conf is in the way, whose local lines are often the most generous ones.`,
  fixing: `The fix admits the account of the server and the group of unix_socket_group from the next restart on. Put the accounts of your
applications into that group before.`,
  cwe: [732],
  references: ['https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-UNIX-SOCKET-PERMISSIONS'],
  examples: [
    {
      bad: 'unix_socket_permissions = «0777»  # begin with 0 to use octal notation\n',
      fixed: 'unix_socket_permissions = 0770  # begin with 0 to use octal notation\n',
    },
    { bad: "unix_socket_permissions = «'0x1ff'»\n", fixed: "unix_socket_permissions = '0770'\n" },
    {
      bad: 'unix_socket_permissions = «0777»\n', fixed: 'unix_socket_permissions = 0770\n', files: { 'pg_hba.conf': 'local all all peer\n' },
      because: 'Every account is only itself there, so it counts less.',
    },
    { good: 'unix_socket_permissions = 0770\n', because: 'Only the group may connect.' },
    { good: 'unix_socket_permissions = 0775\n', because: 'To connect takes the permission to write.' },
    { good: "#unix_socket_permissions = 0777\nport = 5432\n", because: 'What everybody has; conf/unix-socket-mode-default tells about it.' },
    { good: "unix_socket_directories = ''\nunix_socket_permissions = 0777\n", because: 'There is no socket.' },
    { good: 'unix_socket_permissions = 0777\nunix_socket_permissions = 0700\n', because: 'The last setting wins.' },
  ],
  *check(facts) {
    const found = numberHere(facts, 'unix_socket_permissions');
    if (found === undefined || (found.number & 0o002) === 0 || found.number > 0o777) return;
    if (facts.settings.list('unix_socket_directories')?.length === 0) return;
    yield {
      at: found.setting.value.span,
      message: 'Every account of this machine can connect through the socket',
      ...((facts.trial || lettingInPeersOnly(facts)) && { severity: 'info' as const }),
      fixes: [{ title: "Admit the server's account and group only", safety: 'review', edits: [replaceValue(found.setting.value, '0770')] }],
    };
  },
});
