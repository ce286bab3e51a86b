import { isCustomName } from '../../catalog/parameters.ts';
import { isSecret } from '../../facts/secrets.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'high',
  title: 'Secret in a parameter that every role can read',
  why: `A parameter with a name of its own is no safe: any role that can log in reads it with current_setting(), also the one that an
attacker reaches by SQL injection. The secret also lies in this file, its backups and its version history.`,
  cwe: [798, 200],
  references: ['https://www.postgresql.org/docs/current/runtime-config-custom.html'],
  examples: [
    { bad: "app.jwt_secret = «'bXkgc2VjcmV0IGtleQ'»\n", good: "app.jwt_secret_file = '/etc/app/jwt'\n" },
    { bad: "vault.token = «'hvs.CAESIJ'»\nmail.smtp_password = «hunter22»\n" },
    { bad: "crypto.encryption_key = «'0123456789abcdef'»\n" },
    { good: "app.jwt_secret = '${JWT_SECRET}'\napp.api_key = '<your key>'\n", because: 'What will be put there is not known.' },
    { good: "timescaledb.passfile = '/etc/pass'\napp.token = '/run/secrets/token'\n", because: 'The secret is in a file that can be protected.' },
    { good: "credcheck.password_min_length = 12\napp.require_password = on\nauth.max_token = 4000\n", because: 'Flags and numbers are no secrets.' },
    { good: "credcheck.password_contain = 'a1!'\napp.secretary = 'Ms Fox'\n", because: 'These names speak of something else.' },
  ],
  *check({ file, trial }) {
    for (const { name, value, template } of file.settings) {
      if (template || !isCustomName(name.text) || !names.test(name.text) || !isSecret(value.text)) continue;
      yield { at: value.span, message: 'Every role that can log in reads this secret with current_setting()', ...(trial && { severity: 'info' as const }) };
    }
  },
});

const names = new RegExp(`[._](${[
  'pass(word|wd|phrase)?|pwd|token|jwt|api_?key|credentials?', '(jwt_|client_|shared_|webhook_)?secret', '(secret|secret_access|private|encryption|signing|master|jwt)_?key',
].join('|')})(_base64)?$`, 'i');
