import { includeProblem, type IncludeProblem } from '../../facts/conf/includes.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'medium',
  title: 'Included file cannot be read',
  why: `The server refuses the whole configuration when an include leads nowhere: it does not start, and a running server keeps its old
settings when told to reload. Whatever this file was meant to tighten is not in force, and only the server log says so.`,
  cwe: [1188],
  references: ['https://www.postgresql.org/docs/current/config-setting.html#CONFIG-INCLUDES'],
  examples: [
    { bad: "port = 5432\ninclude = «'tls.conf'»\n", good: "port = 5432\ninclude_if_exists = 'tls.conf'\n" },
    { bad: "include_dir «'conf.d'»\n", files: { PG_VERSION: '18\n' } },
    { bad: "include_dir «'extra.conf'»\n", files: { 'extra.conf': '' }, good: "include 'extra.conf'\n", because: 'It is a file.' },
    { bad: "include «'conf.d'»\n", files: { 'conf.d/a.conf': '' }, good: "include_dir 'conf.d'\n", because: 'It is a folder.' },
    { bad: "include_if_exists «'postgresql.conf'»\n", because: 'A file that includes itself is refused.' },
    { bad: "include «'a.conf'»\n", files: { 'a.conf': "include 'b/c.conf'\n", 'b/c.conf': "include '../postgresql.conf'\n" } },
    {
      bad: "include «'1.conf'»\n",
      files: { ...Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`${i + 1}.conf`, `include '${i + 2}.conf'\n`])), '11.conf': 'port = 1\n' },
      because: 'Includes nest ten deep at most.',
    },
    { good: "include 'a.conf'\ninclude_dir = 'conf.d'\n", files: { 'a.conf': "include 'conf.d/b.conf'\n", 'conf.d/b.conf': '' } },
    { good: "include_dir 'conf.d'\n", because: 'An empty folder cannot be put into a repository; it may well be there on the server.' },
    { good: "include '../shared/tls.conf'\ninclude '/etc/postgresql-common/tls.conf'\n", because: 'What lies outside of the workspace is not known.' },
    { good: "include '{{ extra }}'\n{% if tls %}\ninclude 'tls.conf'\n{% endif %}\n", because: 'A template is not yet a configuration file.' },
  ],
  *check({ document, file }) {
    for (const include of file.includes) {
      const problem = include.template ? undefined : includeProblem(document, include);
      if (problem !== undefined) yield { at: include.target.span, message: `The server refuses its configuration: ${reasons[problem]}` };
    }
  },
});

const reasons: Readonly<Record<IncludeProblem, string>> = {
  missing: 'this does not exist',
  folder: 'this is a folder, not a file',
  'no-folder': 'this is a file, not a folder',
  itself: 'this leads back to the same file',
  deep: 'includes nest more than ten deep from here',
};
