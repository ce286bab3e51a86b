import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { supportedVersions } from '../../server/src/document.ts';
import { rules } from '../../server/src/rules/index.ts';
import { parseIp } from '../../server/src/syntax/address.ts';
import { parseHba } from '../../server/src/syntax/hba.ts';
import { amount } from '../amount.ts';
import { documentOf, hbaRows, startOracle, type Oracle } from './ask.ts';
import { Differences, type Difference } from './differences.ts';
import { hbaCases } from './hba-cases.ts';
import { hbaText } from './hba-texts.ts';
import { hbaFormat } from './hba-view.ts';
import { compareRows, ourRows, type OurRow, type TheirRow } from './rows.ts';

const corpus = path.join(import.meta.dirname, '../../../shared/corpus/pg_hba');
const examples = rules.filter((rule) => rule.language === 'hba').flatMap((rule) => rule.examples.map((example) => ({ rule, example })));

const expected: readonly Difference[] = [
  'pam is not in this build', 'bsd is not in this build', 'ldap is not in this build', 'gss is not in this build', 'sspi is not in this build',
  'radiusservers are looked up', 'an interface of a machine', 'a word from a file', 'what a file of names holds', 'a template',
];

describe.each(supportedVersions)('pg_hba.conf and PostgreSQL %i', (version) => {
  let oracle: Oracle;
  beforeAll(async () => { oracle = await startOracle(version); });
  afterAll(async () => { await oracle?.stop(); });

  test('every sentence of the rules', async () => {
    const differences = new Differences();
    const found: string[] = [];
    for (const { name, text, files = {}, from = 0 } of hbaCases) {
      if (version >= from) found.push(...(await disagreements(text, files, differences)).map((line) => `${name}: ${line}`));
    }
    expect(found).toEqual([]);
    const all: readonly Difference[] = [...expected, ...(version >= 18 ? ['validators are in postgresql.conf' as const] : [])];
    expect(differences.met, 'known differences that still occur').toEqual([...all].sort());
  });

  test('files of other people', async (context) => {
    if (!existsSync(corpus)) return context.skip('there are no files beside the repository');
    const found: string[] = [];
    for (const name of readdirSync(corpus)) {
      found.push(...(await disagreements(readFileSync(path.join(corpus, name), 'utf8'))).map((line) => `${name}: ${line}`));
    }
    expect(found).toEqual([]);
  });

  test('examples of the rules, and what their first fixes leave behind', async () => {
    const found: string[] = [];
    for (const { rule, example: { bad, good, fixed, files = {}, version: only } } of examples) {
      if (only !== undefined && only !== version) continue;
      for (const text of [bad, good, fixed]) {
        if (text !== undefined) found.push(...(await disagreements(text.replace(/[«»]/g, ''), neighbours(files))).map((line) => `${rule.id}: ${line}`));
      }
      // What a fix writes is good, unless the example is for what only a newer server knows.
      if (fixed === undefined || parseHba(fixed, version).lines.some((line) => line.error !== undefined)) continue;
      const refused = (await hbaRows(oracle, fixed, neighbours(files))).filter((row) => row.columns === undefined && !/not supported by this build/.test(row.error ?? ''));
      found.push(...refused.map((row) => `${rule.id}: ${JSON.stringify(fixed)}: ${row.error}`));
    }
    expect(found).toEqual([]);
  });

  test('generated files', async () => {
    await fc.assert(fc.asyncProperty(hbaText, async (text) => {
      expect(await disagreements(text)).toEqual([]);
    }), amount(40, 800));
  });

  async function disagreements(text: string, files: Readonly<Record<string, string>> = {}, differences = new Differences()): Promise<string[]> {
    const ours = ourRows(hbaFormat, documentOf('hba', 'pg_hba.conf', text, version, files));
    return compareRows(ours, await hbaRows(oracle, text, files), text, knownDifference, differences);
  }
});

/** The neighbours that the server reads for itself are its own. */
function neighbours(files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).filter(([name]) => !/^(postgresql.*|pg_hba|pg_ident)\.conf$|^\.\./.test(name)));
}

function knownDifference(our: OurRow, their: TheirRow, written: string): Difference | undefined {
  if (their.columns !== undefined || our.columns === undefined) return undefined;
  const [, method] = /^invalid authentication method "(pam|bsd|ldap|gss|sspi)": not supported by this build$/.exec(their.error ?? '') ?? [];
  if (method !== undefined) return `${method} is not in this build` as Difference;
  if (their.error === null) return namesServers(written) ? 'radiusservers are looked up' : undefined;
  if (/not permitted by oauth_validator_libraries$/.test(their.error)) return 'validators are in postgresql.conf';
  if (/fe80::[^ ]*%[a-z]/i.test(written)) return 'an interface of a machine';
  return /[ ,]@[a-z]/.test(written) ? 'what a file of names holds' : undefined;
}

/** Some server is not an IP address, so it has to be looked up. */
function namesServers(line: string): boolean {
  const servers = [...line.matchAll(/radiusservers=([^ "]*)/g)].at(-1)?.[1] ?? '';
  return servers.split(',').some((server) => server !== '' && parseIp(server) === undefined);
}
