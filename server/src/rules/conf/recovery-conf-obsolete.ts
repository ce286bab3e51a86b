import { baseName } from '../../paths.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'high',
  title: 'PostgreSQL does not start beside a recovery.conf',
  why: `Since version 12 the server refuses to start while a recovery.conf lies in its data directory. A standby that should take over or a
restore that should save the day stands still, in the very moment in which it is needed.`,
  cwe: [1188],
  references: [
    'https://www.postgresql.org/docs/current/recovery-config.html',
    'https://www.postgresql.org/docs/current/runtime-config-wal.html#RUNTIME-CONFIG-WAL-ARCHIVE-RECOVERY',
  ],
  examples: [
    { path: 'recovery.conf', bad: "«standby_mode = on»\nprimary_conninfo = 'host=/run/postgresql'\n" },
    { path: 'data/recovery.conf', bad: "# restore\n«restore_command = 'cp /mnt/wal/%f %p'»  # old\n" },
    { path: 'recovery.done', good: "restore_command = 'cp /mnt/wal/%f %p'\n", because: 'The server does not look at it.' },
    { path: 'recovery.conf', good: '# empty\n', because: 'A file without settings is most likely a note.' },
    { path: 'postgresql.conf', good: "restore_command = 'cp /mnt/wal/%f %p'\nrecovery_target = immediate\n", because: 'This is where they belong now.' },
    {
      path: 'recovery.conf', good: "{% if pg < 12 %}\nrestore_command = 'cp {{ wal }}/%f %p'\n{% endif %}\n",
      because: 'A template may know for which versions it is.',
    },
  ],
  *check({ document, file }) {
    const [first] = file.settings;
    if (baseName(document.path) !== 'recovery.conf' || first === undefined || first.template || file.unknown.length > 0) return;
    yield {
      at: first.span,
      message: `PostgreSQL ${document.version} does not start: move this to postgresql.conf, create standby.signal or recovery.signal`,
    };
  },
});
