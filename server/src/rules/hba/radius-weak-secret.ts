import { recordsWith } from '../../facts/access.ts';
import { isPlaceholder, optionOf } from '../../facts/hba/options.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'medium',
  title: 'A short RADIUS secret',
  why: `RADIUS hides passwords with MD5 and this secret alone. Whoever records one exchange tries secrets at leisure; when one fits,
every password can be read and every answer forged.`,
  cwe: [521],
  references: ['https://www.postgresql.org/docs/current/auth-radius.html', 'https://www.rfc-editor.org/rfc/rfc2865#section-3'],
  examples: [
    {
      bad: 'hostssl all all 10.0.0.0/8 radius radiusservers=10.0.0.9 radiussecrets=«testing123»\n',
      good: 'hostssl all all 10.0.0.0/8 radius radiusservers=10.0.0.9 radiussecrets=uKw3xQ7rT0pLz9VbN4mE\n',
    },
    { bad: 'local all all radius radiusservers="10.0.0.8,10.0.0.9" "radiussecrets=«uKw3xQ7rT0pLz9VbN4mE,short»"\n', because: 'One short secret is enough.' },
    {
      good: 'local all all radius radiusservers=10.0.0.9 radiussecrets=sixteen-letters-\n',
      because: 'Sixteen characters are what the documentation asks for.',
    },
    { good: 'local all all peer\nlocal all app radius radiusservers=10.0.0.9 radiussecrets=short\n', because: 'The second record is never reached.' },
    { good: 'local all all radius radiusservers=10.0.0.9 radiussecrets=<secret>\n', because: 'Something is still to be written here.' },
  ],
  *check(facts) {
    for (const record of recordsWith(facts, 'radius')) {
      const option = optionOf(record, 'radiussecrets');
      const secrets = (option?.value ?? '').split(',').map((secret) => secret.trim().replace(/^"(.*)"$/, '$1'));
      if (!option || !secrets.some((secret) => secret.length < 16 && !isPlaceholder(secret))) continue;
      yield { at: option.valueSpan, message: 'A RADIUS secret of fewer than 16 characters can be guessed from recorded traffic' };
    }
  },
});
