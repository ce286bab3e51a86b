import { isDump } from '../../facts/sql/dumps.ts';
import { foreignStatements, type FdwOption, type ForeignStatement } from '../../facts/sql/fdw-options.ts';
import { isLocalAddress } from '../../facts/conf/listen.ts';
import { isTrialPath } from '../../facts/place.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'Foreign server does not insist on TLS',
  why: `What passes between the two servers is queries, rows and, with some methods, the password. With disable, allow or prefer the connection is \
unencrypted when somebody on the way says so, and with require any certificate will do: whoever is in between reads and changes all.`,
  fixing: `The fix asks for verify-full: connections come about only to a server with a certificate for the name in host. Put the certificate of its \
authority into ~/.postgresql/root.crt of the server's account, or name it with the option sslrootcert.`,
  cwe: [319, 295],
  references: ['https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-PROTECTION', 'https://www.postgresql.org/docs/current/postgres-fdw.html#POSTGRES-FDW-OPTIONS-CONNECTION'],
  examples: [
    {
      bad: "CREATE SERVER sales FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'db2.example', sslmode «'prefer'»);\n",
      fixed: "CREATE SERVER sales FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'db2.example', sslmode 'verify-full');\n",
    },
    {
      bad: "CREATE SERVER sales FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host «'db2.example'», dbname 'sales');\n",
      fixed: "CREATE SERVER sales FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'db2.example', dbname 'sales', sslmode 'verify-full');\n",
      because: 'The default is prefer: information, because most leave it so.',
    },
    { bad: "ALTER SERVER sales OPTIONS (SET sslmode «'disable'»);\n", fixed: "ALTER SERVER sales OPTIONS (SET sslmode 'verify-full');\n" },
    {
      bad: "CREATE SERVER s FOREIGN DATA WRAPPER dblink_fdw OPTIONS (host '10.0.0.5', sslmode «'require'»);\n",
      fixed: "CREATE SERVER s FOREIGN DATA WRAPPER dblink_fdw OPTIONS (host '10.0.0.5', sslmode 'verify-full');\n",
      because: 'It is encrypted, but by whom is not checked: information.',
    },
    { good: "CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'localhost', port '5433');\nCREATE SERVER t FOREIGN DATA WRAPPER postgres_fdw OPTIONS (dbname 'b');\n", because: 'These do not leave the machine.' },
    { good: "CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'db2', sslmode 'require', sslrootcert '/etc/ca.crt');\n", because: 'With a root certificate require checks the chain as verify-ca does.' },
    { good: "--\n-- PostgreSQL database dump\n--\nCREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw OPTIONS (\n    host 'db2'\n);\n", because: 'A dump repeats what is decided elsewhere.' },
    { good: "CREATE SERVER s FOREIGN DATA WRAPPER mysql_fdw OPTIONS (host 'db2');\n", because: 'Other wrappers have other options.' },
    { good: "CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'db2');\nALTER SERVER s OPTIONS (ADD sslmode 'verify-full');\n", because: 'A later statement asks for it.' },
    { good: "CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host :'host');\nCREATE SERVER t FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '{{ host }}');\n", because: 'Which host it is, is not known.' },
    { good: "CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'db2', service 'sales');\n", because: 'The service file may say so.' },
    { good: "CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'db2', sslmode 'disable');\n", path: 'test/sql/fdw.sql' },
  ],
  *check(facts) {
    if (isTrialPath(facts.document) || isDump(facts.document)) return;
    const statements = foreignStatements(facts).filter(({ kind }) => kind === 'server');
    for (const [index, statement] of statements.entries()) {
      const problem = problemOf(statement);
      const later = statements.slice(index + 1).some(({ server, options }) => server.name === statement.server.name && options.some(({ keyword }) => keyword === 'sslmode'));
      if (!problem || later) continue;
      const { command, next } = statement;
      const [at, edit] = problem.mode
        ? [command.inFile(problem.mode.value!), { span: command.inFile(problem.mode.value!), text: command.quote("'verify-full'") }]
        : [command.inFile(problem.host!.value!), { span: command.inFile({ start: next!, end: next! }), text: command.quote(", sslmode 'verify-full'") }];
      const info = problem.mode === undefined || problem.mode.value!.value === 'require';
      yield {
        at, ...(info && { severity: 'info' as const }),
        message: problem.mode?.value!.value === 'require'
          ? 'Whoever answers in the place of the other server is believed: its certificate is not checked'
          : 'Whoever is between the two servers can read and change what passes between them',
        fixes: edit.text === undefined ? [] : [{ title: 'Require TLS and check the certificate (verify-full)', safety: 'review', edits: [{ ...edit, text: edit.text }], statements: [`ALTER SERVER ${statement.server.text} OPTIONS (${problem.mode ? 'SET' : 'ADD'} sslmode 'verify-full');`] }],
      };
    }
  },
});

/** The sslmode that is too weak, or the host of a server that has none. */
function problemOf({ alters, wrapper, options }: ForeignStatement): { mode?: FdwOption; host?: FdwOption } | undefined {
  const option = (keyword: string) => options.find((one) => one.keyword === keyword && !one.drops);
  const mode = option('sslmode');
  const host = option('host') ?? option('hostaddr');
  if (!alters && !/^(postgres_fdw|dblink_fdw)$/.test(wrapper ?? '')) return undefined;
  if (option('service') || (option('gssencmode')?.value?.value === 'require')) return undefined;
  if (host ? !host.value || !host.value.value.split(',').some((one) => one !== '' && !/^[/@]|[{}$<]/.test(one) && !isLocalAddress(one)) : !alters) return undefined;
  if (mode) {
    const weak = mode.value && /^(disable|allow|prefer|require)$/.test(mode.value.value);
    return weak && !(mode.value!.value === 'require' && option('sslrootcert')) ? { mode } : undefined;
  }
  return alters || option('sslrootcert')?.value?.value === 'system' || !host ? undefined : { host };
}
