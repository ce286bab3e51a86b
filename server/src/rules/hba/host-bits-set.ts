import { isReachable } from '../../facts/access.ts';
import { isAnyAddress, isLegacyForm, isLoopback, networkText } from '../../facts/hba/address.ts';
import { numericRecords } from '../../facts/hba/selections.ts';
import { formatIp } from '../../syntax/address.ts';
import type { HbaNetwork } from '../../syntax/hba.ts';
import { defineRule, type Fix } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'low',
  title: 'An address of one machine with the mask of a network',
  why: `The server compares only the bits that the mask names: \`10.0.0.5/8\` is the whole of 10.0.0.0/8. Who wrote down one machine
opened the door to sixteen million.`,
  fixing: `Writes the network as the server reads it, so nothing changes but what people read. Take the alternative when the one
machine was meant; the others are then turned away.`,
  cwe: [1025],
  references: ['https://www.postgresql.org/docs/current/auth-pg-hba-conf.html'],
  examples: [
    { bad: 'host all all «10.0.0.5/8» md5\n', fixed: 'host all all 10.0.0.0/8 md5\n' },
    { bad: 'host all all «172.16.61.1» 255.255.255.0 md5\n', fixed: 'host all all 172.16.61.0 255.255.255.0 md5\n' },
    { bad: 'host all all «fd00::5/64» reject\n', fixed: 'host all all fd00::/64 reject\n' },
    { good: 'host all all 10.0.0.0/8 md5\nhost all all 10.0.0.5/32 md5\nhost all all fd00::5/128 md5\n' },
    { good: 'host all all 127.0.0.1/8 md5\n', because: 'All of it is this machine.' },
    {
      good: 'host all all 10.0.0.5/0 md5\nhost all all 10.1/16 md5\nhost all all 10.9.8.1 24 md5\n',
      because: 'These are hba/any-address, hba/address-legacy-form and hba/noncontiguous-netmask.',
    },
    { good: 'host all all all reject\nhost all all 10.0.0.5/8 md5\n', because: 'The second record is never reached.' },
  ],
  *check(facts) {
    for (const record of numericRecords(facts).filter((one) => one.address.bits !== undefined && hasHostBits(one.address))) {
      const { address } = record;
      if (isAnyAddress(address) || isLoopback(address) || isLegacyForm(address) || !isReachable(facts, record)) continue;
      yield {
        at: address.tokens[0].span,
        message: `This is not one machine: the record is for all of ${networkText(address)}`,
        fixes: fixesOf(address),
      };
    }
  },
});

function hasHostBits({ network, mask }: HbaNetwork): boolean {
  for (let i = 0; i < network.length; i++) if ((network[i]! & ~mask[i]!) !== 0) return true;
  return false;
}

function fixesOf(address: HbaNetwork): Fix[] {
  const { tokens: [written, mask], network, mask: bytes } = address;
  const single = `${formatIp(network)}/${network.length * 8}`;
  const first = formatIp(network.map((byte, i) => byte & bytes[i]!));
  return [
    { title: `Write ${networkText(address)}`, safety: 'review', edits: [{ span: written.span, text: mask ? first : networkText(address) }] },
    { title: `Let in only ${single}`, safety: 'review', edits: [{ span: { start: written.span.start, end: (mask ?? written).span.end }, text: single }] },
  ];
}
