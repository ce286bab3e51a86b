import { insertSetting, replaceValue } from '../../facts/conf/conf-repairs.ts';
import { listensOnlyLocally } from '../../facts/conf/listen.ts';
import { numberHere, unset } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'info',
  presets: ['strict'],
  title: 'Server listens on the usual port',
  why: `Programs that look for PostgreSQL on whole networks try port 5432. Another port keeps their noise out of the log and wins a little time
when a new hole becomes known; against somebody who looks for this very server it does nothing.`,
  fixing: 'The fix takes port 5433 from the next restart on. Every client and firewall rule has to be told.',
  cwe: [1188],
  references: ['https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-PORT'],
  examples: [
    { bad: "listen_addresses = '*'\nport = «5432»  # default\n", fixed: "listen_addresses = '*'\nport = 5433  # default\n" },
    { bad: "«listen_addresses = '10.0.0.5'»\n#port = 5432\n", fixed: "listen_addresses = '10.0.0.5'\n#port = 5432\nport = 5433\n" },
    { good: "listen_addresses = '*'\nport = 6432\n", because: 'Another port.' },
    { good: 'port = 5432\n', because: 'The server listens to nobody but its own machine.' },
    { good: "listen_addresses = '*'\n", path: 'conf.d/network.conf', because: 'Another fragment may set the port.' },
    { good: "listen_addresses = '*'\nport = ${PORT}\n", because: 'What a template becomes is not known.' },
  ],
  *check(facts) {
    if (listensOnlyLocally(facts.settings) !== false) return;
    const message = 'Programs that look for PostgreSQL servers find this one at its usual port';
    const title = 'Listen on port 5433';
    const found = numberHere(facts, 'port');
    if (found?.number === 5432) {
      yield { at: found.setting.value.span, message, fixes: [{ title, safety: 'review', edits: [replaceValue(found.setting.value, '5433')] }] };
    }
    const at = unset(facts, 'port');
    if (at !== undefined) yield { at, message, fixes: [{ title, safety: 'review', edits: [insertSetting(facts, 'port', '5433')] }] };
  },
});
