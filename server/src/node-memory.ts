import { totalmem } from 'node:os';
import { constants, PerformanceObserver, type PerformanceEntry } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';

/** What may be in use, of all that V8 lets a program have. When nothing is left it ends the program in words of its own. */
const most = 0.85;
/** Of the limit this much is for what was made just now, in bytes. */
const young = 48 * 1024 * 1024;

/** Tells, in words for a user, when hardly any memory is left, until what it returns is called. */
export function watchMemory(tell: (why: string) => void): () => void {
  // How much is really in use is known only when garbage has been collected.
  const observer = new PerformanceObserver((list) => {
    if (!list.getEntries().some(isMajor)) return;
    const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
    if (used > most * (limit - young)) tell(wordsFor(limit, totalmem()));
  });
  observer.observe({ entryTypes: ['gc'] });
  return () => observer.disconnect();
}

function isMajor(entry: PerformanceEntry): boolean {
  return (entry as { readonly detail?: { readonly kind?: number } }).detail?.kind === constants.NODE_PERFORMANCE_GC_MAJOR;
}

/** `limit` and `machine` in bytes. */
export function wordsFor(limit: number, machine: number): string {
  const more = Math.floor(machine * 0.75 / 1e6 / 1024) * 1024;
  const advice = more * 1e6 > limit * 1.2 ? `, or set NODE_OPTIONS=--max-old-space-size=${more} to allow more of what this machine has` : '';
  return `the ${(limit / 1e9).toFixed(1)} GB of memory that Node.js allows are used up: scan fewer folders at once${advice}`;
}
