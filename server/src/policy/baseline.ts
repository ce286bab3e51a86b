import { parse, type ParseError } from 'jsonc-parser';
import type { Written } from '../document.ts';
import { fingerprints, type Marked } from './fingerprints.ts';

/** Problems that were there before and are accepted. Paths are relative to the folder of the baseline's file. */
export interface BaselineEntry {
  readonly rule: string;
  readonly path: string;
  readonly fingerprint: string;
}

export const baselineName = 'pgrampart-baseline.json';

/** Undefined when the text is no baseline. */
export function readBaseline(text: string): readonly BaselineEntry[] | undefined {
  const errors: ParseError[] = [];
  const content = parse(text, errors) as { version?: unknown; problems?: unknown } | undefined;
  if (errors.length > 0 || content?.version !== 1 || !Array.isArray(content.problems)) return undefined;
  return content.problems.filter((one): one is BaselineEntry =>
    ['rule', 'path', 'fingerprint'].every((name) => typeof (one as Record<string, unknown> | null)?.[name] === 'string'));
}

/** One line for each problem, sorted, so that two branches seldom touch the same line. */
export function writeBaseline(entries: readonly BaselineEntry[]): string {
  const lines = entries.map(({ rule, path, fingerprint }) => `    ${JSON.stringify({ path, rule, fingerprint })}`).sort();
  return `{\n  "version": 1,\n  "problems": [\n${[...new Set(lines)].join(',\n')}\n  ]\n}\n`;
}

/** The accepted problems, ready to be asked about one file after the other. */
export class Baseline {
  readonly #ofPath: ReadonlyMap<string, ReadonlySet<string>>;
  /** Of files that are no longer there: where they went nobody has said, so any file may be one of them. */
  readonly #moved: ReadonlySet<string>;

  /** `gone`: paths that the entries name and that no longer exist. */
  constructor(entries: readonly BaselineEntry[], gone: ReadonlySet<string> = new Set()) {
    const ofPath = new Map<string, Set<string>>();
    for (const { path, rule, fingerprint } of entries) {
      const known = ofPath.get(path) ?? new Set();
      ofPath.set(path, known.add(key(rule, fingerprint)));
    }
    this.#ofPath = ofPath;
    this.#moved = new Set(entries.filter(({ path }) => gone.has(path)).map(({ rule, fingerprint }) => key(rule, fingerprint)));
  }

  /** For each finding whether it is accepted. `path` as in the entries. */
  accepted(path: string, text: string, written: Pick<Written, 'units'>, findings: readonly Marked[]): boolean[] {
    const own = this.#ofPath.get(path);
    if (own === undefined && this.#moved.size === 0) return findings.map(() => false);
    return fingerprints(text, written, findings).map((print, i) => {
      const wanted = key(findings[i]!.rule, print);
      return (own?.has(wanted) ?? false) || this.#moved.has(wanted);
    });
  }
}

export function entriesOf(path: string, text: string, written: Pick<Written, 'units'>, findings: readonly Marked[]): BaselineEntry[] {
  return fingerprints(text, written, findings).map((fingerprint, i) => ({ path, rule: findings[i]!.rule, fingerprint }));
}

function key(rule: string, fingerprint: string): string {
  return `${rule} ${fingerprint}`;
}
