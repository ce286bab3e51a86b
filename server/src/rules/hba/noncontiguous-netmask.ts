import { admits, isReachable } from '../../facts/access.ts';
import { networkText } from '../../facts/hba/address.ts';
import { numericRecords } from '../../facts/hba/selections.ts';
import { bitsOf, formatIp } from '../../syntax/address.ts';
import type { HbaNetwork } from '../../syntax/hba.ts';
import { defineRule, type Fix } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'high',
  title: 'The mask does not mean what it looks like',
  why: `The server takes any four bytes as a mask: \`10.9.8.1 24\` has the mask 0.0.0.24 and matches a quarter of all addresses on the
internet, spread over every network. It says nothing about it.`,
  fixing: `Writes the network that was most likely meant. Compare it with the address plan; clients that came in through the
scattered addresses are turned away.`,
  cwe: [1389, 284],
  references: ['https://www.postgresql.org/docs/current/auth-pg-hba-conf.html'],
  examples: [
    { bad: 'host all all 10.9.8.1 «24» scram-sha-256\n', fixed: 'host all all 10.9.8.1/24 scram-sha-256\n' },
    {
      bad: 'host all all 10.9.8.0   «0.0.0.255» scram-sha-256\n', fixed: 'host all all 10.9.8.0   255.255.255.0 scram-sha-256\n',
      because: 'The other way round, as routers write it.',
    },
    { bad: 'host all all 10.9.8.0 «255.0.255.0» md5\n', good: 'host all all 10.9.8.0 255.255.255.0 md5\n' },
    { bad: 'host all all 10.9.8.1 «32» reject\n', fixed: 'host all all 10.9.8.1/32 reject\n', because: 'The clients to keep out are not kept out: medium.' },
    { bad: 'host all all fd00:: «ffff::ffff» md5\n', good: 'host all all fd00::/16 md5\n' },
    { good: 'host all all 10.9.8.0 255.255.255.0 md5\nhost all all 10.9.8.1/24 md5\nhost all all 10.9.8.0 255.255.255.248 md5\n' },
    { good: 'host all all all reject\nhost all all 10.9.8.1 24 md5\n', because: 'The second record is never reached.' },
  ],
  *check(facts) {
    for (const record of numericRecords(facts).filter((one) => one.address.bits === undefined)) {
      if (!isReachable(facts, record)) continue;
      const { address } = record;
      const [, mask] = address.tokens;
      const fix = repair(address);
      yield {
        at: mask!.span,
        message: `This record is for ${networkText(address)}: scattered addresses on every network`,
        ...(!admits(record) && { severity: 'medium' }),
        ...(fix && { fixes: [fix] }),
      };
    }
  },
});

function repair({ tokens: [address, mask], mask: bytes }: HbaNetwork): Fix | undefined {
  const bits = /^\d{1,3}$/.test(mask!.text) ? Number(mask!.text) : undefined;
  if (bits !== undefined && bits <= bytes.length * 8) {
    return { title: `Write /${bits}`, safety: 'review', edits: [{ span: { start: address.span.end, end: mask!.span.end }, text: `/${bits}` }] };
  }
  const inverse = bytes.map((byte) => byte ^ 255);
  if (bitsOf(inverse) === undefined) return undefined;
  return { title: `Write the mask ${formatIp(inverse)}`, safety: 'review', edits: [{ span: mask!.span, text: formatIp(inverse) }] };
}
