import { replaceValue } from '../../facts/conf/conf-repairs.ts';
import { numberHere } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'medium',
  since: 16,
  title: 'New passwords are hashed with too few rounds',
  why: `The rounds are what makes guessing a stolen SCRAM secret slow. With fewer than 4096, the least that the standard asks for, guessing
goes faster in the same proportion: at 1 round thousands of times.`,
  fixing: `The fix goes back to 4096, the default; more is better where the clients' machines can afford it. Stored secrets keep their rounds until
somebody sets the passwords again.`,
  cwe: [916],
  references: ['https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-SCRAM-ITERATIONS', 'https://www.rfc-editor.org/rfc/rfc7677'],
  examples: [
    { bad: 'scram_iterations = «1000»  # fast logins\n', fixed: 'scram_iterations = 4096  # fast logins\n' },
    { bad: "scram_iterations = «'0x10'»\n", fixed: "scram_iterations = '4096'\n", version: 16 },
    { good: 'scram_iterations = 4096\n', because: 'The default.' },
    { good: 'scram_iterations = 100000\n', because: 'More is better.' },
    { good: 'scram_iterations = 0\n', because: 'The server refuses it; conf/bad-value tells about that.' },
    { good: 'scram_iterations = 1\nscram_iterations = 10000\n', because: 'The last setting wins.' },
  ],
  *check(facts) {
    const found = numberHere(facts, 'scram_iterations');
    if (found === undefined || found.number < 1 || found.number >= 4096) return;
    yield {
      at: found.setting.value.span,
      message: `Passwords are guessed faster from a stolen secret: ${found.number} rounds instead of 4096`,
      fixes: [{ title: 'Hash new passwords with 4096 rounds', safety: 'review', edits: [replaceValue(found.setting.value, '4096')] }],
    };
  },
});
