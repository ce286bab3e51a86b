import { commentOut, replaceValue } from '../../facts/conf/conf-repairs.ts';
import { flagHere } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'medium',
  title: 'Role names depend on the database',
  why: `With db_user_namespace whoever connects to shop as alice becomes the role alice@shop, and a line of pg_hba.conf for alice does not match.
Client and server disagree about the name, so that md5 passwords do not work and people fall back to methods that send them in clear.
PostgreSQL 17 no longer has the parameter and does not start with it.`,
  fixing: `The fix switches it off. Roles named like alice@shop then log in under that whole name; rename them before, and look for such names in
pg_hba.conf.`,
  cwe: [287],
  references: ['https://www.postgresql.org/docs/16/runtime-config-connection.html#GUC-DB-USER-NAMESPACE', 'https://www.postgresql.org/docs/17/release-17.html'],
  examples: [
    { bad: 'db_user_namespace = «on»  # per database\n', fixed: 'db_user_namespace = off  # per database\n', version: 16 },
    { bad: "DB_USER_NAMESPACE = «'t'»\n", fixed: "DB_USER_NAMESPACE = 'off'\n", version: 13 },
    { good: 'db_user_namespace = off\n', version: 16, because: 'The default.' },
    { good: 'db_user_namespace = on\n', because: '17 and newer do not know it; conf/unknown-parameter tells about that.' },
  ],
  *check(facts) {
    const setting = flagHere(facts, 'db_user_namespace', true);
    if (setting === undefined) return;
    yield {
      at: setting.value.span,
      message: 'Clients log in as other roles than they name, past the records of pg_hba.conf for that name',
      fixes: [
        { title: 'Switch it off', safety: 'review', edits: [replaceValue(setting.value, 'off')] },
        { title: 'Comment the line out (off is the default)', safety: 'review', edits: [commentOut(setting)] },
      ],
    };
  },
});
