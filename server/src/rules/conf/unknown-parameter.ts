import { findParameter, findRemoval, firstVersion, isCustomName, nearestName } from '../../catalog/parameters.ts';
import { commentOut } from '../../facts/conf/conf-repairs.ts';
import type { ConfFacts } from '../../facts/conf/settings.ts';
import { baseName } from '../../paths.ts';
import type { ConfSetting } from '../../syntax/conf.ts';
import type { Finding, Fix } from '../rule.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'medium',
  title: 'Server does not know this parameter',
  why: `The server refuses a file with a name that it does not know: it does not start, and on reload it ignores the whole file, so that
nothing that was tightened in it is in force. A misspelt security setting protects nobody even on servers that would start.`,
  fixing: `The fix corrects the spelling, changes to the parameter that took its place, or turns the line into a comment.`,
  cwe: [1188],
  references: ['https://www.postgresql.org/docs/current/runtime-config.html'],
  examples: [
    { bad: '«pasword_encryption» = md5\n', fixed: 'password_encryption = md5\n' },
    { bad: '«logconnections» = on\n', fixed: 'log_connections = on\n' },
    { bad: '«wal_keep_segments» = 64  # keep\n', fixed: 'wal_keep_size = 1024MB  # keep\n' },
    { bad: "«stats_temp_directory» = '/run/stats'\n", fixed: "#stats_temp_directory = '/run/stats'\n" },
    { bad: '«force_parallel_mode» = on\n', fixed: 'debug_parallel_query = on\n' },
    { bad: '«standby_mode» = on\n', fixed: '#standby_mode = on\n', because: 'Since 12 the file standby.signal stands for it.' },
    { bad: "«db_user_namespace» = off\n", fixed: '#db_user_namespace = off\n', version: 17 },
    { bad: '«turbo_mode_please» = on\n', good: '#turbo_mode_please = on\n' },
    { bad: '«transaction_timeout» = 5s\n', good: '#transaction_timeout = 5s\n', version: 15, because: 'It came with 17.' },
    { good: "stats_temp_directory = '/run/stats'\n", version: 14, because: 'It was removed in 15.' },
    { good: "app.current_tenant = 'x'\npgaudit.log = 'ddl'\n", because: 'A name with a dot may belong to an extension.' },
    {
      good: '{% if version < 15 %}\nstats_temp_directory = /run\n{% endif %}\nwal_keep_segments = {{ keep }}\n',
      because: 'A template may know for which versions a line is.',
    },
    {
      good: "standby_mode = on\ntrigger_file = '/run/promote'\n", path: 'recovery.conf',
      because: 'That the whole file is of no use any more is said once, by another rule.',
    },
    { good: 'SORT_MEM = 4MB\nssl_ecdh_curve = prime256v1\n', because: 'The server still maps these old names.' },
  ],
  *check(facts) {
    const { version } = facts.document;
    for (const setting of facts.file.settings) {
      const name = setting.name.text;
      if (setting.template || isCustomName(name) || findParameter(name, version) !== undefined) continue;
      // There conf/recovery-conf-obsolete tells about the whole file.
      if (baseName(facts.document.path) === 'recovery.conf') continue;
      yield removed(facts, setting) ?? tooNew(facts, setting) ?? unknown(facts, setting);
    }
  },
});

function removed({ document, settings }: ConfFacts, setting: ConfSetting): Finding | undefined {
  const removal = findRemoval(setting.name.text, document.version);
  if (removal === undefined) return undefined;
  const { successor, version } = removal;
  const fixes: Fix[] = [{ title: 'Turn the line into a comment', safety: 'review', edits: [commentOut(setting)] }];
  const value = removal.convert?.(setting.value.text);
  // Where the successor is set already, adding it again would change what is in force.
  if (successor !== undefined && value !== undefined && settings.get(successor) === undefined) {
    const edits = [{ span: setting.name.span, text: successor }];
    if (value !== setting.value.text) edits.push({ span: setting.value.span, text: value });
    fixes.unshift({ title: `Change to ${successor}`, safety: 'review', edits });
  }
  return {
    at: setting.name.span,
    message: `PostgreSQL ${document.version} refuses this file: ${setting.name.text} is gone since ${version}${successor === undefined ? '' : `, now ${successor}`}`,
    fixes,
    tags: ['deprecated'],
  };
}

function tooNew({ document }: ConfFacts, setting: ConfSetting): Finding | undefined {
  const first = firstVersion(setting.name.text, document.version);
  if (first === undefined) return undefined;
  return {
    at: setting.name.span,
    message: `PostgreSQL ${document.version} refuses this file: ${setting.name.text} came with ${first}`,
    fixes: [],
  };
}

function unknown({ document }: ConfFacts, setting: ConfSetting): Finding {
  const name = nearestName(setting.name.text, document.version);
  return {
    at: setting.name.span,
    message: `The server refuses this file: it knows no such parameter${name === undefined ? '' : `; perhaps ${name} is meant`}`,
    fixes: name === undefined ? [] : [{ title: `Change to ${name}`, safety: 'review', edits: [{ span: setting.name.span, text: name }] }],
  };
}
