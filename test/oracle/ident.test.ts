import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { supportedVersions } from '../../server/src/document.ts';
import { rules } from '../../server/src/rules/index.ts';
import { amount } from '../amount.ts';
import { documentOf, identRows, startOracle, type Oracle } from './ask.ts';
import { Differences } from './differences.ts';
import { identCases } from './ident-cases.ts';
import { identText } from './ident-texts.ts';
import { identFormat } from './ident-view.ts';
import { compareRows, ourRows } from './rows.ts';

const examples = rules.filter((rule) => rule.language === 'ident').flatMap((rule) => rule.examples.map((example) => ({ rule, example })));

// The view came with 15. Older servers share its tokenizer with pg_hba.conf, which is compared for all of them.
describe.each(supportedVersions.filter((version) => version >= 15))('pg_ident.conf and PostgreSQL %i', (version) => {
  let oracle: Oracle;
  beforeAll(async () => { oracle = await startOracle(version); });
  afterAll(async () => { await oracle?.stop(); });

  test('every sentence of the rules', async () => {
    const differences = new Differences();
    const found: string[] = [];
    for (const { name, text, files = {}, from = 0 } of identCases) {
      if (version >= from) found.push(...(await disagreements(text, files, differences)).map((line) => `${name}: ${line}`));
    }
    expect(found).toEqual([]);
    expect(differences.met, 'known differences that still occur').toEqual(['a template', 'a word from a file']);
  });

  test('examples of the rules', async () => {
    const found: string[] = [];
    for (const { rule, example: { bad, good, fixed, version: only } } of examples) {
      if (only !== undefined && only !== version) continue;
      for (const text of [bad, good, fixed]) {
        if (text !== undefined) found.push(...(await disagreements(text.replace(/[«»]/g, ''))).map((line) => `${rule.id}: ${line}`));
      }
    }
    expect(found).toEqual([]);
  });

  test('generated files', async () => {
    await fc.assert(fc.asyncProperty(identText, async (text) => {
      expect(await disagreements(text)).toEqual([]);
    }), amount(40, 500));
  });

  async function disagreements(text: string, files: Readonly<Record<string, string>> = {}, differences = new Differences()): Promise<string[]> {
    const ours = ourRows(identFormat, documentOf('ident', 'pg_ident.conf', text, version, files));
    return compareRows(ours, await identRows(oracle, text, files), text, () => undefined, differences);
  }
});
