import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { supportedVersions } from '../../server/src/document.ts';
import { catalogText } from './catalog.ts';
import { extensionsText } from './extensions.ts';

test('parameters.json is what real servers show (npm run generate:catalog)', async () => {
  const committed = readFileSync(new URL('../../server/src/catalog/parameters.json', import.meta.url), 'utf8');
  expect((await catalogText(supportedVersions)).split('\n')).toEqual(committed.split('\n'));
});

test('extensions.json is what real servers show (npm run generate:catalog)', async () => {
  const committed = readFileSync(new URL('../../server/src/catalog/extensions.json', import.meta.url), 'utf8');
  expect((await extensionsText(supportedVersions)).split('\n')).toEqual(committed.split('\n'));
});
