import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { provenOn } from '../../test/oracle/proven.ts';
import { manual } from './manual.ts';

const readJson = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as Record<string, any>;
const texts = manual(readJson('package.json'), readJson('client/contributes.json'), readFileSync('README.md', 'utf8'), provenOn);
for (const [path, text] of texts) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
for (const file of readdirSync('docs/rules', { recursive: true, encoding: 'utf8' })) {
  const path = join('docs/rules', file);
  if (path.endsWith('.md') && !texts.has(path.replaceAll('\\', '/'))) rmSync(path);
}
