import { settingHere } from '../../facts/conf/settings.ts';
import { spellsOutPassphrase } from '../../facts/conf/tls.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'medium',
  title: 'Passphrase of the private key is written in the configuration',
  why: `A passphrase protects the key where the file is copied or stolen. Written beside it, in a file that is backed up, versioned and shown by
pg_settings to every member of pg_read_all_settings, it protects nothing.`,
  cwe: [260],
  references: ['https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-SSL-PASSPHRASE-COMMAND'],
  examples: [
    { bad: "ssl_passphrase_command = «'echo correct-horse'»\n", good: "ssl_passphrase_command = 'cat /run/secrets/key-passphrase'\n" },
    { bad: `ssl_passphrase_command = «'printf "%s" correct-horse'»  # restart alone\n` },
    { bad: `ssl_passphrase_command = «'sh -c "echo -n ''correct-horse''"'»\n` },
    { bad: "ssl_passphrase_command = «'openssl rsa -in key.pem -passin pass:correct-horse'»\n" },
    { good: `ssl_passphrase_command = 'printf %s "$KEY_PASSPHRASE"'\n`, because: 'The environment holds it.' },
    { good: "ssl_passphrase_command = 'systemd-ask-password %p'\n", because: 'Somebody types it in.' },
    { good: "ssl_passphrase_command = 'echo $(vault read -field=value secret/key)'\n", because: 'A vault holds it.' },
    { good: "ssl_passphrase_command = 'echo \"%p\" >&2; cat /run/passphrase'\n", because: 'That is the question, not the answer.' },
    { good: "ssl_passphrase_command = 'echo ${PASSPHRASE}'\n", because: 'What a template becomes is not known.' },
  ],
  *check(facts) {
    const setting = settingHere(facts, 'ssl_passphrase_command');
    if (setting === undefined || !spellsOutPassphrase(setting.value.text)) return;
    yield {
      at: setting.value.span,
      message: "Whoever reads this file has the passphrase of the server's private key",
      ...(facts.trial && { severity: 'low' as const }),
    };
  },
});
