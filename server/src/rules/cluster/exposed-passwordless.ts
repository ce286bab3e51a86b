import { isReachable, listensFor, passwordless, rolesText } from '../../facts/access.ts';
import { remoteTrustFixes } from '../../facts/hba/access-fixes.ts';
import { addressSpan, clientsText, isRemote } from '../../facts/hba/address.ts';
import { isTrusted } from '../../facts/hba/networks.ts';
import { networkOptions } from '../network-options.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'critical',
  title: 'The server listens on the network and lets clients in without a password',
  why: `Two files make the hole: postgresql.conf opens the port to other machines, and this record asks them for nothing. Whoever
reaches the port is superuser at once, reads everything, and runs commands on the server with COPY … TO PROGRAM.`,
  fixing: `Makes the record ask for a password. Every role that comes in here needs a password stored as SCRAM secret; clients that
sent none must be given one first. Taking listen_addresses back to localhost closes the hole as well.`,
  cwe: [306, 284],
  references: [
    'https://www.postgresql.org/docs/current/auth-trust.html',
    'https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-LISTEN-ADDRESSES',
  ],
  options: networkOptions,
  examples: [
    {
      bad: 'host all all «0.0.0.0/0» trust\n', fixed: 'host all all 0.0.0.0/0 scram-sha-256\n', files: { 'postgresql.conf': "listen_addresses = '*'\n" },
      because: 'The method is reported by hba/trust-any, whatever the server listens on; here the address is, because it meets an open port.',
    },
    { bad: 'host replication all «10.0.0.0 255.0.0.0» trust\n', fixed: 'host replication all 10.0.0.0 255.0.0.0 scram-sha-256\n', files: { 'postgresql.conf': "listen_addresses = 'localhost, 10.0.0.5'\n" } },
    {
      bad: 'host all all «10.0.5.0/24» trust\n', fixed: 'host all all 10.0.5.0/24 scram-sha-256\n', files: { 'postgresql.conf': "listen_addresses = '*'\n" },
      options: { trustedNetworks: ['10.0.0.0/16'] }, because: 'The machines that get in are known: high.',
    },
    { good: 'host all all 0.0.0.0/0 trust\n', files: { 'postgresql.conf': "listen_addresses = 'localhost'\n" }, because: 'Nobody outside reaches the port.' },
    { good: 'host all all 0.0.0.0/0 trust\n', files: { 'postgresql.conf': 'port = 5433\n' }, because: 'The server listens on localhost by default.' },
    { good: 'host all all 0.0.0.0/0 trust\n', because: 'Without postgresql.conf nothing is known about the port.' },
    { good: 'host all all all reject\nhost all all 0.0.0.0/0 trust\n', files: { 'postgresql.conf': "listen_addresses = '*'\n" }, because: 'The reject comes first.' },
    { good: 'host all all 127.0.0.1/32 trust\nlocal all all trust\n', files: { 'postgresql.conf': "listen_addresses = '*'\n" } },
  ],
  *check(facts, { trustedNetworks }) {
    for (const kind of ['any', 'network', 'replication'] as const) {
      for (const record of passwordless(facts, kind)) {
        const listening = listensFor(facts, record);
        if (!listening || !isRemote(record) || !isReachable(facts, record)) continue;
        yield {
          at: addressSpan(record.address),
          message: `${clientsText(record)} reaches this server and can log in as ${rolesText(facts, record)} without a password`,
          ...(facts.trial ? { severity: 'medium' } : isTrusted(record.address, trustedNetworks) && { severity: 'high' }),
          related: [{ path: listening.path, at: listening.setting.value.span, message: 'The server listens here for clients on other machines' }],
          fixes: remoteTrustFixes(facts, record),
        };
      }
    }
  },
});
