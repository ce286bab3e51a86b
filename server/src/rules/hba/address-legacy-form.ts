import { isReachable } from '../../facts/access.ts';
import { isLegacyForm } from '../../facts/hba/address.ts';
import { formatIp, parseIp } from '../../syntax/address.ts';
import type { HbaNetwork } from '../../syntax/hba.ts';
import type { Span } from '../../text.ts';
import { textSpan } from '../../facts/hba/words.ts';
import { numericRecords } from '../../facts/hba/selections.ts';
import { defineRule, type Fix } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'medium',
  title: 'The server reads this address in another way than people do',
  why: `The server reads addresses as old C programs do: \`010.0.0.1\` is octal and means 8.0.0.1, and \`10.1\` means 10.0.0.1. The
record is for other clients than it says, and nothing tells so.`,
  fixing: `Writes the address that the server uses now, so nothing changes but what people read. The alternative is the one that was
most likely meant; it lets in other clients.`,
  cwe: [1389],
  references: ['https://www.postgresql.org/docs/current/auth-pg-hba-conf.html', 'https://man7.org/linux/man-pages/man3/inet_aton.3.html'],
  examples: [
    { bad: 'host all all «010.0.0.1»/32 md5\n', fixed: 'host all all 8.0.0.1/32 md5\n' },
    { bad: 'host all all «10.1»/16 md5\n', fixed: 'host all all 10.0.0.1/16 md5\n' },
    { bad: 'host all all «0xa.0.0.1» 255.255.255.255 reject\n', fixed: 'host all all 10.0.0.1 255.255.255.255 reject\n' },
    {
      bad: 'host all all «"192.168.001.010"» 255.255.255.255 trust\n', fixed: 'host all all "192.168.1.8" 255.255.255.255 trust\n',
      because: 'Somebody else comes in without a password: high.',
    },
    { good: 'host all all 10.0.0.1/32 md5\nhost all all 0/0 md5\nhost all all 0.0.0.0/0 md5\n' },
    { good: 'host all all fd00:0010::1/128 md5\n', because: 'IPv6 is read as it is written.' },
    { good: 'host all all all reject\nhost all all 10.1/16 md5\n', because: 'The second record is never reached.' },
  ],
  *check(facts) {
    for (const record of numericRecords(facts).filter((one) => isLegacyForm(one.address))) {
      if (!isReachable(facts, record)) continue;
      const { address } = record;
      const host = address.tokens[0].text.split('/', 1)[0]!;
      const inside = textSpan(facts.document.text, address.tokens[0]);
      yield {
        at: address.tokens[1] || !inside ? address.tokens[0].span : { start: inside.start, end: inside.start + host.length },
        message: `The server reads ${host} as ${formatIp(address.network)}, so the record is for other clients than it says`,
        ...(record.method.text === 'trust' && { severity: 'high' }),
        ...(inside && { fixes: fixesOf(address, host, { start: inside.start, end: inside.start + host.length }) }),
      };
    }
  },
});

function fixesOf({ network }: HbaNetwork, host: string, span: Span): Fix[] {
  const read = formatIp(network);
  const meant = decimal(host);
  const write = (text: string, note: string): Fix => ({ title: `Write ${text}${note}`, safety: 'review', edits: [{ span, text }] });
  return [write(read, ', as the server reads it'), ...(meant === undefined || meant === read ? [] : [write(meant, ' instead')])];
}

/** As people read it: without leading zeros, and what is missing is zero. */
function decimal(host: string): string | undefined {
  const parts = host.split('.').map((part) => part.replace(/^0+(?=\d)/, ''));
  const address = [...parts, '0', '0', '0'].slice(0, 4).join('.');
  return parts.every((part) => /^\d+$/.test(part)) && parseIp(address) ? address : undefined;
}
