import type { Looked } from '../lint.ts';
import { exposureOf } from '../facts/hba/exposure.ts';
import type { ScanStep } from '../scan.ts';
import type { ExposedFile, Report } from './report.ts';

/** Gathers the steps of a scan for a report. */
export class Collection {
  readonly #reported: Looked[] = [];
  readonly #suppressed: Looked[] = [];
  readonly #accepted: Looked[] = [];
  readonly #exposed: ExposedFile[] = [];
  readonly #skipped: { path: string; reason: string }[] = [];
  #files = 0;

  add({ path, document, findings = [], suppressed = [], accepted = [], skipped }: ScanStep): void {
    if (skipped !== undefined) this.#skipped.push({ path, reason: skipped });
    if (document === undefined) return;
    this.#files++;
    if (findings.length > 0) this.#reported.push({ document, findings });
    if (suppressed.length > 0) this.#suppressed.push({ document, findings: suppressed });
    if (accepted.length > 0) this.#accepted.push({ document, findings: accepted });
    const entries = document.language === 'hba' ? exposureOf(document) : [];
    if (entries.length > 0) this.#exposed.push({ path, version: document.version, entries });
  }

  report(about: Pick<Report, 'root' | 'version' | 'today' | 'crashed' | 'revision'>): Report {
    return { ...about, files: this.#files, skipped: this.#skipped, suppressed: this.#suppressed, accepted: this.#accepted, reported: this.#reported, exposed: this.#exposed };
  }
}
