import { replaceValue } from '../../facts/conf/conf-repairs.ts';
import { flagHere } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'medium',
  since: 17,
  title: 'Event triggers do not run',
  why: `Event triggers are what many installations log or forbid changes of definitions with, and what extensions such as pgaudit see them
by. Switched off for the whole server, usually in order to mend a broken one, nothing tells that those guards are gone.`,
  fixing: 'The fix lets event triggers run again. Before applying it, see that the one that was in the way is mended or dropped.',
  cwe: [778],
  references: ['https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-EVENT-TRIGGERS'],
  examples: [
    { bad: 'event_triggers = «off»  # until the trigger is mended\n', fixed: 'event_triggers = on  # until the trigger is mended\n' },
    { bad: "event_triggers = «'false'»\n", fixed: "event_triggers = 'on'\n" },
    { good: 'event_triggers = on\n' },
    { good: 'event_triggers = off\n', version: 16, because: 'PostgreSQL 16 has no such parameter.' },
    { good: 'event_triggers = off\nevent_triggers = on\n', because: 'The last setting wins.' },
  ],
  *check(facts) {
    const setting = flagHere(facts, 'event_triggers', false);
    if (setting === undefined) return;
    yield {
      at: setting.value.span,
      message: 'Triggers that log or forbid changes of definitions do not run, and nobody is told',
      fixes: [{ title: 'Let event triggers run', safety: 'review', edits: [replaceValue(setting.value, 'on')] }],
    };
  },
});
