import { replaceValue } from '../../facts/conf/conf-repairs.ts';
import { flagHere } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'low',
  since: 16,
  title: "Server takes over its clients' Kerberos credentials",
  why: `A client that delegates gives the server a ticket with which it acts in the client's name towards other services. Who takes over the
server, or runs commands as postgres, takes the tickets of everybody who is connected and goes on to mail, files and other databases.`,
  fixing: `The fix refuses delegated credentials, the default. Foreign servers of postgres_fdw and dblink that log in with them cannot do so
afterwards; look for gssdelegation in their options.`,
  cwe: [269],
  references: ['https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-GSS-ACCEPT-DELEGATION'],
  examples: [
    { bad: 'gss_accept_delegation = «on»  # for postgres_fdw\n', fixed: 'gss_accept_delegation = off  # for postgres_fdw\n' },
    { good: 'gss_accept_delegation = off\n', because: 'The default.' },
    { good: 'gss_accept_delegation = on\n', version: 15, because: '15 does not know it.' },
    { good: 'gss_accept_delegation = on\ngss_accept_delegation = no\n', because: 'The last setting wins.' },
  ],
  *check(facts) {
    const setting = flagHere(facts, 'gss_accept_delegation', true);
    if (setting === undefined) return;
    yield {
      at: setting.value.span,
      message: 'Whoever takes over this server can act in the name of its clients elsewhere',
      fixes: [{ title: 'Refuse delegated credentials', safety: 'review', edits: [replaceValue(setting.value, 'off')] }],
    };
  },
});
