import { readNumber } from '../../catalog/numbers.ts';
import { replaceValue } from '../../facts/conf-repairs.ts';
import { preloads } from '../../facts/libraries.ts';
import { numberHere, settingHere, wordHere, type ConfFacts } from '../../facts/settings.ts';
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
  references: ['https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOG-STATEMENT', 'https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOG-MIN-DURATION-STATEMENT'],
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
    for (const { setting, message, title, value } of leaks(facts)) {
      yield {
        at: setting.value.span,
        message,
        ...(facts.trial && { severity: 'info' as const }),
        fixes: [{ title, safety: 'review', edits: [replaceValue(setting.value, value)] }],
      };
    }
  },
});

interface Leak {
  readonly setting: ConfSetting;
  readonly message: string;
  readonly title: string;
  readonly value: string;
}

function* leaks(facts: ConfFacts): Iterable<Leak> {
  const statement = wordHere(facts, 'log_statement', ['all', 'mod']);
  if (statement !== undefined) {
    const which = statement.value.text.toLowerCase() === 'all' ? 'Every statement' : 'Every statement that changes data';
    yield { setting: statement, message: `${which} is copied into the log with the passwords and personal data in it`, title: 'Log only changes of definitions, roles and grants', value: 'ddl' };
  }
  const duration = numberHere(facts, 'log_min_duration_statement');
  if (duration?.number === 0) {
    yield { setting: duration.setting, message: 'Every statement and its parameters are copied into the log, passwords and personal data too', title: 'Log only statements that take a second or longer', value: '1s' };
  }
  const onError = numberHere(facts, 'log_parameter_max_length_on_error');
  if (onError !== undefined && onError.number !== 0) {
    yield { setting: onError.setting, message: 'The parameters of statements that fail are copied into the log, passwords and personal data too', title: 'Log no parameters', value: '0' };
  }
  const plans = everyPlan(facts);
  if (plans !== undefined) {
    yield { setting: plans, message: 'Every query is copied into the log with its plan and the personal data in it', title: 'Explain only queries that take a second or longer', value: '1s' };
  }
}

function everyPlan(facts: ConfFacts): ConfSetting | undefined {
  const setting = settingHere(facts, 'auto_explain.log_min_duration');
  const loaded = preloads(facts, 'auto_explain') === true || facts.settings.list('session_preload_libraries')?.includes('auto_explain');
  return loaded && setting !== undefined && readNumber(setting.value.text, 'integer', 'ms') === 0 ? setting : undefined;
}
