import { isKnown, type ConfFacts } from './settings.ts';

/** The server loads this library when it starts; undefined when that is not known. */
export function preloads(facts: ConfFacts, library: string): boolean | undefined {
  if (!isKnown(facts, 'shared_preload_libraries')) return undefined;
  return facts.settings.list('shared_preload_libraries')!.some((entry) => libraryName(entry) === library);
}

/** `$libdir/pgaudit.so` and `pgaudit` are the same library. */
function libraryName(entry: string): string {
  return entry.slice(Math.max(entry.lastIndexOf('/'), entry.lastIndexOf('\\')) + 1).replace(/\.(so|dll|dylib)$/, '');
}
