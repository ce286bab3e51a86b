import { readNumber } from '../../catalog/numbers.ts';
import { replaceValue } from '../../facts/conf/conf-repairs.ts';
import { preloads } from '../../facts/conf/libraries.ts';
import { numberHere, settingHere, wordHere, type ConfFacts } from '../../facts/conf/settings.ts';
import type { ConfSetting } from '../../syntax/conf.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'low',
  title: 'Log holds the data of every statement',
  why: `Statements carry what users typed and what applications store: passwords, tokens, names, card numbers. Logged in full they lie
unencrypted beside the database, in every log collector and in every backup of it, where far more people read than may query the tables.`,
  fixing: `The fix logs less: only statements that change definitions, only slow ones, or no parameter values. Before applying it, see that no
report on query times depends on the full log, and treat the logs written so far as copies of the data.`,
  cwe: [532],
  references: [
    'https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOG-STATEMENT',
    'https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOG-MIN-DURATION-STATEMENT',
  ],
  examples: [
    { bad: "log_statement = «'all'»\n", fixed: "log_statement = 'ddl'\n" },
    { bad: 'log_statement = «Mod»\n', fixed: 'log_statement = ddl\n' },
    { bad: 'log_min_duration_statement = «0»  # pgBadger\n', fixed: 'log_min_duration_statement = 1s  # pgBadger\n' },
    { bad: "log_parameter_max_length_on_error = «'64B'»\n", fixed: "log_parameter_max_length_on_error = '0'\n" },
    {
      bad: "session_preload_libraries = 'auto_explain'\nauto_explain.log_min_duration = «0»\n",
      fixed: "session_preload_libraries = 'auto_explain'\nauto_explain.log_min_duration = 1s\n",
    },
    { good: "log_statement = 'ddl'\nlog_min_duration_statement = 250ms\n" },
    { good: 'log_statement = all\nlog_statement = none\n', because: 'The last setting wins.' },
    { good: 'log_min_duration_statement = -1\nlog_parameter_max_length_on_error = 0\n' },
    { good: 'auto_explain.log_min_duration = 0\n', because: 'Nothing loads auto_explain.' },
    { good: "shared_preload_libraries = 'auto_explain'\nauto_explain.log_min_duration = 3s\n" },
  ],
  *check(facts) {
    for (const [setting, message, title, value] of leaks(facts)) {
      yield {
        at: setting.value.span,
        message,
        ...(facts.trial && { severity: 'info' as const }),
        fixes: [{ title, safety: 'review', edits: [replaceValue(setting.value, value)] }],
      };
    }
  },
});

/** A setting that lets data into the log, what happens, and the title and value of the way out. */
type Leak = readonly [ConfSetting, message: string, title: string, value: string];

function* leaks(facts: ConfFacts): Iterable<Leak> {
  const all = wordHere(facts, 'log_statement', ['all']);
  if (all) yield [all, 'Every statement is copied into the log with the passwords and personal data in it', onlyDefinitions, 'ddl'];

  const changes = wordHere(facts, 'log_statement', ['mod']);
  if (changes) yield [changes, 'Every change of data is copied into the log, passwords and personal data included', onlyDefinitions, 'ddl'];

  const duration = numberHere(facts, 'log_min_duration_statement');
  if (duration?.number === 0) {
    yield [duration.setting, 'Every statement and its parameters are copied into the log, passwords and personal data too', onlySlow, '1s'];
  }

  const onError = numberHere(facts, 'log_parameter_max_length_on_error');
  if (onError && onError.number !== 0) yield [onError.setting, 'Parameters of statements that fail get into the log, passwords and personal data too', 'Log no parameters', '0'];

  const plans = settingHere(facts, 'auto_explain.log_min_duration');
  if (plans && readNumber(plans.value.text, 'integer', 'ms') === 0 && explains(facts)) {
    yield [plans, 'Every query is copied into the log with its plan and the personal data in it', onlySlow, '1s'];
  }
}

const onlyDefinitions = 'Log only changes of definitions, roles and grants';
const onlySlow = 'Log only what takes a second or longer';

function explains(facts: ConfFacts): boolean {
  return preloads(facts, 'auto_explain') === true || facts.settings.list('session_preload_libraries')?.includes('auto_explain') === true;
}
