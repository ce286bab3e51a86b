import { replaceValue } from '../../facts/conf/conf-repairs.ts';
import { flagHere } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'low',
  since: 18,
  title: 'Warnings about MD5 passwords are switched off',
  why: `MD5 password hashes let whoever steals one log in with it, and a coming release of PostgreSQL will not accept them any more. With the
warning switched off nobody notices that roles still get them, until they are stolen or cannot log in.`,
  fixing: 'The fix switches the warning on, which is the default. Whoever sets a password that is stored as MD5 sees it; nothing else changes.',
  cwe: [778],
  references: [
    'https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-MD5-PASSWORD-WARNINGS',
    'https://www.postgresql.org/docs/current/auth-password.html',
  ],
  examples: [
    { bad: 'md5_password_warnings = «off»  # noise\n', fixed: 'md5_password_warnings = on  # noise\n' },
    { good: 'md5_password_warnings = on\n', because: 'The default.' },
    { good: 'md5_password_warnings = off\n', version: 17, because: '17 does not know it; conf/unknown-parameter tells about that.' },
    { good: 'md5_password_warnings = off\nmd5_password_warnings = true\n', because: 'The last setting wins.' },
  ],
  *check(facts) {
    const setting = flagHere(facts, 'md5_password_warnings', false);
    if (setting === undefined) return;
    yield {
      at: setting.value.span,
      message: 'Nobody notices when a password is stored as an MD5 hash',
      fixes: [{ title: 'Switch the warnings on', safety: 'safe', edits: [replaceValue(setting.value, 'on')] }],
    };
  },
});
