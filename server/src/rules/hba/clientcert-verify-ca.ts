import { certificateOf } from '../../facts/access.ts';
import { replace } from '../../facts/hba/access-fixes.ts';
import { askingRecords } from '../../facts/hba/admission.ts';
import { optionOf } from '../../facts/hba/options.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'low',
  title: 'Any certificate of the CA will do for every role',
  why: `With verify-ca the server checks who signed the certificate, not whose it is. Whoever has the certificate of one service, or any
other one of that CA, still needs only a password to be every other role.`,
  fixing: `Asks for a certificate whose common name is the role, or is mapped to it. Clients that share a certificate need one each, or a
map (clientname and map=), before the change.`,
  cwe: [297],
  references: ['https://www.postgresql.org/docs/current/ssl-tcp.html#SSL-CLIENT-CERTIFICATES'],
  examples: [
    { bad: 'hostssl all all 10.0.0.0/8 scram-sha-256 clientcert=«verify-ca»\n', fixed: 'hostssl all all 10.0.0.0/8 scram-sha-256 clientcert=verify-full\n' },
    {
      bad: 'hostssl all all 10.0.0.0/8 md5 clientcert=«1»\n', fixed: 'hostssl all all 10.0.0.0/8 md5 clientcert=verify-full\n', version: 13,
      because: 'Until version 13, 1 means verify-ca.',
    },
    { good: 'hostssl all all 10.0.0.0/8 scram-sha-256 clientcert=verify-full\nhostssl all all samenet cert\n' },
    { good: 'hostssl all all 10.0.0.0/8 trust clientcert=verify-ca\n', because: 'That no password is asked for is worse; that is hba/trust-network.' },
    { good: 'hostssl all all all reject\nhostssl all all 10.0.0.0/8 md5 clientcert=verify-ca\n', because: 'The second record is never reached.' },
  ],
  *check(facts) {
    for (const record of askingRecords(facts)) {
      const option = optionOf(record, 'clientcert');
      if (!option || certificateOf(record) !== 'any') continue;
      yield {
        at: option.valueSpan,
        message: 'A certificate of any other user or service of the same CA passes here as well',
        fixes: [replace('Require the certificate of the role (verify-full)', option.token.span, 'clientcert=verify-full')],
      };
    }
  },
});
