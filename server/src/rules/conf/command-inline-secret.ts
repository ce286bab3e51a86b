import { secretsIn } from '../../facts/conf/command-risks.ts';
import { commandsHere } from '../../facts/conf/commands.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'high',
  title: 'Secret in a command of the server',
  why: `The secret lies in this file, its backups and its version history; while the command runs, every account of the machine sees it in the
list of processes. Whoever has it reads or replaces the archive, which is a copy of the whole database.`,
  cwe: [798, 214],
  references: [
    'https://www.postgresql.org/docs/current/libpq-pgpass.html',
    'https://www.postgresql.org/docs/current/runtime-config-wal.html#GUC-ARCHIVE-COMMAND',
  ],
  examples: [
    {
      bad: "archive_command = 'AWS_ACCESS_KEY_ID=AKIA «AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI» aws s3 cp %p s3://wal/%f'\n",
      good: "archive_command = 'aws s3 cp %p s3://wal/%f'\n",
    },
    { bad: "restore_command = 'sshpass -p «hunter22» scp db1:/wal/%f %p'\n", good: "restore_command = 'scp db1:/wal/%f %p'\n" },
    { bad: "archive_command = 'curl -sS -u «backup:s3cr3t» -T %p https://wal.example.com/%f'\n" },
    { bad: "archive_command = 'bash -c \"curl -T %p «https://backup:s3cr3t@wal.example.com/%f»\"'\n" },
    { bad: "archive_command = 'openssl enc -aes-256-cbc -pass «pass:hunter22» -in %p -out /wal/%f'\n" },
    { bad: "recovery_end_command = 'psql «\\'host=db1 password=hunter22\\'» -c vacuum'\n" },
    { bad: "archive_command = 'curl -H «\"Authorization: Bearer eyJhbGciOi\"» -T %p «\"https://a.example.com/%f?sv=1&sig=k3Jd8sKq\"»'\n" },
    {
      good: "recovery_end_command = 'psql --password app'\narchive_command = 'gpg --batch --passphrase-file /etc/pp -o /wal/%f -e %p'\n",
      because: 'The first asks for one, the second reads a file.',
    },
    {
      good: "archive_command = 'PGPASSWORD=$PW AWS_SECRET_ACCESS_KEY=\"$(cat /run/secrets/aws)\" aws s3 cp %p s3://wal/%f'\n",
      because: 'The secret comes from elsewhere.',
    },
    { good: "archive_command = 'curl -u backup -T %p https://backup@wal.example.com/%f --cert /etc/wal.pem'\n", because: 'There is a name, but no password.' },
    { good: "restore_command = 'wal-g wal-fetch %f %p --password-file /etc/wal-g/password'\n" },
    { good: "archive_command = 'mc cp --token={{ token }} %p wal/%f'\n", because: 'What a template becomes is not known.' },
    {
      good: "archive_command = 'sshpass -f /etc/pw scp %p db1:/wal/'\n#archive_command = 'sshpass -p hunter22 scp %p db1:'\n",
      because: 'A comment runs nothing.',
    },
  ],
  *check(facts) {
    for (const { commands } of commandsHere(facts)) {
      for (const at of commands.flatMap((command) => [...secretsIn(command)])) {
        yield { at, message: 'This secret is readable in the file, its backups and the list of processes' };
      }
    }
  },
});
