import { certificateOf, isReachable } from '../../facts/access.ts';
import { isNobody } from '../../facts/hba/address.ts';
import { asPlaceholder, writeSetting } from '../../facts/conf/conf-repairs.ts';
import { settingHere, unset } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'high',
  title: 'Client certificates are asked for, but cannot be checked',
  why: `Records of pg_hba.conf ask clients for a certificate, and without ssl_ca_file the server has nothing to check it against. It starts,
and then ends every connection that matches such a record. Under pressure somebody takes the check out instead of mending it.`,
  fixing: `The fix sets ssl_ca_file. Write the name of the file with the certificates of the authorities that sign your clients, not those of a
public authority: every certificate that they sign is accepted. The server does not start when the file is missing.`,
  cwe: [295],
  references: ['https://www.postgresql.org/docs/current/ssl-tcp.html#SSL-CLIENT-CERTIFICATES', 'https://www.postgresql.org/docs/current/auth-cert.html'],
  examples: [
    { bad: "«ssl» = on\nport = 5432\n", fixed: "ssl = on\nssl_ca_file = 'root.crt'\nport = 5432\n", files: { 'pg_hba.conf': 'hostssl all all all cert\n' } },
    {
      bad: "port = 5432\nssl = on\nssl_ca_file = «''»  # later\n", fixed: "port = 5432\nssl = on\nssl_ca_file = 'root.crt'  # later\n",
      files: { 'pg_hba.conf': 'hostssl all all 10.0.0.0/8 scram-sha-256 clientcert=verify-full\n' },
    },
    { good: "port = 5432\nssl = on\nssl_ca_file = 'ca.pem'\n", files: { 'pg_hba.conf': 'hostssl all all all cert\n' } },
    { good: 'port = 5432\nssl = on\n', files: { 'pg_hba.conf': 'hostssl all all all scram-sha-256\n' }, because: 'No certificate is asked for.' },
    {
      good: 'port = 5432\nssl = off\n',
      files: { 'pg_hba.conf': 'hostssl all all all cert\n' },
      because: 'Without TLS nobody gets as far; another rule tells.',
    },
    {
      good: 'port = 5432\nssl = on\n',
      files: { 'pg_hba.conf': 'host all all all reject\nhostssl all all all cert\n' },
      because: 'No client gets as far as the second record.',
    },
    {
      good: "port = 5432\nssl = on\nssl_ca_file = '{{ ca }}'\n",
      files: { 'pg_hba.conf': 'hostssl all all all cert\n' },
      because: 'What a template becomes is not known.',
    },
    {
      good: "port = 5432\nssl = on\ninclude 'ca.conf'\n",
      files: { 'pg_hba.conf': 'hostssl all all all cert\n' },
      because: 'A file that cannot be read may set it.',
    },
  ],
  *check(facts) {
    const { settings, root, cluster: { hba } } = facts;
    if (!root || !settings.complete || hba === undefined || settings.flag('ssl') !== true || settings.value('ssl_ca_file') !== '') return;
    const record = hba.records.find((one) => one.type.text === 'hostssl' && certificateOf(one) !== undefined && !isNobody(one.address!) && isReachable(hba, one));
    const at = settingHere(facts, 'ssl_ca_file')?.value.span ?? settingHere(facts, 'ssl')?.name.span ?? unset(facts, 'ssl_ca_file');
    if (record === undefined || at === undefined) return;
    yield {
      at,
      message: `Every connection that matches line ${hba.placeOf(record).line} of pg_hba.conf fails: its certificate cannot be checked`,
      related: [{ path: hba.document.path, at: record.span, message: 'Asks for a client certificate' }],
      fixes: [{
        title: 'Name the file with the certificate authorities', safety: 'review',
        edits: [asPlaceholder(writeSetting(facts, 'ssl_ca_file', 'root.crt', 'ssl'), 'root.crt')],
      }],
    };
  },
});
