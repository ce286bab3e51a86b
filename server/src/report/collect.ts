import { noFiles, type Document } from '../document.ts';
import { compact } from '../facts/compact.ts';
import { exposureOf } from '../facts/hba/exposure.ts';
import type { LintFinding, Looked } from '../lint.ts';
import type { Fix, Severity } from '../rules/rule.ts';
import type { ScanStep } from '../scan.ts';
import { textOf, type ExposedFile, type Report } from './report.ts';

/** What of the files with findings is kept: everything, all but the fixes, or their numbers alone. */
export type Kept = 'all' | 'findings' | 'counts';

/** Gathers the steps of a scan for a report. */
export class Collection {
  readonly #kept: Kept;
  readonly #reported: Looked[] = [];
  readonly #suppressed: Looked[] = [];
  readonly #accepted: Looked[] = [];
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

  #keep(list: Looked[], document: Document, findings: readonly LintFinding[]): void {
    if (findings.length === 0) return;
    const worked = findings.map((finding) => workedOut(finding, this.#kept === 'all' ? finding.fixes : []));
    list.push({ document: withoutNeighbours(document, findings), findings: worked });
  }
}

/**
 * Fixes that nobody has asked for yet hold all that was found out about the file, which is too much for that of many thousands.
 * Every field is named: copies of objects that work something out are kept in a form of their own, which is larger than what it holds.
 */
function workedOut({ rule, at, message, severity, related, tags, reason }: LintFinding, fixes: readonly Fix[]): LintFinding {
  return compact({
    rule, at: { start: at.start, end: at.end }, message, severity, related, tags, ...(reason !== undefined && { reason }),
    fixes: [...fixes],
  });
}

/** Of the files that may explain the document only those are kept that its findings name. */
function withoutNeighbours(document: Document, findings: readonly LintFinding[]): Document {
  const { set: _set, ...alone } = document;
  const texts = new Map<string, string>();
  for (const { path } of findings.flatMap(({ related }) => related)) if (path !== undefined) texts.set(path, textOf(document, path));
  return { ...alone, files: texts.size === 0 ? noFiles : { ...noFiles, read: (path) => texts.get(path) } };
}
