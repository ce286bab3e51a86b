import { expect, test } from 'vitest';
import { detectLanguage } from '../server/src/languages.ts';

test.each([
  ['pg_hba.conf', 'hba'], ['etc/postgresql/15/main/pg_hba.conf', 'hba'], ['roles/db/templates/pg_hba.conf.j2', 'hba'], ['prod-pg_hba.conf', 'hba'],
  ['pg_ident.conf', 'ident'], ['postgresql.conf', 'conf'], ['postgresql.auto.conf', 'conf'], ['postgresql-prod.conf', 'conf'],
  ['postgresql.conf.erb', 'conf'], ['etc/postgresql/15/main/conf.d/tls.conf', 'conf'], ['db/V1__init.sql', 'sql'], ['pg_partman.sql.in', 'sql'],
  ['pg_hba.conf.sample', undefined], ['fail2ban/jail.d/postgresql.conf', undefined], ['logrotate.d/postgresql.conf', undefined],
  ['nginx.conf', undefined], ['README.md', undefined], ['my_pg_hba_notes.txt', undefined],
] as const)('%s is %s', (path, language) => {
  expect(detectLanguage(path)).toBe(language);
});

test('namesakes are told apart by what they hold', () => {
  expect(detectLanguage('postgresql.conf', '[postgresql]\nenabled = true\n')).toBeUndefined();
  expect(detectLanguage('postgresql.conf', '/var/log/postgresql/*.log {\n  weekly\n}\n')).toBeUndefined();
  expect(detectLanguage('postgresql.conf', '# [section]\nport = 5432\n')).toBe('conf');
});
