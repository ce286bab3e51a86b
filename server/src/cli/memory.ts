import type { Console } from './console.ts';
import { scan, type ScanOptions, type ScanStep } from '../scan.ts';

/** A scan that ends when hardly any memory is left; `stopped` hears how far it came and why. */
export async function* scanInMemory(console: Console, roots: readonly string[], options: ScanOptions, stopped: (words: string) => void): AsyncGenerator<ScanStep> {
  const stop = new AbortController();
  let why: string | undefined;
  const end = console.watchMemory?.((words) => {
    why = words;
    stop.abort();
  });
  let far = 'before the first file';
  try {
    for await (const step of scan(console.host, roots, { ...options, signal: stop.signal })) {
      far = `after ${step.done} of ${step.total} files`;
      yield step;
    }
    if (why !== undefined) stopped(`stopped ${far}, because ${why}`);
  } finally {
    end?.();
  }
}
