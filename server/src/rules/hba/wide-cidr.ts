import { askForAddress } from '../../facts/hba/access-fixes.ts';
import { remoteNetworks } from '../../facts/hba/admission.ts';
import { addressSpan, isAnyAddress, networkText } from '../../facts/hba/address.ts';
import { isSpecial, isTrusted, sizeOf, sizeText } from '../../facts/hba/networks.ts';
import { formatIp } from '../../syntax/address.ts';
import type { HbaNetwork } from '../../syntax/hba.ts';
import { networkOptions } from '../network-options.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'low',
  title: 'A very large network may log in',
  why: `Every machine in the range may try passwords: the more there are, the more likely one of them is taken over or belongs to
somebody else. Networks of this size are rarely what one application needs.`,
  fixing: `Writes a smaller network for you to put right. List the addresses that clients really come from (client_addr in
pg_stat_activity) before the change; what you leave out is turned away.`,
  cwe: [284],
  references: ['https://www.postgresql.org/docs/current/auth-pg-hba-conf.html'],
  options: networkOptions,
  examples: [
    { bad: 'hostssl all all «8.0.0.0/8» scram-sha-256\n', fixed: 'hostssl all all 8.0.0.0/24 scram-sha-256\n' },
    {
      bad: 'host all all «10.0.0.0 255.0.0.0» md5\n', fixed: 'host all all 10.0.0.0/24 md5\n',
      because: 'Nobody on the internet has such an address: information.',
    },
    { bad: 'hostssl all all «2a00:1450::/32» scram-sha-256\n', fixed: 'hostssl all all 2a00:1450::/64 scram-sha-256\n' },
    { good: 'host all all 10.1.0.0/16 md5\nhost all all 2a00:1450:4001::/48 md5\n', because: '65,536 addresses and a /48 are what one site gets.' },
    { bad: 'host all all «10.0.0.0/8» md5\n', options: { trustedNetworks: ['10.0.0.0/9'] }, because: 'Only half of it is trusted.' },
    { good: 'host all all 10.0.0.0/8 md5\nhost all all 10.128.0.0/9 md5\n', options: { trustedNetworks: ['10.0.0.0/8'] } },
    { good: 'host all all 0.0.0.0/0 md5\n', because: 'That is hba/any-address.' },
    { good: 'host all all 10.0.0.0/8 reject\nhost all all 10.0.0.0/8 md5\n', because: 'The second record is never reached.' },
    {
      good: 'host all all 127.0.0.0/8 md5\nhost all all 10.0.0.1 24 md5\n',
      because: 'The first is this machine, the second no network but a slip: hba/noncontiguous-netmask.',
    },
  ],
  *check(facts, { trustedNetworks }) {
    for (const address of remoteNetworks(facts).filter(isWide)) {
      if (isAnyAddress(address) || isTrusted(address, trustedNetworks)) continue;
      const narrower = `${formatIp(address.network.map((byte, i) => byte & address.mask[i]!))}/${address.family === 4 ? 24 : 64}`;
      yield {
        at: addressSpan(address),
        message: `${sizeText(sizeOf(address)!)} addresses in ${networkText(address)} may try to log in`,
        ...((facts.trial || isSpecial(address)) && { severity: 'info' }),
        fixes: [askForAddress('Name the networks that clients come from', address, narrower)],
      };
    }
  },
});

/** More than 65,536 addresses, or than a /48 has. */
function isWide({ family, bits }: HbaNetwork): boolean {
  return bits !== undefined && bits < (family === 4 ? 16 : 48);
}
