import { asPlaceholder, writeSetting } from '../../facts/conf/conf-repairs.ts';
import { settingHere, unset } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

const library = 'my_validator';

export default defineRule({
  language: 'conf',
  severity: 'high',
  since: 18,
  title: 'oauth is asked for, but nothing checks the tokens',
  why: `PostgreSQL leaves the check of tokens to a library and brings none. Without oauth_validator_libraries it refuses the whole
pg_hba.conf: it does not start, and a running server keeps its old records, whatever was tightened since.`,
  fixing: `The fix sets oauth_validator_libraries. Write the name of a library that is installed and checks tokens of your issuer: it alone
decides who gets in.`,
  cwe: [287, 1188],
  references: [
    'https://www.postgresql.org/docs/current/auth-oauth.html',
    'https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-OAUTH-VALIDATOR-LIBRARIES',
  ],
  examples: [
    {
      bad: '«port = 5432»\n', fixed: 'port = 5432\noauth_validator_libraries = my_validator\n',
      files: { 'pg_hba.conf': 'host all all all oauth issuer="https://id.example.com" scope="db"\n' },
    },
    {
      bad: "port = 5432\noauth_validator_libraries = «''»  # todo\n", fixed: "port = 5432\noauth_validator_libraries = 'my_validator'  # todo\n",
      files: { 'pg_hba.conf': 'host all all all reject\nlocal all all oauth issuer="https://id.example.com" scope="db"\n' },
    },
    {
      good: "port = 5432\noauth_validator_libraries = 'idv'\n",
      files: { 'pg_hba.conf': 'host all all all oauth issuer="https://id.example.com" scope="db"\n' },
    },
    { good: 'port = 5432\n', files: { 'pg_hba.conf': 'host oauth all all scram-sha-256\n' }, because: 'A database may be called oauth.' },
    {
      good: "port = 5432\noauth_validator_libraries = '{{ validator }}'\n",
      files: { 'pg_hba.conf': 'host all all all oauth issuer="https://id.example.com" scope="db"\n' },
      because: 'What a template becomes is not known.',
    },
    {
      good: 'port = 5432\n',
      files: { 'pg_hba.conf': 'host all all all oauth issuer="https://id.example.com" scope="db"\n' }, version: 17,
      because: 'Up to 17 the method is not known at all.',
    },
  ],
  *check(facts) {
    const { settings, root, cluster: { hba } } = facts;
    const record = hba?.records.find(({ method }) => method.text === 'oauth');
    if (!root || !settings.complete || hba === undefined || record === undefined || settings.list('oauth_validator_libraries')?.length !== 0) return;
    const at = settingHere(facts, 'oauth_validator_libraries')?.value.span ?? unset(facts, 'oauth_validator_libraries');
    if (at === undefined) return;
    const edit = writeSetting(facts, 'oauth_validator_libraries', library);
    yield {
      at,
      message: `The server refuses pg_hba.conf: line ${hba.placeOf(record).line} uses oauth, and no library checks the tokens`,
      related: [{ path: hba.document.path, at: record.method.span, message: 'Needs a validator library' }],
      fixes: [{ title: 'Name the validator library', safety: 'review', edits: [asPlaceholder(edit, library)] }],
    };
  },
});
