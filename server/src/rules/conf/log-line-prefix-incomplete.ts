import { writeSetting } from '../../facts/conf/conf-repairs.ts';
import { logDestinations, missingInLines } from '../../facts/conf/logging.ts';
import { placeOf } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'low',
  title: 'Log lines do not tell who did it',
  why: `An error or a statement in the log is evidence only together with its time, session, role, database and client address. What the
prefix leaves out has to be pieced together from other lines, if those were logged at all.`,
  fixing: `The fix adds what is missing at the end of the prefix. Before applying it, see that the programs that read the log, pgBadger for one,
know the new form.`,
  cwe: [778],
  references: ['https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOG-LINE-PREFIX'],
  examples: [
    { bad: "log_line_prefix = «'%t '»\n", fixed: "log_line_prefix = '%t [%p] user=%u db=%d client=%h '\n" },
    { bad: "log_line_prefix = «'< %m [%-6p] %u@%d >'»\n", fixed: "log_line_prefix = '< %m [%-6p] %u@%d > client=%h '\n", because: 'Only the address is missing, so it counts less.' },
    { bad: "log_line_prefix = «''»\n", fixed: "log_line_prefix = '%m [%p] user=%u db=%d client=%h '\n" },
    { bad: "log_destination = syslog\nlog_line_prefix = «'%u %%d '»\n", fixed: "log_destination = syslog\nlog_line_prefix = '%u %%d db=%d client=%h '\n", because: 'syslog stamps the time itself.' },
    { bad: '«port = 5432»\n', fixed: "port = 5432\nlog_line_prefix = '%m [%p] user=%u db=%d client=%h '\n", because: 'By default lines have time and process alone.' },
    { good: "log_line_prefix = '%t:%r:%u@%d:[%p]:'\n" },
    { good: "log_line_prefix = '%n %c %q%u %d %h '\n", because: '%c, the session, stands for the process.' },
    { good: "log_destination = 'csvlog, jsonlog'\nlog_line_prefix = '%m '\nport = 5432\n", because: 'Both have columns for all of it.' },
    { good: 'work_mem = 4MB\n', path: 'conf.d/memory.conf', because: 'Another file may set it.' },
  ],
  *check(facts) {
    const place = placeOf(facts, 'log_line_prefix');
    const prefix = facts.settings.value('log_line_prefix')!;
    const missing = missingInLines(prefix, logDestinations(facts) ?? ['stderr']);
    if (place === undefined || missing.length === 0) return;

    const added = missing.map(({ text }) => text).join(' ');
    const words = missing.map(({ word }) => word);
    const told = [words.slice(0, -1).join(', '), words.at(-1)].filter(Boolean).join(' and ');
    yield {
      at: place.at,
      message: `Log lines do not tell the ${told}: log_line_prefix leaves that out`,
      ...((place.unset || words.join() === 'client address') && { severity: 'info' as const }),
      fixes: [{ title: `Add ${added}`, safety: 'review', edits: [writeSetting(facts, 'log_line_prefix', `${prefix.trimEnd()} ${added} `.trimStart())] }],
    };
  },
});
