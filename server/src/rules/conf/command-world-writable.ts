import { openAccessIn, type OpenAccess } from '../../facts/conf/command-risks.ts';
import { commandsHere } from '../../facts/conf/commands.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'medium',
  title: 'Every account of the machine can change the write-ahead log',
  why: `The write-ahead log holds everything that is written to the database, password hashes included. Where every account can write, it
can be read, replaced or deleted: what is restored from it then is what somebody else wants.`,
  cwe: [732],
  references: ['https://www.postgresql.org/docs/current/continuous-archiving.html#BACKUP-ARCHIVING-WAL'],
  examples: [
    { bad: "archive_command = 'cp %p /mnt/wal/%f && chmod «777» /mnt/wal/%f'\n", good: "archive_command = 'cp %p /mnt/wal/%f && chmod 640 /mnt/wal/%f'\n" },
    { bad: "archive_command = 'cp %p «/tmp/wal/%f»'\n", good: "archive_command = 'cp %p /mnt/wal/%f'\n" },
    { bad: "restore_command = 'gunzip < «/var/tmp/%f.gz» > %p'\n" },
    { bad: "archive_command = 'gzip -c %p > «\"/dev/shm/%f.gz\"»; chmod -R «a+rw» /srv'\n" },
    { good: "archive_command = 'cp %p /mnt/wal/%f 2>>/tmp/archive.log && chmod 0600 /mnt/wal/%f'\n", because: 'Only messages go there.' },
    { good: "archive_command = 'flock /tmp/archive.lock cp %p /srv/tmp/%f'\n", because: 'The log itself goes elsewhere.' },
    { good: "archive_command = 'cp %p /tmp/{{ name }}/%f'\n", because: 'What a template becomes is not known.' },
  ],
  *check(facts) {
    for (const { commands } of commandsHere(facts)) {
      for (const { at, kind } of commands.flatMap((command) => [...openAccessIn(command)])) {
        yield { at, message: messages[kind], ...(facts.trial && { severity: 'info' as const }) };
      }
    }
  },
});

const messages: Readonly<Record<OpenAccess['kind'], string>> = {
  mode: 'Every account of this machine can change or delete the archived log',
  folder: 'Every account of this machine can get at the archived log here, or put its own in its place',
};
