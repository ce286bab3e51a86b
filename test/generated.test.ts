import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { confIndexText, indexText } from '../scripts/index-rules.mjs';
import { manual } from '../server/src/manual.ts';
import { provenOn } from './oracle/proven.ts';

const root = path.join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8').replaceAll('\r\n', '\n');

test('the rule index is what `npm run generate` writes', () => {
  expect(read('server/src/rules/index.ts')).toBe(indexText());
  expect(read('server/src/rules/conf-rules.ts')).toBe(confIndexText());
});

test.each([...manual(JSON.parse(read('package.json')), JSON.parse(read('client/contributes.json')), read('README.md'), provenOn)])('%s is what `npm run generate` writes', (file, text) => {
  expect(read(file)).toBe(text);
});
