import { supportedVersions } from '../document.ts';
import { hiddenParameters, hiddenSpellings, laterReleases, oldNames, removedNames, secondSpellings } from './additions.ts';
import generated from './parameters.json' with { type: 'json' };

export interface Parameter {
  /** As the server spells it. */
  readonly name: string;
  readonly type: 'bool' | 'integer' | 'real' | 'string' | 'enum';
  /** Unit of a bare number: `kB`, `8kB`, `ms` … */
  readonly unit?: string;
  readonly min?: number;
  readonly max?: number;
  /** What an enumeration accepts, the spellings that the server does not list included. */
  readonly values?: readonly string[];
  /** The members of an enumeration that are worth offering: no second spelling of another one. */
  readonly members?: readonly string[];
  readonly default?: string;
  /** `internal`: no file can set it. `postmaster`: takes a restart. */
  readonly context: string;
  readonly category: string;
  readonly versions: readonly number[];
}

/** Why a server of this version does not know a name that others knew. */
export interface Removal {
  /** First major version without it. */
  readonly version: string;
  readonly successor?: string;
  /** The value for the successor, when it can be told from the old one. */
  convert?(value: string): string | undefined;
}

/** The parameter of a server of this version; `name` in any case, old names that the server still maps included. */
export function findParameter(name: string, version: number): Parameter | undefined {
  const lower = name.toLowerCase();
  const renamed = oldNames[lower];
  const current = renamed !== undefined && version >= renamed.since ? renamed.name : lower;
  return byName().get(current)?.find((parameter) => parameter.versions.includes(version));
}

/** The one name under which a parameter is known, so that two spellings of it can be compared. */
export function canonicalName(name: string, version: number): string {
  return (findParameter(name, version)?.name ?? name).toLowerCase();
}

/** Any name with a dot is accepted: it may belong to an extension that is not loaded yet. */
export function isCustomName(name: string): boolean {
  return name.includes('.');
}

/** When the parameter is gone in this version: since when, and what took its place. */
export function findRemoval(name: string, version: number): Removal | undefined {
  const lower = name.toLowerCase();
  const byHand = removedNames[lower];
  if (byHand !== undefined) return Number.parseFloat(byHand.version) <= version ? byHand : undefined;
  const last = Math.max(0, ...(byName().get(lower) ?? []).flatMap((parameter) => parameter.versions));
  return last > 0 && last < version ? { version: String(last + 1) } : undefined;
}

/** First major version that has the parameter, when this one is too old for it. */
export function firstVersion(name: string, version: number): number | undefined {
  const versions = (byName().get(name.toLowerCase()) ?? []).flatMap((parameter) => parameter.versions);
  const first = Math.min(...versions);
  return versions.length > 0 && first > version ? first : undefined;
}

/** The parameter that was most likely meant. */
export function nearestName(name: string, version: number): string | undefined {
  return nearest(name, settableParameters(version).map((parameter) => parameter.name));
}

/** Every parameter that a file can set for a server of this version. */
export function settableParameters(version: number): Parameter[] {
  return [...byName().values()].flatMap((parameters) => parameters.find((one) => one.versions.includes(version) && one.context !== 'internal') ?? []);
}

/** The candidate with the fewest typing mistakes to `word`; undefined when none is close or two are equally close. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = word.toLowerCase().replaceAll('-', '_');
  let least = Math.max(1, Math.min(3, Math.floor(wanted.length / 4))) + 1;
  let best: string | undefined;
  for (const candidate of candidates) {
    const distance = typingMistakes(wanted, candidate.toLowerCase().replaceAll('-', '_'), least);
    if (distance > least || (distance === least && best === undefined)) continue;
    best = distance === least ? undefined : candidate;
    least = distance;
  }
  return best;
}

/** Edit distance in which two swapped neighbours count once; stops counting above `limit`. */
function typingMistakes(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let distance = Math.min(previous[j - 1]! + (same ? 0 : 1), previous[j]! + 1, current[j - 1]! + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) distance = Math.min(distance, before[j - 2]! + 1);
      current.push(distance);
    }
    before = previous;
    previous = current;
  }
  return previous[b.length]!;
}

let index: ReadonlyMap<string, readonly Parameter[]> | undefined;

/** Built on first use: a program that never sees a postgresql.conf does not pay for it. */
function byName(): ReadonlyMap<string, readonly Parameter[]> {
  index ??= buildIndex();
  return index;
}

function buildIndex(): ReadonlyMap<string, readonly Parameter[]> {
  const result = new Map<string, Parameter[]>();
  for (const [name, entries] of Object.entries(generated)) {
    result.set(name.toLowerCase(), entries.map((entry) => withHiddenSpellings({ name, ...entry } as Parameter)));
  }
  for (const parameter of [...hiddenParameters, ...laterReleases]) {
    const key = parameter.name.toLowerCase();
    result.set(key, [...(result.get(key) ?? []), { ...parameter, versions: parameter.versions ?? supportedVersions }]);
  }
  return result;
}

function withHiddenSpellings(parameter: Parameter): Parameter {
  if (parameter.values === undefined) return parameter;
  const listed = parameter.values;
  const hidden = hiddenSpellings(parameter.name, listed, parameter.versions);
  const members = [...listed, ...hidden.filter((spelling) => !secondSpellings.has(spelling))];
  return hidden.length === 0 ? parameter : { ...parameter, values: [...listed, ...hidden], members };
}
