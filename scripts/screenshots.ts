// `npm run screenshots`: the pictures of the README, taken in the embedded VS Code on examples/.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { findChromium } from './chromium.ts';
import { openWindow, packageExtension } from './host.ts';
import type { Window } from './host.ts';
import { installHost, main, repository, run, say } from './install.ts';

const images = path.join(repository, 'docs', 'images');

await main(async () => {
  await run(process.execPath, ['scripts/build.mjs'], { cwd: repository });
  const vsix = await packageExtension();
  const [host, chromium] = [await installHost('newest'), await findChromium()];
  mkdirSync(images, { recursive: true });
  const window = await openWindow(host, chromium, path.join(repository, 'examples'), {
    name: 'web-shop', vsix: [vsix], settings: { 'workbench.colorTheme': 'Default Dark Modern', 'editor.fontSize': 14, 'window.menuBarVisibility': 'compact', 'editor.occurrencesHighlight': 'off' },
  });
  try {
    await window.open([['openFile', window.remote(path.join(window.workspace, 'cluster', 'pg_hba.conf'))]]);
    await problems(window);
    await quickFixes(window);
    await scanResult(window);
    await tree(window);
    await report(window);
    await walkthrough(window);
  } finally {
    await window.close();
  }
});

async function problems({ page }: Window): Promise<void> {
  await page.waitForSelector('.squiggly-error', { timeout: 60_000 });
  await page.keyboard.press('Control+Shift+KeyM');
  await page.waitForSelector('.markers-panel .monaco-list-row', { timeout: 20_000 });
  await clickWord(page, '192.168.10.0/24');
  await picture(page, 'squiggle-and-problems.png');
}

async function quickFixes({ page }: Window): Promise<void> {
  await clickWord(page, '192.168.10.0/24');
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowLeft');
  // The key does nothing while the editor still asks for the actions: press it again.
  for (let attempt = 0; attempt < 6; attempt++) {
    await page.keyboard.press('Control+Period');
    if (await page.waitForSelector('.action-widget', { timeout: 3000 }).catch(() => null)) break;
  }
  await page.waitForSelector('.action-widget', { timeout: 1000 });
  await picture(page, 'quick-fix.png');
  await page.keyboard.press('Escape');
}

async function scanResult({ page }: Window): Promise<void> {
  await command(page, 'PostgreSQL Security: Scan Workspace');
  await page.waitForSelector('.notification-toast', { timeout: 30_000 });
  await page.getByText('Show Problems').first().waitFor({ timeout: 60_000 });
  await picture(page, 'scan-result.png');
}

async function tree({ page }: Window): Promise<void> {
  await command(page, 'Notifications: Clear All Notifications');
  await command(page, 'View: Hide Panel');
  await command(page, 'Explorer: Focus on PostgreSQL Security View');
  await page.locator('.pane-body .monaco-list-row', { hasText: 'Critical' }).first().waitFor({ timeout: 20_000 });
  // It starts as low as the Explorer lets it; files above it take the room.
  const folder = page.locator('.pane-header', { hasText: /web-shop/i }).first();
  if (await folder.getAttribute('aria-expanded') === 'true') await folder.click();
  await picture(page, 'tree.png');
}

async function report({ page }: Window): Promise<void> {
  await command(page, 'PostgreSQL Security: Show Report');
  await page.waitForSelector('iframe.webview.ready', { timeout: 60_000 });
  const content = page.frameLocator('iframe.webview.ready').frameLocator('iframe');
  await content.locator('h1').first().waitFor({ timeout: 60_000 });
  await picture(page, 'report.png');
}

async function walkthrough({ page }: Window): Promise<void> {
  await command(page, 'View: Close All Editors');
  await command(page, 'Welcome: Open Walkthrough...');
  await page.keyboard.type('Get Started with PostgreSQL Security');
  await page.locator('.quick-input-list .monaco-list-row', { hasText: 'PostgreSQL Security' }).first().waitFor({ timeout: 20_000 });
  await page.keyboard.press('Enter');
  await page.getByText('See it work').first().waitFor({ timeout: 30_000 });
  await picture(page, 'walkthrough.png');
}

async function command(page: Page, title: string): Promise<void> {
  await page.keyboard.press('F1');
  await page.waitForSelector('.quick-input-widget input', { timeout: 20_000 });
  await page.keyboard.type(title);
  await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: title.split(': ').at(-1)! }).waitFor({ timeout: 20_000 });
  await page.keyboard.press('Enter');
}

async function clickWord(page: Page, word: string): Promise<void> {
  await page.locator('.view-line', { hasText: word }).first().click({ position: { x: 20, y: 8 } });
}

async function picture(page: Page, name: string): Promise<void> {
  // Hovers, bulbs and toasts move for a moment.
  await page.mouse.move(700, 5);
  await page.waitForTimeout(1500);
  const file = path.join(images, name);
  await page.screenshot({ path: file });
  say(`docs/images/${name}`);
}
