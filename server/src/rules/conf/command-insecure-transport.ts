import { transportsIn, type Transport } from '../../facts/conf/command-risks.ts';
import { commandsHere } from '../../facts/conf/commands.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'medium',
  title: 'Write-ahead log crosses the network unprotected',
  why: `The write-ahead log holds everything that is written to the database, password hashes included. Whoever can read the traffic reads
it; whoever can answer in the place of the archive gets it sent, and can hand the server changed log to restore.`,
  cwe: [319, 295],
  references: ['https://www.postgresql.org/docs/current/continuous-archiving.html', 'https://man.openbsd.org/ssh_config#StrictHostKeyChecking'],
  examples: [
    {
      bad: "archive_command = 'curl -sT %p «http://archive.example.com/wal/%f»'\n",
      good: "archive_command = 'curl -sT %p https://archive.example.com/wal/%f'\n",
    },
    { bad: "archive_command = 'curl «-fsSk» -T %p https://10.0.0.9/wal/%f'\n" },
    { bad: "restore_command = 'scp -o «StrictHostKeyChecking=no» db1:/wal/%f %p'\n", good: "restore_command = 'scp db1:/wal/%f %p'\n" },
    { bad: "archive_command = 'rsync %p «db1::wal/%f»'\n", good: "archive_command = 'rsync %p db1:/wal/%f'\n" },
    { bad: "restore_command = 'wget «--no-check-certificate» -O %p https://archive.example.com/%f'\n" },
    { bad: "archive_command = '«AWS_ENDPOINT=http://minio:9000» HTTPS_PROXY=http://proxy:3128 wal-g wal-push %p'\n" },
    { good: "archive_command = 'curl -T %p http://127.0.0.1:8080/%f'\n", because: 'It does not leave the machine.' },
    { good: "archive_command = 'pgbackrest archive-push %p && curl -fsSk http://monitor.example.com/archived'\n", because: 'What goes there is not the log.' },
    {
      good: "archive_command = 'rsync -a %p backup@db1:/wal/%f'\nrestore_command = 'scp -o StrictHostKeyChecking=accept-new db1:/wal/%f %p'\n",
      because: 'Both go through SSH.',
    },
    { good: "archive_command = 'curl -K /etc/curl.conf -T %p {{ url }}'\n", because: 'What a template becomes is not known.' },
  ],
  *check(facts) {
    for (const { commands } of commandsHere(facts)) {
      for (const { at, kind } of commands.flatMap((command) => [...transportsIn(command)])) yield { at, message: messages[kind] };
    }
  },
});

const messages: Readonly<Record<Transport['kind'], string>> = {
  plain: 'Anyone on the way reads the write-ahead log, which holds all data: nothing is encrypted',
  unverified: 'Anyone on the way can answer as the archive and be sent all data: it is not checked who answers',
};
