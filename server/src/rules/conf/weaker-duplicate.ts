import { canonicalName } from '../../catalog/parameters.ts';
import { commentOut } from '../../facts/conf/conf-repairs.ts';
import { settingHere } from '../../facts/conf/settings.ts';
import { isWeaker, protection } from '../../facts/conf/protection.ts';
import type { ConfSetting } from '../../syntax/conf.ts';
import { Lines } from '../../text.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'medium',
  title: 'A later line takes back what an earlier one protects',
  why: `Of several lines that set the same parameter only the last one counts. Somebody tightened this one, sees it in the file and relies
on it, while a line further down, often appended by a script, has put the weaker value into force.`,
  fixing: `The fix turns the weaker lines below into comments, so that the strictest value is in force. Ask who added them, and why, before
clients depend on it.`,
  cwe: [1188],
  references: ['https://www.postgresql.org/docs/current/config-setting.html#CONFIG-SETTING-CONFIGURATION-FILE'],
  examples: [
    { bad: "ssl = on\nport = 5432\n«ssl» = off\n", fixed: 'ssl = on\nport = 5432\n#ssl = off\n' },
    { bad: "listen_addresses = '10.0.0.5'\n«LISTEN_ADDRESSES» = '*'\n", fixed: "listen_addresses = '10.0.0.5'\n#LISTEN_ADDRESSES = '*'\n" },
    {
      bad: 'password_encryption = scram-sha-256\npassword_encryption = md5\n«password_encryption» = md5\n',
      fixed: 'password_encryption = scram-sha-256\n#password_encryption = md5\n#password_encryption = md5\n',
    },
    { bad: 'unix_socket_permissions = 0700\n«unix_socket_permissions» = 0777\n', fixed: 'unix_socket_permissions = 0700\n#unix_socket_permissions = 0777\n' },
    { good: 'ssl = off\nssl = on\n', because: 'The later one is the stricter one.' },
    { good: "ssl = on\nssl = 'true'\nwork_mem = 4MB\nwork_mem = 8MB\n", because: 'Both say the same, or it is not about security.' },
    { good: 'ssl = {{ ssl }}\nssl = off\nfsync = on\nfsync = {{ fsync }}\n', because: 'What a template becomes is not known.' },
    {
      good: "ssl = on\ninclude 'local.conf'\n",
      files: { 'local.conf': 'ssl = off\n' },
      because: 'Another file overrides on purpose, and is looked at by itself.',
    },
  ],
  *check(facts) {
    const { document: { text, version }, file } = facts;
    for (const winner of file.settings) {
      const name = canonicalName(winner.name.text, version);
      if (protection(name, winner.value.text, version) === undefined || settingHere(facts, name) !== winner) continue;
      const known = file.settings.filter((setting) => !setting.template && canonicalName(setting.name.text, version) === name);
      const weaker = (later: ConfSetting, earlier: ConfSetting) => isWeaker(name, later.value.text, earlier.value.text, version);
      const strictest = known.reduce((best, setting) => (weaker(best, setting) ? setting : best));
      if (!weaker(winner, strictest)) continue;

      const after = known.slice(known.indexOf(strictest) + 1).filter((setting) => weaker(setting, strictest));
      const line = new Lines(text).position(strictest.span.start).line + 1;
      yield {
        at: winner.name.span,
        message: `The stricter ${name} in line ${line} is not in force: this line comes later and wins`,
        related: [{ at: strictest.span, message: 'This is the stricter one' }],
        fixes: [{ title: `Turn the later ${after.length === 1 ? 'line' : 'lines'} into a comment`, safety: 'review', edits: after.map(commentOut) }],
      };
    }
  },
});
