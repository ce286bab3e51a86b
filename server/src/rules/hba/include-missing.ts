import { folderOf, resolvePath } from '../../paths.ts';
import { shown } from '../../syntax/hba-words.ts';
import type { HbaLine, HbaToken } from '../../syntax/hba.ts';
import type { Span } from '../../text.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'medium',
  title: 'The server refuses the file because another one is missing',
  why: `A file that is named and not there makes the server refuse all records: it does not start, and on reload it keeps the old ones
without telling the client. What was just locked is still open.`,
  cwe: [16],
  references: ['https://www.postgresql.org/docs/current/auth-pg-hba-conf.html'],
  examples: [
    { bad: 'include «gone.conf»\nlocal all all peer\n', good: 'include_if_exists gone.conf\nlocal all all peer\n', version: 18 },
    { bad: 'host all «@nobody» 10.0.0.0/8 scram-sha-256\nhost «@"my dbs"» all 10.0.0.0/8 scram-sha-256\n' },
    {
      good: 'include extra.conf\nhost all @admins 10.0.0.0/8 scram-sha-256\n', version: 18,
      files: { 'extra.conf': 'local all all peer\n', admins: 'alice, bob\n' },
    },
    { good: 'include_if_exists gone.conf\nlocal all all peer\n', version: 18, because: 'This one may be missing.' },
    { good: 'host all all @subnet@ md5\nhost all @ 10.0.0.0/8 md5\n', because: 'A template, and a role called @.' },
  ],
  *check({ document: { path, files }, file }) {
    for (const line of file.lines.filter(({ include, fields }) => include || fields.some(hasFile))) {
      for (const { at, name } of referencesOf(line)) {
        if (!files.missing(resolvePath(folderOf(path), name))) continue;
        yield { at, message: `The server refuses the whole file: ${shown(name)} is not there` };
      }
    }
  },
});

function hasFile(tokens: readonly HbaToken[]): boolean {
  return tokens.some(({ file }) => file !== undefined);
}

function* referencesOf({ template, error, include, fields }: HbaLine): Iterable<{ readonly at: Span; readonly name: string }> {
  if (template || error || include?.kind === 'include_if_exists') return;
  if (include) return yield { at: include.target.span, name: include.target.text };
  for (const tokens of fields) for (const { span, file } of tokens) if (file !== undefined) yield { at: span, name: file };
}
