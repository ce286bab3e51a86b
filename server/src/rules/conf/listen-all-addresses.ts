import { replaceValue, asPlaceholder } from '../../facts/conf/conf-repairs.ts';
import { isEveryInterface, listenAddresses } from '../../facts/conf/listen.ts';
import { settingHere } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'medium',
  title: 'Server listens on every network interface',
  why: `Whoever reaches any network interface of the machine, a public one included, can talk to the server: guess passwords, use a
careless line of pg_hba.conf, or attack the server before it knows who is asking. A list of the addresses that are really
needed keeps the others shut even when a firewall rule is forgotten.`,
  fixing: `The fix leaves the other addresses of the list, or localhost when there are none. Name the address of the private interface if clients
of other machines need to connect; they cannot after the next restart otherwise.`,
  cwe: [1327],
  references: ['https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-LISTEN-ADDRESSES'],
  examples: [
    { bad: "listen_addresses = «'*'»\nport = 5432\n", fixed: "listen_addresses = 'localhost'\nport = 5432\n" },
    { bad: "listen_addresses=«'10.0.0.5, 0.0.0.0,::'»  # all of them", fixed: "listen_addresses='10.0.0.5'  # all of them" },
    { bad: "LISTEN_ADDRESSES «'::'»", fixed: "LISTEN_ADDRESSES 'localhost'" },
    {
      bad: "listen_addresses = «'*'»\n", fixed: "listen_addresses = 'localhost'\n", path: 'docker/postgresql.conf',
      because: 'A container has to; there it is only worth knowing.',
    },
    { good: "listen_addresses = '*'\nlisten_addresses = '10.0.0.5'\n", because: 'The last setting wins.' },
    { good: "listen_addresses = '{{ listen }}'\n", because: 'What a template becomes is not known.' },
    { good: "#listen_addresses = '*'\nport = 5432\n", because: 'Unset means localhost.' },
    { good: "listen_addresses = '*'\n", files: { 'postgresql.auto.conf': "listen_addresses = 'localhost'\n" }, because: 'ALTER SYSTEM has the last word.' },
  ],
  *check(facts) {
    const setting = settingHere(facts, 'listen_addresses');
    const addresses = listenAddresses(facts.settings) ?? [];
    if (setting === undefined || !addresses.some(isEveryInterface)) return;

    const others = addresses.filter((address) => !isEveryInterface(address));
    const value = others.length > 0 ? others.join(', ') : 'localhost';
    yield {
      at: setting.value.span,
      message: 'Anyone who reaches any network interface of this machine can talk to the server',
      ...(facts.trial && { severity: 'info' as const }),
      fixes: [
        { title: `Listen on ${value} only`, safety: 'review', edits: [replaceValue(setting.value, value)] },
        {
          title: 'Listen on an address of your own as well', safety: 'review',
          edits: [asPlaceholder(replaceValue(setting.value, `${value}, 10.0.0.5`), '10.0.0.5')],
        },
      ],
    };
  },
});
