import { oldNames } from './additions.ts';
import texts from './descriptions.json' with { type: 'json' };

/** What a parameter does and what that means for security, in one to three sentences of plain text; `name` in any case, old names included. */
export function describeParameter(name: string): string | undefined {
  const lower = name.toLowerCase();
  return byName().get(lower) ?? byName().get(oldNames[lower]?.name ?? '');
}

let index: ReadonlyMap<string, string> | undefined;

function byName(): ReadonlyMap<string, string> {
  index ??= new Map(Object.entries(texts).map(([name, text]) => [name.toLowerCase(), text]));
  return index;
}
