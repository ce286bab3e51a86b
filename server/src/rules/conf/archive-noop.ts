import { commandsHere } from '../../facts/conf/commands.ts';
import { settingHere, type ConfFacts } from '../../facts/conf/settings.ts';
import type { ConfSetting } from '../../syntax/conf.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'low',
  title: 'Archiving is on, but nothing is archived',
  why: `The server believes that every segment of its log is safe and removes it. When data is lost or an attack is found there is nothing to
restore from, although monitoring showed an archive all the time.`,
  cwe: [693],
  references: ['https://www.postgresql.org/docs/current/continuous-archiving.html#BACKUP-ARCHIVING-WAL'],
  examples: [
    {
      bad: "archive_mode = on\narchive_command = «'/bin/true'»\n",
      good: "archive_mode = on\narchive_command = 'test ! -f /mnt/wal/%f && cp %p /mnt/wal/%f'\n",
    },
    { bad: "archive_mode = always\narchive_command = «'exit 0'»\n" },
    { bad: "archive_mode = on\narchive_command = «':'»\n" },
    { good: "archive_mode = off\narchive_command = '/bin/true'\n", because: 'Nothing is archived, and nobody believes it.' },
    { good: "archive_mode = on\narchive_command = ''\n", because: 'The server keeps its log and complains until a command is set.' },
    {
      good: "archive_mode = on\narchive_command = '/bin/true'\narchive_library = 'basic_archive'\n",
      because: 'With archive_library it is not the command that archives.',
    },
    { good: "archive_mode = on\narchive_command = 'true && pgbackrest archive-push %p'\n" },
  ],
  *check(facts) {
    const setting = settingHere(facts, 'archive_command');
    if (setting === undefined || !archiving(facts) || !isNoop(facts, setting)) return;
    yield { at: setting.value.span, message: 'The server removes its log as if it were archived: there is nothing to restore from' };
  },
});

function archiving({ settings }: ConfFacts): boolean {
  return /^(on|always|true|yes|1)$/i.test(settings.value('archive_mode') ?? '') && !settings.get('archive_mode')?.setting.template
    && (settings.get('archive_library')?.setting.value.text ?? '') === '';
}

function isNoop(facts: ConfFacts, setting: ConfSetting): boolean {
  const commands = commandsHere(facts).find((one) => one.setting === setting)?.commands ?? [];
  return commands.length > 0 && commands.every(({ words }) => /^((\/usr)?\/bin\/true|true|:|exit 0)$/.test(words.map(({ text }) => text).join(' ')));
}
