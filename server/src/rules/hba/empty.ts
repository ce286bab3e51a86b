import { replace } from '../../facts/hba/access-fixes.ts';
import { baseName } from '../../paths.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'high',
  title: 'The server does not start: the file has no records',
  why: `PostgreSQL refuses to start with a pg_hba.conf without a record. In the hurry that follows people paste the first record
they find, and that is often one with trust.`,
  fixing: `Adds a record that lets accounts of the server machine in as the role of the same name, over the socket. Add the records of
your applications above it.`,
  cwe: [16],
  references: ['https://www.postgresql.org/docs/current/auth-pg-hba-conf.html'],
  examples: [
    { bad: '«# TYPE DATABASE USER ADDRESS METHOD»\n', fixed: '# TYPE DATABASE USER ADDRESS METHOD\nlocal all all peer\n' },
    { bad: '«# nothing yet»', fixed: '# nothing yet\nlocal all all peer\n' },
    { good: 'local all all peer\n' },
    { good: '# all records are elsewhere\ninclude records.conf\n', version: 18, files: { 'records.conf': 'local all all peer\n' } },
    { good: '{% for rule in rules %}\n{% endfor %}\n', because: 'What a template puts here is not known.' },
    { good: '# nothing\n', path: 'hba.d/10-app.conf', because: 'Another file includes this one.' },
  ],
  *check({ document: { path, text }, file }) {
    // A last comment that ends in a backslash would swallow what is added.
    if (baseName(path) !== 'pg_hba.conf' || file.lines.length > 0 || /\\\s*$/.test(text) || text.includes('\\\n')) return;
    const newline = text.includes('\r\n') ? '\r\n' : '\n';
    const start = text === '' || text.endsWith('\n') ? '' : newline;
    yield {
      at: { start: 0, end: /^[^\r\n]*/.exec(text)![0].length },
      message: 'The server does not start with a pg_hba.conf that has no record',
      fixes: [replace('Let in local accounts (local all all peer)', { start: text.length, end: text.length }, `${start}local all all peer${newline}`)],
    };
  },
});
