import { lettingInByPassword } from '../../facts/conf/clients.ts';
import { appendToList, insertSetting, replaceValue } from '../../facts/conf/conf-repairs.ts';
import { preloadedLibraries, preloadPlace } from '../../facts/conf/libraries.ts';
import { settingHere, type ConfFacts } from '../../facts/conf/settings.ts';
import type { Edit } from '../../text.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'info',
  presets: ['strict'],
  title: 'Nothing slows down password guessing',
  why: `Clients on other machines log in with passwords, and the server answers a wrong one at once: a program tries thousands of them per
minute, over many connections at a time. auth_delay, which comes with PostgreSQL, waits before it says no; credcheck bans an address or
role after some failures.`,
  fixing: `The fix loads auth_delay, which waits half a second after each failure, from the next restart on; the server does not start when its
contrib modules are not installed. A client that waits holds a connection, so keep some in reserve.`,
  cwe: [307],
  references: ['https://www.postgresql.org/docs/current/auth-delay.html'],
  examples: [
    {
      bad: "«port = 5432»\n", fixed: 'port = 5432\nshared_preload_libraries = auth_delay\nauth_delay.milliseconds = 500\n',
      files: { 'pg_hba.conf': 'host all all 10.0.0.0/8 scram-sha-256\n' },
    },
    {
      bad: "port = 5432\nshared_preload_libraries = «'pg_stat_statements,pgaudit'»  # loaded\n",
      fixed: "port = 5432\nshared_preload_libraries = 'pg_stat_statements,pgaudit,auth_delay'  # loaded\nauth_delay.milliseconds = 500\n",
      files: { 'pg_hba.conf': 'host all all all md5\n' },
    },
    {
      bad: "port = 5432\nshared_preload_libraries = «'auth_delay'»\n",
      fixed: "port = 5432\nshared_preload_libraries = 'auth_delay'\nauth_delay.milliseconds = 500\n",
      files: { 'pg_hba.conf': 'host all all all scram-sha-256\n' }, because: 'Loaded, it waits for no time unless it is told to.',
    },
    {
      good: "port = 5432\nshared_preload_libraries = '$libdir/auth_delay'\nauth_delay.milliseconds = '1s'\n",
      files: { 'pg_hba.conf': 'host all all all md5\n' }, because: 'It waits a second.',
    },
    {
      good: "port = 5432\nshared_preload_libraries = 'credcheck'\n", files: { 'pg_hba.conf': 'host all all all md5\n' },
      because: 'credcheck does that as well.',
    },
    {
      good: 'port = 5432\n', files: { 'pg_hba.conf': 'host all all 127.0.0.1/32 scram-sha-256\nlocal all all peer\n' },
      because: 'Only programs on the machine itself can guess.',
    },
    { good: 'port = 5432\n', because: 'Whether anybody logs in with a password is not known.' },
    {
      good: "port = 5432\nshared_preload_libraries = '${LIBRARIES}'\n", files: { 'pg_hba.conf': 'host all all all md5\n' },
      because: 'What a template becomes is not known.',
    },
  ],
  *check(facts) {
    const at = preloadPlace(facts);
    const libraries = preloadedLibraries(facts.settings);
    if (at === undefined || libraries === undefined || libraries.includes('credcheck') || !lettingInByPassword(facts)) return;
    const loaded = libraries.includes('auth_delay');
    if (loaded && waits(facts)) return;

    const edits = [loaded ? undefined : appendToList(facts, 'shared_preload_libraries', 'auth_delay'), waitingEdit(facts)].filter((edit) => edit !== undefined);
    yield {
      at,
      message: `Passwords can be guessed as fast as the server answers${loaded ? ': auth_delay waits for no time' : ''}`,
      fixes: edits.length > 0 ? [{ title: 'Wait half a second after each failed login (auth_delay)', safety: 'review', edits }] : [],
    };
  },
});

const parameter = 'auth_delay.milliseconds';

function waits({ settings }: ConfFacts): boolean {
  const written = settings.get(parameter)?.setting;
  return written === undefined ? !settings.complete : written.template || !/^0+([^\d.]|$)/.test(written.value.text);
}

function waitingEdit(facts: ConfFacts): Edit | undefined {
  if (waits(facts)) return undefined;
  const setting = settingHere(facts, parameter);
  if (setting !== undefined) return replaceValue(setting.value, '500');
  return facts.settings.get(parameter) === undefined ? insertSetting(facts, parameter, '500') : undefined;
}
