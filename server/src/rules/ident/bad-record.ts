import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'ident',
  severity: 'medium',
  title: 'The server refuses the maps because of this entry',
  why: `With one bad entry PostgreSQL loads none of the file: on reload it keeps the old maps, so a user who was just taken out still
comes in, and on start it has no maps and nobody comes in by one.`,
  fixing: `Nothing that the server reads changes: it ignores what stands behind the third column. If a word was to be part of a name, put
the name in double quotes instead.`,
  cwe: [16],
  references: ['https://www.postgresql.org/docs/current/auth-username-maps.html'],
  examples: [
    { bad: '«admins root»\n', good: 'admins root postgres\n' },
    { bad: 'admins «root, bob» postgres\n', good: 'admins root postgres\nadmins bob postgres\n' },
    { bad: 'krb «/^(.*@EXAMPLE\\.COM$» \\1\n', good: 'krb /^(.*)@EXAMPLE\\.COM$ \\1\n' },
    { bad: 'admins root postgres «also me»\n', fixed: 'admins root postgres # also me\n', because: 'The server ignores it: information.' },
    { good: 'admins "Jo Doe" postgres # boss\nadmins root postgres\n' },
    { good: 'admins {{ user }} postgres\n{% for u in users %}\n', because: 'A template is filled in later.' },
  ],
  *check({ file, records }) {
    for (const { error } of file.lines) {
      if (error) yield { at: error.at, message: `The server refuses all maps of this file: ${error.message}` };
    }
    for (const { ignored } of records) {
      const [first] = ignored;
      if (!first) continue;
      yield {
        at: { start: first.span.start, end: ignored.at(-1)!.span.end },
        message: 'The server ignores what stands behind the third column',
        severity: 'info',
        fixes: [{ title: 'Turn it into a comment', safety: 'safe', edits: [{ span: { start: first.span.start, end: first.span.start }, text: '# ' }] }],
      };
    }
  },
});
