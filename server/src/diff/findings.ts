import type { Document } from '../document.ts';
import { writtenOf, type LintFinding, type Looked } from '../lint.ts';
import { Baseline, entriesOf } from '../policy/baseline.ts';

/** What was found in one state, to be asked about findings of another one. */
export class KnownFindings {
  readonly #baseline: Baseline;
  /** What no line says stands on the first line, whatever that says. */
  readonly #unsaid: ReadonlySet<string>;

  /** `gone`: files that the other state has no longer, or under other names. */
  constructor(looked: readonly Looked[], gone: ReadonlySet<string>) {
    this.#baseline = new Baseline(looked.flatMap(({ document, findings }) => entriesOf(document.path, document.text, writtenOf(document), findings)), gone);
    this.#unsaid = new Set(looked.flatMap(({ document, findings }) => findings.flatMap((finding) => (isUnsaid(document, finding) ? [keyOf(document, finding)] : []))));
  }

  /** Those that were not there, however they were laid out or where their file was. */
  newIn({ document, findings }: Looked): LintFinding[] {
    if (findings.length === 0) return [];
    const known = this.#baseline.accepted(document.path, document.text, writtenOf(document), findings);
    return findings.filter((finding, i) => !known[i] && !(isUnsaid(document, finding) && this.#unsaid.has(keyOf(document, finding))));
  }
}

function isUnsaid({ language, text }: Document, { at }: LintFinding): boolean {
  return language === 'conf' && at.start === 0 && at.end === /^[^\r\n]*/.exec(text)![0].length;
}

function keyOf({ path }: Document, { rule, message }: LintFinding): string {
  return JSON.stringify([path, rule, message]);
}
