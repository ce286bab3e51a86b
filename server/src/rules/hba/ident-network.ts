import { recordsWith } from '../../facts/access.ts';
import { requireMethod } from '../../facts/hba/access-fixes.ts';
import { clientsText, isLoopback } from '../../facts/hba/address.ts';
import { isTrusted } from '../../facts/hba/networks.ts';
import type { HbaRecord } from '../../syntax/hba.ts';
import { networkOptions } from '../network-options.ts';
import { defineRule, type Finding } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'high',
  title: 'The client machine says itself who its user is',
  why: `With the method ident the server asks a program on the client's machine for the name of the user. Whoever owns that
machine, or answers in its place, names any role, postgres included.`,
  fixing: `Makes the record ask for a password, and drops the map that only ident knows. The roles need SCRAM secrets first. On a
local record ident already means peer, so writing that changes nothing.`,
  cwe: [290, 287],
  references: ['https://www.postgresql.org/docs/current/auth-ident.html', 'https://www.postgresql.org/docs/current/auth-peer.html'],
  options: networkOptions,
  examples: [
    { bad: 'host all all 10.0.0.0/8 «ident»\n', fixed: 'host all all 10.0.0.0/8 scram-sha-256\n' },
    { bad: 'host all all db.example.com «ident» map=admins # old\n', fixed: 'host all all db.example.com scram-sha-256 # old\n' },
    { bad: 'host all all ::1/128 «ident»\n', fixed: 'host all all ::1/128 scram-sha-256\n', because: 'The answer comes from the same machine: low.' },
    {
      bad: 'host all all 10.0.5.0/24 «ident»\n', fixed: 'host all all 10.0.5.0/24 scram-sha-256\n', options: { trustedNetworks: ['10.0.0.0/16'] },
      because: 'What ident is for: machines that the same people look after. Medium.',
    },
    {
      bad: 'local all all «ident» map=admins\n', fixed: 'local all all peer map=admins\n',
      because: 'The server reads it as peer and asks the kernel: information.',
    },
    { good: 'host ident ident 10.0.0.0/8 scram-sha-256\nlocal all all peer\n' },
    { good: 'host all all 10.0.0.0/8 reject\nhost all all 10.1.0.0/16 ident\n', because: 'Nobody gets as far as the second record.' },
  ],
  *check(facts, { trustedNetworks }) {
    for (const record of recordsWith(facts, 'ident')) yield record.address ? overNetwork(record, isTrusted(record.address, trustedNetworks)) : overSocket(record);
  },
});

function overNetwork(record: HbaRecord, known: boolean): Finding {
  return {
    at: record.method.span,
    message: `${clientsText(record)} is believed whatever user name its own machine reports`,
    ...(isLoopback(record.address!) ? { severity: 'low' } : known && { severity: 'medium' }),
    fixes: [requireMethod(record, 'scram-sha-256')],
  };
}

function overSocket(record: HbaRecord): Finding {
  return {
    at: record.method.span,
    message: 'On a local record the server reads ident as peer; whoever reads it takes it for the network method',
    severity: 'info',
    fixes: [{ title: 'Write peer', safety: 'safe', edits: [{ span: record.method.span, text: 'peer' }] }],
  };
}
