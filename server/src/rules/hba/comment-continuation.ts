import { replace } from '../../facts/hba/access-fixes.ts';
import { parseHba } from '../../syntax/hba.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'high',
  since: 14,
  title: 'A comment swallows the record below it',
  why: `A backslash at the end of a line joins the next line to it, in comments too. The record below is part of the comment and not
in force: when it is a reject, the clients that it names walk in.`,
  fixing: `Takes the backslash away. The record comes into force with it and takes connections that later records have decided about
so far, so read those as well.`,
  cwe: [670],
  references: ['https://www.postgresql.org/docs/current/auth-pg-hba-conf.html'],
  examples: [
    {
      bad: 'local all all peer\n# keep out the old network «\\»\nhost all all 10.0.0.0/8 reject\n',
      good: 'local all all peer\n# keep out the old network\nhost all all 10.0.0.0/8 reject\n',
    },
    { bad: 'local all all peer\n# see C:«\\\\»\nhost all all 10.0.0.0/8 reject\n' },
    {
      bad: 'local all all peer # as ever «\\»\nhost all app 10.0.0.0/8 scram-sha-256\n',
      good: 'local all all peer # as ever\nhost all app 10.0.0.0/8 scram-sha-256\n',
    },
    { bad: 'local all all peer\n# one \\\n# two «\\»\nhost all all all reject\n', good: 'local all all peer\n# one\n# two\nhost all all all reject\n' },
    { good: 'local all all peer\n# a long \\\n# comment \\\n\nhost all all all reject\n', because: 'Only comments and blank lines are joined.' },
    { good: 'local all all peer\n# the end \\ \nhost all all all reject\n', because: 'With a blank behind it the backslash joins nothing.' },
    { good: 'host all all \\\n  10.0.0.0/8 reject\n', because: 'One record on two lines.' },
    { good: 'local all all peer\n# old \\\nhost all all all reject\n', version: 13, because: 'Before version 14 lines are never joined.' },
  ],
  *check({ document: { text, version }, file }) {
    for (const { start, end } of file.comments) {
      for (const join of text.slice(start, end).matchAll(/(\\+)\r*\n/g)) {
        const next = start + join.index + join[0].length;
        const line = /^[^\n]*/.exec(text.slice(next, end))![0].replace(/\\\r*$/, '');
        if (parseHba(line, version).records.length === 0) continue;
        const at = { start: start + join.index, end: start + join.index + join[1]!.length };
        yield {
          at, message: 'This backslash makes the record on the next line part of the comment, so it is not in force',
          fixes: [replace('End the comment here', at, '')],
        };
      }
    }
  },
});
