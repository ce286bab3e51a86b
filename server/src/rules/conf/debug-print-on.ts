import { replaceValue } from '../../facts/conf/conf-repairs.ts';
import { flagHere } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'low',
  title: 'Query trees are written to the log',
  why: `The server writes the inner form of every query, with the constants in it, into the log: hundreds of lines per query. Personal data
gets where it does not belong, and what matters drowns or is rotated away.`,
  fixing: 'The fix stops it. It is a tool for people who work on the server itself.',
  cwe: [532],
  references: ['https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-DEBUG-PRINT-PARSE'],
  examples: [
    { bad: 'debug_print_parse = «on»\ndebug_print_plan = «tru»\n', fixed: 'debug_print_parse = off\ndebug_print_plan = off\n' },
    { bad: "debug_print_rewritten = «'YES'»\n", fixed: "debug_print_rewritten = 'off'\n" },
    { good: 'debug_print_parse = off\ndebug_pretty_print = on\n', because: 'The last only says how it would look.' },
    { good: 'debug_print_plan = on\ndebug_print_plan = off\n', because: 'The last setting wins.' },
  ],
  *check(facts) {
    for (const name of ['debug_print_parse', 'debug_print_rewritten', 'debug_print_plan']) {
      const setting = flagHere(facts, name, true);
      if (setting === undefined) continue;
      yield {
        at: setting.value.span,
        message: 'Every query fills the log with its inner form, the data in it included',
        fixes: [{ title: `Turn off ${name}`, safety: 'review', edits: [replaceValue(setting.value, 'off')] }],
      };
    }
  },
});
