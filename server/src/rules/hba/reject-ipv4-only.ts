import { admits, isReachable, type HbaFacts } from '../../facts/access.ts';
import { addressSpan, isAnyAddress } from '../../facts/hba/address.ts';
import { deciding, linesText } from '../../facts/hba/order-kinds.ts';
import { recordsOf } from '../../facts/hba/selections.ts';
import { parseIp } from '../../syntax/address.ts';
import type { HbaNetwork, HbaRecord } from '../../syntax/hba.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'medium',
  title: 'The reject holds for IPv4 only',
  why: `0.0.0.0/0 is every IPv4 address and no IPv6 address. A client that comes over IPv6 walks past the reject, and a later record
lets it in: most machines have an IPv6 address today, and often one that nobody thinks of.`,
  fixing: 'Rejects clients over either version. If a later record is to let IPv6 clients in, move that one above the reject.',
  cwe: [284],
  references: ['https://www.postgresql.org/docs/current/auth-pg-hba-conf.html'],
  examples: [
    {
      bad: 'host all mallory «0.0.0.0/0» reject\nhost all all all scram-sha-256\n',
      fixed: 'host all mallory all reject\nhost all all all scram-sha-256\n',
    },
    {
      bad: 'hostnossl all all «0.0.0.0  0.0.0.0» reject\nhost all all 0.0.0.0/0 md5\nhost all all ::/0 md5\n',
      fixed: 'hostnossl all all all reject\nhost all all 0.0.0.0/0 md5\nhost all all ::/0 md5\n',
    },
    { good: 'host all mallory 0.0.0.0/0 reject\nhost all mallory ::/0 reject\nhost all all all scram-sha-256\n' },
    { good: 'host all mallory 0.0.0.0/0 reject\nhost all all 0.0.0.0/0 scram-sha-256\n', because: 'Nobody gets in over IPv6.' },
    { good: 'hostnossl all all 0.0.0.0/0 reject\nhostssl all all all scram-sha-256\n', because: 'Over IPv6 nobody gets in without TLS either.' },
    { good: 'host all mallory 0.0.0.0/0 reject\nhost all bob all scram-sha-256\n' },
    { good: 'host all mallory 0.0.0.0/0 reject\nhost all all ::1/128 scram-sha-256\n', because: 'Only the server machine itself is left.' },
    {
      good: 'host all mallory 0.0.0.0/0 reject\nhost all all all scram-sha-256\n', files: { 'postgresql.conf': "listen_addresses = '10.0.0.5, 127.0.0.1'\n" },
      because: 'The server does not listen on IPv6.',
    },
  ],
  *check(facts) {
    if (!mayListenOnIpv6(facts)) return;
    for (const record of recordsOf(facts, 'reject')) {
      const { address } = record;
      if (address?.kind !== 'ip' || address.family !== 4 || !isAnyAddress(address) || !isReachable(facts, record)) continue;
      const region = { type: record.type.text, address: { ...everyIpv6, tokens: address.tokens }, databases: facts.databasesOf(record), users: facts.usersOf(record) };
      const later = facts.order.after(record, region, isForAnyIpv6);
      if (later.length === 0) continue;
      const span = addressSpan(address);
      yield {
        at: span,
        message: `Only IPv4 clients are rejected: ${linesText(facts, later)} ${later.length > 1 ? 'let' : 'lets'} the same clients in over IPv6`,
        related: deciding(facts, later).map((place) => ({ ...place, message: 'Lets them in over IPv6' })),
        fixes: [{ title: 'Reject them over IPv6 too', safety: 'review', edits: [{ span, text: 'all' }] }],
      };
    }
  },
});

const everyIpv6: Omit<HbaNetwork, 'tokens'> = { kind: 'ip', family: 6, network: new Uint8Array(16), mask: new Uint8Array(16), bits: 0 };

function isForAnyIpv6(record: HbaRecord): boolean {
  const { address } = record;
  return admits(record) && address !== undefined && isAnyAddress(address) && (address.kind !== 'ip' || address.family === 6);
}

/** False when postgresql.conf is known and names nothing but IPv4 addresses. */
function mayListenOnIpv6({ cluster }: HbaFacts): boolean {
  const inForce = cluster.conf?.settings.get('listen_addresses');
  if (!inForce || inForce.setting.template) return true;
  return inForce.setting.value.text.split(',').some((listen) => parseIp(listen.trim())?.length !== 4);
}
