import { expect, test } from 'vitest';
import type { Host } from '../../server/src/host.ts';
import { KeptHost } from '../../server/src/lsp/kept-host.ts';

/** A disk that says how often it was asked. */
function disk() {
  const asked: string[] = [];
  const host: Host = {
    read: async (path) => {
      asked.push(path);
      if (path === '/gone') throw new Error('not there');
      return new Uint8Array([asked.length]);
    },
    list: async (folder) => {
      asked.push(folder);
      return [{ name: `${asked.length}`, folder: false }];
    },
  };
  return { host, asked };
}

test('files and folders are read once, also those that are not there', async () => {
  const { host, asked } = disk();
  const kept = new KeptHost(host, () => 0);
  for (let i = 0; i < 3; i++) {
    expect(await kept.read('/a')).toEqual(new Uint8Array([1]));
    await expect(kept.read('/gone')).rejects.toThrow('not there');
    expect(await kept.list('/folder')).toEqual([{ name: '3', folder: false }]);
  }
  expect(asked).toEqual(['/a', '/gone', '/folder']);
});

test('again when something changed, and after a while', async () => {
  const { host, asked } = disk();
  let now = 100_000;
  const kept = new KeptHost(host, () => now);
  await kept.read('/a');
  kept.forget();
  await kept.read('/a');
  now += 2_000;
  await kept.read('/a');
  expect(asked).toEqual(['/a', '/a']);
  now += 2_000;
  await kept.read('/a');
  expect(asked).toEqual(['/a', '/a', '/a']);
});
