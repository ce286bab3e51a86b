import { replaceValue } from '../../facts/conf/conf-repairs.ts';
import { isUsualMode, octal } from '../../facts/conf/modes.ts';
import { numberHere } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'medium',
  title: 'File mode is read as a decimal number',
  why: `The server takes a number for octal only when it starts with 0, unlike chmod. 400, meant as "the owner reads", is 0620 and lets the group
write; others come out as permissions that nobody would choose.`,
  fixing: `The fix puts a 0 in front, so that the server reads the mode as chmod does. Look which mode you want; it counts from the next restart
or reload on.`,
  cwe: [1389, 732],
  references: [
    'https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOG-FILE-MODE',
    'https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-UNIX-SOCKET-PERMISSIONS',
  ],
  examples: [
    { bad: 'log_file_mode = «400»  # read only\n', fixed: 'log_file_mode = 0400  # read only\n' },
    { bad: "unix_socket_permissions = «'440'»\n", fixed: "unix_socket_permissions = '0440'\n" },
    { good: 'log_file_mode = 0640\n', because: 'Octal.' },
    { good: 'unix_socket_permissions = 0\n', because: 'Zero is zero.' },
    { good: 'log_file_mode = 416\n', because: 'That is 0640: somebody has reckoned.' },
    { good: 'unix_socket_permissions = 448\n', because: 'No octal number has an 8; it is 0700.' },
    { good: 'unix_socket_permissions = 777\n', because: 'The server refuses it; conf/bad-value tells about that.' },
    { good: 'log_file_mode = 400\nlog_file_mode = 0600\n', because: 'The last setting wins.' },
  ],
  *check(facts) {
    for (const name of ['unix_socket_permissions', 'log_file_mode']) {
      const found = numberHere(facts, name);
      const written = found?.setting.value.text ?? '';
      if (found === undefined || found.number > 0o777 || !/^[1-7][0-7]+$/.test(written)) continue;
      if (isUsualMode(found.number) && !isUsualMode(Number.parseInt(written, 8))) continue;

      yield {
        at: found.setting.value.span,
        message: `The mode is ${octal(found.number)}: without a leading 0 the server reads ${written} as a decimal number`,
        fixes: [
          { title: `Write 0${written}`, safety: 'review', edits: [replaceValue(found.setting.value, `0${written}`)] },
          { title: `Write ${octal(found.number)}, the mode it has now`, safety: 'review', edits: [replaceValue(found.setting.value, octal(found.number))] },
        ],
      };
    }
  },
});
