import { remoteNetworks } from '../../facts/hba/admission.ts';
import { addressSpan, networkText } from '../../facts/hba/address.ts';
import { isSpecial, isTrusted, sizeOf, sizeText } from '../../facts/hba/networks.ts';
import type { HbaNetwork } from '../../syntax/hba.ts';
import { networkOptions } from '../network-options.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'low',
  title: 'A range of public addresses may log in',
  why: `Public ranges belong to providers, clouds and campuses, and so do their other customers: whoever rents a machine there
comes from an allowed address. Such ranges also change hands without a word.`,
  cwe: [284],
  references: ['https://www.postgresql.org/docs/current/auth-pg-hba-conf.html', 'https://www.iana.org/assignments/iana-ipv4-special-registry'],
  options: networkOptions,
  examples: [
    { bad: 'hostssl all all «8.8.8.0/24» scram-sha-256\n', good: 'hostssl all all 8.8.8.17/32 scram-sha-256\n' },
    { bad: 'host all all «8.8.0.0 255.255.0.0» md5\n', good: 'host all all 8.8.8.16/29 md5\n' },
    { bad: 'hostssl all all «2a00:1450:4001::/48» scram-sha-256\n', good: 'hostssl all all 2a00:1450:4001:8::/64 scram-sha-256\n' },
    {
      good: 'host all all 10.1.0.0/16 md5\nhost all all 100.64.3.0/24 md5\nhost all all fd12:3456::/48 md5\n',
      because: 'Nobody on the internet has such an address.',
    },
    { good: 'host all all 203.0.113.0/24 md5\nhost all all 2001:db8::/48 md5\n', because: 'These are for documentation; nobody has them.' },
    { good: 'hostssl all all 8.0.0.0/8 md5\nhost all all 0.0.0.0/0 md5\n', because: 'These are hba/wide-cidr and hba/any-address.' },
    { good: 'host all all 8.8.8.0/24 reject\n' },
    { good: 'host all all 8.8.8.0/25 md5\n', options: { trustedNetworks: ['8.8.8.0/24'] }, because: 'The range is known to be ours.' },
  ],
  *check(facts, { trustedNetworks }) {
    for (const network of remoteNetworks(facts).filter(isSomebodysRange)) {
      if (isTrusted(network, trustedNetworks)) continue;
      yield { at: addressSpan(network), message: `All ${sizeText(sizeOf(network)!)} addresses of the public range ${networkText(network)} may try to log in` };
    }
  },
});

/** Public, more than a few machines, and not so many that hba/wide-cidr speaks of them. */
function isSomebodysRange(network: HbaNetwork): boolean {
  const { family, bits } = network;
  if (bits === undefined || (family === 4 ? bits < 16 || bits > 28 : bits < 48 || bits > 63)) return false;
  return !isSpecial(network);
}
