import { writeSetting } from '../../facts/conf/conf-repairs.ts';
import { placeOf, type ConfFacts } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'low',
  title: 'Logins are not logged',
  why: `When data has leaked, the first questions are who was logged in, from which address, and since when. Without a line for each login
nobody can answer them, and password guessing that succeeded in the end looks like any other session.`,
  fixing: `The fix logs each connection with its address, role, database and authentication method. That is a few lines per login: where clients
open thousands of short sessions per minute, put a connection pool in front first or give the log the room.`,
  cwe: [778],
  references: ['https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOG-CONNECTIONS'],
  examples: [
    { bad: 'log_connections = «off»  # too much\n', fixed: 'log_connections = on  # too much\n' },
    { bad: 'log_connections = «FALS»\n', fixed: 'log_connections = on\n', version: 17 },
    { bad: "log_connections = «''»\n", fixed: "log_connections = 'on'\n", because: 'In 18 it is a list, and an empty one logs nothing.' },
    { bad: 'log_connections = «receipt»\n', fixed: "log_connections = 'receipt, authorization'\n", because: 'That somebody came does not tell who.' },
    { bad: '«port = 5432»\n#log_connections = off\n', fixed: 'port = 5432\n#log_connections = off\nlog_connections = on\n', because: 'Off is the default.' },
    { good: 'log_connections = on\n' },
    { good: "log_connections = 'Authorization, setup_durations'\n" },
    { good: 'log_connections = all\n' },
    { good: 'log_connections = yes\n', version: 13 },
    { good: 'log_connections = maybe\n', because: 'The server does not start with it; conf/bad-value tells so.' },
    { good: 'work_mem = 4MB\n', path: 'conf.d/memory.conf', because: 'Another file may turn it on.' },
    { good: "port = 5432\n", files: { 'postgresql.auto.conf': "log_connections = 'on'\n" }, because: 'ALTER SYSTEM has the last word.' },
  ],
  *check(facts) {
    const place = placeOf(facts, 'log_connections');
    const logged = loggedOf(facts);
    if (place === undefined || logged === undefined) return;

    const value = logged.length === 0 ? 'on' : [...logged, 'authorization'].join(', ');
    yield {
      at: place.at,
      message: logged.length === 0
        ? 'Logins leave no trace in the log while log_connections is off'
        : 'The log does not tell as which role and into which database a client logged in',
      ...(place.unset && { severity: 'info' as const }),
      fixes: [{ title: 'Log every login', safety: 'safe', edits: [writeSetting(facts, 'log_connections', value)] }],
    };
  },
});

/** The steps of a login that are logged, when the one that names role and database is not among them. */
function loggedOf({ settings, document }: ConfFacts): readonly string[] | undefined {
  if (document.version < 18) return settings.flag('log_connections') === false ? [] : undefined;
  const list = settings.list('log_connections');
  if (list?.length === 1 && /^(off|false|no|0)$/i.test(list[0]!)) return [];
  return list?.every((step) => /^(receipt|authentication|setup_durations)$/i.test(step)) ? list : undefined;
}
