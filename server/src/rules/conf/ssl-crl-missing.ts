import { askingForCertificates } from '../../facts/conf/clients.ts';
import { insertSetting, asPlaceholder } from '../../facts/conf/conf-repairs.ts';
import { tlsSettingHere } from '../../facts/conf/tls.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'info',
  presets: ['strict'],
  title: 'Revoked client certificates are accepted',
  why: `pg_hba.conf asks for client certificates, but the server has no list of those that were revoked. A certificate whose key was stolen, or
whose owner left, opens the door until the day it expires, whatever the CA says.`,
  fixing: `The fix names a revocation list. Put the CA's list there first and see to it that it is renewed: the server does not start without the
file, and a list that is out of date shuts every client out.`,
  cwe: [299],
  references: ['https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-SSL-CRL-FILE'],
  examples: [
    {
      bad: "ssl = on\nssl_ca_file = «'root.crt'»\n", fixed: "ssl = on\nssl_ca_file = 'root.crt'\nssl_crl_file = 'root.crl'\n",
      files: { 'pg_hba.conf': 'hostssl all all all cert\n' },
    },
    {
      bad: "ssl_ca_file = «'root.crt'»\n#ssl_crl_file = ''\nport = 5432\n",
      fixed: "ssl_ca_file = 'root.crt'\n#ssl_crl_file = ''\nssl_crl_file = 'root.crl'\nport = 5432\n", version: 13,
      files: { 'pg_hba.conf': 'hostssl all all all md5 clientcert=1\n' },
    },
    { good: "ssl_ca_file = 'root.crt'\nssl_crl_file = 'root.crl'\n", files: { 'pg_hba.conf': 'hostssl all all all cert\n' }, because: 'There is a list.' },
    { good: "ssl_ca_file = 'root.crt'\nssl_crl_dir = 'crl'\n", files: { 'pg_hba.conf': 'hostssl all all all cert\n' }, because: 'There are lists.' },
    { good: "ssl_ca_file = 'root.crt'\n", files: { 'pg_hba.conf': 'hostssl all all all scram-sha-256\n' }, because: 'Nobody has to show a certificate.' },
    { good: "ssl_ca_file = 'root.crt'\n", because: 'Whether anybody has to show a certificate is not known.' },
    { good: "ssl = on\nssl_ca_file = ''\n", files: { 'pg_hba.conf': 'hostssl all all all cert\n' }, because: 'No certificate is accepted at all.' },
    {
      good: "ssl_ca_file = 'root.crt'\ninclude 'crl.conf'\n", files: { 'pg_hba.conf': 'hostssl all all all cert\n' },
      because: 'A file that cannot be read may name one.',
    },
  ],
  *check(facts) {
    const { settings } = facts;
    const ca = tlsSettingHere(facts, 'ssl_ca_file');
    if (ca === undefined || ca.value.text === '' || !settings.complete) return;
    if (settings.value('ssl_crl_file') || settings.value('ssl_crl_dir') || !askingForCertificates(facts)) return;

    const fix = settings.get('ssl_crl_file') === undefined && {
      title: 'Name a revocation list', safety: 'review' as const, edits: [asPlaceholder(insertSetting(facts, 'ssl_crl_file', 'root.crl'), 'root.crl')],
    };
    yield {
      at: ca.value.span,
      message: 'A client certificate that was revoked, because it was stolen for instance, still lets its owner in',
      fixes: fix ? [fix] : [],
    };
  },
});
