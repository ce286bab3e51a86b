import { severities, type Severity } from '../rules/rule.ts';
import { knownIds, nearest } from './catalog.ts';

export type Levels = ReadonlyMap<string, Severity | 'off'>;

/**
 * Reads `{ "<rule id or family/*>": "<level>" }`; later entries win over earlier ones.
 * What is not understood is left out and named in `problems`, with the nearest valid word.
 */
export function readLevels(entries: Iterable<readonly [string, unknown]>): { levels: Levels; problems: string[] } {
  const levels = new Map<string, Severity | 'off'>();
  const problems: string[] = [];
  for (const [pattern, level] of entries) {
    if (!isLevel(level)) {
      problems.push(`unknown level '${String(level)}' for ${pattern}${suggest(String(level), [...severities, 'off'])}`);
      continue;
    }
    const ids = pattern.endsWith('/*') ? [...knownIds].filter((id) => id.startsWith(pattern.slice(0, -1))) : [pattern].filter((id) => knownIds.has(id));
    if (ids.length === 0) problems.push(`unknown rule '${pattern}'${suggest(pattern, knownIds)}`);
    for (const id of ids) levels.set(id, level);
  }
  return { levels, problems };
}

function isLevel(level: unknown): level is Severity | 'off' {
  return level === 'off' || (severities as readonly unknown[]).includes(level);
}

function suggest(word: string, candidates: Iterable<string>): string {
  const near = nearest(word, candidates);
  return near === undefined ? '' : `, did you mean '${near}'?`;
}
