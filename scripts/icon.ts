// `npm run icon`: draws docs/icon.svg as the picture that the extension view and the registries show.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { findChromium } from './chromium.ts';
import { main, repository, say } from './install.ts';

const size = 256;

await main(async () => {
  const browser = await chromium.launch({ executablePath: await findChromium(), args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    await page.setContent(`<style>body { margin: 0 } svg { display: block; width: ${size}px }</style>${readFileSync(path.join(repository, 'docs', 'icon.svg'), 'utf8')}`);
    await page.screenshot({ path: path.join(repository, 'docs', 'icon.png'), omitBackground: true });
  } finally {
    await browser.close();
  }
  say('docs/icon.png');
});
