import { baseName } from '../../paths.ts';
import type { Span } from '../../text.ts';
import { isKnown, settingHere, unset, type ConfFacts, type Settings } from './settings.ts';

/** The name of every library that the server loads when it starts, without folder and ending; undefined when that is not known. */
export function preloadedLibraries(settings: Settings): readonly string[] | undefined {
  return settings.list('shared_preload_libraries')?.map((entry) => baseName(entry).replace(/\.(so|dylib|dll)$/, ''));
}

/** The server loads this library when it starts; undefined when that is not known, as in a fragment that does not say. */
export function preloads(facts: ConfFacts, library: string): boolean | undefined {
  return isKnown(facts, 'shared_preload_libraries') ? preloadedLibraries(facts.settings)?.includes(library) : undefined;
}

/** The place to report a library that a root postgresql.conf does not load: the list, or the first line when nothing sets it. */
export function preloadPlace(facts: ConfFacts): Span | undefined {
  return facts.root ? settingHere(facts, 'shared_preload_libraries')?.value.span ?? unset(facts, 'shared_preload_libraries') : undefined;
}
