import { replaceValue } from '../../facts/conf/conf-repairs.ts';
import { flagHere } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'info',
  presets: ['strict'],
  title: 'Log holds names instead of addresses',
  why: `The name comes from the DNS of whoever owns the address: an attacker lets his own look like a machine of yours. Each login waits for
that answer, so that a slow or silent DNS server delays all of them. Some guides want names in the log nevertheless.`,
  fixing: 'The fix logs addresses. Before applying it, see that nothing that reads the log looks for names.',
  cwe: [350],
  references: ['https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOG-HOSTNAME'],
  examples: [
    { bad: 'log_hostname = «on»\n', fixed: 'log_hostname = off\n' },
    { bad: "log_hostname = «'1'»\n", fixed: "log_hostname = 'off'\n" },
    { good: 'log_hostname = off\n' },
    { good: '#log_hostname = on\nport = 5432\n', because: 'Off is the default.' },
  ],
  *check(facts) {
    const setting = flagHere(facts, 'log_hostname', true);
    if (setting === undefined) return;
    yield {
      at: setting.value.span,
      message: 'Whoever controls the DNS of an address decides what the log calls it, and every login waits for DNS',
      fixes: [{ title: 'Log addresses', safety: 'review', edits: [replaceValue(setting.value, 'off')] }],
    };
  },
});
