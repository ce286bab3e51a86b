import { writeSetting } from '../../facts/conf/conf-repairs.ts';
import { switchedOff } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'info',
  presets: ['strict', 'cloud'],
  title: 'Checkpoints are not logged',
  why: `Checkpoints show how much is written and when. A mass deletion, an import nobody ordered or a disk that gives out shows in them first.
Managed services ask for it in their checklists.`,
  fixing: 'The fix logs one line per checkpoint, every few minutes at most.',
  cwe: [778],
  references: ['https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOG-CHECKPOINTS'],
  examples: [
    { bad: 'log_checkpoints = «off»\n', fixed: 'log_checkpoints = on\n' },
    { bad: '«port = 5432»\n', fixed: 'port = 5432\nlog_checkpoints = on\n', version: 14, because: 'Up to 14 off is the default.' },
    { good: 'port = 5432\n', because: 'From 15 on it is on by default.' },
    { good: 'log_checkpoints = y\n', version: 14 },
  ],
  *check(facts) {
    const place = switchedOff(facts, 'log_checkpoints');
    if (place === undefined) return;
    yield {
      at: place.at,
      message: 'The log does not tell when much was written at once while log_checkpoints is off',
      fixes: [{ title: 'Log checkpoints', safety: 'safe', edits: [writeSetting(facts, 'log_checkpoints', 'on')] }],
    };
  },
});
