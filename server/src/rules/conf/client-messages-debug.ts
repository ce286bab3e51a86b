import { replaceValue } from '../../facts/conf/conf-repairs.ts';
import { wordHere } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'low',
  title: 'Clients see inner messages of the server',
  why: `At this level the server sends its own notes, meant for the log, to every client: names of files, inner steps, what was logged. A web
application that shows database messages passes them on to strangers.`,
  fixing: 'The fix sends clients notices, warnings and errors, as the server does by default. Whoever needs more can set it for his own session.',
  cwe: [209],
  references: ['https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-CLIENT-MIN-MESSAGES'],
  examples: [
    { bad: 'client_min_messages = «debug1»\n', fixed: 'client_min_messages = notice\n' },
    { bad: "client_min_messages = «'LOG'»\n", fixed: "client_min_messages = 'notice'\n" },
    { bad: 'client_min_messages = «debug»\n', fixed: 'client_min_messages = notice\n', because: 'Another word for debug2.' },
    { good: 'client_min_messages = warning\n' },
    { good: 'log_min_messages = debug1\n', because: 'That goes to the log, not to clients.' },
  ],
  *check(facts) {
    const setting = wordHere(facts, 'client_min_messages', ['debug', 'debug1', 'debug2', 'debug3', 'debug4', 'debug5', 'log']);
    if (setting === undefined) return;
    yield {
      at: setting.value.span,
      message: 'Every client, and whoever an application shows its messages, sees inner notes of the server',
      fixes: [{ title: 'Send clients notices and above', safety: 'review', edits: [replaceValue(setting.value, 'notice')] }],
    };
  },
});
