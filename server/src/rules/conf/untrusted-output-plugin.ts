import { settingHere, splitList } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'info',
  since: 17,
  title: 'Further libraries may be loaded for logical decoding',
  why: `Any role with REPLICATION can load the libraries of this list into the server, by naming one when it creates a slot. Code that was
not written for that, or a library that is no output plugin at all, then runs with all rights of the server.`,
  cwe: [829],
  references: ['https://www.postgresql.org/docs/current/runtime-config-replication.html'],
  examples: [
    { bad: "output_plugin_libraries = «'pgoutput, wal2json'»\n", good: "output_plugin_libraries = 'pgoutput'\n" },
    { good: "output_plugin_libraries = 'pgoutput, test_decoding'\n", because: 'Both come with PostgreSQL.' },
    { good: "output_plugin_libraries = ''\n" },
    { good: "output_plugin_libraries = '{{ plugins }}'\n", because: 'What a template becomes is not known.' },
    { good: "output_plugin_libraries = 'wal2json'\n", version: 16, because: 'The server does not know the parameter; another rule tells.' },
  ],
  *check(facts) {
    const setting = settingHere(facts, 'output_plugin_libraries');
    const others = splitList(setting?.value.text ?? '').filter((name) => !/^(\$libdir\/)?(pgoutput|test_decoding)(\.so)?$/.test(name));
    if (setting === undefined || others.length === 0) return;
    yield {
      at: setting.value.span,
      message: `Roles with REPLICATION can load ${others.length === 1 ? 'a further library' : `${others.length} further libraries`} into the server`,
    };
  },
});
