import { lettingInByPassword } from '../../facts/conf/clients.ts';
import { appendToList } from '../../facts/conf/conf-repairs.ts';
import { preloadedLibraries, preloadPlace } from '../../facts/conf/libraries.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'info',
  presets: ['strict'],
  title: 'Any password is accepted for a role',
  why: `Clients on other machines log in with passwords, and PostgreSQL takes whatever somebody chooses, the name of the role included. Those
are the first that are tried. passwordcheck, which comes with PostgreSQL, refuses the worst of them; credcheck knows more rules.`,
  fixing: `The fix loads passwordcheck from the next restart on; the server does not start when its contrib modules are not installed. Passwords
that exist stay, and one that a client hashes before it sends it cannot be checked but for equality with the name.`,
  cwe: [521],
  references: ['https://www.postgresql.org/docs/current/passwordcheck.html'],
  examples: [
    {
      bad: '«port = 5432»\n', fixed: 'port = 5432\nshared_preload_libraries = passwordcheck\n',
      files: { 'pg_hba.conf': 'host all all 10.0.0.0/8 scram-sha-256\n' },
    },
    {
      bad: "port = 5432\nshared_preload_libraries = «'pgaudit'»  # loaded\n",
      fixed: "port = 5432\nshared_preload_libraries = 'pgaudit, passwordcheck'  # loaded\n",
      files: { 'pg_hba.conf': 'host all all all md5\n' },
    },
    {
      bad: "port = 5432\nshared_preload_libraries = «''»\n", fixed: "port = 5432\nshared_preload_libraries = 'passwordcheck'\n",
      files: { 'pg_hba.conf': 'host all all all md5\n' },
    },
    { good: "port = 5432\nshared_preload_libraries = '$libdir/passwordcheck'\n", files: { 'pg_hba.conf': 'host all all all md5\n' }, because: 'It is loaded.' },
    {
      good: "port = 5432\nshared_preload_libraries = 'credcheck'\n", files: { 'pg_hba.conf': 'host all all all md5\n' },
      because: 'credcheck does that as well.',
    },
    {
      good: "port = 5432\nsession_preload_libraries = 'passwordcheck'\n", files: { 'pg_hba.conf': 'host all all all md5\n' },
      because: 'Every session loads it.',
    },
    {
      good: 'port = 5432\n', files: { 'pg_hba.conf': 'host all all all ldap ldapserver=ldap.example.com ldapprefix=x ldaptls=1\n' },
      because: 'The directory has the passwords.',
    },
    { good: 'port = 5432\n', because: 'Whether anybody logs in with a password is not known.' },
  ],
  *check(facts) {
    const at = preloadPlace(facts);
    const libraries = preloadedLibraries(facts.settings);
    const perSession = facts.settings.list('session_preload_libraries');
    if (at === undefined || libraries === undefined || perSession === undefined || !lettingInByPassword(facts)) return;
    if ([...libraries, ...perSession].some((name) => /(^|\/)(passwordcheck|credcheck)\b/.test(name))) return;

    const edit = appendToList(facts, 'shared_preload_libraries', 'passwordcheck');
    yield {
      at,
      message: 'Any password is accepted for a role, even the name of the role',
      fixes: edit === undefined ? [] : [{ title: 'Refuse the worst passwords (passwordcheck)', safety: 'review', edits: [edit] }],
    };
  },
});
