import { settingHere } from '../../facts/conf/settings.ts';
import { isWorldWritable } from '../../facts/conf/unsafe-paths.ts';
import { defineRule } from '../rule.ts';

const parameters = {
  hba_file: 'decide who may log in',
  ident_file: 'decide which role they become',
  external_pid_file: 'choose which process is taken for the server',
};

export default defineRule({
  language: 'conf',
  severity: 'medium',
  title: 'Server reads its configuration from a folder for everybody',
  why: `In /tmp and its like every account of the machine can create files. Whoever is there first, after a reboot or a clean-up, writes the
file that the server reads: its authentication rules, its settings, and with those commands that it runs.`,
  cwe: [379, 732],
  references: [
    'https://www.postgresql.org/docs/current/runtime-config-file-locations.html',
    'https://www.postgresql.org/docs/current/config-setting.html#CONFIG-INCLUDES',
  ],
  examples: [
    { bad: "hba_file = «'/tmp/pg_hba.conf'»\n", good: "hba_file = '/etc/postgresql/pg_hba.conf'\n" },
    { bad: "ident_file = «'/var/tmp/pg/ident.conf'»\nexternal_pid_file = «'/tmp/pg.pid'»\n" },
    { bad: "include_if_exists = «'/dev/shm/extra.conf'»\ninclude_dir «'/tmp/conf.d'»\n" },
    { good: "external_pid_file = '/var/run/postgresql/main.pid'\nhba_file = 'tmp/pg_hba.conf'\n", because: 'Neither is a folder for everybody.' },
    { good: "hba_file = '/tmp/a'\nhba_file = '/etc/postgresql/pg_hba.conf'\n", because: 'The last setting wins.' },
    { good: "hba_file = '/tmp/{{ name }}'\n", because: 'What a template becomes is not known.' },
  ],
  *check(facts) {
    const severity = facts.trial ? { severity: 'info' as const } : {};
    for (const [name, power] of Object.entries(parameters)) {
      const setting = settingHere(facts, name);
      if (setting === undefined || !isWorldWritable(setting.value.text)) continue;
      yield { at: setting.value.span, message: `Any account of this machine can ${power}, by putting a file there first`, ...severity };
    }
    for (const { target, template } of facts.file.includes) {
      if (template || !isWorldWritable(target.text)) continue;
      yield { at: target.span, message: 'Any account of this machine can set parameters of this server, by putting a file there first', ...severity };
    }
  },
});
