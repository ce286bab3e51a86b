import type { Document } from '../document.ts';
import { exposureOf } from '../facts/hba/exposure.ts';
import type { LintFinding } from '../lint.ts';
import type { Severity } from '../rules/rule.ts';
import type { ScanStep } from '../scan.ts';
import type { ExposedFile, Report } from './report.ts';
import { packed, reportedFile, type ReportedFile } from './reported.ts';

/** What of the files with findings is kept: everything, all but the fixes, or their numbers alone. */
export type Kept = 'all' | 'findings' | 'counts';

/** Gathers the steps of a scan for a report. */
export class Collection {
  readonly #kept: Kept;
  readonly #reported: ReportedFile[] = [];
  readonly #suppressed: ReportedFile[] = [];
  readonly #accepted: ReportedFile[] = [];
  readonly #exposed: ExposedFile[] = [];
  readonly #skipped: { path: string; reason: string }[] = [];
  readonly #bySeverity = new Map<Severity, number>();
  readonly #counts = { files: 0, suppressed: 0, accepted: 0 };
  #files = 0;

  constructor(kept: Kept = 'all') {
    this.#kept = kept;
  }

  add({ path, document, findings = [], suppressed = [], accepted = [], skipped }: ScanStep): void {
    if (skipped !== undefined) this.#skipped.push({ path, reason: skipped });
    if (document === undefined) return;
    this.#files++;
    if (findings.length > 0) this.#counts.files++;
    this.#counts.suppressed += suppressed.length;
    this.#counts.accepted += accepted.length;
    for (const { severity } of findings) this.#bySeverity.set(severity, (this.#bySeverity.get(severity) ?? 0) + 1);
    if (this.#kept === 'counts') return;
    this.#keep(this.#reported, document, findings);
    this.#keep(this.#suppressed, document, suppressed);
    this.#keep(this.#accepted, document, accepted);
    const entries = document.language === 'hba' ? exposureOf(document) : [];
    if (entries.length > 0) this.#exposed.push({ path, version: document.version, entries });
  }

  report(about: Pick<Report, 'root' | 'version' | 'today' | 'crashed' | 'revision'>): Report {
    const counts = { ...this.#counts, bySeverity: this.#bySeverity };
    return { ...about, files: this.#files, skipped: this.#skipped, counts, suppressed: this.#suppressed, accepted: this.#accepted, reported: this.#reported, exposed: this.#exposed };
  }

  #keep(list: ReportedFile[], document: Document, findings: readonly LintFinding[]): void {
    if (findings.length > 0) list.push(packed(reportedFile(document, findings, this.#kept === 'all')));
  }
}
