import { expect, test } from 'vitest';
import { lint, optionsOf } from '../../server/src/lint.ts';
import { Project } from '../../server/src/policy/project.ts';
import { readProject } from '../../server/src/policy/project-text.ts';
import { filesOf } from '../files.ts';

const path = '/db/pg_hba.conf';

/** What is found where a project trusts some networks. */
function found(text: string, trustedNetworks: readonly string[]): string[] {
  const project = new Project([readProject('/db/pgrampart.jsonc', JSON.stringify({ trustedNetworks }))]);
  const files = filesOf({ '/db/postgresql.conf': "listen_addresses = '*'\n" });
  return lint({ path, text, language: 'hba', version: 18, files }, optionsOf(project.policyOf(path))).findings.map(({ rule, severity }) => `${severity} ${rule}`);
}

test.each([
  ['hostssl app app 10.0.0.0/8 scram-sha-256', 'hba/wide-cidr', 'info', undefined],
  ['hostssl app app 8.8.8.0/24 scram-sha-256', 'hba/public-range', 'low', undefined],
  ['host app app 10.0.0.0/24 trust', 'hba/trust-network', 'high', 'medium'],
  ['host app app 10.0.0.0/24 trust', 'cluster/exposed-passwordless', 'critical', 'high'],
  ['host replication app 10.0.0.0/24 trust', 'hba/trust-replication', 'critical', 'high'],
  ['hostssl app postgres 10.0.0.0/24 scram-sha-256', 'hba/superuser-remote', 'high', 'medium'],
  ['host app app 10.0.0.0/24 ident', 'hba/ident-network', 'high', 'medium'],
  ['host app app samenet trust', 'hba/trust-network', 'high', 'high'],
  ['host app app 0.0.0.0/0 trust', 'hba/trust-any', 'critical', 'critical'],
  ['hostssl replication app 0.0.0.0/0 scram-sha-256', 'hba/replication-any', 'high', 'high'],
] as const)('%s: %s is %s, and %s from networks that are trusted', (record, rule, usual, trusted) => {
  const severityOf = (networks: readonly string[]) => found(`${record}\n`, networks).find((one) => one.endsWith(` ${rule}`))?.split(' ')[0];
  expect(severityOf([])).toBe(usual);
  expect(severityOf(['10.0.0.0/8', '8.8.0.0/16', '0.0.0.0/1', '128.0.0.0/1'])).toBe(trusted);
  expect(severityOf(['10.0.0.0/25', '8.8.8.0/25'])).toBe(usual);
});
